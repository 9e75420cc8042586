"""What we take about campaigns: what they are to do, and for whom."""

from typing import Annotated, Literal

from pydantic import Field

from api import campaign_examples as examples
from loyalty.campaign_pace import RAMP_SECONDS_MAX, RATE_MAX
from loyalty.limits import WINDOW_DAYS_MAX
from schemas.event_bodies import Strict
from schemas.json_values import Id, Moment
from stores.audiences_contract import AUDIENCES

NAME_LENGTH_MAX = 120
CAMPAIGN_ID = r"^[a-z0-9][a-z0-9-]{0,63}$"
assert set(AUDIENCES) == {"all", "tier", "segment", "idle", "list"}

Rate = Annotated[int, Field(strict=True, ge=1, le=RATE_MAX)]
Ramp = Annotated[int, Field(strict=True, ge=0, le=RAMP_SECONDS_MAX)]


class CampaignAudienceIn(Strict):
    """
    Who is meant: `all`, or a `tier`, `segment` or `list` by its name, or `idle`.

    `idle` are those who have ordered, but not in the last `days`.
    """

    model_config = Strict.model_config | Strict.shown(examples.PLAN_IN["audience"])

    kind: Literal["all", "tier", "segment", "idle", "list"]
    name: Id | None = None
    days: Annotated[int, Field(strict=True, ge=1, le=WINDOW_DAYS_MAX)] | None = None


class CampaignPlanIn(Strict):
    """
    What a campaign is to do; without `starts_at` it begins when it is started.

    `trigger` listens for an activity that begins with `campaign.`.
    """

    model_config = Strict.model_config | Strict.shown(examples.PLAN_IN)

    name: Annotated[str, Field(min_length=1, max_length=NAME_LENGTH_MAX)]
    trigger: Id
    audience: CampaignAudienceIn
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    rate_per_second: Rate = 100
    ramp_seconds: Ramp = 0


class CampaignIn(CampaignPlanIn):
    """A new campaign; its id is never to be had again."""

    model_config = Strict.model_config | Strict.shown(examples.CAMPAIGN_IN)

    campaign_id: Annotated[str, Field(pattern=CAMPAIGN_ID)]


class WakeIn(Strict):
    """At which pace the engine looks at all members."""

    model_config = Strict.model_config | Strict.shown(examples.WAKE_IN)

    rate_per_second: Rate = 200
    ramp_seconds: Ramp = 0


class CampaignCountIn(Strict):
    """An audience, and the pace at which it would be sent to."""

    model_config = Strict.model_config | Strict.shown(examples.COUNT_IN)

    audience: CampaignAudienceIn
    rate_per_second: Rate = 100
    ramp_seconds: Ramp = 0
