"""Triggers: what each kind fires on, when its message goes, and what cancels it."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from loyalty.events import Applied
from loyalty.limits import ORDER_TIMES_MAX, WAITING_MAX
from tests.builders import a_cancellation, an_activity, an_order
from tests.rules.town import Town, at, built

TEMPLATES = """
member_time_zones: [Europe/Berlin, America/New_York]
wallets: [{id: points, name: Points, expiry: {kind: rolling, amount: 40, unit: day}}]
earn: [{id: spend, kind: spend, points: 1, step_minor: 100}]
streaks: [{id: weekly, period: week, length: 9, points: 5}]
tiers:
  - {id: blue, name: Blue, from_points: 0}
  - {id: gold, name: Gold, from_points: 100}
tier_policy: {basis: points, window: rolling, window_days: 30}
offers: [{id: meal, name: Meal, cost_points: 50}]
templates:
  - {id: hello, texts: {push: {body: Hello}, inbox: {body: Hello}}}
  - {id: ready, purpose: service, texts: {push: {body: Ready}}}
engagement: {consent_assumed: [push, inbox]}
"""
MESSAGE = "message: {template: hello, channels: [push], expires_hours: 48}"


def a_town(trigger: str, more: str = "") -> Town:
    """A town whose program has one trigger, with a message on one channel."""
    text = f"{TEMPLATES}{more}\ntriggers: [{{id: one, {trigger}, {MESSAGE}}}]"
    return Town(built(text))


def sent(town: Town) -> list[str]:
    """When messages went, UTC."""
    return [
        datetime.fromtimestamp(one.created_at / 1_000, UTC).strftime("%m-%dT%H:%M")
        for one in town.messages
    ]


def orders(*times: str) -> Callable[[Town], None]:
    """Somebody who orders for 10.00 at some times."""

    def live(town: Town) -> None:
        for when in times:
            town.order(10_00, when)

    return live


def acts(*happened: tuple[str, str]) -> Callable[[Town], None]:
    """Somebody who does things in an app, or orders, at some times."""

    def live(town: Town) -> None:
        for kind, when in happened:
            if kind == "order":
                town.order(10_00, when)
            else:
                town.act(kind, when)

    return live


SEQUENCE = "kind: sequence, first: {activity: a}, then: {activity: b}, within_minutes: 120, without: {activity: c}"
REGULARLY = ("2026-01-01", "2026-01-05", "2026-01-09", "2026-01-13")


@pytest.mark.parametrize(
    ("case", "trigger", "lives", "expected"),
    [
        ("the first order", "kind: order, when: {order_number: 1}", orders("2026-03-01", "2026-03-02"), ["03-01T00:00"]),
        ("the second order", "kind: order, when: {order_number: 2}", orders("2026-03-01", "2026-03-02"), ["03-02T00:00"]),
        ("every second order", "kind: order, when: {every_order: 2}", orders("2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04"), ["03-02T00:00", "03-04T00:00"]),
        ("a good order only", "kind: order, minimum_minor: 2000", orders("2026-03-01"), []),
        ("a review an hour after", "kind: order, delay: {hours: 1}", orders("2026-03-01T12:00"), ["03-01T13:00"]),
        ("EX-81 in 1 day at 9:00", 'kind: order, delay: {days: 1, at: "9:00"}', orders("2026-03-02T21:00"), ["03-03T09:00"]),
        ("EX-81 after 1 day", "kind: order, delay: {days: 1}", orders("2026-03-02T21:00"), ["03-03T21:00"]),
        ("lapsed", "kind: lapsed, days: 10", orders("2026-03-01"), ["03-11T00:00"]),
        ("lapsed twice", "kind: lapsed, days: 10", orders("2026-03-01", "2026-03-15"), ["03-25T00:00"]),
        ("EX own rhythm: four days, twice", 'kind: lapsed, days: 60, rhythm: "2"', orders(*REGULARLY), ["01-21T00:00"]),
        ("own rhythm, at least", 'kind: lapsed, days: 60, rhythm: "2", days_min: 20', orders(*REGULARLY), ["02-02T00:00"]),
        ("own rhythm, at most", 'kind: lapsed, days: 60, rhythm: "10", days_max: 15', orders(*REGULARLY), ["01-28T00:00"]),
        ("too few orders for a rhythm", 'kind: lapsed, days: 20, rhythm: "2"', orders(*REGULARLY[:3]), ["01-29T00:00"]),
        ("near a reward", "kind: near_reward, offer: meal, within_points: 10", orders(*(["2026-03-01"] * 4)), ["03-01T00:00"]),
        ("an offer not used", "kind: offer_granted, within_minutes: 60", orders(*(["2026-03-01"] * 5)), ["03-01T01:00"]),
        ("points end", "kind: points_expiring, days_before: 7", orders("2026-03-01"), ["04-04T00:00"]),
        ("points end together", "kind: points_expiring, days_before: 7", orders("2026-03-01T10:00", "2026-03-01T20:00"), ["04-04T00:00"]),
        ("points end apart", "kind: points_expiring, days_before: 7", orders("2026-03-01", "2026-03-20"), ["04-04T00:00", "04-23T00:00"]),
        ("a tier up", "kind: tier_up", orders(*(["2026-03-01T10:00"] * 10)), ["03-01T10:00"]),
        ("a tier ends", "kind: tier_expiring, days_before: 5", orders(*(["2026-03-01T10:00"] * 10)), ["03-26T00:00"]),
        ("a streak is at risk", "kind: streak_at_risk, streak: weekly, days_before: 2", orders("2026-03-02T10:00"), ["03-14T00:00"]),
        ("a streak goes on", "kind: streak_at_risk, streak: weekly, days_before: 2", orders("2026-03-02", "2026-03-09"), ["03-21T00:00"]),
        ("a longer streak only", "kind: streak_at_risk, streak: weekly, days_before: 2, length_min: 2", orders("2026-03-02"), []),
        ("a basket is left", "kind: abandoned_basket, within_minutes: 60", acts(("basket_updated", "2026-03-01T10:00")), ["03-01T11:00"]),
        ("a basket is filled on", "kind: abandoned_basket, within_minutes: 60", acts(("basket_updated", "2026-03-01T10:00"), ("basket_updated", "2026-03-01T10:30")), ["03-01T11:30"]),
        ("a basket is ordered", "kind: abandoned_basket, within_minutes: 60", acts(("basket_updated", "2026-03-01T10:00"), ("order", "2026-03-01T10:30")), []),
        ("an order before the basket", "kind: abandoned_basket, within_minutes: 60", acts(("order", "2026-03-01T09:30"), ("basket_updated", "2026-03-01T10:00")), ["03-01T11:00"]),
        ("A then B without C", SEQUENCE, acts(("a", "2026-03-01T10:00"), ("b", "2026-03-01T12:00")), ["03-01T12:00"]),
        ("A then B too late", SEQUENCE, acts(("a", "2026-03-01T10:00"), ("b", "2026-03-01T12:01")), []),
        ("A then C then B", SEQUENCE, acts(("a", "2026-03-01T10:00"), ("c", "2026-03-01T11:00"), ("b", "2026-03-01T12:00")), []),
        ("C, then A then B", SEQUENCE, acts(("c", "2026-03-01T09:00"), ("a", "2026-03-01T10:00"), ("b", "2026-03-01T12:00")), ["03-01T12:00"]),
        ("B then A", SEQUENCE, acts(("b", "2026-03-01T10:00"), ("a", "2026-03-01T11:00")), []),
        ("B arrives before A", SEQUENCE, acts(("b", "2026-03-01T11:00"), ("a", "2026-03-01T10:00")), ["03-01T11:00"]),
        ("A B A B", SEQUENCE, acts(("a", "2026-03-01T10:00"), ("b", "2026-03-01T11:00"), ("a", "2026-03-01T11:10"), ("b", "2026-03-01T11:20")), ["03-01T11:00", "03-01T11:20"]),
        ("A without C", "kind: sequence, first: {activity: a}, without: {activity: c}, within_minutes: 30", acts(("a", "2026-03-01T10:00")), ["03-01T10:30"]),
        ("a geofence", "kind: geofence_enter", acts(("geofence_enter", "2026-03-01T10:00")), ["03-01T10:00"]),
        ("a custom act", "kind: activity, activity: sang", acts(("sang", "2026-03-01T10:00"), ("danced", "2026-03-01T11:00")), ["03-01T10:00"]),
        ("cooled down", "kind: activity, activity: sang, cooldown_days: 1", acts(("sang", "2026-03-01T10:00"), ("sang", "2026-03-02T09:59"), ("sang", "2026-03-02T10:00")), ["03-01T10:00", "03-02T10:00"]),
        ("of another tier", "kind: activity, activity: sang, when: {tiers: [gold]}", acts(("sang", "2026-03-01T10:00")), []),
        ("before its time", "kind: activity, activity: sang, when: {from: 2026-04-01}", acts(("sang", "2026-03-01T10:00")), []),
        ("only told", "kind: activity, activity: sang, holdout_percent: 100", acts(("sang", "2026-03-01T10:00")), []),
    ],
)  # fmt: skip
def test_each_kind_fires_on_its_occasion(
    case: str, trigger: str, lives: Callable[[Town], None], expected: list[str]
) -> None:
    town = a_town(trigger)
    lives(town)
    town.live_until("2026-12-31")

    assert sent(town) == expected, case
    assert len({one.message_id for one in town.messages}) == len(expected)


@pytest.mark.parametrize(
    ("case", "profile", "trigger", "expected"),
    [
        ("on the day at 10:00", {"birthday": "06-15"}, 'kind: birthday, at: "10:00"', ["06-15T10:00"]),
        ("three days before", {"birthday": "06-15"}, "kind: birthday, days_before: 3", ["06-12T00:00"]),
        ("a day after", {"birthday": "12-30"}, "kind: birthday, days_after: 1", ["12-31T00:00"]),
        ("before the year begins", {"birthday": "01-02"}, "kind: birthday, days_before: 3", ["12-30T00:00"]),
        ("the 29th of February", {"birthday": "02-29"}, "kind: birthday", []),
        ("the 28th was too long ago", {"birthday": "02-27"}, "kind: birthday", []),
        ("in the member's zone", {"birthday": "06-15", "time_zone": "America/New_York"}, "kind: birthday", ["06-15T04:00"]),
        ("joined this year", {"birthday": "06-15"}, "kind: anniversary", []),
    ],
)  # fmt: skip
def test_birthdays_come_once_a_year(
    case: str, profile: dict[str, str], trigger: str, expected: list[str]
) -> None:
    town = a_town(trigger)
    town.say("member.update", "2026-03-01", **profile)
    town.live_until("2026-12-31")

    assert sent(town) == expected, case


def test_an_anniversary_tells_the_years() -> None:
    town = a_town("kind: anniversary")
    town.say("member.update", "2026-03-01T15:00", birthday="06-15")
    town.live_until("2028-12-31")

    assert sent(town) == ["03-01T00:00", "03-01T00:00"]
    years = [dict(one.values)["years"] for one in town.messages]
    assert years == ["1", "2"]


def test_a_birthday_that_is_changed_comes_no_second_time() -> None:
    town = a_town("kind: birthday")
    town.say("member.update", "2026-03-01", birthday="04-01")
    town.live_until("2026-04-02")
    town.say("member.update", "2026-04-02", birthday="05-01", actor="service")
    town.live_until("2027-06-01")

    assert sent(town) == ["04-01T00:00", "05-01T00:00"]
    assert [one.message_id for one in town.messages] == [
        "one/2026/0/push",
        "one/2027/0/push",
    ]


LADDER = f"""
triggers:
  - id: come-back
    kind: lapsed
    days: 30
    steps:
      - {{{MESSAGE}}}
      - {{delay: {{days: 14, at: "18:00"}}, {MESSAGE}, points: 50}}
      - {{delay: {{days: 30}}, {MESSAGE}}}
