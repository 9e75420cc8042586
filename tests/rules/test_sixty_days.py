"""Sixty days of a member's life in a second: every kind of trigger, once."""

from collections import Counter
from collections.abc import Callable

from loyalty.decide import decide
from loyalty.engagement.rules import TRIGGER_KINDS
from loyalty.events import Tick
from loyalty.limits import DAY_MS
from loyalty.member import NEW_MEMBER, Member
from schemas.state import StateCodec
from tests.rules.town import Town, at, built

START = "2026-03-01"
PROGRAM = built(
    """
time_zone: Europe/Berlin
member_time_zones: [Europe/Berlin]
wallets: [{id: points, name: Points, expiry: {kind: rolling, amount: 50, unit: day}}]
earn: [{id: spend, kind: spend, points: 1, step_minor: 100}]
streaks: [{id: weekly, period: week, length: 3, points: 10}]
tiers: [{id: blue, name: Blue, from_points: 0}, {id: gold, name: Gold, from_points: 90}]
tier_policy: {basis: points, window: rolling, window_days: 30}
offers: [{id: meal, name: A meal, cost_points: 100}]
templates: [{id: hello, texts: {push: {body: "{{ balance }}"}}}]
engagement: {consent_assumed: [push], quiet_hours: {from: "22:00", to: "8:00"}}
triggers:
  - {id: near_reward, kind: near_reward, offer: meal, within_points: 30, MESSAGE}
  - {id: order, kind: order, when: {order_number: 1}, delay: {days: 1, at: "10:00"}, MESSAGE}
  - {id: activity, kind: activity, activity: weather, at_least: {temperature: 25}, MESSAGE}
  - {id: geofence_enter, kind: geofence_enter, MESSAGE}
  - {id: order_ready, kind: order_ready, MESSAGE}
  - {id: tier_up, kind: tier_up, MESSAGE}
  - {id: offer_granted, kind: offer_granted, within_minutes: 2880, MESSAGE}
  - {id: offer_viewed, kind: offer_viewed, within_minutes: 60, MESSAGE}
  - {id: abandoned_basket, kind: abandoned_basket, within_minutes: 45, MESSAGE}
  - {id: sequence, kind: sequence, first: {activity: menu}, then: {activity: map}, without: {activity: order}, within_minutes: 120, MESSAGE}
  - {id: lapsed, kind: lapsed, days: 20, MESSAGE}
  - {id: points_expiring, kind: points_expiring, days_before: 7, cooldown_days: 30, MESSAGE}
  - {id: tier_expiring, kind: tier_expiring, days_before: 5, cooldown_days: 30, MESSAGE}
  - {id: birthday, kind: birthday, at: "9:00", MESSAGE}
  - {id: anniversary, kind: anniversary, days_after: 1, at: "9:00", MESSAGE}
  - {id: streak_at_risk, kind: streak_at_risk, streak: weekly, hours_before: 36, length_min: 2, cooldown_days: 30, MESSAGE}
""".replace("MESSAGE", "message: {template: hello, channels: [push]}")
)


def life(town: Town) -> list[tuple[str, Callable[[], object]]]:
    """What a member does in sixty days, each with its time."""
    a, b = "2025-04-19T12:00", "2026-03-02T12:00"
    return [
        (a, lambda: town.say("member.update", a, birthday="03-20", time_zone="Europe/Berlin")),
        (b, lambda: town.order(60_00, b)),
        ("2026-03-10T12:00", lambda: town.order(15_00, "2026-03-10T12:00")),
        ("2026-03-12T12:00", lambda: town.act("weather", "2026-03-12T12:00", temperature=27)),
        ("2026-03-13T12:00", lambda: town.order(30_00, "2026-03-13T12:00")),
        ("2026-03-13T12:20", lambda: town.act("order.ready", "2026-03-13T12:20")),
        ("2026-03-14T18:00", lambda: town.act("offer.viewed", "2026-03-14T18:00", offer_id="meal")),
        ("2026-03-24T18:00", lambda: town.act("geofence.entered", "2026-03-24T18:00")),
        ("2026-03-25T18:00", lambda: town.act("menu", "2026-03-25T18:00")),
        ("2026-03-25T18:30", lambda: town.act("map", "2026-03-25T18:30")),
        ("2026-03-26T18:00", lambda: town.act("basket.updated", "2026-03-26T18:00", items=2)),
    ]  # fmt: skip


def test_every_kind_of_trigger_sends_once_in_sixty_days() -> None:
    town = Town(PROGRAM)
    for when, does in life(town):
        town.live_until(when)
        does()
    town.live_until("2026-04-30")

    counts = Counter(one.campaign_id for one in town.messages)
    assert counts == dict.fromkeys(TRIGGER_KINDS, 1)
    assert len({one.message_id for one in town.messages}) == len(TRIGGER_KINDS)
    town.check_books()


def test_a_tick_a_minute_late_or_a_hundred_too_many_change_no_message() -> None:
    """Ticks between what is due are no events of the member at all."""
    exact, often = Town(PROGRAM), Town(PROGRAM)
    for town, step_ms in ((exact, 0), (often, DAY_MS // 24)):
        for when, does in life(town):
            _tick_on(town, at(when), step_ms)
            does()
        _tick_on(town, at("2026-04-30"), step_ms)

    assert [one.message_id for one in exact.messages] == [
        one.message_id for one in often.messages
    ]
    late = [
        (one.created_at, other.created_at)
        for one, other in zip(exact.messages, often.messages, strict=True)
    ]
    assert all(0 <= other - one < DAY_MS // 24 for one, other in late)


def _tick_on(town: Town, until: int, step_ms: int) -> None:
    """Ticks when something is due, rounded up to whole steps of time."""
    while 0 < (due_at := town.member().next_due_at) <= until:
        tick_at = due_at if not step_ms else -(-due_at // step_ms) * step_ms
        if tick_at > until:
            break
        town.decide(Tick(tick_at))


def test_a_member_half_way_is_the_same_when_written_and_read() -> None:
    codec = StateCodec()
    whole, halves = Town(PROGRAM), Town(PROGRAM)
    for town in (whole, halves):
        for when, does in life(town):
            town.live_until(when)
            does()
            if town is halves:
                member = codec.decode_member(codec.encode_member(town.member()))
                assert member == town.member()
                town.members["member-1"] = member
        town.live_until("2026-04-30")

    assert halves.messages == whole.messages


def test_a_member_of_before_there_were_messages_is_read_as_one_with_nothing() -> None:
    codec = StateCodec()
    body = codec._body.encode(NEW_MEMBER[: Member._fields.index("engagement")])
    member = codec._member.decode(body)

    assert member == NEW_MEMBER
    assert member.engagement is None
    decide(member, Tick(at(START)), PROGRAM, member_id="member-1")
