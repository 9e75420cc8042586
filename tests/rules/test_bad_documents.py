"""Documents that are no program: each fault, and the JSON pointer to it."""

from pathlib import Path
from typing import Any

import pytest

from loyalty.document import InvalidProgram
from loyalty.limits import EARN_RULES_MAX
from loyalty.program_document import program_from
from stores.programs import EDGE_CALENDARS, load_program
from tests.rules.town import a_document, built


def faults_of(document: Any) -> list[str]:
    """Pointers to all faults of a document."""
    with pytest.raises(InvalidProgram) as caught:
        program_from(document, EDGE_CALENDARS)
    assert all(fault.message for fault in caught.value.faults)
    return [fault.pointer for fault in caught.value.faults]


EARN = "earn: [{id: a, points: 1, step_minor: 100"
VISIT = "earn: [{id: a, kind: visit, points: 1"
TIERS = (
    "tiers: [{id: base, name: B, from_points: 0}, {id: top, name: T, from_points: 9}]"
)
OFFER = "offers: [{id: meal, name: M, cost_points: 50"
TWO = "wallets: [{id: points}, {id: stars}]\n"


@pytest.mark.parametrize(
    ("pointer", "text"),
    [
        # What has no such form at all.
        ("/currency", "currency: usd"),
        ("/currency", "currency: DOLLARS"),
        ("/version", "version: 0"),
        ("/version", "version: true"),
        ("/version", "version: '1'"),
        ("/earnings", "earnings: []"),
        ("/earn", "earn: {}"),
        ("/earn/0/id", "earn: [{points: 1}]"),
        ("/earn/0/id", "earn: [{id: a/b, points: 1}]"),
        ("/earn/0/id", "earn: [{id: '', points: 1}]"),
        ("/earn/0/points", "earn: [{id: a}]"),
        ("/earn/0/points", "earn: [{id: a, points: 0}]"),
        ("/earn/0/points", "earn: [{id: a, points: 1.5}]"),
        ("/earn/0/points", "earn: [{id: a, points: 1000001}]"),
        ("/earn/0/kind", "earn: [{id: a, points: 1, kind: magic}]"),
        ("/earn/0/step_minor", "earn: [{id: a, points: 1, step_minor: 0}]"),
        ("/earn/0/rounding", EARN + ", rounding: half}]"),
        ("/earn/0/match/colour", EARN + ", match: {colour: [red]}}]"),
        ("/earn/0/match/exclude/kinds", EARN + ", match: {exclude: {kinds: [TIP]}}}]"),
        ("/earn/0/match/kinds/0", EARN + ", match: {kinds: [CAR]}}]"),
        ("/earn/0/match/skus", EARN + ", match: {skus: burger}}]"),
        ("/earn/0/when/weather", EARN + ", when: {weather: rain}}]"),
        ("/earn/0/when/channels/0", EARN + ", when: {channels: [FAX]}}]"),
        ("/conflict", "conflict: last"),
        ("/return_rounding", "return_rounding: up"),
        ("/earn_on", "earn_on: credit"),
        ("/return_window_days", "return_window_days: 0"),
        ("/expiry_days", "expiry_days: -1"),
        # Times that are none.
        ("/time_zone", "time_zone: Mars/Olympus"),
        ("/member_time_zones/1", "member_time_zones: [Asia/Tokyo, Mars/Olympus]"),
        ("/stores/0/time_zone", "stores: [{id: s, time_zone: Mars/Olympus}]"),
        ("/earn/0/when/from", EARN + ", when: {from: '2026-02-29'}}]"),
        ("/earn/0/when/from", EARN + ", when: {from: '2026-13-01'}}]"),
        ("/earn/0/when/from", EARN + ", when: {from: '2026-03-04T25:00'}}]"),
        ("/earn/0/when/from", EARN + ", when: {from: '2026-03-04T10:75'}}]"),
        ("/earn/0/when/from", EARN + ", when: {from: '2026-03-04T10:00:00+02:00'}}]"),
        ("/earn/0/when/until", EARN + ", when: {from: 2026-03-04, until: 2026-03-04}}]"),
        (
            "/earn/0/when/until",
            "effective_from: 2026-03-04\n" + EARN + ", when: {until: 2026-03-04}}]",
        ),
        (
            "/earn/0/when/schedule/day_parts/0/from",
            EARN + ", when: {schedule: {day_parts: [{from: '9:00'}]}}}]",
        ),
        (
            "/earn/0/when/schedule/day_parts/0/to",
            EARN + ", when: {schedule: {day_parts: [{from: '09:00', to: '09:00'}]}}}]",
        ),
        (
            "/earn/0/when/schedule/day_parts/0/days/0",
            EARN + ", when: {schedule: {day_parts: [{days: [monday]}]}}}]",
        ),
        (
            "/earn/0/when/schedule/recurrence",
            EARN + ", when: {schedule: {recurrence: {start: '2026-03-04T09:00', "
            "minutes: 60, rule: 'FREQ=HOURLY'}}}}]",
        ),
        (
            "/earn/0/when/schedule/recurrence",
            EARN + ", when: {schedule: {recurrence: {start: '2026-03-04T09:00', "
            "minutes: 60, rule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30'}}}}]",
        ),
        (
            "/earn/0/when/schedule",
            EARN + ", when: {from: 2026-06-01, schedule: {recurrence: {start: "
            "'2026-03-04T09:00', minutes: 60, rule: 'FREQ=DAILY;COUNT=3'}}}}]",
        ),
        (
            "/earn/0/when/schedule",
            EARN + ", when: {from: 2026-03-09, until: 2026-03-11, schedule: "
            "{day_parts: [{days: [sat]}]}}}]",
        ),
        # What contradicts itself within one rule.
        ("/earn/0/when/order_number", VISIT + ", when: {order_number: 5, every_order: 2}}]"),
        ("/earn/0", EARN + ", match: {skus: [a], exclude: {skus: [a, b]}}}]"),
        ("/earn/0/over_minor", EARN + ", over_minor: 5, minimum_minor: 5}]"),
        ("/earn/0/pending", EARN + ", pending: {}}]"),
        ("/earn/0/pending", EARN + ", pending: {delay_days: 1, dates: [01-01]}}]"),
        ("/earn/0/pending/cancel_days", EARN + ", pending: {delay_days: 1, cancel_days: 2}}]"),
        ("/earn/0/pending/dates", EARN + ", pending: {dates: [02-30]}}]"),
        ("/earn/0/caps/0", EARN + ", caps: [{period: day}]}]"),
        ("/earn/0/caps/0", EARN + ", caps: [{points: 0}]}]"),
        ("/earn/0/caps/0/period", EARN + ", caps: [{period: hour, points: 1}]}]"),
        ("/earn/0/caps/0/every", EARN + ", caps: [{period: week, every: 2, points: 1}]}]"),
        ("/earn/0/caps/0/times", EARN + ", caps: [{period: transaction, times: 1}]}]"),
        (
            "/earn/0/caps/0/points",
            "earn: [{id: a, kind: visit, points: 10, caps: [{points: 9, over: reject}]}]",
        ),
        ("/earn/0/activity", EARN + ", activity: hunt}]"),
        ("/earn/0/activity", "earn: [{id: a, kind: activity, points: 1}]"),
        ("/earn/0/attributes", EARN + ", attributes: {a: b}}]"),
        (
            "/earn/0/match",
            "earn: [{id: a, kind: activity, activity: x, points: 1, match: {}}]",
        ),
        ("/earn/0/segment", EARN + ", segment: office}]"),
        ("/earn/0/segment", "earn: [{id: a, kind: segment, points: 1}]"),
        (
            "/earn/0/match",
            "earn: [{id: a, kind: segment, segment: x, points: 1, match: {}}]",
        ),
        (
            "/earn/0/attributes",
            "earn: [{id: a, kind: segment, segment: x, points: 1, attributes: {a: b}}]",
        ),
        ("/earn/0/step_minor", VISIT + ", step_minor: 100}]"),
        ("/earn/0/formula", "earn: [{id: a, kind: formula, formula: amount / 0}]"),
        ("/earn/0/formula", "earn: [{id: a, kind: formula, formula: 1 + 2 / (3 * 0.0) * 0 / 0}]"),
        ("/earn/0/formula", "earn: [{id: a, kind: formula, formula: 'if(1 < 2, amount / 0, 1)'}]"),
        ("/earn/0/formula", "earn: [{id: a, kind: formula, formula: price * 2}]"),
        ("/earn/0/formula", "earn: [{id: a, kind: formula, formula: amount +}]"),
        ("/earn/0/formula", "earn: [{id: a, kind: formula, formula: amount > 2}]"),
        ("/earn/0/formula", "earn: [{id: a, kind: formula, formula: __import__}]"),
        ("/earn/0/formula", "earn: [{id: a, kind: formula}]"),
        ("/earn/0/formula", EARN + ", formula: amount}]"),
        ("/bonuses/0/factor", EARN + "}]\nbonuses: [{id: b, factor: 1}]"),
        ("/bonuses/0/factor", EARN + "}]\nbonuses: [{id: b, factor: 1.00001}]"),
        ("/bonuses/0/factor", EARN + "}]\nbonuses: [{id: b, factor: -2}]"),
        ("/bonuses/0/factor", EARN + "}]\nbonuses: [{id: b, factor: 101}]"),
        ("/bonuses/0/points", EARN + "}]\nbonuses: [{id: b, kind: add}]"),
        ("/streaks/0", "streaks: [{id: s, length: 2}]"),
        ("/streaks/0/length", "streaks: [{id: s, length: 1, points: 1}]"),
        ("/challenges/0", "challenges: [{id: c, target: 2}]"),
        ("/expiry/dates", "expiry: {kind: calendar}"),
        ("/expiry/amount", "expiry: {kind: never, amount: 5}"),
        ("/expiry/dates", "expiry: {kind: rolling, amount: 5, dates: [12-31]}"),
        ("/expiry/round_up_to", "expiry: {kind: rolling, amount: 5, round_up_to: week}"),
        ("/tier_policy/valid/periods_later", TIERS + "\ntier_policy: {valid: {kind: fixed, amount: 1, periods_later: 1}}"),
        # What contradicts something else.
        ("/earn/1/id", EARN + "}, {id: a, points: 2}]"),
        ("/bonuses/0/id", EARN + "}]\nbonuses: [{id: a, factor: 2}]"),
        ("/streaks/0/id", EARN + "}]\nstreaks: [{id: a, length: 2, points: 1}]"),
        ("/gifts/0/id", EARN + "}]\ngifts: [{id: a, kind: birthday, points: 1}]"),
        ("/referral/id", EARN + "}]\nreferral: {id: a, referrer_points: 1}"),
        ("/wallets/1/id", "wallets: [{id: points}, {id: points}]"),
        ("/budgets/1/id", "budgets: [{id: b, total: 1}, {id: b, total: 2}]"),
        ("/stores/1/id", "stores: [{id: s}, {id: s}]"),
        ("/tiers/1/id", "tiers: [{id: a, name: A, from_points: 0}, {id: a, name: B, from_points: 1}]"),
        ("/tiers/0/from_points", "tiers: [{id: a, name: A, from_points: 1}]"),
        ("/tiers/1/from_points", "tiers: [{id: a, name: A, from_points: 0}, {id: b, name: B, from_points: 0}]"),
        ("/tiers/2/from_points", TIERS[:-1] + ", {id: x, name: X, from_points: 8}]"),
        ("/tier_policy", "tier_policy: {basis: spend}"),
        ("/tier_policy/upgrade", TIERS + "\ntier_policy: {upgrade: next_period}"),
        ("/earn/0/wallet", EARN + ", wallet: gold}]"),
        ("/bonuses/0/wallet", TWO + EARN + "}]\nbonuses: [{id: b, factor: 2, wallet: gold}]"),
        ("/bonuses/0/wallet", TWO + EARN + "}]\nbonuses: [{id: b, factor: 2, wallet: stars}]"),
        ("/offers/0/wallet", OFFER + ", wallet: gold}]"),
        ("/gifts/0/wallet", "gifts: [{id: g, points: 1, wallet: gold}]"),
        ("/referral/wallet", "referral: {id: r, referrer_points: 1, wallet: gold}"),
        ("/payment/wallet", "payment: {points: 1, wallet: gold}"),
        ("/expiry_days", TWO + "expiry_days: 5"),
        ("/earn/0/when/tiers", VISIT + ", when: {tiers: [gold]}}]\n" + TIERS),
        ("/offers/0/when/tiers", OFFER + ", when: {tiers: [gold]}}]\n" + TIERS),
        ("/offers/0/cost_by_tier/gold", OFFER + ", cost_by_tier: {gold: 5}}]\n" + TIERS),
        ("/gifts/0/tiers", "gifts: [{id: g, points: 1, tiers: [gold]}]\n" + TIERS),
        ("/earn/0/when/stores", "stores: [{id: s}]\n" + VISIT + ", when: {stores: [t]}}]"),
        ("/offers/0/when/stores", "stores: [{id: s}]\n" + OFFER + ", when: {stores: [t]}}]"),
        ("/earn/0/budget", EARN + ", budget: b}]"),
        ("/budgets/0/per_store", "budgets: [{id: b, total: 5, per_store: 6}]"),
        ("/wallets/0/below_zero", "wallets: [{id: points, below_zero: unlimited, expiry_days: 5}]"),
        (
            "/earn/0/expiry",
            "wallets: [{id: points, below_zero: unlimited}]\n"
            + EARN + ", expiry: {kind: rolling, amount: 5}}]",
        ),
        ("/wallets/0/warn_days", "wallets: [{id: points, warn_days: 5}]"),
        ("/wallets/0/reinstate_days", "wallets: [{id: points, reinstate_days: 5}]"),
        ("/offers/0/cost_points", "wallets: [{id: points, balance_max: 49}]\n" + OFFER + "}]"),
        ("/offers/0/caps/0/points", OFFER + ", caps: [{points: 5}]}]"),
        ("/triggers/0/within_points", "triggers: [{id: t, kind: lapsed, days: 3, within_points: 5}]"),
        ("/triggers/0/days", "triggers: [{id: t, kind: lapsed}]"),
        ("/triggers/0/days_max", "triggers: [{id: t, kind: lapsed, days: 3, days_min: 9, days_max: 8}]"),
        ("/triggers/0/rhythm", "triggers: [{id: t, kind: lapsed, days: 3, rhythm: often}]"),
        ("/triggers/0/when", "triggers: [{id: t, kind: geofence_enter, when: {order_number: 2}}]"),
        ("/triggers/0/then", "triggers: [{id: t, kind: sequence, first: {activity: a}, within_minutes: 5}]"),
        ("/triggers/0/first", "triggers: [{id: t, kind: sequence, then: {activity: a}, within_minutes: 5}]"),
        ("/triggers/0/kind", "triggers: [{id: t, kind: tier_up}]"),
        ("/triggers/0/streak", "triggers: [{id: t, kind: streak_at_risk, streak: none, days_before: 1}]"),
        ("/triggers/0/days_before", "triggers: [{id: t, kind: points_expiring}]"),
        ("/triggers/0/wallet", "triggers: [{id: t, kind: points_expiring, days_before: 1, wallet: stars}]"),
        ("/triggers/0/days_after", "triggers: [{id: t, kind: birthday, days_before: 1, days_after: 1}]"),
        ("/triggers/0/at", "triggers: [{id: t, kind: birthday, at: noon}]"),
        ("/triggers/0/points_wallet", "triggers: [{id: t, kind: geofence_enter, points: 5, points_wallet: stars}]"),
        ("/triggers/0/message/template", "triggers: [{id: t, kind: geofence_enter, message: {template: none, channels: [push]}}]"),
        ("/triggers/0/message/channels", "triggers: [{id: t, kind: geofence_enter, message: {template: hi, channels: [email]}}]\ntemplates: [{id: hi, texts: {push: {body: Hi}}}]"),
        ("/triggers/0/message/channels", "triggers: [{id: t, kind: geofence_enter, message: {template: hi}}]\ntemplates: [{id: hi, texts: {push: {body: Hi}}}]"),
        ("/triggers/0/message/urgent", "triggers: [{id: t, kind: geofence_enter, message: {template: hi, channels: [push], urgent: true}}]\ntemplates: [{id: hi, texts: {push: {body: Hi}}}]"),
        ("/triggers/0/message/habit_else", "triggers: [{id: t, kind: geofence_enter, message: {template: hi, channels: [push], habit_else: '9:00'}}]\ntemplates: [{id: hi, texts: {push: {body: Hi}}}]"),
        ("/triggers/0/delay/at", "triggers: [{id: t, kind: geofence_enter, delay: {hours: 2, at: '9:00'}}]"),
        ("/triggers/0/points", "triggers: [{id: t, kind: geofence_enter, points: 5, steps: [{points: 6}]}]"),
        ("/triggers", "earn: [{id: t, points: 1, step_minor: 100}]\ntriggers: [{id: t, kind: geofence_enter, points: 5}]"),
        ("/engagement/quiet_hours/to", "engagement: {quiet_hours: {from: '9:00', to: '9:00'}}"),
        ("/engagement/send_window", "engagement: {quiet_hours: {from: '21:00', to: '9:00'}, send_window: {day_parts: [{from: '01:00', to: '02:00'}]}}"),
        ("/engagement/frequency/0/times", "engagement: {frequency: [{times: 0}]}"),
        ("/engagement/frequency/0/period", "engagement: {frequency: [{times: 1, kind: rolling, period: day}]}"),
        ("/engagement/frequency/0/days", "engagement: {frequency: [{times: 1, kind: calendar, days: 3}]}"),
        ("/engagement/consent_assumed/0", "engagement: {consent_assumed: [pigeon]}"),
        ("/engagement/holdout_percent", "engagement: {holdout_percent: 101}"),
        ("/triggers/0/offer", OFFER + "}]\ntriggers: [{id: t, offer: boat, within_points: 5}]"),
        ("/triggers/0/within_points", OFFER + "}]\ntriggers: [{id: t, offer: meal, within_points: 50}]"),
        ("/triggers/0/offer", TWO + OFFER + ", wallet: stars}]\ntriggers: [{id: t, offer: meal, within_points: 5}]"),
        ("/auto_redeem/0/into", TWO + "auto_redeem: [{id: x, every: 5, into: points}]"),
        ("/auto_redeem/0/into", "auto_redeem: [{id: x, every: 5, into: gold}]"),
        ("/auto_redeem/0/every", "wallets: [{id: points, balance_max: 4}, {id: stars}]\nauto_redeem: [{id: x, every: 5, into: stars}]"),
        ("/transfers/points_max", "transfers: {points_min: 10, points_max: 9}"),
        ("/transfers/per_day_max", "transfers: {points_min: 10, per_day_max: 9}"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_a_pointer_to_it(pointer: str, text: str) -> None:
    assert faults_of(a_document(text)) == [pointer]


def test_every_fault_is_named_at_once() -> None:
    text = """
currency: usd
earn: [{id: a, points: 0}, {id: a, points: 1, wallet: gold}]
tiers: [{id: base, name: B, from_points: 5}]
"""
    assert faults_of(a_document(text)) == [
        "/earn/0/points",
        "/currency",
        "/earn/1/id",
        "/earn/1/wallet",
        "/tiers/0/from_points",
    ]


def test_a_circle_of_redemptions_is_named_at_the_rule_that_closes_it() -> None:
    text = """
wallets: [{id: points}, {id: stars}, {id: coins}]
auto_redeem:
  - {id: a, wallet: points, every: 5, into: stars}
  - {id: b, wallet: stars, every: 5, into: coins}
  - {id: c, wallet: coins, every: 5, into: points}
"""
    assert faults_of(a_document(text)) == ["/auto_redeem/2/into"]


def test_what_is_no_object_lacks_all_that_it_needs() -> None:
    pointers = faults_of(a_document("earn: [spend]"))

    assert pointers == ["/earn/0", "/earn/0/id", "/earn/0/points"]


@pytest.mark.parametrize("text", ["earn: [{from: 2026-02-29}]", "a: [", "\x00"])
def test_a_file_that_is_no_yaml_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "program.yaml"
    path.write_text(text)

    with pytest.raises(InvalidProgram):
        load_program(path)


@pytest.mark.parametrize("document", [None, [], "program", 5, {}])
def test_what_is_no_object_or_empty_is_no_program(document: Any) -> None:
    assert {"/program", "/currency"} <= set(faults_of(document))


def test_a_list_is_no_longer_than_its_limit() -> None:
    rules = [{"id": f"r{n}", "points": 1} for n in range(EARN_RULES_MAX + 1)]

    assert faults_of(a_document(earn=rules)) == ["/earn"]


@pytest.mark.parametrize(
    "text",
    [
        "earn: [{id: a, kind: formula, formula: amount / (quantity - quantity + 0.5)}]",
        "earn: [{id: a, kind: formula, formula: 0 / amount}]",
        EARN + ", when: {from: 2026-03-09, until: 2026-03-10, schedule: {day_parts: [{days: [mon]}]}}}]",
        EARN + ", when: {schedule: {day_parts: [{from: 17:00, to: 19:00}]}}}]",
        EARN + ", when: {from: 2026-03-04T10:00:00}}]",
        EARN + ", caps: [{period: day, points: 10, times: 2, over: reject}]}]",
        "transfers: {points_min: 10, points_max: 10, per_day_max: 10}",
        "budgets: [{id: b, total: 5, per_store: 5}]",
    ],
)  # fmt: skip
def test_what_is_at_the_edge_of_a_fault_is_sound(text: str) -> None:
    assert built(text).program_id == "test"


def test_a_time_of_day_without_quotes_is_what_it_looks_like() -> None:
    bare = built(EARN + ", when: {schedule: {day_parts: [{from: 17:00, to: 19:30}]}}}]")
    quoted = built(
        EARN + ", when: {schedule: {day_parts: [{from: '17:00', to: '19:30'}]}}}]"
    )

    assert bare == quoted