"""


def test_a_ladder_wins_back_step_by_step_until_there_is_an_order() -> None:
    town = Town(built(TEMPLATES + LADDER))
    town.order(10_00, "2026-03-01T12:00")
    town.live_until("2026-04-20")
    town.order(10_00, "2026-04-20")
    town.live_until("2026-05-15")

    assert sent(town) == ["03-31T12:00", "04-14T18:00"]
    # Ten of the first order are gone after forty days, and there are ten new ones.
    assert town.balance() == 60
    assert any(one.startswith("untrue") for one in town.reasons)
    town.check_books()


@pytest.mark.parametrize(
    ("case", "trigger", "late", "expected"),
    [
        ("an order of before the basket changes nothing", "kind: abandoned_basket, within_minutes: 60", "2026-03-01T09:59", 1),
        ("a late order ends the wait", "kind: abandoned_basket, within_minutes: 60", "2026-03-01T10:05", 0),
    ],
)  # fmt: skip
def test_a_late_order_cancels_what_it_makes_untrue(
    case: str, trigger: str, late: str, expected: int
) -> None:
    quiet = '\nengagement: {consent_assumed: [push], quiet_hours: {from: "10:30", to: "20:00"}}'
    town = Town(
        built(
            TEMPLATES.replace("engagement: {consent_assumed: [push, inbox]}", "")
            + f"{quiet}\ntriggers: [{{id: one, {trigger}, {MESSAGE}}}]"
        )
    )
    town.act("basket_updated", "2026-03-01T10:00")
    town.live_until("2026-03-01T15:00")
    assert town.told == ["one", "held:one"]
    town.order(10_00, late)
    town.live_until("2026-03-02")

    assert len(town.messages) == expected, case


def test_a_returned_order_is_not_asked_about() -> None:
    town = a_town("kind: order, delay: {days: 1}")
    order_id = town.order(10_00, "2026-03-01T12:00")
    town.place(a_cancellation(order_id, occurred_at=at("2026-03-01T13:00")))
    town.live_until("2026-12-31")

    assert town.messages == []
    assert town.reasons[-1].startswith("untrue: the order was returned")


def test_a_count_that_comes_back_is_no_second_occasion() -> None:
    town = a_town("kind: order, when: {order_number: 2}")
    town.order(10_00, "2026-03-01")
    second = town.order(10_00, "2026-03-02")
    town.cancel(second, "2026-03-03")
    town.order(10_00, "2026-03-04")

    assert [one.message_id for one in town.messages] == ["one/order-2/0/push"]


def test_an_offer_that_is_used_in_time_is_not_reminded_of() -> None:
    town = a_town("kind: offer_granted, within_minutes: 600")
    for _ in range(12):
        town.order(10_00, "2026-03-01T10:00")
    town.say("points.redeem", "2026-03-01T11:00", reward_id="meal")
    town.live_until("2026-03-10")

    assert town.messages == []
    assert town.reasons[-1].startswith("untrue: it was redeemed")


def test_an_offer_that_was_seen_and_not_used_is_reminded_of_once() -> None:
    town = a_town("kind: offer_viewed, offer: meal, within_minutes: 60")
    for _ in range(5):
        town.order(10_00, "2026-03-01T10:00")
    town.act("offer_viewed", "2026-03-01T12:00", offer_id="meal")
    town.act("offer_viewed", "2026-03-01T12:30", offer_id="meal")
    town.act("offer_viewed", "2026-03-01T12:30", offer_id="boat")
    town.live_until("2026-03-05")

    assert sent(town) == ["03-01T13:00"]


BASKET = "kind: abandoned_basket, within_minutes: 60"


@pytest.mark.parametrize(
    ("case", "trigger", "lives", "expected"),
    [
        ("a basket", BASKET, acts(("basket.updated", "2026-03-01T10:00")), ["03-01T11:00"]),
        ("either name is the same basket", BASKET, acts(("basket.updated", "2026-03-01T10:00"), ("basket_updated", "2026-03-01T10:30")), ["03-01T11:30"]),
        ("a basket that is cleared", BASKET, acts(("basket.updated", "2026-03-01T10:00"), ("basket.cleared", "2026-03-01T10:30")), []),
        ("cleared before it was filled", BASKET, acts(("basket.cleared", "2026-03-01T09:30"), ("basket.updated", "2026-03-01T10:00")), ["03-01T11:00"]),
        ("cleared and filled again", BASKET, acts(("basket.updated", "2026-03-01T10:00"), ("basket.cleared", "2026-03-01T10:30"), ("basket.updated", "2026-03-01T10:40")), ["03-01T11:40"]),
        ("a geofence", "kind: geofence_enter", acts(("geofence.entered", "2026-03-01T10:00")), ["03-01T10:00"]),
        ("an order that is ready", "kind: order_ready", acts(("order.ready", "2026-03-01T10:00")), ["03-01T10:00"]),
        ("nothing like it", "kind: geofence_enter", acts(("geofence.left", "2026-03-01T10:00")), []),
    ],
)  # fmt: skip
def test_acts_are_known_by_the_names_that_apps_send(
    case: str, trigger: str, lives: Callable[[Town], None], expected: list[str]
) -> None:
    """Names of `docs/schemas.md`, as tills and apps are told to send them."""
    town = a_town(trigger)
    lives(town)
    town.live_until("2026-03-05")

    assert sent(town) == expected, case


@pytest.mark.parametrize("name", ["offer.viewed", "offer_viewed"])
def test_an_offer_that_was_seen_is_known_by_either_name(name: str) -> None:
    town = a_town("kind: offer_viewed, within_minutes: 60")
    for _ in range(5):
        town.order(10_00, "2026-03-01T10:00")
    town.act(name, "2026-03-01T12:00", offer_id="meal")
    town.live_until("2026-03-05")

    assert sent(town) == ["03-01T13:00"]


CAKE = "personal_offers: [{id: cake, name: A cake, orders_min: 2, valid_days: 3}]"
UNUSED = "kind: offer_viewed, offer: cake, within_minutes: 60"


@pytest.mark.parametrize(
    ("case", "trigger", "seen", "used", "expected"),
    [
        ("seen and not used", UNUSED, "2026-03-03T12:00", "", ["03-03T13:00"]),
        ("seen and used", UNUSED, "2026-03-03T12:00", "2026-03-03T12:30", []),
        ("any offer", "kind: offer_viewed, within_minutes: 60", "2026-03-03T12:00", "", ["03-03T13:00"]),
        ("seen when it was over", UNUSED, "2026-03-09T12:00", "", []),
        ("over before its reminder", "kind: offer_viewed, offer: cake, within_minutes: 2880", "2026-03-03T12:00", "", []),
        ("given and not used", "kind: offer_granted, offer: cake, within_minutes: 60", "", "", ["03-02T13:00"]),
        ("given and not used before its end", "kind: offer_granted, offer: cake, within_minutes: 5760", "", "", []),
        ("another offer", "kind: offer_granted, offer: meal, within_minutes: 60", "", "", []),
    ],
)  # fmt: skip
def test_personal_offers_are_reminded_of(
    case: str, trigger: str, seen: str, used: str, expected: list[str]
) -> None:
    town = a_town(trigger, CAKE)
    town.order(10_00, "2026-03-01T12:00")
    town.order(10_00, "2026-03-02T12:00")
    if seen:
        town.live_until(seen)
        town.act("offer.viewed", seen, offer_id="cake")
    if used:
        order = an_order("uses", occurred_at=at(used), member_id="member-1")
        town.place(order._replace(applied=(Applied("cake", None, None, 200),)))
    town.live_until("2026-03-20")

    assert sent(town) == expected, case


def test_other_acts_without_items_leave_the_basket_alone() -> None:
    town = a_town(BASKET)
    town.act("basket.updated", "2026-03-01T10:00", items=2)
    town.act("menu.searched", "2026-03-01T10:10", items=0)
    town.live_until("2026-03-02")
    assert sent(town) == ["03-01T11:00"]

    town.act("basket.updated", "2026-03-03T10:00", items=2)
    town.act("basket.updated", "2026-03-03T10:10", items=0)
    town.live_until("2026-03-05")
    assert sent(town) == ["03-01T11:00"]


@pytest.mark.parametrize(
    ("case", "attributes", "expected"),
    [
        ("hot and dry", {"temperature": 31, "sky": "clear"}, 1),
        ("as hot as asked", {"temperature": 30, "sky": "clear"}, 1),
        ("too cold", {"temperature": 29, "sky": "clear"}, 0),
        ("rain", {"temperature": 31, "sky": "rain"}, 0),
        ("no temperature", {"sky": "clear"}, 0),
        ("a text is no number", {"temperature": "hot", "sky": "clear"}, 0),
    ],
)
def test_a_signal_from_outside_is_an_act_with_attributes(
    case: str, attributes: dict[str, str | int], expected: int
) -> None:
    town = a_town(
        "kind: activity, activity: weather, attributes: {sky: clear}, at_least: {temperature: 30}"
    )
    town.act("weather", "2026-03-01T12:00", **attributes)

    assert len(town.messages) == expected, case
    if expected:
        values = dict(town.messages[0].values)
        assert (values["sky"], values["tier"]) == ("clear", "blue") or values["sky"]


def test_points_come_by_the_same_code_as_all_others() -> None:
    caps = TEMPLATES.replace(
        "unit: day}}", "unit: day}, caps: [{period: day, points: 30}]}"
    )
    town = Town(
        built(
            caps + "triggers: [{id: gift, kind: activity, activity: sang, points: 20}]"
        )
    )
    town.act("sang", "2026-03-01T12:00")
    town.act("sang", "2026-03-01T13:00")

    assert town.balance() == 30
    assert [one.rule_id for one in town.entries["member-1"]] == ["gift", "gift"]
    town.check_books()


def test_a_repeated_event_fires_nothing() -> None:
    town = a_town("kind: activity, activity: menu.viewed")
    event = an_activity("act-1", occurred_at=at("2026-03-01"))
    town.decide(event)
    town.decide(event)

    assert len(town.messages) == 1


def test_what_waits_is_bounded_and_the_least_important_goes() -> None:
    text = f"""{TEMPLATES}
