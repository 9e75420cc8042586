from typing import Literal

CampaignAudienceOutKind = Literal["all", "idle", "list", "segment", "tier"]

CAMPAIGN_AUDIENCE_OUT_KIND_VALUES: set[CampaignAudienceOutKind] = {
    "all",
    "idle",
    "list",
    "segment",
    "tier",
}


def check_campaign_audience_out_kind(value: str) -> CampaignAudienceOutKind:
    if value in CAMPAIGN_AUDIENCE_OUT_KIND_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {CAMPAIGN_AUDIENCE_OUT_KIND_VALUES!r}"
    )
