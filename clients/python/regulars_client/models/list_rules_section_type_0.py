from typing import Literal

ListRulesSectionType0 = Literal[
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

LIST_RULES_SECTION_TYPE_0_VALUES: set[ListRulesSectionType0] = {
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


def check_list_rules_section_type_0(value: str) -> ListRulesSectionType0:
    if value in LIST_RULES_SECTION_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {LIST_RULES_SECTION_TYPE_0_VALUES!r}"
    )