triggers:
  - {{id: dear, kind: activity, activity: dear, delay: {{days: 2}}, priority: 9, {MESSAGE}}}
  - {{id: cheap, kind: activity, activity: cheap, delay: {{days: 1}}, {MESSAGE}}}
"""
    town = Town(built(text))
    town.act("dear", "2026-03-01T12:00")
    for minute in range(WAITING_MAX + 3):
        town.act("cheap", f"2026-03-01T13:{minute:02}")

    waiting = town.member().engagement
    assert waiting is not None
    assert len(waiting.waiting) == WAITING_MAX
    assert [one.trigger_id for one in waiting.waiting].count("dear") == 1
    assert town.told.count("withheld:cheap") == 4


def test_habits_are_bounded() -> None:
    town = a_town("kind: lapsed, days: 10")
    for day in range(1, 29):
        town.order(10_00, f"2026-03-{day:02}T12:00")

    engagement = town.member().engagement
    assert engagement is not None
    assert len(engagement.order_ats) == ORDER_TIMES_MAX
    assert engagement.habit[12] == 28


def test_a_new_trigger_counts_from_orders_of_before_it_at_the_next_event() -> None:
    """Also when that is no order: who stays away may never place another one."""
    town = Town(built(TEMPLATES))
    town.order(10_00, "2026-03-01T12:00")
    town.cancel(town.order(10_00, "2026-03-02T12:00"), "2026-03-02T13:00")
    assert town.member().engagement is None
    town.program = a_town("kind: lapsed, days: 10").program
    town.act("app.opened", "2026-03-05T12:00")
    town.live_until("2026-04-01")

    assert sent(town) == ["03-11T12:00"]


def test_a_program_without_triggers_remembers_nothing() -> None:
    town = Town(built(TEMPLATES))
    town.order(10_00, "2026-03-01")
    town.act("sang", "2026-03-02")

    assert town.member().engagement is None
