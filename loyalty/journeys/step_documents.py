"""Steps of a journey from their document: each kind, one function."""

from collections.abc import Callable
from typing import Final

from loyalty.cap_documents import caps_of
from loyalty.document import Node
from loyalty.journeys.part_documents import (
    END_WORD,
    HOUR_MS,
    delay_of,
    minute_of,
    next_of,
    test_of,
)
from loyalty.journeys.steps import (
    END,
    NO_MINUTE,
    Branch,
    Fork,
    Give,
    JourneyStep,
    Leave,
    Occasion,
    Send,
    Share,
    Split,
    Wait,
    WaitFor,
    Way,
)
from loyalty.limits import (
    JOURNEY_STEPS_MAX,
    JOURNEY_VALUES_MAX,
    JOURNEY_WAYS_MAX,
    TEXT_LENGTH_MAX,
    WINDOW_DAYS_MAX,
)
from loyalty.messages import CHANNELS
from loyalty.reward_documents import RULE_POINTS_MAX, id_of
from loyalty.rules import POINTS

HUNDRED: Final = 100
ReadOccasion = Callable[[Node], Occasion]


def steps_of(node: Node, occasion: ReadOccasion) -> tuple[JourneyStep, ...]:
    """Read all steps; one that does not say where it leads leads to the next one."""
    listed = node.raw("steps")
    ids = [
        str(one.get("id", "")) if isinstance(one, dict) else ""
        for one in (listed if isinstance(listed, list) else [])
    ]
    if not ids:
        node.fault("steps", "a journey has at least one step")
    following = iter((*ids[1:], END))
    return node.each(
        "steps",
        lambda one: _step(one, next(following, END), occasion),
        JOURNEY_STEPS_MAX,
    )


def _step(node: Node, following: str, occasion: ReadOccasion) -> JourneyStep:
    step_id = id_of(node)
    if step_id == END_WORD:
        node.fault("id", f"{END_WORD} is where every journey ends, and no step")
    kind = node.choice("kind", tuple(KINDS))
    if not node.has("kind"):
        node.fault("kind", f"expected one of {', '.join(KINDS)}")
    if kind == "wait_for":
        return _wait_for(node, step_id, following, occasion=occasion)
    return KINDS[kind](node, step_id, following)


def _wait(node: Node, step_id: str, following: str) -> Wait:
    return Wait(step_id, next_of(node, "next", following), delay_of(node))


def _wait_for(
    node: Node, step_id: str, following: str, *, occasion: ReadOccasion
) -> WaitFor:
    def way(one: Node) -> Way:
        return Way(occasion(one), next_of(one, "next", None))

    ways = node.each("for", way, JOURNEY_WAYS_MAX)
    if not ways:
        node.fault("for", "waits for nothing: use kind: wait")
    return WaitFor(step_id, next_of(node, "else", following), delay_of(node), ways)


def _branch(node: Node, step_id: str, following: str) -> Branch:
    def fork(one: Node) -> Fork:
        return Fork(test_of(one.part("if")), next_of(one, "next", None))

    forks = node.each("branches", fork, JOURNEY_WAYS_MAX)
    if not forks:
        node.fault("branches", "needs at least one branch")
    return Branch(step_id, next_of(node, "else", following), forks)


def _split(node: Node, step_id: str, _: str) -> Split:
    def share(one: Node) -> Share:
        percent = one.number("percent", minimum=1, maximum=HUNDRED)
        return Share(percent, next_of(one, "next", None))

    shares = node.each("shares", share, JOURNEY_WAYS_MAX)
    total = sum(share.percent for share in shares)
    if total != HUNDRED:
        node.fault("shares", f"come to {total} of 100 members")
    return Split(step_id, shares)


def _send(node: Node, step_id: str, following: str) -> Send:
    names = node.names("channels", among=CHANNELS)
    part = node.part("values")
    keys = part.keys()
    if len(keys) > JOURNEY_VALUES_MAX:
        part.fault("", f"has {len(keys)} values, at most {JOURNEY_VALUES_MAX}")
    values = tuple((key, part.text(key, maximum=TEXT_LENGTH_MAX)) for key in keys)
    part.close()
    hours = node.number(
        "expires_hours", minimum=1, default=24, maximum=24 * WINDOW_DAYS_MAX
    )
    read = Send(
        step_id,
        next_of(node, "next", following),
        node.text("template"),
        tuple(channel for channel in CHANNELS if channel in names),
        hours * HOUR_MS,
        values,
        node.flag("by_habit"),
        minute_of(node, "habit_else"),
        *caps_of(node),
    )
    if read.else_minute != NO_MINUTE and not read.by_habit:
        node.fault("habit_else", "goes with by_habit")
    return read


def _give(node: Node, step_id: str, following: str) -> Give:
    next_id = next_of(node, "next", following)
    if node.has("offer"):
        for name in ("points", "wallet"):
            if node.has(name):
                node.raw(name)
                node.fault(name, "a step gives points or an offer, not both")
        return Give(step_id, next_id, 0, offer_id=node.text("offer"))
    return Give(
        step_id,
        next_id,
        node.number("points", minimum=1, maximum=RULE_POINTS_MAX),
        node.text("wallet", default=POINTS),
    )


def _leave(node: Node, step_id: str, _: str) -> Leave:
    return Leave(step_id, node.text("reason", default="", maximum=TEXT_LENGTH_MAX))


KINDS: Final[dict[str, Callable[[Node, str, str], JourneyStep]]] = {
    "message": _send,
    "wait": _wait,
    # It needs to be told how to read what it waits for.
    "wait_for": _wait,
    "branch": _branch,
    "split": _split,
    "give": _give,
    "exit": _leave,
}
