"""
Journeys: small state machines that members go through, as part of a program.

Read `journey` and `steps` (a journey as data), `documents`, `step_documents` and
`part_documents` (how it is read) and `checks` (what is refused), then `walking`,
which takes members along: `occasions` says what they wait for, `courses` what
they follow when programs change, `taking` what each kind of step does, with
`branching`, `delays` and `sending`.
"""
