from typing import Literal

ConsentInPurpose = Literal["marketing", "service"]

CONSENT_IN_PURPOSE_VALUES: set[ConsentInPurpose] = {
    "marketing",
    "service",
}


def check_consent_in_purpose(value: str) -> ConsentInPurpose:
    if value in CONSENT_IN_PURPOSE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {CONSENT_IN_PURPOSE_VALUES!r}"
    )
