"""
Journeys: small state machines that members go through, as part of a program.

Read `journey` (a journey as data), `documents` and `step_documents` (how it is
read) and `checks` (what is refused), then `walking`, which takes members along,
`taking` (what each kind of step does) and `occasions` (what they wait for).
"""
