"""Every kind of rule as a sentence."""

from typing import Any

import pytest
import yaml

from loyalty.publishing.changes import SECTIONS
from loyalty.publishing.sentences import SECTION_SENTENCES, sentence

TABLE = [
    # Earning.
    ("earn", "points: 1", "When a member spends money, give 1 point for each whole 1.00 USD."),
    (
        "earn",
        "{points: 2, step_minor: 500, rounding: up, match: {categories: [a, b, c, d, e, f, g], exclude: {skus: [x]}}}",
        "When a member spends money on something from a, b, c, d, e or 2 more but not x, give 2 points for each begun 5.00 USD.",
    ),
    (
        "earn",
        "{kind: item, points: 5, match: {categories: [coffee]}, caps: [{period: day, points: 25}]}",
        "When a member buys something from coffee, give 5 points for each unit, at most 25 points a day.",
    ),
    (
        "earn",
        "{kind: item, points: 1, wallet: cups, match: {labels: [hot]}}",
        "When a member buys something labelled hot, give 1 of cups for each unit.",
    ),
    (
        "bonuses",
        "{factor: '2', match: {exclude: {categories: [tea]}}}",
        "When a member buys anything but tea, multiply the points by 2.",
    ),
    ("earn", "{kind: item, points: 1, wallet: stamps}", "When a member buys anything, give 1 of stamps for each unit."),
    (
        "earn",
        "{kind: visit, points: 20, cooldown_minutes: 240, minimum_minor: 500, when: {stores: [soho], channels: [APP, COUNTER]}}",
        "When a member orders for at least 5.00 USD at soho in the app or at the counter, give 20 points, not again within 240 minutes.",
    ),
    (
        "earn",
        "{kind: visit, points: 5, when: {any_of: [{channels: [APP]}, {stores: [soho], segments: [vip]}]}}",
        "When a member orders either in the app or (for a member of vip at soho), give 5 points.",
    ),
    (
        "earn",
        "{kind: visit, points: 5, when: {stores: [soho], none_of: [{channels: [APP]}, {schedule: {day_parts: [{days: [sat]}]}}]}}",
        "When a member orders at soho but neither in the app nor on Saturdays, give 5 points.",
    ),
    (
        "earn",
        "{kind: visit, points: 5, when: {all_of: [{any_of: [{stores: [a]}, {stores: [b]}]}, {none_of: [{channels: [APP]}]}]}}",
        "When a member orders (either at a or at b) and (but not in the app), give 5 points.",
    ),
    (
        "earn",
        "{kind: visit, points: 5, match: {kinds: [DELIVERY]}, pending: {release_on: table.visited, cancel_days: 30}}",
        "When a member orders as DELIVERY, give 5 points, usable once table.visited happens within 30 days.",
    ),
    (
        "earn",
        "{kind: formula, formula: amount / 100, expiry: {kind: rolling, amount: 30}}",
        "When a member orders, give points by the formula amount / 100, which end after 30 days.",
    ),
    (
        "earn",
        '{kind: activity, activity: survey.done, attributes: {stars: "5"}, points: 15, budget: spring}',
        "When a member does survey.done with stars 5, give 15 points, out of the budget spring.",
    ),
    (
        "earn",
        "{kind: segment, segment: student, points: 50, caps: [{period: year, times: 1}]}",
        "When a member joins the segment student, give 50 points, at most once a year.",
    ),
    # Bonuses.
    (
        "bonuses",
        "{kind: add, points: 50, over_minor: 1000, match: {skus: [burger]}, when: {tiers: [gold], schedule: {day_parts: [{days: [mon, tue, wed, thu, fri], to: '11:00'}]}}, caps: [{period: day, times: 1}]}",
        "When a gold member buys burger for more than 10.00 USD on a weekday before 11:00, give 50 points on top, at most once a day.",
    ),
    (
        "bonuses",
        "{kind: multiply, factor: '2', when: {schedule: {clock: member, day_parts: [{days: [tue], from: '15:00', to: '17:00'}]}}}",
        "When a member orders on Tuesdays from 15:00 to 17:00 (the member's time), multiply the points by 2.",
    ),
    (
        "bonuses",
        "{kind: add, points: 5, holdout_percent: 10}",
        "When a member orders, give 5 points on top, held out for 10 % of all members.",
    ),
    (
        "bonuses",
        "{kind: multiply, factor: '1.5', experiment: {id: rainy, arms: [{id: control, percent: 40, without: true}, {id: some, percent: 30}, {id: more, percent: 30, factor: '2'}]}}",
        "When a member orders, multiply the points by 1.5, in the experiment rainy: 40 % control without it, 30 % some and 30 % more with the factor 2.",
    ),
    (
        "bonuses",
        "{kind: add, points: 50, when: {order_number: 1}, ignores_holdout: true}",
        "When a member orders with the 1st order, give 50 points on top, for everyone whatever the holdout.",
    ),
    (
        "bonuses",
        "{kind: add, points: 50, when: {order_number: 1}}",
        "When a member orders with the 1st order, give 50 points on top.",
    ),
    (
        "bonuses",
        "{kind: add, points: 9, when: {every_order: 10, segments: [office], from: 2026-03-01, until: 2026-04-01}}",
        "When a member of office orders from 2026-03-01 before 2026-04-01 with every 10th order, give 9 points on top.",
    ),
    (
        "bonuses",
        '{kind: multiply, factor: "3", when: {schedule: {recurrence: {start: "2026-02-03T15:00", minutes: 120, rule: "FREQ=WEEKLY;BYDAY=TU"}}}}',
        "When a member orders for 120 minutes from each FREQ=WEEKLY;BYDAY=TU since 2026-02-03T15:00, multiply the points by 3.",
    ),
    # Games.
    (
        "streaks",
        "{length: 4, points: 40, badge: regular, once: true, minimum_minor: 1000, orders_min: 2}",
        "When a member orders for at least 10.00 USD in 4 weeks in a row with 2 orders in each, give 40 points and the badge regular, once in a streak.",
    ),
    (
        "challenges",
        "{goal: orders, target: 3, over_minor: 30000, points: 1000}",
        "When a member places 3 orders each for more than 300.00 USD, give 1,000 points.",
    ),
    (
        "challenges",
        "{goal: spend, target: 20000, points: 100, period: month, opt_in: true, repeats: true}",
        "When a member who has joined spends 200.00 USD in a month, give 100 points, again and again.",
    ),
    (
        "challenges",
        "{goal: units, target: 10, match: {labels: [new]}, within_days: 30, badge: taster}",
        "When a member buys 10 units labelled new within 30 days, give the badge taster.",
    ),
    # What members get.
    (
        "offers",
        "{name: A dessert, cost_points: 150, cost_by_tier: {gold: 120}, caps: [{period: day, times: 1}]}",
        'Let a member take "A dessert" for 150 points, 120 points for gold, at most once a day.',
    ),
    (
        "offers",
        "{name: A mug, cost_points: 90, hold_minutes: 30, stock: {units: 500}}",
        'Let a member take "A mug" for 90 points, from a stock of 500 in all, reserved for up to 30 minutes.',
    ),
    (
        "triggers",
        "{kind: near_reward, offer: dessert, within_points: 30, cooldown_days: 30}",
        "When a member comes within 30 points of the offer dessert, tell the apps, not again within 30 days.",
    ),
    ("triggers", "{kind: lapsed, days: 30, steps: [{message: {template: back, channels: [push, inbox]}}, {delay: {days: 14, at: '18:00'}, points: 50}]}", "When a member has not ordered for 30 days, send back by push and inbox; in 14 days at 18:00 give 50 points."),
    ("triggers", "{kind: order, minimum_minor: 2000, delay: {hours: 2}, when: {order_number: 3}}", "When a member orders for at least 20.00 USD with the 3rd order, after 2 hours tell the apps."),
    ("triggers", "{kind: activity, activity: campaign.spring}", "When a member is reached by the campaign, tell the apps."),
    ("templates", "{texts: {push: {body: Hello}}}", 'A marketing message by push: "Hello".'),
    ("triggers", "{kind: activity, activity: weather, attributes: {sky: clear}, at_least: {heat: 30}, holdout_percent: 10}", "When a member does weather with sky clear and heat at least 30, tell the apps, but for 10 % who are held out."),
    ("triggers", "{kind: lapsed, days: 30, message: {template: back, channels: [push], frequency: counted}}", "When a member has not ordered for 30 days, send back by push past all caps, which count it."),
    ("triggers", "{kind: lapsed, days: 30, message: {template: back, channels: [push], frequency: exempt, own_frequency: {times: 1, kind: rolling, days: 7}}}", "When a member has not ordered for 30 days, send back by push past all caps, uncounted, at most 1 time in any 7 days."),
    ("triggers", "{kind: lapsed, days: 30, message: {template: back, channels: [push], frequency: held, own_frequency: {times: 2, period: month}}}", "When a member has not ordered for 30 days, send back by push, at most 2 times a month."),
    ("triggers", "{kind: sequence, first: {activity: a}, then: {activity: b}, without: {activity: order}, within_minutes: 120}", "When a member does a and then b without an order within 120 minutes, tell the apps."),
    ("triggers", "{kind: geofence_enter, attributes: {area: loop}}", "When a member enters a geofence with area loop, tell the apps."),
    ("triggers", "{kind: streak_at_risk, streak: weekly, hours_before: 36}", "When a member is about to lose the streak weekly within 36 hours, tell the apps."),
    (
        "triggers",
        "{kind: sequence, first: {activity: order}, then: {activity: order}, within_minutes: 60}",
        "When a member orders and then orders within 60 minutes, tell the apps.",
    ),
    (
        "triggers",
        "{kind: lapsed, days: 9, message: {template: back, channels: [push], by_habit: true, habit_else: '12:00'}}",
        "When a member has not ordered for 9 days, send back by push at the member's own hour, or at 12:00 if it is not known.",
    ),
    (
        "triggers",
        "{kind: order_ready, message: {template: ready, channels: [push], urgent: true}}",
        "When a member has an order that is ready, send ready by push at any hour.",
    ),
    ("triggers", "{kind: birthday, days_before: 3}", "When a member will have a birthday in 3 days, tell the apps."),
    ("triggers", "{kind: offer_viewed, within_minutes: 60}", "When a member has seen an offer and does not use it within 60 minutes, tell the apps."),
    (
        "gifts",
        "{kind: birthday, points: 100, tiers: [silver, gold]}",
        "When a silver or gold member has a birthday, give 100 points.",
    ),
    ("gifts", "{kind: anniversary, points: 1}", "When a member joined years ago today, give 1 point."),
    (
        "auto_redeem",
        "{wallet: stamps, every: 10, into: coffees}",
        "Whenever 10 of stamps are there, turn them into 1 of coffees, at most 25 times a day.",
    ),
    ("code_pools", "{kind: generated, codes: 500}", "500 codes made by us, each to be used once by its member."),
    ("code_pools", "{kind: uploaded, codes: 1, redeem_by: anyone}", "1 code from an uploaded list, each to be used once by whoever has it."),
    (
        "personal_offers",
        "{name: A cake, match: {categories: [coffee]}, idle_days: 30, orders_min: 3, when: {tiers: [gold]}, usable: {stores: [soho]}, times_max: 2, cooldown_days: 9, holdout_percent: 5}",
        'Offer a gold member who buys something from coffee who has not been here for 30 days with 3 orders or more "A cake" for 14 days, to be used at soho, at most 2 times, not again within 9 days, held out for 5 % of all members.',
    ),
    (
        "discounts",
        "{name: Lunch, kind: percent, percent_bp: 1250, match: {categories: [soup]}, limit_minor: 500, exclusive: true}",
        'Discount "Lunch": 12.50 % off from soup, at most 5.00 USD, together with no other.',
    ),
    (
        "discounts",
        "{name: Ride, kind: free_delivery, conditions: [{}]}",
        'Discount "Ride": delivery for free, under 1 condition.',
    ),
    # Journeys.
    (
        "journeys",
        ("{id: hi, name: Hello, entry: {event: order, minimum_minor: 500, when: {tiers: [gold], order_number: 1}}, exits: [{event: return}, {event: tier, to: [base]}], reentry: after_days, reentry_days: 30, on_change: exit, steps: ["
        "{id: a, kind: message, template: hello, channels: [inbox], by_habit: true}, "
        "{id: b, kind: wait, days: 1, at: 540}, "
        "{id: c, kind: wait_for, hours: 2, for: [{event: activity, activity: rated, attributes: {stars: 5}, next: e}], else: d}, "
        "{id: d, kind: branch, branches: [{if: {tiers: [gold], ordered: false}, next: end}], else: e}, "
        "{id: e, kind: split, shares: [{percent: 40, next: f}, {percent: 60, next: g}]}, "
        "{id: f, kind: give, points: 5, next: end}, "
        "{id: g, kind: exit, reason: enough}]}"),
        ('When a gold member orders for at least 5.00 USD with the 1st order, begin "Hello", again after 30 days. '
        "a: send hello by inbox at the member's own hour; then b. b: wait 1 day and until 09:00; then c. "
        "c: wait at most 2 hours; when the member does rated with stars 5: e; else: d. "
        "d: look at the member; if the member is gold and has not ordered: end; else: e. "
        "e: share members out; 40 of 100: f; 60 of 100: g. f: give 5 points; then end. g: end, enough. "
        "End it at any time when the member returns the order or comes to base. "
        "When it changes or stops, those on the way leave it."),
    ),
    (
        "journeys",
        "{id: j, entry: {event: trigger, trigger: near}, reentry: always, steps: [{id: a, kind: give, points: 5, wallet: stamps}]}",
        'When a member meets the trigger near, begin "j", any number of times. a: give 5 of stamps; then end.',
    ),
    (
        "journeys",
        "{id: j, entry: {event: activity, activity: quiz}, steps: [{id: a, kind: message, template: hello, by_habit: true, habit_else: 720}]}",
        ('When a member does quiz, begin "j", once in a life. a: send hello by all its channels '
        "at the member's own hour, or at 12:00 if it is not known; then end."),
    ),
    (
        "journeys",
        "{id: j, entry: {event: activity, activity: quiz}, steps: [{id: a, kind: give, offer: cake}]}",
        'When a member does quiz, begin "j", once in a life. a: give the offer cake; then end.',
    ),
    (
        "journeys",
        "{id: j, entry: {event: segment, joins: [vip, gold]}, exits: [{event: segment, joins: [staff], leaves: [vip]}], steps: [{id: a, kind: message, template: hello, channels: [inbox], frequency: counted}]}",
        ('When a member joins vip or gold, begin "j", once in a life. a: send hello by inbox past all caps, which count it; then end. '
        "End it at any time when the member joins staff or leaves vip."),
    ),
    (
        "journeys",
        "{id: j, entry: {event: command, command: member.update}, steps: [{id: a, kind: exit}]}",
        'When a member is spoken of by member.update, begin "j", once in a life. a: end.',
    ),
    (
        "templates",
        "{purpose: marketing, texts: {inbox: {title: Almost there, body: x}, push: {body: y}}}",
        'A marketing message in the inbox or by push: "Almost there".',
    ),
]  # fmt: skip


@pytest.mark.parametrize(("section", "text", "expected"), TABLE)
def test_a_rule_is_a_sentence(section: str, text: str, expected: str) -> None:
    rule: dict[str, Any] = yaml.safe_load("{" + text + "}" if text[0] != "{" else text)

    assert sentence(section, rule, "USD") == expected


def test_every_section_has_a_sentence_and_a_row() -> None:
    assert tuple(SECTION_SENTENCES) == SECTIONS
    assert {section for section, _, _ in TABLE} == set(SECTIONS)


CAPS = [
    ("{period: week, times: 3}", "at most 3 times a week"),
    ("{period: forever, times: 1}", "at most once ever"),
    ("{period: transaction, points: 9}", "at most 9 points an order"),
    ("{period: day, every: 10, points: 100, over: reject}", "at most 100 points in 10 days, all or nothing"),
    ("{period: month, times: 2, points: 50}", "at most twice and 50 points a month"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CAPS)
def test_a_cap_is_said(text: str, expected: str) -> None:
    rule = {"kind": "visit", "points": 1, "caps": [yaml.safe_load(text)]}

    expected = expected.replace("twice", "2 times")
    assert sentence("earn", rule).endswith(f"give 1 point, {expected}.")
