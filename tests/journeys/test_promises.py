"""What journeys promise, whatever happens in whatever order."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.decide import decide
from loyalty.decision import Decision
from loyalty.events import Command, MemberEvent, Tick
from loyalty.limits import DAY_MS
from loyalty.member import NEW_MEMBER, Member
from loyalty.messages import Message
from tests.builders import NOON, a_cancellation, an_activity, an_order
from tests.journeys.test_examples import all_examples

PROGRAM = all_examples()
HOUR_MS = DAY_MS // 24
END = NOON + 90 * DAY_MS
KINDS = st.sampled_from(
    ["order", "small", "cancel", "app.opened", "review.done", "noise", "join", "leave"]
)
LIVES = st.lists(st.tuples(st.integers(0, 80 * 24), KINDS), min_size=1, max_size=25)
# Within the return window: what is older and closed is no longer known.
SHORT_LIVES = st.lists(
    st.tuples(st.integers(0, 55 * 24), KINDS), min_size=1, max_size=25
)


def events_of(life: list[tuple[int, str]]) -> list[MemberEvent]:
    """Events of a life, by their own times; each with an id of its own."""
    events: list[MemberEvent] = []
    orders: list[str] = []
    for number, (hour, kind) in enumerate(sorted(life)):
        when = NOON + hour * HOUR_MS + number
        if kind in ("order", "small"):
            orders.append(f"order-{number}")
            amount_minor = 20_00 if kind == "order" else 6_00
            order = an_order(orders[-1], subtotal_minor=amount_minor, occurred_at=when)
            events.append(order)
        elif kind == "cancel" and orders:
            events.append(a_cancellation(orders[-1], occurred_at=when))
        elif kind in ("join", "leave"):
            events.append(a_profile(kind == "join", f"command-{number}", when))
        else:
            act = an_activity(f"act-{number}", occurred_at=when)
            events.append(act._replace(type=kind))
    return events


def a_profile(is_vip: bool, command_id: str, when: int) -> Command:
    """What is told of the member: who is of the segment `vip`, or of none."""
    segments = {"segments": "vip" if is_vip else ""}
    return Command(command_id, "member-1", "member.update", when, "desk", segments)


class Lived:
    """A member after some events, and all that was told and sent."""

    def __init__(self) -> None:
        self.member: Member = NEW_MEMBER
        self.messages: list[Message] = []
        self.told: list[str] = []

    def take(self, event: MemberEvent) -> None:
        """Decide an event; journeys are in order after it."""
        verdict = decide(self.member, event, PROGRAM, member_id="member-1")
        if isinstance(verdict, Decision):
            self.member = verdict.member
            self.messages += verdict.messages
            told = [one.trigger_id for one in verdict.triggers]
            self.told += [one for one in told if one.startswith("journey:")]
        names = [run.journey_id for run in self.member.journeys]
        assert len(names) == len(set(names))

    def until(self, end: int) -> None:
        """Let a tick come at each due time."""
        while 0 < self.member.next_due_at <= end:
            self.take(Tick(max(self.member.next_due_at, self.member.clock_at)))


def lived(events: list[MemberEvent], *, ticks: bool = True) -> Lived:
    """A life with a tick at each due time, or with none before the end."""
    life = Lived()
    for event in events:
        if ticks:
            life.until(event.at if isinstance(event, Tick) else event.occurred_at)
        life.take(event)
    if ticks:
        life.until(END)
    # One tick ends so many waits: the last ones may need a few.
    for _ in range(4):
        life.take(Tick(END))
    return life


def unnumbered(member: Member) -> Member:
    """A member but for how many decisions there were."""
    return member._replace(version=0)


@settings(max_examples=60, deadline=None)
@given(LIVES)
def test_each_message_goes_out_once_and_steps_follow_their_entry(life) -> None:
    end = lived(events_of(life))

    ids = Counter(message.message_id for message in end.messages)
    assert set(ids.values()) <= {1}
    for name in ("welcome", "win-back", "review", "table"):
        began = end.told.count(f"journey:{name}#entered")
        over = end.told.count(f"journey:{name}#exited")
        over += end.told.count(f"journey:{name}#finished")
        inside = sum(run.journey_id == name for run in end.member.journeys)
        assert began == over + inside


@settings(max_examples=60, deadline=None)
@given(LIVES)
def test_ticks_that_come_late_change_no_way_and_no_points(life) -> None:
    """They leave out messages whose time is over, and send the others later."""
    events = events_of(life)
    on_time, late = lived(events), lived(events, ticks=False)

    assert unnumbered(late.member) == unnumbered(on_time.member)
    assert Counter(late.told) <= Counter(on_time.told)
    ids = {message.message_id for message in on_time.messages}
    assert {message.message_id for message in late.messages} <= ids
    for message in late.messages:
        assert message.created_at < message.expires_at


@settings(max_examples=60, deadline=None)
@given(SHORT_LIVES, st.randoms(use_true_random=False))
def test_what_is_known_already_changes_nothing(life, chance) -> None:
    events = events_of(life)
    again: list[MemberEvent] = []
    for place, event in enumerate(events):
        again.append(event)
        # What a member remembers of acts is bounded; these are well within.
        again += chance.sample(events[: place + 1], k=min(place, 3))
    once, twice = lived(events), lived(again)

    assert once.member == twice.member
    assert once.messages == twice.messages
    assert once.told == twice.told


@settings(max_examples=60, deadline=None)
@given(LIVES, st.randoms(use_true_random=False))
def test_acts_that_no_journey_speaks_of_may_arrive_late(life, chance) -> None:
    events = events_of(life)
    others = [one for one in events if getattr(one, "type", "") != "noise"]
    mixed: list[MemberEvent] = []
    late: list[MemberEvent] = []
    for one in events:
        (mixed if one in others else late).append(one)
        while late and chance.random() < 0.5:
            mixed.append(late.pop(chance.randrange(len(late))))
    mixed += late
    without, with_noise = lived(others), lived(mixed)

    assert with_noise.member.journeys == without.member.journeys
    assert sorted(with_noise.told) == sorted(without.told)
