"""A town of regulars out of a seed: half a year of a small chain, decided by the rules."""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from jobs.menu import priced_lines
from loyalty.accounts import granted
from loyalty.budgets import CODES_PREFIX, Answer, Asked
from loyalty.code_steps import USE
from loyalty.decide import decide
from loyalty.decision import Decision
from loyalty.events import ActivityEvent, Command, OrderEvent, Refund, Tick
from loyalty.limits import DAY_MS
from loyalty.member import NEW_MEMBER, Member
from loyalty.program import Program
from loyalty.view import view_of
from schemas.changes import change_of
from schemas.update_reader import Update, UpdateReader
from schemas.updates import Source, UpdateCodec
from stores.analytics_contract import Analytics, Received, ReceivedActivity
from stores.member_views_contract import MemberViews, ViewWrite
from stores.programs import load_document, load_program

READER = UpdateReader()

# Monday, 15 June 2026, 17:30 in New York.
NOW = 1_781_559_000_000
DAYS = 165
HOUR = 3_600_000
MEMBERS = 140
STORES = ("broadway", "harbour", "station", "old-mill", "university", "airport")
CHANNELS = ("APP", "COUNTER", "KIOSK", "DRIVE_THRU", "WEB")
PROGRAM_FILE = Path(__file__).parent / "bistro.yaml"
DOCUMENT = load_document(PROGRAM_FILE)
PROGRAM: Program = load_program(PROGRAM_FILE)
LINES = priced_lines()
UPDATES = UpdateCodec()
Event = OrderEvent | ActivityEvent | Command | Tick


class Guest(NamedTuple):
    """How somebody comes: mean days between visits, from which day to which."""

    member_id: str
    pause_days: float
    first_day: int
    last_day: int
    store: str
    opens_app: bool
    takes_offers: bool


