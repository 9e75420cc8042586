"""A trigger as a sentence: its occasion, and each step after it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from loyalty.campaigns import is_of_campaign
from loyalty.engagement.rules import AN_ORDER
from loyalty.publishing.changes import Document
from loyalty.publishing.earning_sentences import ended, joined
from loyalty.publishing.journey_steps import clock_words
from loyalty.publishing.message_sentences import cap_words
from loyalty.publishing.phrases import circumstances, member, minimum
from loyalty.publishing.words import counted, listed, points_of

Part = Mapping[str, Any]


def trigger_sentence(rule: Document, currency: str) -> str:
    """What a trigger waits for, and what it does then."""
    when: Part = rule.get("when") or {}
    steps = rule.get("steps") or [rule]
    kind = rule.get("kind", "near_reward")
    days = rule.get("cooldown_days")
    held_out = rule.get("holdout_percent")
    return ended(
        joined(
            "When", member(when), OCCASIONS[kind](rule, currency), circumstances(when)
        ),
        "; ".join([step_words(step) for step in steps]),
        f"not again within {counted(days, 'day')}" if days else "",
        f"but for {held_out} % who are held out" if held_out else "",
    )


def step_words(step: Part) -> str:
    """What a step does, and how long after the occasion."""
    does = []
    message: Part = step.get("message") or {}
    if step.get("points"):
        does.append(f"give {points_of(step['points'], step.get('points_wallet', ''))}")
    if message:
        channels = listed(message.get("channels", ()), "and")
        sent = f"send {message.get('template') or 'a message'} by {channels}"
        does.append(f"{sent}{_hour(message)}{cap_words(message)}")
    return joined(
        _delay(step.get("delay") or {}), listed(does or ["tell the apps"], "and")
    )


def _hour(message: Part) -> str:
    """Of which hour a message is, where it is not just when its step is due."""
    if message.get("urgent"):
        return " at any hour"
    if not message.get("by_habit"):
        return ""
    told = " at the member's own hour"
    if message.get("habit_else") is not None:
        told += f", or at {clock_words(message['habit_else'])} if it is not known"
    return told


def _delay(delay: Part) -> str:
    days, clock = delay.get("days", 0), delay.get("at")
    if clock is not None:
        hours = clock if isinstance(clock, str) else f"{clock // 60}:{clock % 60:02}"
        return f"in {counted(days, 'day')} at {hours}"
    spans = [
        counted(delay[f"{unit}s"], unit)
        for unit in ("day", "hour", "minute")
        if delay.get(f"{unit}s")
    ]
    return f"after {listed(spans, 'and')}" if spans else ""


def _near(rule: Document, _: str) -> str:
    points = points_of(rule.get("within_points", 0))
    return f"comes within {points} of the offer {rule.get('offer', '')}"


def _order(rule: Document, currency: str) -> str:
    # Which of the orders it is, `circumstances` says.
    return joined("orders", minimum(rule, currency))


def _act(rule: Document, _: str) -> str:
    kind = rule.get("kind", "")
    asked = [
        f"{name} {value}" for name, value in (rule.get("attributes") or {}).items()
    ]
    asked += [
        f"{name} at least {n}" for name, n in (rule.get("at_least") or {}).items()
    ]
    asked += [f"{name} at most {n}" for name, n in (rule.get("at_most") or {}).items()]
    act = str(rule.get("activity", kind))
    what = "is reached by the campaign" if is_of_campaign(act) else f"does {act}"
    what = OUTSIDE.get(kind) or what
    return joined(what, f"with {listed(asked, 'and')}" if asked else "")


def _offer(rule: Document, _: str) -> str:
    offer = f"the offer {rule['offer']}" if rule.get("offer") else "an offer"
    has = "has seen" if rule.get("kind") == "offer_viewed" else "got"
    return f"{has} {offer} and does not use it within {_minutes(rule)}"


def _basket(rule: Document, _: str) -> str:
    return f"leaves a basket for {_minutes(rule)}"


def _sequence(rule: Document, _: str) -> str:
    first, then, without = (
        (rule.get(name) or {}).get("activity", "")
        for name in ("first", "then", "without")
    )
    without = "an order" if without == AN_ORDER else without
    return joined(
        "orders" if first == AN_ORDER else f"does {first}",
        f"and then {'orders' if then == AN_ORDER else then}" if then else "",
        f"without {without}" if without else "",
        f"within {_minutes(rule)}",
    )


def _lapsed(rule: Document, _: str) -> str:
    days = counted(rule.get("days", 1), "day")
    if rule.get("rhythm"):
        return f"has not ordered for {rule['rhythm']} times the usual gap, or {days}"
    return f"has not ordered for {days}"


def _ends(what: str) -> Callable[[Document, str], str]:
    def say(rule: Document, _: str) -> str:
        named = {
            "wallet": rule.get("wallet", "points"),
            "streak": rule.get("streak", ""),
        }
        return f"is about to lose {what.format(**named)} within {_before(rule)}"

    return say


def _day(what: tuple[str, str, str]) -> Callable[[Document, str], str]:
    def say(rule: Document, _: str) -> str:
        before, after = rule.get("days_before"), rule.get("days_after")
        if before:
            return f"will {what[0]} in {counted(before, 'day')}"
        return f"{what[2]} {counted(after, 'day')} ago" if after else f"{what[1]} today"

    return say


def _before(rule: Document) -> str:
    spans = [
        counted(rule[f"{unit}s_before"], unit)
        for unit in ("day", "hour")
        if rule.get(f"{unit}s_before")
    ]
    return listed(spans, "and")


def _minutes(rule: Document) -> str:
    return counted(rule.get("within_minutes", 0), "minute")


OUTSIDE: Final = {
    "geofence_enter": "enters a geofence",
    "order_ready": "has an order that is ready",
}
OCCASIONS: Final[dict[str, Callable[[Document, str], str]]] = {
    "near_reward": _near,
    "order": _order,
    "activity": _act,
    "geofence_enter": _act,
    "order_ready": _act,
    "tier_up": lambda _rule, _currency: "rises to a higher tier",
    "offer_granted": _offer,
    "offer_viewed": _offer,
    "abandoned_basket": _basket,
    "sequence": _sequence,
    "lapsed": _lapsed,
    "points_expiring": _ends("{wallet}"),
    "tier_expiring": _ends("the tier"),
    "birthday": _day(("have a birthday", "has a birthday", "had a birthday")),
    "anniversary": _day(
        ("have an anniversary", "joined years ago", "joined years and")
    ),
    "streak_at_risk": _ends("the streak {streak}"),
}
