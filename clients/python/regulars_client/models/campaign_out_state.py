from typing import Literal

CampaignOutState = Literal["done", "draft", "paused", "running", "scheduled", "stopped"]

CAMPAIGN_OUT_STATE_VALUES: set[CampaignOutState] = {
    "done",
    "draft",
    "paused",
    "running",
    "scheduled",
    "stopped",
}


def check_campaign_out_state(value: str) -> CampaignOutState:
    if value in CAMPAIGN_OUT_STATE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {CAMPAIGN_OUT_STATE_VALUES!r}"
    )
