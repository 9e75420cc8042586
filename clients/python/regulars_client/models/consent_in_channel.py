from typing import Literal

ConsentInChannel = Literal["email", "inbox", "push", "sms", "webhook"]

CONSENT_IN_CHANNEL_VALUES: set[ConsentInChannel] = {
    "email",
    "inbox",
    "push",
    "sms",
    "webhook",
}


def check_consent_in_channel(value: str) -> ConsentInChannel:
    if value in CONSENT_IN_CHANNEL_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {CONSENT_IN_CHANNEL_VALUES!r}"
    )
