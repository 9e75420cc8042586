from typing import Literal

OutcomesOutOutcomesAdditionalProperty = Literal[
    "already", "discarded", "redriven", "unknown"
]

OUTCOMES_OUT_OUTCOMES_ADDITIONAL_PROPERTY_VALUES: set[
    OutcomesOutOutcomesAdditionalProperty
] = {
    "already",
    "discarded",
    "redriven",
    "unknown",
}


def check_outcomes_out_outcomes_additional_property(
    value: str,
) -> OutcomesOutOutcomesAdditionalProperty:
    if value in OUTCOMES_OUT_OUTCOMES_ADDITIONAL_PROPERTY_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {OUTCOMES_OUT_OUTCOMES_ADDITIONAL_PROPERTY_VALUES!r}"
    )
