"""What a till's transactions do: each over the engine's own commands and orders."""

from typing import Final, NamedTuple

from api.code_uses import CodeUses
from api.commands import APP, SERVICE, Answer, CommandDesk, Wish, command_id_of
from api.identification import Identification, Rejected
from api.pos_requests import AccrueIn, RedeemIn, ReverseIn
from api.pos_responses import PosOut, RedemptionOut
from api.problems import EventRefused, TransactionReused
from api.till_answers import check_refusal, said, unsure
from api.till_members import NOT_KNOWN, TillMembers
from api.till_orders import (
    OrderIds,
    cancellation_of,
    digest_of,
    late_or_now,
    order_id_of,
    order_of,
)
from loyalty.code_steps import USE
from loyalty.events import Attribute, InvalidEvent, OrderEvent, check_order
from schemas.events import EventCodec, check_key
from schemas.framing import MalformedRecord
from schemas.topics import ORDERS
from stores.publisher import Publisher
from stores.till_notes import KnownTransaction, TillNote, TillNotes

# No member's id begins with NUL: a key of a till is no key of a member's route.
SCOPE: Final = "\0/v1/pos"
REDEEM: Final = "LOYALTY_REDEEM"
ACCRUE: Final = "LOYALTY_ACCRUE"


class Sent(NamedTuple):
    """
    A transaction as it was sent: by whom, when first (ms), under which key of ours.

    `waits` is whether the answer should tell what the engine made of a check.
    """

    client_id: str
    now_ms: int
    key: str
    likeness: str
    waits: bool

    def check_alike(self, known: KnownTransaction) -> None:
        """
        Refuse another transaction under an id that is known.

        Raises: TransactionReused.
        """
        if known.note.likeness != self.likeness:
            raise TransactionReused("the id was used with another body")


