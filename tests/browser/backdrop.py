"""What stands behind the pages for operators: lag, dead letters, deliveries, views."""

from api.sending import DeliveryStores
from delivery.wording import webhook_id
from loyalty.messages import Message, MessageValue
from schemas.deliveries import DeliveryEvent
from schemas.events import EventCodec
from schemas.state import DeadLetter
from schemas.topics import READERS
from stores.delivery_controls_contract import Stop
from stores.endpoints_contract import Endpoint
from stores.guard import Guard
from stores.log_watch import MemoryLogWatch, ReaderLag
from stores.memory_dead_letters import MemoryDeadLetters
from stores.memory_worker_reports import MemoryWorkerReports
from stores.outbox_contract import DEAD, Delivery, Settled
from stores.saved_views import MemorySavedViews, SavedView
from stores.worker_reports_contract import PartitionReport, Spread, WorkerReport
from tests.browser.town import HOUR, NOW, Town
from tests.builders import an_order
from tests.routes.client import memory_deliveries

SETTINGS = (
    ("REGULARS_APP_ID", "regulars"),
    ("REGULARS_PARTITIONS", "8"),
    ("REGULARS_CLICKHOUSE_DATABASE", "regulars"),
    ("REGULARS_CONSOLE_SECRET", "set"),
)
APP, TILLS = "we_app", "we_tills"
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
FEW_MS = Spread(BOUNDS, (9_410, 212, 31, 2, 0, 0, 0, 0, 0, 0))
SOME_MS = Spread(BOUNDS, (120, 2_410, 6_812, 290, 41, 3, 0, 0, 0, 0))
MANY_MS = Spread(BOUNDS, (0, 0, 0, 0, 12, 310, 7_912, 1_204, 9, 0))
WAITING = (
    ("near-burger", "push", APP, 34),
    ("journey:welcome", "push", APP, 6),
    ("journey:welcome", "email", "smtp", 11),
    ("", "event", TILLS, 3),
)


def a_log() -> MemoryLogWatch:
    """A log with a little lag, and a record that could not be applied."""
    watch = MemoryLogWatch()
    watch.rows = tuple(
        ReaderLag(
            group, topic, tuple((n * 7 + len(topic)) % 3 for n in range(8)), 3_241
        )
        for group, topics in READERS.items()
        for topic in topics
    )
    reason, detail = "amount-out-of-range", "total_minor is -5, expected 0 or more"
    watch.letters = [
        DeadLetter("orders", 3, 812, reason, detail, NOW - 90_000, b"guest-017", b"x")
    ]
    return watch


def some_guards() -> tuple[Guard, ...]:
    """What stands before the stores; nothing is wrong with any of them."""
    calls_max = {"redis": 128, "clickhouse": 32, "kafka": 1_024}
    return tuple(Guard(name, count) for name, count in calls_max.items())


def some_letters() -> MemoryDeadLetters:
    """Letters to work through: one that says something, one that cannot be read."""
    letters = MemoryDeadLetters()
    order = an_order("o-77", member_id="guest-002", occurred_at=NOW - HOUR)
    for value, reason, detail in (
        (EventCodec().encode_order(order), "order-conflict", "its total was 12.40"),
        (b"\x07 not a record", "wrong-magic", "expected c301 or 00 at the start"),
    ):
        at = 40 + len(reason)
        letters.hold(
            1, DeadLetter("orders", 1, at, reason, detail, NOW, b"guest-002", value)
        )
    return letters


async def some_deliveries() -> DeliveryStores:
    """Two endpoints, one of them in trouble, what waits, and a campaign stopped."""
    stores = memory_deliveries()
    for endpoint_id, url, kinds in (
        (
            APP,
            "https://push.corner-bistro.example/in",
            ("message.push", "tier.changed"),
        ),
        (TILLS, "https://tills.corner-bistro.example/", ("points.earned",)),
    ):
        made = NOW - 90 * 24 * HOUR
        await stores.endpoints.add(Endpoint(endpoint_id, url, kinds, (), made, "Olga"))
    for campaign, channel, target, count in WAITING:
        for number in range(count):
            one = a_delivery(campaign, channel, target, number)
            await stores.outbox.put([one], NOW)
    await die_at_the_tills(stores)
    reason = "the amount in it is wrong"
    await stores.controls.stop(Stop("campaign:near-burger", "Mia", NOW, reason))
    return stores


