from typing import Literal

CampaignAudienceInKind = Literal["all", "idle", "list", "segment", "tier"]

CAMPAIGN_AUDIENCE_IN_KIND_VALUES: set[CampaignAudienceInKind] = {
    "all",
    "idle",
    "list",
    "segment",
    "tier",
}


def check_campaign_audience_in_kind(value: str) -> CampaignAudienceInKind:
    if value in CAMPAIGN_AUDIENCE_IN_KIND_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {CAMPAIGN_AUDIENCE_IN_KIND_VALUES!r}"
    )