class TillSteps:
    """Does what tills ask for; a step that is repeated does nothing more."""

    def __init__(
        self,
        desk: CommandDesk,
        notes: TillNotes,
        publisher: Publisher,
        *,
        codec: EventCodec,
        members: TillMembers,
        identification: Identification,
        code_uses: CodeUses,
    ) -> None:
        """Say where transactions go."""
        self._desk = desk
        self._notes = notes
        self._publisher = publisher
        self._codec = codec
        self._members = members
        self._identification = identification
        self._code_uses = code_uses

    async def do(
        self, sent: Sent, body: RedeemIn | AccrueIn, known: KnownTransaction | None
    ) -> PosOut:
        """
        Use points, or let a check earn.

        Raises: Rejected, EventRefused, MemberNotFound.
        """
        if known is not None and known.reversed_by:
            raise Rejected("reversed", "another transaction has undone this one")
        note = known.note if known is not None else await self._noted(sent, body)
        if isinstance(body, RedeemIn):
            return await self._redeem(sent, body, note)
        return await self._accrue(sent, body, note)

    async def _noted(self, sent: Sent, body: RedeemIn | AccrueIn) -> TillNote:
        """Say who the guest is, and note it: later repeats need no code any more."""
        is_check = isinstance(body, AccrueIn)
        check_id = body.check.check_id if isinstance(body, AccrueIn) else body.check_id
        till = digest_of(body.store_id, check_id or body.transaction_id)
        named_id = await self._identification.member_of(
            body.identify, till=till, now=sent.now_ms / 1_000
        )
        member_id = await self._members.survivor(named_id)
        await self._members.view(member_id)
        reference = command_id_of(sent.key, client_id=sent.client_id, scope=SCOPE)
        currency = ""
        if isinstance(body, AccrueIn):
            place = await self._notes.take_check(till, sent.key)
            if place.holder != sent.key:
                raise Rejected("check-accrued", "another transaction has this check")
            reference = order_id_of(body.store_id, body.check.check_id, place.round)
            currency = body.check.currency
        note = TillNote(
            sent.likeness,
            sent.now_ms,
            member_id,
            body.type,
            reference,
            body.store_id,
            currency,
            till if is_check else "",
        )
        there = await self._notes.take(sent.key, note)
        if there is not None:
            sent.check_alike(there)
        return note if there is None else there.note

    async def _redeem(self, sent: Sent, body: RedeemIn, note: TillNote) -> PosOut:
        if body.redeem.code is not None:
            return await self._use_code(sent, body, note, code=body.redeem.code)
        attributes = body.redeem.attributes() | {"store_id": body.store_id}
        answer = await self._ask(
            sent, note.member_id, kind="points.redeem", attributes=attributes
        )
        if answer.result is None:
            return unsure(body)
        check_refusal(answer)
        told = answer.result["result"] or {}
        out = said(body, "accepted")
        out.redemption = RedemptionOut(
            points=told["points"],
            wallet=told["wallet"],
            amount_minor=told.get("amount_minor"),
            reward_id=told.get("reward") or None,
        )
        out.member = await self._members.shown(note.member_id)
        return out

    async def _use_code(
        self, sent: Sent, body: RedeemIn, note: TillNote, *, code: str
    ) -> PosOut:
        use = await self._code_uses.of(
            code, by=note.member_id, store_id=body.store_id, now=note.accepted_at
        )
        if use is None:
            raise Rejected("code-unknown", "there is no such code, or not yet")
        answer = await self._ask(sent, use.holder, kind=USE, attributes=use.attributes)
        if answer.result is None:
            return unsure(body)
        check_refusal(answer)
        told = answer.result["result"] or {}
        out = said(body, "accepted")
        out.redemption = RedemptionOut(
            points=0, wallet="", offer_id=told["offer"], offer_name=told["name"]
        )
        out.member = await self._members.shown(note.member_id)
        return out

    async def _accrue(self, sent: Sent, body: AccrueIn, note: TillNote) -> PosOut:
        client_id = sent.client_id
        redeemed = {
            one: command_id_of(
                digest_of(client_id, one), client_id=client_id, scope=SCOPE
            )
            for one in (discount.transaction_id for discount in body.check.discounts)
            if one is not None
        }
        order = order_of(
            body.check,
            note.member_id,
            OrderIds(f"pos-{sent.key}", note.reference),
            store_id=body.store_id,
            at=late_or_now(body, note.accepted_at),
            redeemed=redeemed,
        )
        try:
            await self._publish(order, note.accepted_at)
        except EventRefused:
            # It never was: the check may be sent anew, put right, under another id.
            await self._notes.free_check(note.check, sent.key)
            raise
        out = said(body, "accepted")
        out.accrual = await self._members.accrual(
            note.member_id, note.reference, waits=sent.waits
        )
        if out.accrual is not NOT_KNOWN:
            # A receipt must not say a balance of before the check.
            out.member = await self._members.shown(note.member_id)
        return out

    async def reverse(self, sent: Sent, body: ReverseIn) -> PosOut:
        """
        Undo an earlier transaction of the client.

        Raises: Rejected, EventRefused.
        """
        target = digest_of(sent.client_id, body.reverses)
        known = await self._notes.find(target)
        if known is None or known.note.type not in (REDEEM, ACCRUE):
            raise Rejected("transaction-unknown", "there is nothing to reverse")
        is_answered = bool(known.answer)
        if is_answered and not PosOut.model_validate_json(known.answer).is_done:
            raise Rejected("nothing-to-reverse", "it was rejected: nothing was done")
        note = known.note
        mine = TillNote(
            sent.likeness, sent.now_ms, note.member_id, body.type, note.reference
        )
        there = await self._notes.take(sent.key, mine)
        if there is not None:
            sent.check_alike(there)
            mine = there.note
        # First it is said, so that a repeat of what is undone does nothing more.
        if await self._notes.mark_reversed(target, sent.key) != sent.key:
            raise Rejected("already-reversed", "another transaction has undone it")
        if note.type == ACCRUE:
            order = cancellation_of(note, f"pos-{sent.key}", mine.accepted_at)
            await self._publish(order, mine.accepted_at)
            await self._notes.free_check(note.check, target)
        else:
            attributes: dict[str, Attribute] = {"command_id": note.reference}
            answer = await self._ask(
                sent,
                note.member_id,
                kind="points.void",
                attributes=attributes,
                actor=SERVICE,
            )
            if answer.result is None:
                return unsure(body)
            if is_answered:
                check_refusal(answer)
        out = said(body, "accepted")
        is_seen = note.type != ACCRUE or await self._members.cancelled(
            note.member_id, note.reference, waits=sent.waits
        )
        if is_seen:
            out.member = await self._members.shown(note.member_id)
        return out

    async def _ask(
        self,
        sent: Sent,
        member_id: str,
        *,
        kind: str,
        attributes: dict[str, Attribute],
        actor: str = APP,
    ) -> Answer:
        wish = Wish(sent.client_id, SCOPE, SCOPE, member_id, kind, attributes, actor)
        return await self._desk.ask(wish, sent.key, sent.now_ms)

    async def _publish(self, order: OrderEvent, now_ms: int) -> None:
        try:
            check_key(order.member_id.encode(), order.member_id)
            check_order(order, now_ms)
        except (InvalidEvent, MalformedRecord) as fault:
            raise EventRefused(fault.detail, reason=fault.reason) from fault
        value = self._codec.encode_order(order)
        await self._publisher.publish(
            ORDERS.name, key=order.member_id.encode(), value=value
        )
