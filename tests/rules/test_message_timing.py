"""When messages go: quiet hours, windows, habits, caps, priorities, consents, holdout."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.decide import decide
from loyalty.decision import Decision
from loyalty.engagement.hours import (
    NEVER,
    next_allowed,
    next_habit,
    typical_gap_ms,
)
from loyalty.engagement.rules import EngagementPolicy
from loyalty.events import MemberEvent, Tick
from loyalty.holdout import bucket_of
from loyalty.limits import DAY_MS
from loyalty.member import NEW_MEMBER
from loyalty.messages import Message
from loyalty.program import Program
from loyalty.windows import EVERY_DAY, DayPart, Window
from stores.programs import EDGE_CALENDARS
from tests.builders import an_activity, an_order
from tests.rules.town import Town, at, built

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",  # half an hour of summer
    "America/Santiago",  # midnight itself is skipped
    "Asia/Kathmandu",  # no summer, but 5:45
)
NIGHT = DayPart(EVERY_DAY, 21 * 60, 9 * 60)
PROGRAM = """
time_zone: UTC
member_time_zones: [Europe/Berlin, America/New_York]
stores: [{id: store-1, time_zone: America/New_York}, {id: store-2, time_zone: UTC}]
templates:
  - {id: hello, texts: {push: {body: Hello}, email: {body: Hello}, inbox: {body: Hello}}}
  - {id: ready, purpose: service, texts: {push: {body: Ready}}}
"""


def a_trigger(name: str, more: str = "", *, message: str = "") -> str:
    """A trigger on acts of its own name."""
    default = "template: hello, channels: [push], expires_hours: 72"
    return f"  - {{id: {name}, kind: activity, activity: {name}{more}, message: {{{message or default}}}}}\n"


def a_town(engagement: str, *triggers: str) -> Town:
    """A town under a policy."""
    policy = f"engagement: {{consent_assumed: [push, inbox], {engagement}}}\n"
    return Town(built(PROGRAM + policy + "triggers:\n" + "".join(triggers)))


def sent(town: Town) -> list[tuple[str, str]]:
    """Which triggers sent, and when."""
    return [
        (
            one.campaign_id,
            datetime.fromtimestamp(one.created_at / 1_000, UTC).strftime("%dT%H:%M"),
        )
        for one in town.messages
    ]


QUIET = 'quiet_hours: {from: "21:00", to: "9:00"}'


@pytest.mark.parametrize(
    ("case", "member_zone", "store", "happens", "goes"),
    [
        ("by day", "Europe/Berlin", "", "2026-01-10T12:00", "10T12:00"),
        ("the first quiet minute", "Europe/Berlin", "", "2026-01-10T20:00", "11T08:00"),
        ("the last minute before", "Europe/Berlin", "", "2026-01-10T19:59", "10T19:59"),
        ("the last quiet minute", "Europe/Berlin", "", "2026-01-11T07:59", "11T08:00"),
        ("in the morning, to the minute", "Europe/Berlin", "", "2026-01-11T08:00", "11T08:00"),
        ("another zone has another night", "America/New_York", "", "2026-01-10T20:00", "10T20:00"),
        ("the store's zone where the member's is unknown", "", "store-1", "2026-01-11T03:00", "11T14:00"),
        ("the program's where no store is known", "", "", "2026-01-10T22:00", "11T09:00"),
    ],
)  # fmt: skip
def test_quiet_hours_are_the_members_with_fallbacks(
    case: str, member_zone: str, store: str, happens: str, goes: str
) -> None:
    town = a_town(QUIET, a_trigger("ring"))
    if member_zone:
        town.say("member.update", "2026-01-01", time_zone=member_zone)
    if store:
        town.order(10_00, "2026-01-02T15:00")
    town.act("ring", happens)
    town.live_until("2026-02-01")

    assert sent(town) == [("ring", goes)], case
    assert town.told.count("held:ring") == (happens[8:] != goes)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("quiet", [NIGHT, DayPart(EVERY_DAY, 0, 150), DayPart(EVERY_DAY, 90, 135)], ids=["night", "to 2:30", "1:30 to 2:15"])  # fmt: skip
def test_quiet_hours_hold_across_every_change_of_the_clock(
    zone: str, quiet: DayPart
) -> None:
    """A year of quarter hours against the standard library's zones."""
    local, known = EDGE_CALENDARS.zone(zone), ZoneInfo(zone)
    policy = EngagementPolicy(quiet)
    start = datetime(2026, 1, 1, tzinfo=UTC)

    def is_quiet(at_ms: int) -> bool:
        wall = datetime.fromtimestamp(at_ms / 1_000, known)
        minute = wall.hour * 60 + wall.minute
        if quiet.from_minute < quiet.to_minute:
            return quiet.from_minute <= minute < quiet.to_minute
        return minute >= quiet.from_minute or minute < quiet.to_minute

    expected = 0
    step_ms = 15 * 60_000
    for quarter in range(365 * 96, -1, -1):
        moment = start + timedelta(minutes=15 * quarter)
        now = round(moment.timestamp() * 1_000)
        # Backwards: the next quarter that is not quiet, to the minute.
        if not is_quiet(now):
            expected = now
        if expected:
            found = next_allowed(policy, now, local)
            assert now <= found <= expected, moment
            assert expected - found < step_ms, moment
            assert not is_quiet(found), moment


