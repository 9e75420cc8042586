"""A till's transactions: each done once, answered soon, or said not to be known."""

import asyncio
from typing import Final, NamedTuple

from api.identification import Identification, Rejected
from api.pos_requests import AnyIn, InquireIn, ReverseIn, SearchIn, WriteIn
from api.pos_responses import PosOut
from api.principals import Principal
from api.problems import EventRefused, MemberNotFound, TransactionReused
from api.till_answers import said, unsure
from api.till_members import TillMembers
from api.till_orders import digest_of
from api.till_steps import Sent, TillSteps
from stores.till_notes import KnownTransaction, TillNotes
from stores.unavailable import StoreUnavailable

# Tills give up after 5 s: whoever asks is told before.
ANSWER_SECONDS_MAX: Final = 4.0


class TillAnswer(NamedTuple):
    """What a till is told, and whether it was told so before."""

    out: PosOut
    is_replayed: bool = False


class Till:
    """Takes what tills ask for, does it once, and answers in time."""

    def __init__(
        self,
        notes: TillNotes,
        steps: TillSteps,
        *,
        members: TillMembers,
        identification: Identification,
    ) -> None:
        """Say where transactions are kept, and who does them."""
        self._notes = notes
        self._steps = steps
        self._members = members
        self._identification = identification

    async def answer(self, body: AnyIn, caller: Principal, now_ms: int) -> TillAnswer:
        """
        What became of a transaction; never later than ANSWER_SECONDS_MAX.

        Raises: TransactionReused, IdentityNotKept.
        """
        try:
            async with asyncio.timeout(ANSWER_SECONDS_MAX):
                if isinstance(body, SearchIn | InquireIn):
                    return await self._read(body, now_ms)
                return await self._write(body, caller, now_ms, waits=True)
        except (TimeoutError, StoreUnavailable):
            return TillAnswer(unsure(body))

    async def answers(
        self, bodies: list[WriteIn], caller: Principal, now_ms: int
    ) -> list[PosOut]:
        """
        What became of each transaction of a till that was offline, in their order.

        Those that there was no time for are unknown. Raises: IdentityNotKept.
        """
        loop = asyncio.get_running_loop()
        ends_at = loop.time() + ANSWER_SECONDS_MAX
        outs = []
        for body in bodies:
            if loop.time() >= ends_at:
                outs.append(unsure(body))
                continue
            try:
                async with asyncio.timeout_at(ends_at):
                    answer = await self._write(body, caller, now_ms, waits=False)
                    outs.append(answer.out)
            except (TimeoutError, StoreUnavailable):
                outs.append(unsure(body))
            except TransactionReused as reused:
                outs.append(
                    said(body, "rejected", reason=reused.name, detail=reused.detail)
                )
        return outs

    async def _read(self, body: SearchIn | InquireIn, now_ms: int) -> TillAnswer:
        check_id = body.check_id if isinstance(body, SearchIn) else None
        if isinstance(body, InquireIn) and body.check is not None:
            check_id = body.check.check_id
        try:
            named_id = await self._identification.member_of(
                body.identify,
                till=digest_of(body.store_id, check_id) if check_id else "",
                now=now_ms / 1_000,
            )
            member_id = await self._members.survivor(named_id)
            out = said(body, "accepted")
            out.member = await self._members.shown(member_id)
            if isinstance(body, InquireIn):
                await self._members.inquire(out, body, member_id, now_ms=now_ms)
        except Rejected as rejected:
            out = said(body, "rejected", reason=rejected.reason, detail=rejected.detail)
        return TillAnswer(out)

    async def _write(
        self, body: WriteIn, caller: Principal, now_ms: int, *, waits: bool
    ) -> TillAnswer:
        key = digest_of(caller.client_id, body.transaction_id)
        likeness = self._identification.likeness(body.model_dump_json())
        sent = Sent(caller.client_id, now_ms, key, likeness, waits)
        known = await self._notes.find(key)
        if known is not None:
            sent.check_alike(known)
            if known.answer:
                return TillAnswer(PosOut.model_validate_json(known.answer), True)
            sent = sent._replace(now_ms=known.note.accepted_at)
        out = await self._judged(body, sent, known)
        if out.status != "unknown":
            # Whoever was rejected before anything was noted is judged anew.
            document = out.model_dump_json(exclude_none=True).encode()
            await self._notes.answer(key, document)
        return TillAnswer(out)

    async def _judged(
        self, body: WriteIn, sent: Sent, known: KnownTransaction | None
    ) -> PosOut:
        try:
            if isinstance(body, ReverseIn):
                return await self._steps.reverse(sent, body)
            return await self._steps.do(sent, body, known)
        except Rejected as rejected:
            return said(
                body, "rejected", reason=rejected.reason, detail=rejected.detail
            )
        except MemberNotFound as missing:
            return said(
                body, "rejected", reason="member-unknown", detail=missing.detail
            )
        except EventRefused as refused:
            reason = str(refused.extra["reason"])
            return said(body, "rejected", reason=reason, detail=refused.detail)
