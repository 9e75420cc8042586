from typing import Literal

CampaignOutKind = Literal["message", "wake"]

CAMPAIGN_OUT_KIND_VALUES: set[CampaignOutKind] = {
    "message",
    "wake",
}


def check_campaign_out_kind(value: str) -> CampaignOutKind:
    if value in CAMPAIGN_OUT_KIND_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {CAMPAIGN_OUT_KIND_VALUES!r}"
    )