def test_a_window_and_quiet_hours_hold_together() -> None:
    weekdays = Window((DayPart(frozenset({1, 2, 3, 4, 5}), 8 * 60, 17 * 60),))
    policy = EngagementPolicy(NIGHT, weekdays)
    zone = EDGE_CALENDARS.zone("UTC")

    # A Saturday, then a Monday before nine, then after five.
    assert next_allowed(policy, at("2026-03-07T12:00"), zone) == at("2026-03-09T09:00")
    assert next_allowed(policy, at("2026-03-09T08:30"), zone) == at("2026-03-09T09:00")
    assert next_allowed(policy, at("2026-03-09T17:00"), zone) == at("2026-03-10T09:00")


def test_a_window_inside_of_quiet_hours_is_refused() -> None:
    policy = EngagementPolicy(NIGHT, Window((DayPart(EVERY_DAY, 0, 300),)))

    assert next_allowed(policy, 0, EDGE_CALENDARS.zone("UTC")) == NEVER


@pytest.mark.parametrize(
    ("case", "hours", "now", "expected"),
    [
        ("most at noon", (12, 12, 18), "2026-03-01T09:30", "2026-03-01T12:00"),
        ("over for today", (12, 12, 18), "2026-03-01T13:00", "2026-03-02T12:00"),
        ("within the hour", (12, 12, 18), "2026-03-01T12:40", "2026-03-01T12:40"),
        ("the earliest of several", (18, 12, 9), "2026-03-01T10:00", "2026-03-02T09:00"),
        ("too few to know", (12, 12), "2026-03-01T09:30", "2026-03-01T09:30"),
    ],
)  # fmt: skip
def test_the_members_own_hour(
    case: str, hours: tuple[int, ...], now: str, expected: str
) -> None:
    town = a_town(
        "holdout_percent: 0",
        a_trigger("ring", message="template: hello, channels: [push], by_habit: true"),
    )
    town.say("member.update", "2026-01-01", time_zone="Europe/Berlin")
    for day, hour in enumerate(hours):
        town.order(10_00, f"2026-02-0{day + 1}T{hour - 1:02}:30")
    engagement = town.member().engagement
    assert engagement is not None
    zone = EDGE_CALENDARS.zone("Europe/Berlin")
    found = next_habit(engagement.habit, at(now, "Europe/Berlin"), zone)

    assert found == at(expected, "Europe/Berlin"), case
    town.act("ring", "2026-03-10T00:30")
    town.live_until("2026-04-01")
    assert len(town.messages) == 1


