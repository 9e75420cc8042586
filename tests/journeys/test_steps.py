"""Each kind of step does what the page says, to the minute."""

import pytest

from loyalty.holdout import bucket_of
from loyalty.limits import DAY_MS
from loyalty.program import ProgramHistory
from loyalty.view import view_of
from tests.builders import an_activity
from tests.journeys.walk import Walk, a_journey, steps, walked
from tests.rules.town import at

NEW_YORK = "America/New_York"
START = "2026-03-02T15:00"
FIVE = "id: five, kind: give, points: 5"


@pytest.mark.parametrize(
    ("case", "delay", "start", "due", "zone"),
    [
        ("exact hours", "hours: 2", START, "2026-03-02T17:00", "UTC"),
        ("exact minutes", "minutes: 90", START, "2026-03-02T16:30", "UTC"),
        ("after 1 day", "days: 1", START, "2026-03-03T15:00", "UTC"),
        ("days and hours", "days: 1, hours: 1", START, "2026-03-03T16:00", "UTC"),
        ("in 1 day at 9:00", 'days: 1, at: "09:00"', "2026-03-02T21:00", "2026-03-03T09:00", NEW_YORK),
        ("the next 9:00 is today", 'at: "09:00"', "2026-03-02T08:59", "2026-03-02T09:00", NEW_YORK),
        ("the next 9:00 is tomorrow", 'at: "09:00"', "2026-03-02T09:00", "2026-03-03T09:00", NEW_YORK),
        ("9:00 over a short day", 'days: 1, at: "09:00"', "2026-03-07T21:00", "2026-03-08T09:00", NEW_YORK),
        ("24 h over a short day", "days: 1", "2026-03-07T21:00", "2026-03-08T22:00", NEW_YORK),
        ("a minute that does not exist", 'at: "02:30"', "2026-03-08T00:30", "2026-03-08T03:30", NEW_YORK),
        ("a minute that is there twice", 'at: "01:30"', "2026-11-01T00:30", "2026-11-01T01:30", NEW_YORK),
        ("minutes that YAML counted", "at: 540", "2026-03-02T08:59", "2026-03-02T09:00", NEW_YORK),
    ],
)  # fmt: skip
def test_a_wait_is_over_to_the_minute(
    case: str, delay: str, start: str, due: str, zone: str
) -> None:
    town = walked(steps(f"id: w, kind: wait, {delay}", FIVE))
    began, ends = at(start, zone), at(due, zone)
    town.decide(an_act(began))

    assert town.member().next_due_at == ends, case
    town.until_ms(ends - 1)
    assert town.balance() == 0
    town.until_ms(ends)
    assert town.balance() == 5
    assert town.run is None
    town.check_books()


def test_a_time_of_the_day_is_the_members_unless_the_program_is_named() -> None:
    for clock, due in (("member", "2026-03-03T08:00"), ("program", "2026-03-03T14:00")):
        town = walked(
            steps(f'id: w, kind: wait, days: 1, at: "09:00", clock: {clock}', FIVE)
        )
        town.say("member.update", "2026-03-01", time_zone="Europe/Berlin")
        town.act("go", START)
        assert town.member().next_due_at == at(due), clock


WAIT_FOR = steps(
    "id: w, kind: wait_for, days: 7, else: late, for: ["
    "{event: order, minimum_minor: 2000, next: big}, "
    "{event: activity, activity: done, attributes: {stars: '5'}, next: acted}, "
    "{event: tier, to: [high], next: rose}, "
    "{event: command, command: member.update, next: told}]",
    "id: big, kind: exit",
    "id: acted, kind: exit",
    "id: rose, kind: exit",
    "id: told, kind: exit",
    "id: late, kind: exit",
)


