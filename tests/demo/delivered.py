"""Decisions through the real intake and dispatcher: an inbox, and a webhook's log."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from loyalty.decision import Decision
from loyalty.program import Program, ProgramHistory
from loyalty.view import view_of
from schemas.topics import CLOCK, MEMBER_UPDATES
from schemas.update_reader import UpdateReader
from schemas.updates import Source, UpdateCodec, change_record
from stores.email_addresses_contract import MemoryEmailAddresses
from stores.endpoints_contract import Endpoint
from stores.memory_delivery_controls import MemoryDeliveryControls
from stores.memory_endpoints import MemoryEndpoints
from stores.memory_inbox import MemoryInbox
from stores.memory_outbox import MemoryOutbox
from stores.outbox_contract import INBOX_TARGET, Delivery
from streams.batches import RecordBatch, SourceRecord
from streams.dispatching.attempts import Attempt
from streams.dispatching.dispatcher import Dispatcher
from streams.dispatching.intake import Intake
from streams.dispatching.planning import Planner, PlanRules
from streams.dispatching.senders import InboxSender, Sender, payload

HOUR_MS = 3_600_000
TARGET = "ep_log"
CODEC = UpdateCodec()


class Delivered(NamedTuple):
    """Where messages are in the end; each as its member's id and what it says."""

    inbox: list[tuple[str, str, int]]
    log: list[dict[str, Any]]


class WebhookLog:
    """A receiver that keeps whatever is posted."""

    batch_max = 1

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []

    async def send(self, deliveries: Sequence[Delivery]) -> list[Attempt]:
        self.seen += [json.loads(payload(one)) for one in deliveries]
        return [Attempt(True, 200)] * len(deliveries)


def an_update(member_id: str, decision: Decision, program: Program, now: int) -> bytes:
    """What the engine writes of a decision."""
    change = change_record(
        decision,
        Source(CLOCK.name, 0, now),
        event_id=f"{member_id}-{decision.member.version}",
        event_kind="tick",
        occurred_at=decision.member.clock_at,
        order_id="",
    )
    view = view_of(member_id, decision.member, program)
    return CODEC.encode(member_id, view, [change])


async def delivered(updates: Mapping[bytes, str], program: Program) -> Delivered:
    """Send what updates (each with its member) say, to the end; read twice, as may be."""
    now = max(program.effective_from, 0) + HOUR_MS
    outbox, inbox, endpoints = MemoryOutbox(), MemoryInbox(), MemoryEndpoints()
    await endpoints.add(
        Endpoint(TARGET, "https://x.example/", ("message.push",), (), 0)
    )
    log = WebhookLog()
    senders: dict[str, Sender] = {INBOX_TARGET: InboxSender(inbox), TARGET: log}
    intake = Intake(
        outbox,
        endpoints,
        inbox=inbox,
        addresses=MemoryEmailAddresses(),
        planner=Planner(
            ProgramHistory([program]),
            PlanRules(sends_mail=False, age_ms_max=HOUR_MS, is_history=True),
        ),
        reader=UpdateReader(),
        clock=lambda: now / 1_000,
    )
    dispatcher = Dispatcher(
        outbox,
        MemoryDeliveryControls(),
        endpoints=endpoints,
        find_sender=lambda target, _: senders.get(target),
        clock=lambda: now / 1_000,
    )
    records = [SourceRecord(n, now, b"", one) for n, one in enumerate(updates)]
    for _ in range(2):
        batch = RecordBatch(MEMBER_UPDATES.name, 0, 0, len(records), records)
        await intake.write([batch])
        while await dispatcher.look():
            await dispatcher.settle_down()
    kept = [
        (member_id, one.campaign_id, one.created_at)
        for member_id in sorted(set(updates.values()))
        for one in (await inbox.get(member_id)).messages
    ]
    return Delivered(kept, log.seen)