@pytest.mark.parametrize(
    ("case", "orders", "now", "expected"),
    [
        ("nobody knows yet, today", 0, "2026-03-10T09:30", "2026-03-10T12:00"),
        ("to the minute", 2, "2026-03-10T12:00", "2026-03-10T12:00"),
        ("over for today", 2, "2026-03-10T12:01", "2026-03-11T12:00"),
        ("over a change of the clock", 0, "2026-03-28T13:00", "2026-03-29T12:00"),
        ("it is known", 3, "2026-03-10T09:30", "2026-03-10T18:00"),
    ],
)
def test_where_no_hour_is_known_there_is_another(
    case: str, orders: int, now: str, expected: str
) -> None:
    """Send-time by habit with a fallback hour, on the member's clock."""
    message = 'template: hello, channels: [push], by_habit: true, habit_else: "12:00"'
    town = a_town("holdout_percent: 0", a_trigger("ring", message=message))
    town.say("member.update", "2026-01-01", time_zone="Europe/Berlin")
    for day in range(orders):
        town.order(10_00, f"2026-02-0{day + 1}T18:30", zone="Europe/Berlin")
    local = datetime.fromisoformat(now).replace(tzinfo=ZoneInfo("Europe/Berlin"))
    town.act("ring", f"{local.astimezone(UTC):%Y-%m-%dT%H:%M}")
    town.live_until("2026-04-01")

    assert [one.created_at for one in town.messages] == [at(expected, "Europe/Berlin")], case  # fmt: skip


def test_the_typical_gap_is_the_middle_one() -> None:
    assert typical_gap_ms((0, 10, 20, 100)) == 10
    assert typical_gap_ms((0, 10, 30, 60, 100)) == 25
    assert typical_gap_ms((0, 10, 20)) == 0


CAP_A_DAY = "frequency: [{times: 1, period: day}]"
CAP_24_HOURS = "frequency: [{times: 1, kind: rolling, days: 1}]"
CAP_A_WEEK = "frequency: [{times: 2, kind: rolling, days: 7}]"
PUSH_ONLY = "frequency: [{times: 1, period: day, channels: [push]}]"


@pytest.mark.parametrize(
    ("case", "policy", "happens", "goes"),
    [
        ("EX-83 calendar day", CAP_A_DAY, ("2026-03-04T23:00", "2026-03-05T00:00"), ["04T23:00", "05T00:00"]),
        ("EX-83 rolling 24 h", CAP_24_HOURS, ("2026-03-04T23:00", "2026-03-05T00:00"), ["04T23:00", "05T23:00"]),
        ("the same day waits", CAP_A_DAY, ("2026-03-04T10:00", "2026-03-04T11:00"), ["04T10:00", "05T00:00"]),
        ("two wait for two days", CAP_A_DAY, ("2026-03-04T10:00", "2026-03-04T11:00", "2026-03-04T12:00"), ["04T10:00", "05T00:00", "06T00:00"]),
        ("two a week, the third waits", CAP_A_WEEK, ("2026-03-04T10:00", "2026-03-09T11:00", "2026-03-10T12:00"), ["04T10:00", "09T11:00", "11T10:00"]),
        ("too late after three days", CAP_A_WEEK, ("2026-03-04T10:00", "2026-03-04T11:00", "2026-03-04T12:00"), ["04T10:00", "04T11:00"]),
        ("a cap and quiet hours", f"{CAP_A_DAY}, {QUIET}", ("2026-03-04T10:00", "2026-03-04T11:00"), ["04T10:00", "05T09:00"]),
    ],
)  # fmt: skip
def test_caps_count_across_campaigns(
    case: str, policy: str, happens: tuple[str, ...], goes: list[str]
) -> None:
    names = [f"t{number}" for number in range(len(happens))]
    town = a_town(policy, *(a_trigger(name) for name in names))
    for name, when in zip(names, happens, strict=True):
        town.act(name, when)
        town.live_until(when)
    town.live_until("2026-04-01")

    assert [when for _, when in sent(town)] == goes, case


