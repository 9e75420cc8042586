from typing import Literal

NewRuleInSection = Literal[
    "auto_redeem",
    "bonuses",
    "challenges",
    "code_pools",
    "discounts",
    "earn",
    "gifts",
    "journeys",
    "offers",
    "personal_offers",
    "streaks",
    "templates",
    "triggers",
]

NEW_RULE_IN_SECTION_VALUES: set[NewRuleInSection] = {
    "auto_redeem",
    "bonuses",
    "challenges",
    "code_pools",
    "discounts",
    "earn",
    "gifts",
    "journeys",
    "offers",
    "personal_offers",
    "streaks",
    "templates",
    "triggers",
}


def check_new_rule_in_section(value: str) -> NewRuleInSection:
    if value in NEW_RULE_IN_SECTION_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {NEW_RULE_IN_SECTION_VALUES!r}"
    )