async def die_at_the_tills(stores: DeliveryStores) -> None:
    """Two deliveries that nobody took, and no more attempts for a while."""
    for number in range(10):
        await stores.controls.note(TILLS, succeeded=False, now=NOW)
        if number < 2:
            one = a_delivery("", "event", TILLS, 100 + number)
            at = NOW - (number + 1) * HOUR
            await stores.outbox.put([one], at)
            dead = one._replace(status=DEAD, attempted_at=at, detail="answered 503")
            await stores.outbox.settle([Settled(dead)], at)


def a_delivery(campaign: str, channel: str, target: str, number: int) -> Delivery:
    """A message, or an event of a member, on its way."""
    kind = "points.earned" if channel == "event" else f"message.{channel}"
    message_id = f"msg-{campaign}-{channel}-{number}"
    guest = f"guest-{number % 100 + 1:03}"
    return Delivery(
        f"{message_id}:{target}",
        message_id,
        target,
        campaign,
        channel,
        kind,
        guest,
        "{}",
        NOW,
    )


async def some_views(subject: str) -> MemorySavedViews:
    """Dashboards that somebody comes back to."""
    views = MemorySavedViews()
    for number, (name, address) in enumerate(
        (
            ("Monday: last week", "/overview?days=7"),
            ("Stores, this quarter", "/stores?days=90"),
            ("Spring offers", "/offers?from=2026-03-01&until=2026-05-31"),
        )
    ):
        await views.keep(subject, SavedView(f"v{number}", name, address))
    return views


async def some_workers() -> MemoryWorkerReports:
    """Two engines with four partitions each, one that went, and the other roles."""
    # Told a little ahead: pictures are of a worker that tells, however long they take.
    at, started = NOW + HOUR, NOW - 30 * HOUR
    reports = MemoryWorkerReports()
    for number, name in enumerate(("worker-1", "worker-2")):
        partitions = tuple(
            a_partition(partition) for partition in range(4 * number, 4 * number + 4)
        )
        spreads = {"transactions": SOME_MS, "decides": FEW_MS}
        one = WorkerReport("engine", name, at, started, "0.1.0", partitions=partitions)
        await reports.tell(one._replace(**spreads))  # type: ignore[arg-type] # both are spreads
    behind = tuple(PartitionReport(number, lag_records=number) for number in range(8))
    for role, latency in (
        ("redis-sink", SOME_MS),
        ("clickhouse-sink", MANY_MS),
        ("dispatcher", Spread()),
    ):
        one = WorkerReport(role, "worker-1", at, started, "0.1.0", latency=latency)
        await reports.tell(one._replace(partitions=behind))
    gone = NOW - HOUR // 2
    await reports.tell(WorkerReport("engine", "worker-3", gone, started, "0.1.0"))
    return reports


def a_partition(number: int) -> PartitionReport:
    """A partition of an engine; one of them has just come."""
    told = PartitionReport(
        number,
        is_ready=number != 6,
        lag_records=(number * 7) % 3,
        members=12_400 + 311 * number,
        timers=3_020 + 17 * number,
        ticked_at=NOW - 4_000,
    )
    if not told.is_ready:
        return told
    records = 24_100 + number
    return told._replace(
        restored_at=NOW - 30 * HOUR, restored_records=records, restore_ms=1_800
    )


def some_messages(town: Town, member_id: str) -> list[DeliveryEvent]:
    """Let a member have been sent two messages of late, one of which was not taken."""
    place = max(n for n, one in enumerate(town.updates) if one.member_id == member_id)
    update = town.updates[place]
    values = (MessageValue("balance", "180"),)
    inbox = Message("welcome/1", "welcome", "inbox", "marketing", "hello", values, NOW)
    inbox = inbox._replace(created_at=NOW - 26 * HOUR)
    push = Message("near/1", "near-burger", "push", "marketing", "come-back", (), NOW)
    push = push._replace(created_at=NOW - 3 * HOUR)
    *earlier, last = update.changes
    last = last._replace(messages=(*last.messages, inbox, push))
    town.updates[place] = update._replace(changes=[*earlier, last])
    return [
        attempt_at(member_id, inbox, "inbox", ("sent", 0, "")),
        attempt_at(member_id, push, APP, ("dead", 503, "answered 503")),
    ]


def attempt_at(
    member_id: str, message: Message, target: str, outcome: tuple[str, int, str]
) -> DeliveryEvent:
    """The last attempt to deliver a message, a minute after it was decided."""
    message_id = webhook_id(member_id, message.message_id)
    return DeliveryEvent(
        f"{message_id}:{target}",
        1,
        member_id,
        message_id,
        message.campaign_id,
        message.channel,
        f"message.{message.channel}",
        target,
        *outcome,
        message.created_at,
        message.created_at + 60_000,
    )