class Town:
    """Members as the engine has them, and all that was told of them."""

    def __init__(
        self, seed: int = 7, *, guests: int = MEMBERS, program: Program = PROGRAM
    ) -> None:
        """Let so many guests live by a program; without any, `live` tells of some."""
        self.members: dict[str, Member] = {}
        self.updates: list[Update] = []
        self.orders: list[Received] = []
        self.activity: list[ReceivedActivity] = []
        self._program = program
        self._random = Random(seed)
        self._number = 0
        self._count = guests
        self._codes = 0
        # Its own, so that codes leave all else as it was.
        self._cinema = Random(seed + 1)
        for guest in self._guests():
            self._live(guest)

    async def tell(self, analytics: Analytics, views: MemberViews) -> None:
        """Tell the stores everything."""
        for start in range(0, len(self.updates), 2_000):
            part = self.updates[start : start + 2_000]
            await analytics.insert_updates(part, token=f"town-{start}")
        await analytics.insert_orders(self.orders, token="town")
        await analytics.insert_activity(self.activity, token="town")
        shown = {
            m: view_of(m, state, self._program) for m, state in self.members.items()
        }
        latest = {update.member_id: update for update in self.updates}
        await views.put(
            [
                ViewWrite(member_id, view.version, latest[member_id].view)
                for member_id, view in shown.items()
            ]
        )

    def order(self, member_id: str, at: int) -> None:
        """Somebody orders, and the rules decide it."""
        guest = Guest(member_id, 7, 0, DAYS, self._random.choice(STORES), False, False)
        self._decide(member_id, self._order(guest, at))

    def _guests(self) -> Iterator[Guest]:
        random = self._random
        for number in range(self._count):
            first = min(int(random.expovariate(1 / 45)), DAYS - 5)
            leaves = random.random() < 0.35
            stays = int(random.uniform(20, 110)) if leaves else DAYS
            yield Guest(
                f"guest-{number + 1:03}",
                random.choice((2.2, 4, 7, 7, 10, 16)),
                first,
                min(first + stays, DAYS),
                random.choices(STORES, (9, 7, 6, 4, 4, 2))[0],
                random.random() < 0.7,
                random.random() < 0.55,
            )

    def _live(self, guest: Guest) -> None:
        """One member's half year, in order; time passes at each local noon."""
        visits = [*self._visits(guest), *self._oddities(guest)]
        events = sorted(visits, key=lambda one: one.occurred_at)
        due = 0
        for event in events:
            while due < event.occurred_at:
                self._tick(guest.member_id, due)
                due = due + DAY_MS if due else event.occurred_at // DAY_MS * DAY_MS
            self._decide(guest.member_id, event)
            if isinstance(event, OrderEvent) and guest.takes_offers:
                self._take(guest, event.occurred_at)
                self._use_code(guest, event.occurred_at)
        while due <= NOW:
            self._tick(guest.member_id, due)
            due += DAY_MS

    def _visits(self, guest: Guest) -> Iterator[Event]:
        random, start = self._random, NOW - DAYS * DAY_MS
        day = float(guest.first_day)
        while day < guest.last_day:
            hour = random.choices((8, 12, 13, 16, 18, 19), (2, 5, 3, 3, 5, 3))[0]
            at = start + int(day) * DAY_MS - 17 * HOUR + hour * HOUR
            at += random.randrange(HOUR) - HOUR // 2
            if at < NOW - HOUR:
                order = self._order(guest, at)
                yield order
                if random.random() < 0.02:
                    yield self._refund(order)
                if guest.opens_app and random.random() < 0.6:
                    yield self._opening(guest, at + 2 * HOUR)
            day += random.expovariate(1 / guest.pause_days)

    def _oddities(self, guest: Guest) -> Iterator[Event]:
        """What deserves a look: many orders on a day, money back, points by hand."""
        day = NOW - 12 * DAY_MS
        if guest.member_id in {"guest-077", "guest-111"}:
            for number in range(7):
                order = self._order(guest, day - 6 * HOUR + number * HOUR)
                yield order
                if guest.member_id == "guest-111":
                    yield self._refund(order)
        if guest.member_id in {"guest-064", "guest-023"}:
            for number in range(3):
                name = f"gift-{guest.member_id}-{number}"
                why = {"points": 600, "reason": "made up for a long wait"}
                at = day + number * DAY_MS
                yield Command(name, guest.member_id, "points.adjust", at, "desk", why)

    def _order(self, guest: Guest, at: int) -> OrderEvent:
        self._number += 1
        random = self._random
        count = random.choices((1, 2, 3, 4), (3, 4, 2, 1))[0]
        lines = [random.choice(LINES[place]) for place in range(count)]
        subtotal = sum(line.net_minor for line in lines)
        tax = sum(line.tax_minor for line in lines)
        store = guest.store if random.random() < 0.85 else random.choice(STORES)
        return OrderEvent(
            f"e-{self._number}",
            f"order-{self._number:05}",
            guest.member_id,
            "PLACED",
            at,
            store,
            random.choice(CHANNELS),
            "USD",
            tuple(line.line for line in lines),
            subtotal + tax,
            subtotal,
            tax,
            (),
            None,
            {},
            None,
        )

    def _refund(self, order: OrderEvent) -> OrderEvent:
        refund = Refund(f"r-{order.order_id}", (), order.subtotal_minor // 2)
        return order._replace(
            event_id=f"{order.event_id}-back",
            kind="REFUNDED",
            occurred_at=order.occurred_at + HOUR,
            refund=refund,
        )

    def _opening(self, guest: Guest, at: int) -> ActivityEvent:
        self._number += 1
        return ActivityEvent(
            f"a-{self._number}", guest.member_id, "app.opened", at, None, None, {}
        )

    def _take(self, guest: Guest, at: int) -> None:
        """Now and then an offer is taken, a minute after the order."""
        member = self.members[guest.member_id]
        if not member.offers or self._random.random() > 0.3:
            return
        self._number += 1
        reward = self._random.choice(member.offers).offer_id
        self._decide(
            guest.member_id,
            Command(
                f"take-{self._number}",
                guest.member_id,
                "points.redeem",
                at + 60_000,
                "app",
                {"reward_id": reward},
            ),
        )

    def _use_code(self, guest: Guest, at: int) -> None:
        """Some of those who have a code use it."""
        held = [one for one in self.members[guest.member_id].personal if one.pool_id]
        if not held or self._cinema.random() > 0.4:
            return
        told = {"pool": held[0].pool_id, "number": held[0].number}
        name = f"use-{guest.member_id}-{at}"
        told |= {"by": guest.member_id}
        command = Command(name, guest.member_id, USE, at + 90_000, "till", told)
        self._decide(guest.member_id, command)

    def _tick(self, member_id: str, at: int) -> None:
        member = self.members.get(member_id)
        if member is not None and 0 < member.next_due_at <= at:
            self._decide(member_id, Tick(at))

    def _decide(self, member_id: str, event: Any) -> None:
        member = self.members.get(member_id, NEW_MEMBER)
        decision = decide(member, event, self._program, member_id=member_id)
        if isinstance(event, OrderEvent):
            self.orders.append(Received(event, event.occurred_at + 40))
        if isinstance(event, ActivityEvent):
            self.activity.append(ReceivedActivity(event, event.occurred_at + 40))
        if not isinstance(decision, Decision):
            return
        self.members[member_id] = decision.member
        at = event.at if isinstance(event, Tick) else event.occurred_at
        change = change_of(decision, event, Source("orders", self._number, at + 40))
        view = view_of(member_id, decision.member, self._program)
        self.updates.append(READER.read(UPDATES.encode(member_id, view, [change])))
        # Budgets of this town have enough for everyone, and answer at once.
        for claim in decision.claims:
            answer = Answer(Asked(claim, claim.desired), claim.desired)
            if claim.budget_id.startswith(CODES_PREFIX):
                answer = answer._replace(number=self._codes)
                self._codes += 1
            self._decide(member_id, granted(answer))