def test_a_cap_of_one_channel_lets_others_through() -> None:
    both = "template: hello, channels: [push, inbox], expires_hours: 72"
    town = a_town(PUSH_ONLY, a_trigger("a", message=both), a_trigger("b", message=both))
    town.act("a", "2026-03-04T10:00")
    town.act("b", "2026-03-04T11:00")
    town.live_until("2026-04-01")

    assert [(one.message_id.split("/")[0], one.channel) for one in town.messages] == [
        ("a", "inbox"), ("a", "push"), ("b", "inbox"), ("b", "push"),
    ]  # fmt: skip
    assert sent(town)[-1] == ("b", "05T00:00")


def test_what_is_capped_goes_by_priority() -> None:
    town = a_town(
        CAP_A_DAY,
        a_trigger("first"),
        a_trigger("low", ", priority: 1"),
        a_trigger("high", ", priority: 9"),
    )
    for hour, name in enumerate(("first", "low", "high")):
        town.act(name, f"2026-03-04T1{hour}:00")
    town.live_until("2026-04-01")

    assert sent(town) == [("first", "04T10:00"), ("high", "05T00:00"), ("low", "06T00:00")]  # fmt: skip


def test_why_something_was_withheld_is_told() -> None:
    town = a_town(
        CAP_A_DAY,
        a_trigger("a"),
        a_trigger("b", message="template: hello, channels: [push], expires_hours: 2"),
        a_trigger("c", message="template: hello, channels: [email]"),
    )
    for name in "abc":
        town.act(name, "2026-03-04T10:00")

    assert town.told == ["a", "b", "withheld:b", "c", "withheld:c"]
    assert town.reasons[2].startswith("capped: push, too late")
    assert town.reasons[4].startswith("no-consent: email, marketing")


def test_what_is_of_service_and_urgent_goes_at_night_and_counts_for_no_cap() -> None:
    urgent = "template: ready, channels: [push], urgent: true"
    town = a_town(f"{CAP_A_DAY}, {QUIET}", a_trigger("ready", message=urgent), a_trigger("a"))  # fmt: skip
    town.act("ready", "2026-03-04T23:00")
    town.act("ready", "2026-03-04T23:10")
    town.act("a", "2026-03-04T23:20")
    town.live_until("2026-04-01")

    assert [when for _, when in sent(town)] == ["04T23:00", "04T23:10", "05T09:00"]


@pytest.mark.parametrize(
    ("case", "said", "channel", "template", "goes"),
    [
        ("nothing said, not assumed", [], "email", "hello", False),
        ("nothing said, assumed", [], "push", "hello", True),
        ("given", [("email", True, "2026-03-01")], "email", "hello", True),
        ("given for another channel", [("sms", True, "2026-03-01")], "email", "hello", False),
        ("withdrawn", [("email", True, "2026-03-01"), ("email", False, "2026-03-02")], "email", "hello", False),
        ("withdrawn where assumed", [("push", False, "2026-03-02")], "push", "hello", False),
        ("given again", [("email", False, "2026-03-01"), ("email", True, "2026-03-02")], "email", "hello", True),
        ("what was said before comes after", [("email", False, "2026-03-02"), ("email", True, "2026-03-01")], "email", "hello", False),
        ("of service in spite of all", [("push", False, "2026-03-02")], "push", "ready", True),
    ],
)  # fmt: skip
def test_marketing_needs_a_consent(
    case: str,
    said: list[tuple[str, bool, str]],
    channel: str,
    template: str,
    goes: bool,
) -> None:
    town = a_town(
        "holdout_percent: 0",
        a_trigger("ring", message=f"template: {template}, channels: [{channel}]"),
    )
    for where, is_given, when in said:
        town.say("consent.set", when, channel=where, given=is_given, source="app")
    town.act("ring", "2026-03-04T10:00")

    assert len(town.messages) == goes, case


def test_a_consent_that_is_withdrawn_stops_what_waits() -> None:
    town = a_town(QUIET, a_trigger("ring"))
    town.act("ring", "2026-03-04T23:00")
    town.say("consent.set", "2026-03-05T07:00", channel="push", given=False, source="app")  # fmt: skip
    town.live_until("2026-03-06")

    assert town.messages == []
    assert town.reasons[-1].startswith("no-consent")


