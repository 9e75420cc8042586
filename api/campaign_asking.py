"""A request about a campaign: who asks, what was seen, and the answer with its ETag."""

from collections.abc import Callable
from typing import Annotated, Final

from fastapi import Depends, Header, Response

from api.campaign_problems import (
    CampaignExists,
    CampaignNotFound,
    CampaignNotNow,
    CampaignStale,
    CampaignUnseen,
    TooManyCampaigns,
)
from api.campaign_responses import CampaignOut, campaign_out
from api.dependencies import AllCampaigns, Now, made_of
from api.entity_tags import etag_of_version, headers_of, is_known
from api.errors import problem_responses
from api.gate import Caller
from api.rule_problems import SelfApproval
from stores import campaign_steps as steps
from stores.campaigns_contract import (
    ACTIVE_MAX,
    DRAFT,
    WAKE,
    Campaign,
    Plan,
)

STEP: Final = problem_responses(CampaignNotFound, CampaignNotNow, CampaignStale)
Step = Callable[[Campaign], Campaign | None]


class CampaignAsking:
    """One request about a campaign, on its way to its answer."""

    def __init__(
        self,
        *,
        response: Response,
        campaigns: AllCampaigns,
        caller: Caller,
        now: Now,
        if_match: Annotated[
            str | None, Header(alias="If-Match", max_length=256)
        ] = None,
    ) -> None:
        """Gathered by FastAPI for each request."""
        self.now = now
        self._campaigns = campaigns
        self._response = response
        self._who = caller.subject
        self._if_match = if_match

    async def create(self, campaign_id: str, plan: Plan) -> CampaignOut:
        """
        Keep a draft; the same one again from the same person is that one.

        Raises: CampaignExists.
        """
        draft = Campaign(campaign_id, DRAFT, plan, self.now, self._who)
        known = await self._campaigns.create(draft)
        if known is not None and (known.plan, known.written_by) != (plan, self._who):
            raise CampaignExists(f"there is a campaign {campaign_id!r}")
        return self._created(known or draft)

    async def wake(self, campaign_id: str, plan: Plan) -> CampaignOut:
        """
        Begin at once to look at everybody; the same id again is that one.

        What it sets going was approved when it was published: nobody else is asked.
        Raises: TooManyCampaigns.
        """
        assert plan.kind == WAKE, "a campaign with words is approved by another person"
        await self._check_room()
        draft = Campaign(campaign_id, DRAFT, plan, self.now, self._who)
        begun = steps.scheduled(draft, self._who, now=self.now)
        assert begun is not None, "a draft begins"
        known = await self._campaigns.create(begun)
        if known is not None:
            self._response.headers["Idempotency-Replayed"] = "true"
        return self._created(known or begun)

    async def found(self, campaign_id: str) -> CampaignOut:
        """A campaign as it stands; raises CampaignNotFound."""
        return self._answer(await self.known(campaign_id))

    async def write(self, campaign_id: str, plan: Plan) -> CampaignOut:
        """Give a draft another plan; raises as `step`, and CampaignUnseen."""
        if self._if_match is None:
            raise CampaignUnseen("send If-Match with the ETag of the campaign")
        return await self._step(
            campaign_id,
            lambda known: steps.written(known, plan, self._who, now=self.now),
            "written",
        )

    async def start(self, campaign_id: str) -> CampaignOut:
        """Let a draft begin that somebody else wrote; raises SelfApproval too."""
        known = await self.known(campaign_id)
        if known.written_by == self._who:
            raise SelfApproval("whoever wrote a campaign does not start it")
        await self._check_room()

        def begun(known: Campaign) -> Campaign | None:
            # Written anew by us a moment ago: then it is ours again.
            if known.written_by == self._who:
                return None
            return steps.scheduled(known, self._who, now=self.now)

        return await self._step(campaign_id, begun, "started")

    async def pause(self, campaign_id: str) -> CampaignOut:
        """Send nothing more until it is resumed."""
        return await self._step(
            campaign_id,
            lambda known: steps.paused(known, self._who, now=self.now),
            "paused",
        )

    async def resume(self, campaign_id: str) -> CampaignOut:
        """Go on where it was."""
        return await self._step(
            campaign_id,
            lambda known: steps.resumed(known, self._who, now=self.now),
            "resumed",
        )

    async def stop(self, campaign_id: str) -> CampaignOut:
        """End it for good."""
        return await self._step(
            campaign_id,
            lambda known: steps.stopped(known, self._who, now=self.now),
            "stopped",
        )

    async def _step(self, campaign_id: str, step: Step, what: str) -> CampaignOut:
        def seen(known: Campaign) -> Campaign | None:
            self._check_seen(known)
            return step(known)

        changed = await self._campaigns.change(campaign_id, seen)
        if changed is None:
            known = await self.known(campaign_id)
            raise CampaignNotNow(f"one that is {known.state} cannot be {what}")
        return self._answer(changed)

    def _check_seen(self, known: Campaign) -> None:
        etag = etag_of_version(known.revision)
        if self._if_match is not None and not is_known(self._if_match, etag):
            raise CampaignStale(f"the campaign is at revision {known.revision}")

    async def _check_room(self) -> None:
        if await self._campaigns.count_active() >= ACTIVE_MAX:
            raise TooManyCampaigns(
                f"{ACTIVE_MAX} are scheduled, run or pause: stop one, or wait"
            )

    async def known(self, campaign_id: str) -> Campaign:
        """A campaign as it is kept; raises CampaignNotFound."""
        known = await self._campaigns.find(campaign_id)
        if known is None:
            raise CampaignNotFound(f"there is no campaign {campaign_id!r}")
        return known

    def _created(self, campaign: Campaign) -> CampaignOut:
        self._response.headers["Location"] = f"/v1/campaigns/{campaign.campaign_id}"
        return self._answer(campaign)

    def _answer(self, campaign: Campaign) -> CampaignOut:
        self._response.headers.update(headers_of(etag_of_version(campaign.revision)))
        return campaign_out(campaign)


CampaignAsked = Annotated[CampaignAsking, Depends(made_of(CampaignAsking))]