@pytest.mark.parametrize(
    ("case", "does", "goes_to"),
    [
        ("an order of enough money", lambda t: t.order(20_00, "2026-03-03"), "big"),
        ("the act with its attribute", lambda t: t.act("done", "2026-03-03", stars=5), "acted"),
        ("a change to a tier", lambda t: t.say("points.adjust", "2026-03-03", points=0) or t.order(19_99, "2026-03-03"), None),
        ("a command", lambda t: t.say("member.update", "2026-03-03"), "told"),
        ("an order of too little", lambda t: t.order(19_99, "2026-03-03"), None),
        ("another act", lambda t: t.act("other", "2026-03-03"), None),
        ("the act without its attribute", lambda t: t.act("done", "2026-03-03", stars=4), None),
        ("a command that was refused", lambda t: t.say("member.update", "2026-03-03", time_zone="Mars"), None),
        ("time, to the minute", lambda t: t.until("2026-03-09T15:00"), "late"),
        ("time, a minute early", lambda t: t.until("2026-03-09T14:59"), None),
        ("an order when time is over", lambda t: t.order(20_00, "2026-03-09T15:00"), "late"),
        ("an order a minute before", lambda t: t.order(20_00, "2026-03-09T14:59"), "big"),
        ("an order from before the journey", lambda t: t.order(20_00, "2026-03-02T14:59"), None),
    ],
)  # fmt: skip
def test_what_is_waited_for(case: str, does, goes_to: str | None) -> None:
    town = walked(WAIT_FOR)
    town.act("go", START)
    does(town)

    ends = [
        one for one in town.steps if one in ("big", "acted", "rose", "told", "late")
    ]
    assert ends == ([goes_to] if goes_to else []), case
    assert (town.run is None) == (goes_to is not None)


def test_a_change_of_tier_is_waited_for() -> None:
    town = walked(WAIT_FOR)
    town.order(10_00, "2026-03-01")
    town.act("go", START)
    town.order(19_99, "2026-03-03")
    for number in range(8):
        town.order(10_00, f"2026-03-03T0{number}:00")

    assert "rose" in town.steps


@pytest.mark.parametrize(
    ("case", "test", "holds"),
    [
        ("of a tier", "tiers: [low]", True),
        ("of another tier", "tiers: [high]", False),
        ("of a segment", "segments: [office, x]", True),
        ("of no such segment", "segments: [x]", False),
        ("in a zone", "time_zones: [Europe/Berlin]", True),
        ("in another zone", "time_zones: [America/New_York]", False),
        ("enough points", "balance_min: 30", True),
        ("too few points", "balance_min: 31", False),
        ("few enough points", "balance_max: 30", True),
        ("too many points", "balance_max: 29", False),
        ("of another wallet", "wallet: stamps, balance_max: 0", True),
        ("enough orders", "orders_min: 3", True),
        ("too few orders", "orders_min: 4", False),
        ("few enough orders", "orders_max: 3", True),
        ("too many orders", "orders_max: 2", False),
        ("ordered since", "ordered: true", True),
        ("not ordered since", "ordered: false", False),
        ("seen since", "seen: [menu, x]", True),
        ("not seen since", "seen: [before]", False),
        ("both of two", "ordered: true, seen: [x]", False),
    ],
)
def test_a_branch_asks_what_the_member_is_and_did(
    case: str, test: str, holds: bool
) -> None:
    town = walked(
        steps(
            "id: w, kind: wait, days: 2",
            f"id: b, kind: branch, branches: [{{if: {{{test}}}, next: yes}}], else: no",
            'id: "yes", kind: exit',
            'id: "no", kind: exit',
        ).replace("next: yes", 'next: "yes"').replace("else: no", 'else: "no"')
    )  # fmt: skip
    town.say(
        "member.update", "2026-03-01", time_zone="Europe/Berlin", segments="office"
    )
    town.act("before", "2026-03-01")
    town.order(10_00, "2026-03-01T10:00")
    town.order(10_00, "2026-03-01T11:00")
    town.act("go", START)
    town.act("menu", "2026-03-03")
    town.order(10_00, "2026-03-03")
    town.until("2026-03-05")

    assert ("yes" in town.steps) == holds, case
    assert ("no" in town.steps) != holds


def test_without_an_order_since_a_branch_says_so() -> None:
    text = steps(
        "id: b, kind: branch, branches: [{if: {ordered: false}, next: miss}], else: end",
        "id: miss, kind: exit",
    )
    town = walked(text)
    town.act("go", START)

    assert town.steps == ["entered", "b", "miss", "exited"]


