"""Steps of a journey in words."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from loyalty.publishing.changes import Document
from loyalty.publishing.earning_sentences import joined
from loyalty.publishing.message_sentences import cap_words
from loyalty.publishing.phrases import minimum
from loyalty.publishing.words import counted, listed, points_of

Part = Mapping[str, Any]
END: Final = "end"


class Way(NamedTuple):
    """A way out of a step: in which case, and to which step (`end` is the end)."""

    case: str
    to: str


class StepInWords(NamedTuple):
    """One step: what it does, and where it may lead to."""

    step_id: str
    kind: str
    text: str
    ways: tuple[Way, ...]


def steps_in_words(rule: Document, currency: str) -> list[StepInWords]:
    """Each step in the document's order."""
    steps = list(rule.get("steps") or ())
    following = [str(one.get("id", "")) for one in steps[1:]] + [END]
    return [
        STEPS[str(step.get("kind", ""))](step, after, currency)
        for step, after in zip(steps, following, strict=True)
    ]


def happening(one: Part, currency: str) -> str:
    """Something that happens, as what a member does."""
    kind = one.get("event", "order")
    if kind == "order":
        return joined("orders", minimum(one, currency))
    if kind == "tier":
        to = listed(one.get("to") or ())
        return f"comes to {to}" if to else "changes tier"
    if kind == "segment":
        moves = (("joins", one.get("joins")), ("leaves", one.get("leaves")))
        return " or ".join([f"{does} {listed(of)}" for does, of in moves if of])
    if kind == "return":
        return "returns the order"
    if kind == "command":
        return f"is spoken of by {one.get('command', '')}"
    if kind == "trigger":
        return f"meets the trigger {one.get('trigger', '')}"
    asked = [f"{name} {value}" for name, value in (one.get("attributes") or {}).items()]
    what = f"does {one.get('activity', '')}"
    return joined(what, f"with {listed(asked, 'and')}" if asked else "")


def clock_words(clock: str | int) -> str:
    """A time of day; YAML reads one without quotes as its minute."""
    return clock if isinstance(clock, str) else f"{clock // 60:02}:{clock % 60:02}"


def delay_words(step: Part) -> str:
    """How long a step waits."""
    spans = [
        counted(step[f"{unit}s"], unit)
        for unit in ("day", "hour", "minute")
        if step.get(f"{unit}s")
    ]
    span = listed(spans, "and")
    clock = step.get("at")
    if clock is None:
        return span
    hours = clock_words(clock)
    whose = " of the programme" if step.get("clock") == "program" else ""
    return f"{span} and until {hours}{whose}" if span else f"until {hours}{whose}"


def _step(step: Part, kind: str, text: str, *ways: Way) -> StepInWords:
    return StepInWords(str(step.get("id", "")), kind, text, ways)


def _next(step: Part, after: str) -> Way:
    return Way("", str(step.get("next") or after))


def _message(step: Part, after: str, _: str) -> StepInWords:
    channels = listed(step.get("channels") or (), "and") or "all its channels"
    hour = " at the member's own hour" if step.get("by_habit") else ""
    if step.get("habit_else") is not None:
        hour += f", or at {clock_words(step['habit_else'])} if it is not known"
    text = f"send {step.get('template', '')} by {channels}{hour}{cap_words(step)}"
    return _step(step, "message", text, _next(step, after))


def _wait(step: Part, after: str, _: str) -> StepInWords:
    return _step(step, "wait", f"wait {delay_words(step)}", _next(step, after))


def _wait_for(step: Part, after: str, currency: str) -> StepInWords:
    ways = [
        Way(f"when the member {happening(one, currency)}", str(one.get("next", "")))
        for one in step.get("for") or ()
    ]
    ways.append(Way("else", str(step.get("else") or after)))
    return _step(step, "wait_for", f"wait at most {delay_words(step)}", *ways)


def _branch(step: Part, after: str, _: str) -> StepInWords:
    ways = [
        Way(_test_words(one.get("if") or {}), str(one.get("next", "")))
        for one in step.get("branches") or ()
    ]
    ways.append(Way("else", str(step.get("else") or after)))
    return _step(step, "branch", "look at the member", *ways)


def _test_words(test: Part) -> str:
    parts = []
    for name, words in TESTS.items():
        value = test.get(name)
        if value in (None, [], ()):
            continue
        told = listed(value) if isinstance(value, list | tuple) else value
        parts.append(words.format(told))
    if test.get("ordered") is not None:
        parts.append("has ordered" if test["ordered"] else "has not ordered")
    return f"if the member {listed(parts, 'and')}"


def _split(step: Part, _: str, __: str) -> StepInWords:
    ways = [
        Way(f"{one.get('percent')} of 100", str(one.get("next", "")))
        for one in step.get("shares") or ()
    ]
    return _step(step, "split", "share members out", *ways)


def _give(step: Part, after: str, _: str) -> StepInWords:
    what = points_of(step.get("points", 0), step.get("wallet", ""))
    if step.get("offer"):
        what = f"the offer {step['offer']}"
    return _step(step, "give", f"give {what}", _next(step, after))


def _exit(step: Part, _: str, __: str) -> StepInWords:
    reason = step.get("reason")
    return _step(step, "exit", f"end, {reason}" if reason else "end")


TESTS: Final = {
    "tiers": "is {}",
    "segments": "is of {}",
    "time_zones": "lives in {}",
    "balance_min": "has at least {} points",
    "balance_max": "has at most {} points",
    "orders_min": "has ordered at least {} times",
    "orders_max": "has ordered at most {} times",
    "seen": "has done {}",
}
STEPS: Final[dict[str, Callable[[Part, str, str], StepInWords]]] = {
    "message": _message,
    "wait": _wait,
    "wait_for": _wait_for,
    "branch": _branch,
    "split": _split,
    "give": _give,
    "exit": _exit,
}
