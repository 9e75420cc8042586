"""Members as tills see them: read, and looked at until an order has arrived."""

import asyncio
from collections.abc import Callable
from typing import Final

from api.estimate_responses import reward_out
from api.estimating import Estimator
from api.identification import Rejected
from api.pos_requests import InquireIn
from api.pos_responses import AccrualOut, PosMemberOut, PosOut
from api.redirects import survivor_of
from api.responses import offer_out
from api.till_orders import OrderIds, accrual_of, order_of
from loyalty.events import InvalidEvent
from loyalty.facts import OrderFact
from loyalty.member import Member
from loyalty.program import Programs
from loyalty.view_shapes import MemberView
from schemas.state import StateCodec
from schemas.views import decode_view
from stores.member_views_contract import MemberViews

EFFECT_SECONDS_MAX: Final = 1.5
PAUSE_SECONDS_FIRST: Final = 0.01
PAUSE_SECONDS_MAX: Final = 0.1
TRIAL: Final = OrderIds("\0pos", "\0pos")
NOT_KNOWN: Final = AccrualOut()


class TillMembers:
    """Reads members; raises Rejected for those who are not there."""

    def __init__(
        self,
        views: MemberViews,
        states: StateCodec,
        estimates: Estimator,
        *,
        programs: Programs,
        effect_seconds_max: float = EFFECT_SECONDS_MAX,
    ) -> None:
        """Say where members are read; an effect is waited for within a bound."""
        self._views = views
        self._states = states
        self._estimates = estimates
        self._programs = programs
        self._effect_seconds_max = effect_seconds_max

    async def view(self, member_id: str) -> MemberView:
        """
        View of a member.

        Raises: Rejected if there is none.
        """
        stored = await self._views.get(member_id)
        if stored is None:
            raise Rejected("member-unknown", "there is no such member")
        return decode_view(stored.document)

    async def survivor(self, member_id: str) -> str:
        """Who a member is now: a card of before a merge leads to the survivor."""
        return await survivor_of(member_id, self._views)

    async def shown(self, member_id: str) -> PosMemberOut:
        """Member as a till shows one."""
        view = await self.view(member_id)
        return PosMemberOut(
            member_id=member_id, balance=view.balance, tier=view.tier or None
        )

    async def inquire(
        self, out: PosOut, body: InquireIn, member_id: str, *, now_ms: int
    ) -> None:
        """Add what a member may have, and what the check would earn."""
        view = await self.view(member_id)
        out.offers = [offer_out(offer) for offer in view.offers]
        stored = await self._views.get_state(member_id)
        if stored is None or not stored.state:
            # Estimates are off: what needs the rules is left out, and null.
            return
        member = self._states.decode_member(stored.state)

        def work() -> None:
            trials = self._estimates.rewards(member, member_id, at=now_ms)
            out.rewards = [reward_out(trial) for trial in trials]
            if body.check is not None:
                out.accrual = self._expected(member, body, member_id, now_ms=now_ms)

        await asyncio.to_thread(work)

    def _expected(
        self, member: Member, body: InquireIn, member_id: str, *, now_ms: int
    ) -> AccrualOut:
        assert body.check is not None, "whoever asks has looked"
        order = order_of(
            body.check,
            member_id,
            TRIAL,
            store_id=body.store_id,
            at=now_ms,
            redeemed={},
        )
        try:
            found = self._estimates.order(member, order)
        except InvalidEvent as invalid:
            raise Rejected(invalid.reason, invalid.detail) from invalid
        wallet_id = self._programs.at(now_ms).wallet_id
        for gain in found.wallets:
            if gain.wallet == wallet_id:
                return AccrualOut(points=gain.earned, pending=gain.pending)
        return AccrualOut(points=0, pending=0)

    async def accrual(
        self, member_id: str, order_id: str, *, waits: bool
    ) -> AccrualOut:
        """What an order earned, as soon as it is known; nulls if that takes long."""
        member = await self._with(member_id, order_id, lambda _: True, waits=waits)
        if member is None:
            return NOT_KNOWN
        wallet_id = self._programs.at(member.clock_at).wallet_id
        return accrual_of(member, order_id, wallet_id)

    async def cancelled(self, member_id: str, order_id: str, *, waits: bool) -> bool:
        """Whether an order is cancelled, which may be waited for a while."""
        found = await self._with(
            member_id, order_id, lambda fact: fact.cancelled, waits=waits
        )
        return found is not None

    async def _with(
        self,
        member_id: str,
        order_id: str,
        is_so: Callable[[OrderFact], bool],
        *,
        waits: bool,
    ) -> Member | None:
        """Member once one of the orders is so; None if that takes too long."""
        loop = asyncio.get_running_loop()
        ends_at = loop.time() + (self._effect_seconds_max if waits else 0.0)
        pause, version = PAUSE_SECONDS_FIRST, -1
        while True:
            stored = await self._views.get_state(member_id)
            if stored is not None and not stored.state:
                return None
            if stored is not None and stored.version != version:
                version = stored.version
                member = self._states.decode_member(stored.state)
                if any(o.order_id == order_id and is_so(o) for o in member.orders):
                    return member
            if loop.time() >= ends_at:
                return None
            await asyncio.sleep(pause)
            pause = min(pause * 1.3, PAUSE_SECONDS_MAX)