def test_a_split_is_stable_and_its_shares_hold() -> None:
    text = steps(
        "id: s, kind: split, shares: [{percent: 30, next: a}, {percent: 70, next: b}]",
        "id: a, kind: exit",
        "id: b, kind: exit",
    )
    town = Walk(a_journey("reentry: always\n" + text))
    went: dict[str, int] = {"a": 0, "b": 0}
    for number in range(1_000):
        name = f"member-{number}"
        for _ in range(2):
            before = len(town.told)
            town.act("go", START, member_id=name)
            way = {one[-1] for one in town.told[before:] if one[-2:] in ("/a", "/b")}
        expected = "a" if bucket_of(name, "j/s") <= 30 else "b"
        assert way == {expected}
        went[expected] += 1
    assert 260 <= went["a"] <= 340


def test_a_message_goes_out_on_every_channel_of_its_template() -> None:
    town = walked(
        steps("id: hi, kind: message, template: hello, values: {word: Welcome}")
    )
    town.order(12_00, "2026-03-01", order_id="o-1")
    town.act("go", START, order_id="o-1")

    inbox, push = town.messages
    start = at(START)
    assert inbox.message_id == f"journey:j/hi/{start}.1/0/inbox"
    assert push.message_id == f"journey:j/hi/{start}.1/0/push"
    assert (inbox.campaign_id, inbox.channel) == ("journey:j", "inbox")
    assert (inbox.purpose, inbox.template_id) == ("service", "hello")
    assert dict(inbox.values) == {
        "balance": "12",
        "journey": "j",
        "order_id": "o-1",
        "orders": "1",
        "store_id": "",
        "tier": "low",
        "word": "Welcome",
    }
    assert inbox.created_at == start
    assert inbox.expires_at == at("2026-03-03T15:00")


def test_a_message_goes_out_on_the_channels_of_its_step() -> None:
    town = walked(steps("id: hi, kind: message, template: hello, channels: [push]"))
    town.act("go", START)

    assert [one.channel for one in town.messages] == ["push"]


@pytest.mark.parametrize(
    ("case", "tick", "sent"),
    [
        ("in time", "2026-03-03T15:00", True),
        ("late, and still good", "2026-03-04T14:59", True),
        ("too late", "2026-03-04T15:00", False),
    ],
)
def test_a_late_tick_sends_what_is_still_good(case: str, tick: str, sent: bool) -> None:
    town = walked(
        steps(
            "id: w, kind: wait, days: 1", "id: hi, kind: message, template: miss", FIVE
        )
    )
    town.act("go", START)
    town.tick(tick)

    assert [one.created_at for one in town.messages] == ([at(tick)] if sent else []), (
        case
    )
    assert all(one.expires_at == at("2026-03-04T15:00") for one in town.messages)
    assert town.balance() == 5
    lot = town.member().lots[0]
    assert (lot.earned_at, lot.rule_id) == (at("2026-03-03T15:00"), "j")


def test_points_are_given_with_entries_that_name_the_journey() -> None:
    town = walked(
        steps(FIVE, "id: two, kind: give, points: 2, wallet: stamps"),
        wallets=[
            {"id": "points", "name": "Points", "expiry_days": 30, "balance_max": 4},
            {"id": "stamps", "name": "Stamps"},
        ],
    )
    town.act("go", START)

    entries = town.entries["member-1"]
    assert [(e.kind, e.points, e.wallet, e.rule_id) for e in entries] == [
        ("EARN", 4, "points", "j"),
        ("EARN", 2, "stamps", "j"),
    ]
    assert entries[0].lot_id == f"j/j/{at(START)}/1"
    assert town.member().lots[0].expires_at > 0
    town.check_books()


CAKE = {"id": "cake", "name": "A cake", "by_journey": True, "valid_days": 7}
TREAT = "id: treat, kind: give, offer: cake"


def offers_of(town: Walk) -> list[str]:
    """Personal offers that the member has."""
    return [one.offer_id for one in town.member().personal]