def test_a_consent_is_its_own_proof() -> None:
    town = a_town("holdout_percent: 0", a_trigger("ring"))
    decision = town.say(
        "consent.set",
        "2026-03-01",
        channel="email",
        given=True,
        source="kiosk-7",
        text_version="2026-02",
    )

    assert decision.result == {
        "channel": "email",
        "purpose": "marketing",
        "given": True,
        "at": at("2026-03-01"),
        "source": "kiosk-7",
        "text_version": "2026-02",
        "is_latest": True,
    }
    assert decision.why == "consent to marketing by email given"


@pytest.mark.parametrize(
    ("case", "attributes"),
    [
        ("no channel of ours", {"channel": "pigeon", "given": True, "source": "app"}),
        ("no purpose of ours", {"channel": "push", "purpose": "fun", "given": True, "source": "app"}),
        ("neither given nor withdrawn", {"channel": "push", "source": "app"}),
        ("no source", {"channel": "push", "given": True}),
    ],
)  # fmt: skip
def test_a_consent_without_its_parts_is_refused(
    case: str, attributes: dict[str, str | bool]
) -> None:
    town = a_town("holdout_percent: 0", a_trigger("ring"))
    decision = town.say("consent.set", "2026-03-01", **attributes)

    assert decision.refusal == "command-invalid", case
    assert decision.member.engagement is None


def test_ex_85_who_is_held_out_is_told_when_the_message_would_have_gone() -> None:
    program = built(
        PROGRAM
        + f"engagement: {{consent_assumed: [push], holdout_percent: 18, {QUIET}}}\n"
        + "triggers:\n"
        + a_trigger("ring", ", holdout_percent: 10")
    )
    exposed: Counter[bool] = Counter()
    for number in range(300):
        member_id = f"member-{number}"
        town = Town(program)
        event = an_activity("a", occurred_at=at("2026-03-04T23:00"), member_id=member_id)  # fmt: skip
        town.decide(event._replace(type="ring"), member_id)
        assert town.told == ["ring", "held:ring"]
        town.tick("2026-03-05T09:00", member_id=member_id)
        is_held_out = bucket_of(member_id) <= 18 or bucket_of(member_id, "ring") <= 10
        assert ("held-out:ring" in town.told) == is_held_out
        assert len(town.messages) == (not is_held_out)
        exposed[is_held_out] += 1

    assert 50 <= exposed[True] <= 110


BUSY = built(
    PROGRAM
    + """
engagement:
  consent_assumed: [push, inbox]
  quiet_hours: {from: "20:00", to: "8:30"}
  frequency:
    - {times: 1, period: day, channels: [push]}
    - {times: 3, kind: rolling, days: 7}
triggers:
"""
    + a_trigger("a", ", priority: 3")
    + a_trigger("b", message="template: hello, channels: [inbox, push]")
    + a_trigger("c", ", delay: {hours: 5}")
    + "  - {id: basket, kind: abandoned_basket, within_minutes: 60, message: {template: hello, channels: [push]}}\n"
    + "  - {id: gone, kind: lapsed, days: 3, message: {template: hello, channels: [inbox]}}\n"
)
HOURS = st.integers(0, 24 * 20)
KINDS = st.sampled_from(["a", "b", "c", "basket_updated", "order"])


def lived(events: list[MemberEvent], program: Program = BUSY) -> list[Message]:
    """Messages of a life: events in order, with a tick whenever something is due."""
    member, messages = NEW_MEMBER, []

    def take(event: MemberEvent) -> None:
        nonlocal member
        found = decide(member, event, program, member_id="member-1")
        if isinstance(found, Decision):
            member = found.member
            messages.extend(found.messages)

    for event in events:
        occurred_at = event.at if isinstance(event, Tick) else event.occurred_at
        while 0 < member.next_due_at < occurred_at:
            take(Tick(member.next_due_at))
        take(event)
    while member.next_due_at:
        take(Tick(member.next_due_at))
    return messages


def baskets_of(happened: list[tuple[str, int]]) -> set[int]:
    """Hours at which a basket was filled."""
    return {hour for kind, hour in happened if kind == "basket_updated"}


