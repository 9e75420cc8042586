"""A journey in words: who comes in, each step, and what leads out."""

from collections.abc import Mapping
from typing import Any

from loyalty.publishing.changes import Document
from loyalty.publishing.earning_sentences import ended, joined
from loyalty.publishing.journey_steps import StepInWords, happening, steps_in_words
from loyalty.publishing.phrases import circumstances, member
from loyalty.publishing.words import counted, listed

Part = Mapping[str, Any]


def journey_sentence(rule: Document, currency: str) -> str:
    """What lets a member in, every step, and what leads out."""
    reentry = {
        "always": "any number of times",
        "after_days": f"again after {counted(rule.get('reentry_days', 0), 'day')}",
    }.get(rule.get("reentry", "never"), "once in a life")
    said = [ended(f"{entry_words(rule, currency)} begin {rule_name(rule)}, {reentry}")]
    said += [
        f"{one.step_id}: {one.text}{_lead(one)}."
        for one in steps_in_words(rule, currency)
    ]
    exits = [happening(one, currency) for one in rule.get("exits") or ()]
    if exits:
        said.append(f"End it at any time when the member {listed(exits)}.")
    change = {
        "restart": "When it changes, those on the way begin anew.",
        "exit": "When it changes or stops, those on the way leave it.",
    }.get(rule.get("on_change", "keep"), "")
    return " ".join([*said, change]).strip()


def rule_name(rule: Document) -> str:
    """What people call a journey."""
    return f'"{rule.get("name") or rule.get("id", "")}"'


def entry_words(rule: Document, currency: str) -> str:
    """When a member comes in."""
    entry: Part = rule.get("entry") or {}
    when: Part = entry.get("when") or {}
    what = joined(member(when), happening(entry, currency), circumstances(when))
    return f"When {what},"


def _lead(step: StepInWords) -> str:
    """Where a step leads to, where that is not simply what follows."""
    parts = [
        joined(f"{one.case}:" if one.case else "then", one.to) for one in step.ways
    ]
    return f"; {'; '.join(parts)}" if parts else ""
