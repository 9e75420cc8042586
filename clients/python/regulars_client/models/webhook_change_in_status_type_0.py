from typing import Literal

WebhookChangeInStatusType0 = Literal["active", "disabled"]

WEBHOOK_CHANGE_IN_STATUS_TYPE_0_VALUES: set[WebhookChangeInStatusType0] = {
    "active",
    "disabled",
}


def check_webhook_change_in_status_type_0(value: str) -> WebhookChangeInStatusType0:
    if value in WEBHOOK_CHANGE_IN_STATUS_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {WEBHOOK_CHANGE_IN_STATUS_TYPE_0_VALUES!r}"
    )