def test_an_offer_is_given_by_the_journey_and_by_nothing_else() -> None:
    town = walked(
        steps("id: rest, kind: wait, hours: 2", TREAT, "id: hi, kind: message, template: hello, channels: [inbox]"),
        personal_offers=[CAKE],
    )  # fmt: skip
    town.order(10_00, "2026-02-01")
    town.act("go", START)
    assert offers_of(town) == []
    assert view_of("member-1", town.member(), town.program).withheld == ()

    town.until_ms(at(START) + 2 * 3_600_000)
    assert offers_of(town) == ["cake"]
    (shown,) = view_of("member-1", town.member(), town.program).personal_offers
    assert (shown.granted_at, shown.why) == (at(START) + 2 * 3_600_000, "a journey gave it")  # fmt: skip
    assert len(town.messages) == 1
    assert town.steps == ["entered", "rest", "treat", "hi", "finished"]

    town.until_ms(at(START) + 8 * DAY_MS)
    assert offers_of(town) == []


@pytest.mark.parametrize(
    ("case", "offer", "sections", "times"),
    [
        ("once, unless it says more", {}, {}, 1),
        ("as often as it says", {"times_max": 2}, {}, 2),
        ("not while it cools", {"times_max": 2, "cooldown_days": 30}, {}, 1),
        ("for other tiers", {"when": {"tiers": ["high"]}}, {}, 0),
        ("not any more", {"when": {"until": "2026-01-01"}}, {}, 0),
        (
            "to nobody held out of messages",
            {},
            {"engagement": {"holdout_percent": 100}},
            0,
        ),
    ],
)
def test_what_an_offer_asks_for_holds_for_journeys_too(
    case: str, offer: dict, sections: dict, times: int
) -> None:
    town = walked(
        "reentry: always\n" + steps(TREAT), personal_offers=[CAKE | offer], **sections
    )
    for day in range(3):
        now = START.replace("-02T", f"-{2 + 8 * day:02}T")
        town.until(now)
        town.act("go", now)

    assert sum(one.times for one in town.member().given) == times, case
    # The journey goes on, whether or not.
    assert town.steps.count("finished") == 3


def test_an_offer_with_a_code_comes_with_its_code() -> None:
    pool = {"id": "sweets", "codes": 5, "kind": "generated", "redeem_by": "holder"}
    town = walked(
        steps(TREAT), personal_offers=[CAKE | {"codes": "sweets"}], code_pools=[pool]
    )
    town.act("go", START)

    (held,) = town.member().personal
    assert held.pool_id == "sweets"
    assert 0 <= held.number < 5


def test_an_offer_that_is_gone_from_the_program_is_not_given() -> None:
    town = walked(steps("id: rest, kind: wait, hours: 2", TREAT), personal_offers=[CAKE])  # fmt: skip
    town.act("go", START)
    town.program = a_journey(steps("id: rest, kind: wait, hours: 2"))
    town.until_ms(at(START) + DAY_MS)

    assert offers_of(town) == []


def an_act(when: int):
    """An act that lets in."""
    return an_activity("go-1", occurred_at=when)._replace(type="go")


QUIET = {
    "consent_assumed": ["inbox", "push"],
    "quiet_hours": {"from": "21:00", "to": "09:00"},
    "frequency": [{"times": 1, "period": "day"}],
}
NIGHT, MORNING = "2026-03-02T23:00", "2026-03-03T09:00"


def test_a_message_of_the_night_goes_in_the_morning_and_the_journey_goes_on() -> None:
    town = walked(
        steps("id: hi, kind: message, template: miss", FIVE), engagement=QUIET
    )
    town.decide(an_act(at(NIGHT, NEW_YORK)))
    assert town.balance() == 5
    assert town.steps == ["entered", "hi", "five", "finished"]
    assert "held:journey:j/hi" in town.told
    assert town.messages == []

    town.until_ms(at("2026-03-10"))
    assert [one.created_at for one in town.messages] == [at(MORNING, NEW_YORK)]
    assert town.messages[0].reason == "quiet"


def test_who_is_led_out_at_night_gets_nothing_in_the_morning() -> None:
    text = "exits: [{event: order}]\n" + steps(
        "id: hi, kind: message, template: miss", "id: w, kind: wait, days: 9"
    )
    town = walked(text, engagement=QUIET)
    town.decide(an_act(at(NIGHT, NEW_YORK)))
    town.order(10_00, "2026-03-03T01:00", zone=NEW_YORK)
    town.until_ms(at("2026-03-20"))

    assert town.messages == []
    assert "withheld:journey:j/hi" in town.told


