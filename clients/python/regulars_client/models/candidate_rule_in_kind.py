from typing import Literal

CandidateRuleInKind = Literal[
    "bonuses",
    "challenges",
    "earn",
    "gifts",
    "journeys",
    "offers",
    "streaks",
    "triggers",
]

CANDIDATE_RULE_IN_KIND_VALUES: set[CandidateRuleInKind] = {
    "bonuses",
    "challenges",
    "earn",
    "gifts",
    "journeys",
    "offers",
    "streaks",
    "triggers",
}


def check_candidate_rule_in_kind(value: str) -> CandidateRuleInKind:
    if value in CANDIDATE_RULE_IN_KIND_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {CANDIDATE_RULE_IN_KIND_VALUES!r}"
    )