def event_of(kind: str, hour: int, number: int) -> MemberEvent:
    occurred_at = at("2026-03-20") + hour * 3_600_000
    if kind == "order":
        return an_order(f"order-{number}", occurred_at=occurred_at)
    return an_activity(f"act-{number}", occurred_at=occurred_at)._replace(type=kind)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(KINDS, HOURS), max_size=25), st.booleans())
def test_no_id_comes_twice_no_night_is_disturbed_and_no_cap_is_broken(
    happened: list[tuple[str, int]], twice: bool
) -> None:
    events = [event_of(kind, hour, n) for n, (kind, hour) in enumerate(happened)]
    events.sort(key=lambda event: event.occurred_at)
    messages = lived(events + events if twice else events)

    assert messages == lived(events)
    ids = [one.message_id for one in messages]
    assert len(ids) == len(set(ids))
    zone = ZoneInfo(
        "America/New_York" if any(k == "order" for k, _ in happened) else "UTC"
    )
    days: Counter[str] = Counter()
    for one in messages:
        wall = datetime.fromtimestamp(one.created_at / 1_000, zone)
        if zone.key == "UTC":
            assert 8 * 60 + 30 <= wall.hour * 60 + wall.minute < 20 * 60
            days[f"{wall:%j}"] += one.channel == "push"
        within = [
            m for m in messages if 0 <= one.created_at - m.created_at < 7 * DAY_MS
        ]
        assert len(within) <= 3
    assert max(days.values(), default=0) <= 1


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["b", "basket_updated", "order"]), st.integers(0, 5)),
        max_size=5,
    )
    # Of a sequence's first parts the latest is remembered: an earlier one that
    # comes late is none any more.
    .filter(lambda happened: len(baskets_of(happened)) < 2)
    .flatmap(
        lambda happened: st.tuples(
            st.just(happened), st.permutations(range(len(happened)))
        )
    )
)
def test_the_order_of_arrival_changes_no_message_that_was_still_to_go(
    drawn: tuple[list[tuple[str, int]], list[int]],
) -> None:
    """At night nothing has gone yet: so whatever is late is in time."""
    happened, arrival = drawn
    in_order = [event_of(kind, hour, n) for n, (kind, hour) in enumerate(happened)]
    in_order.sort(key=lambda event: (event.occurred_at, str(event)))
    arriving = [in_order[place] for place in arrival]

    assert {m.message_id for m in lived_after(arriving)} == {
        m.message_id for m in lived_after(in_order)
    }


def lived_after(events: list[MemberEvent]) -> list[Message]:
    """Messages when all events arrive in one night, without a tick between them."""
    member, messages = NEW_MEMBER, []
    for event in [*events, *[None] * 400]:
        if event is None and not member.next_due_at:
            break
        found = decide(
            member, event or Tick(member.next_due_at), NIGHTLY, member_id="member-1"
        )
        assert isinstance(found, Decision)
        member = found.member
        messages.extend(found.messages)
    return messages


NIGHTLY = built(
    PROGRAM.replace("stores:", "#stores:")
    + """
engagement: {consent_assumed: [push, inbox], quiet_hours: {from: "23:00", to: "8:00"}}
triggers:
"""
    + a_trigger("b", message="template: hello, channels: [inbox, push]")
    + "  - {id: basket, kind: abandoned_basket, within_minutes: 60, message: {template: hello, channels: [push]}}\n"
    + "  - {id: gone, kind: lapsed, days: 3, message: {template: hello, channels: [inbox]}}\n"
)


def test_a_basket_that_was_filled_again_in_time_is_not_left_however_late_that_comes() -> (
    None
):
    first, other, again = (
        event_of("basket_updated", 0, 1),
        event_of("b", 1, 2),
        event_of("basket_updated", 1, 3),
    )

    def left(events: list[MemberEvent]) -> list[str]:
        return [
            m.message_id for m in lived_after(events) if m.message_id[0:6] == "basket"
        ]

    assert left([first, other, again]) == left([first, again, other])
    assert len(left([first, again, other])) == 1