def test_caps_hold_over_journeys_and_say_so() -> None:
    hi = "kind: message, template: miss, channels: [inbox]"
    town = walked(steps(f"id: a, {hi}", f"id: b, {hi}, expires_hours: 2"), engagement=QUIET)  # fmt: skip
    town.decide(an_act(at("2026-03-02T12:00", NEW_YORK)))
    town.until_ms(at("2026-03-20"))

    assert [one.campaign_id for one in town.messages] == ["journey:j"]
    assert "withheld:journey:j/b" in town.told


@pytest.mark.parametrize(("priority", "first"), [(9, "journey:j"), (1, "rival")])
def test_of_what_is_capped_the_higher_priority_goes_first(
    priority: int, first: str
) -> None:
    """A journey against a trigger of priority 5; one message a day may go."""
    rival = {
        "id": "rival",
        "kind": "activity",
        "activity": "rival",
        "priority": 5,
        "message": {"template": "hello", "channels": ["inbox"], "expires_hours": 96},
    }
    hi = "id: hi, kind: message, template: hello, channels: [inbox], expires_hours: 96"
    engagement = {"consent_assumed": ["inbox"], "frequency": [{"times": 1}]}
    town = walked(
        f"priority: {priority}\n" + steps(hi), triggers=[rival], engagement=engagement
    )
    town.act("rival", START)
    # That day is full: these two wait for days of their own.
    town.act("go", "2026-03-02T16:00")
    town.act("rival", "2026-03-02T16:00")
    town.until("2026-03-20")

    assert [one.campaign_id for one in town.messages][1] == first
    assert len(town.messages) == 3


def test_marketing_needs_a_consent_and_service_does_not() -> None:
    text = steps("id: a, kind: message, template: miss", "id: b, kind: message, template: hello")  # fmt: skip
    town = walked(text, engagement={})
    town.act("go", START)

    assert {one.template_id for one in town.messages} == {"hello"}
    assert "withheld:journey:j/a" in town.told


def test_who_is_held_out_goes_the_same_way_and_gets_nothing() -> None:
    text = steps("id: a, kind: message, template: hello", FIVE)
    town = walked(text, engagement={"holdout_percent": 100})
    town.act("go", START)

    assert town.steps == ["entered", "a", "five", "finished"]
    assert town.messages == []
    assert town.balance() == 0
    assert town.told.count("held-out:journey:j/a") == 1


def test_a_message_may_wait_for_the_members_own_hour() -> None:
    town = walked(steps("id: hi, kind: message, template: miss, by_habit: true"))
    for day in range(3):
        town.order(10_00, f"2026-02-2{day}T18:30", zone=NEW_YORK)
    town.act("go", START)
    town.until("2026-03-20")

    assert [one.created_at for one in town.messages] == [at("2026-03-02T18:00", NEW_YORK)]  # fmt: skip


def test_where_no_hour_is_known_a_message_waits_for_another() -> None:
    hi = 'id: hi, kind: message, template: miss, by_habit: true, habit_else: "17:30"'
    town = walked(steps(hi))
    town.act("go", START)
    town.until("2026-03-20")

    assert [one.created_at for one in town.messages] == [at("2026-03-02T17:30", NEW_YORK)]  # fmt: skip
    assert town.messages[0].reason == "habit"


def test_a_message_waits_across_versions_until_its_template_is_gone() -> None:
    text = steps("id: hi, kind: message, template: miss", "id: w, kind: wait, days: 9")
    first = a_journey(text, engagement=QUIET)
    parts = {"version": 2, "effective_from": "2026-03-03", "engagement": QUIET}
    for templates, sent in (([], 0), (None, 1)):
        fields = parts | {"journeys": []}
        if templates is not None:
            fields |= {"templates": templates}
        second = a_journey(text, **fields)
        town = Walk(ProgramHistory([first, second]))
        town.decide(an_act(at(NIGHT, NEW_YORK)))
        town.until_ms(at("2026-03-20"))
        assert len(town.messages) == sent
