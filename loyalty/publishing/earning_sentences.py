"""Rules that earn, and bonuses, as sentences."""

from typing import Final

from loyalty.publishing.changes import Document
from loyalty.publishing.limit_phrases import limits
from loyalty.publishing.phrases import circumstances, member, minimum, things
from loyalty.publishing.trial_phrases import trials
from loyalty.publishing.words import listed, money, points_of

WHOLE: Final = {"down": "whole", "nearest": "nearest", "up": "begun"}


def joined(*parts: str) -> str:
    """Parts that say anything, with spaces between them."""
    return " ".join(part for part in parts if part)


def ended(text: str, *more: str) -> str:
    """Sentence of parts that say anything, with commas between them."""
    return f"{', '.join([text, *(one for one in more if one)])}."


def earn_sentence(rule: Document, currency: str) -> str:
    """How an order or an act earns."""
    when, match = rule.get("when") or {}, rule.get("match") or {}
    kind = rule.get("kind", "spend")
    does = {
        "spend": "spends money",
        "item": "buys",
        "visit": "orders",
        "formula": "orders",
        "activity": f"does {rule.get('activity', '')}",
        "segment": f"joins the segment {rule.get('segment', '')}",
    }[kind]
    attributes = rule.get("attributes") or {}
    with_these = listed((f"{n} {v}" for n, v in attributes.items()), "and")
    told = things(match)
    if kind == "item":
        told = told or "anything"
    if kind == "spend" and told:
        told = f"on {told}"
    condition = joined(
        "When",
        member(when),
        does,
        f"with {with_these}" if with_these else "",
        told,
        minimum(rule, currency),
        circumstances(when),
    )
    award = f"give {_award(rule, kind, currency)}"
    return ended(condition, award, *limits(rule), trials(rule))


def _award(rule: Document, kind: str, currency: str) -> str:
    points = points_of(rule.get("points", 0), rule.get("wallet", ""))
    if kind == "spend":
        step = money(rule.get("step_minor", 100), currency)
        return f"{points} for each {WHOLE[rule.get('rounding', 'down')]} {step}"
    if kind == "item":
        return f"{points} for each unit"
    if kind == "formula":
        wallet = rule.get("wallet", "points")
        return f"{wallet} by the formula {rule.get('formula', '')}"
    return points


def bonus_sentence(rule: Document, currency: str) -> str:
    """What comes on top."""
    when = rule.get("when") or {}
    match_told = things(rule.get("match") or {})
    condition = joined(
        "When",
        member(when),
        "buys" if match_told else "orders",
        match_told,
        minimum(rule, currency),
        circumstances(when),
    )
    if rule.get("kind", "multiply") == "multiply":
        given = f"multiply the points by {rule.get('factor', '1')}"
    else:
        points = points_of(rule.get("points", 0), rule.get("wallet", ""))
        given = f"give {points} on top"
    return ended(condition, given, *limits(rule), trials(rule))
