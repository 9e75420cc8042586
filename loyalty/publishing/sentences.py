"""A rule as a sentence that people can check: what it does, for whom, how often."""

from collections.abc import Callable
from typing import Final

from loyalty.publishing.changes import Document
from loyalty.publishing.earning_sentences import (
    bonus_sentence,
    earn_sentence,
    ended,
    joined,
)
from loyalty.publishing.journey_sentences import journey_sentence
from loyalty.publishing.limit_phrases import limits, stock
from loyalty.publishing.message_sentences import template_sentence
from loyalty.publishing.phrases import (
    circumstances,
    lines,
    member,
    minimum,
    things,
)
from loyalty.publishing.trial_phrases import trials
from loyalty.publishing.trigger_sentences import trigger_sentence
from loyalty.publishing.words import counted, listed, money, points_of


def sentence(section: str, rule: Document, currency: str = "") -> str:
    """Say what a rule of a program's section does; it is valid."""
    return SECTION_SENTENCES[section](rule, currency)


def _streak(rule: Document, currency: str) -> str:
    when = rule.get("when") or {}
    period = rule.get("period", "week")
    orders = rule.get("orders_min", 1)
    condition = joined(
        "When",
        member(when),
        "orders",
        things(rule.get("match") or {}),
        minimum(rule, currency),
        f"in {counted(rule['length'], period)} in a row",
        f"with {counted(orders, 'order')} in each" if orders > 1 else "",
        circumstances(when),
    )
    once = "once in a streak" if rule.get("once") else ""
    return ended(condition, f"give {_prize(rule)}", once, trials(rule))


def _challenge(rule: Document, currency: str) -> str:
    when, target = rule.get("when") or {}, rule["target"]
    goal = {
        "orders": f"places {counted(target, 'order')}",
        "spend": f"spends {money(target, currency)}",
        "units": f"buys {counted(target, 'unit')}",
    }[rule.get("goal", "orders")]
    period, days = rule.get("period"), rule.get("within_days")
    condition = joined(
        "When",
        member(when),
        "who has joined" if rule.get("opt_in") else "",
        goal,
        lines(rule.get("match") or {}),
        minimum(rule, currency).replace("for", "each for", 1),
        f"in a {period}" if period else "",
        f"within {counted(days, 'day')}" if days else "",
        circumstances(when),
    )
    again = "again and again" if rule.get("repeats") else ""
    return ended(condition, f"give {_prize(rule)}", again, trials(rule))


def _prize(rule: Document) -> str:
    prizes = []
    if rule.get("points"):
        prizes.append(points_of(rule["points"], rule.get("wallet", "")))
    if rule.get("badge"):
        prizes.append(f"the badge {rule['badge']}")
    return " and ".join(prizes)


def _offer(rule: Document, _: str) -> str:
    when = rule.get("when") or {}
    costs = [
        f"{points_of(cost, rule.get('wallet', ''))} for {tier}"
        for tier, cost in (rule.get("cost_by_tier") or {}).items()
    ]
    cost = points_of(rule["cost_points"], rule.get("wallet", ""))
    condition = joined(
        "Let", member(when), "take", f'"{rule["name"]}" for {cost}', circumstances(when)
    )
    units = stock(rule["stock"]) if rule.get("stock") else ""
    minutes = rule.get("hold_minutes")
    held = f"reserved for up to {counted(minutes, 'minute')}" if minutes else ""
    return ended(condition, listed(costs, "and"), units, held, *limits(rule))


def _gift(rule: Document, _: str) -> str:
    kinds = {"birthday": "has a birthday", "anniversary": "joined years ago today"}
    happens = kinds[rule.get("kind", "birthday")]
    points = points_of(rule["points"], rule.get("wallet", ""))
    return ended(f"When {member(rule)} {happens}", f"give {points}")


def _auto_redeem(rule: Document, _: str) -> str:
    amount = points_of(rule.get("amount", 1), rule["into"])
    return ended(
        f"Whenever {points_of(rule['every'], rule.get('wallet', ''))} are there",
        f"turn them into {amount}",
        f"at most {rule.get('runs_per_day_max', 25)} times a day",
    )


def _discount(rule: Document, currency: str) -> str:
    kind = rule.get("kind", "percent")
    off = DISCOUNT_KINDS.get(kind, kind.replace("_", " "))
    if rule.get("percent_bp"):
        percent = f"{rule['percent_bp'] // 100}.{rule['percent_bp'] % 100:02} %"
        off = f"{percent} off" if kind == "percent" else f"{off} at {percent} off"
    elif rule.get("amount_minor"):
        off = f"{money(rule['amount_minor'], currency)} off"
    conditions = len(rule.get("conditions") or ())
    limit = rule.get("limit_minor")
    return ended(
        joined(
            f'Discount "{rule.get("name", "")}":', off, lines(rule.get("match") or {})
        ),
        f"under {counted(conditions, 'condition')}" if conditions else "",
        f"at most {money(limit, currency)}" if limit else "",
        "together with no other" if rule.get("exclusive") else "",
    )


def _personal(rule: Document, _: str) -> str:
    when, match = rule.get("when") or {}, rule.get("match") or {}
    least, most, idle = (
        rule.get(name) for name in ("orders_min", "orders_max", "idle_days")
    )
    bought = things(match)
    condition = joined(
        "Offer",
        member(when),
        f"who buys {bought}" if bought else "",
        f"who has not been here for {counted(idle, 'day')}" if idle else "",
        f"with {counted(least, 'order')} or more" if least else "",
        f"with at most {counted(most, 'order')}" if most else "",
        circumstances(when),
        f'"{rule["name"]}" for {counted(rule.get("valid_days", 14), "day")}',
    )
    times, pause = rule.get("times_max", 1), rule.get("cooldown_days")
    usable = circumstances(rule.get("usable") or {})
    return ended(
        condition,
        f"to be used {usable}" if usable else "",
        "once" if times == 1 else f"at most {times} times",
        f"with a code of {rule['codes']}" if rule.get("codes") else "",
        f"to who enters {rule['code']}" if rule.get("code") else "",
        "to whom a journey gives it" if rule.get("by_journey") else "",
        f"at most {counted(rule['limit'], 'time')} in all" if rule.get("limit") else "",
        f"not again within {counted(pause, 'day')}" if pause else "",
        trials(rule),
    )


def _code_pool(rule: Document, _: str) -> str:
    uploaded = rule.get("kind") == "uploaded"
    made = "from an uploaded list" if uploaded else "made by us"
    who = "whoever has it" if rule.get("redeem_by") == "anyone" else "its member"
    return f"{counted(rule['codes'], 'code')} {made}, each to be used once by {who}."


DISCOUNT_KINDS: Final = {
    "fixed_price": "a fixed price",
    "free_item": "an item for free",
    "free_delivery": "delivery for free",
    "buy_get": "more for what is bought",
}
SECTION_SENTENCES: Final[dict[str, Callable[[Document, str], str]]] = {
    "earn": earn_sentence,
    "bonuses": bonus_sentence,
    "streaks": _streak,
    "challenges": _challenge,
    "offers": _offer,
    "triggers": trigger_sentence,
    "journeys": journey_sentence,
    "gifts": _gift,
    "auto_redeem": _auto_redeem,
    "discounts": _discount,
    "templates": template_sentence,
    "personal_offers": _personal,
    "code_pools": _code_pool,
}
