"""The fields of a journey: who comes in, each step, what leads out."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from api.console.rulebook.entries import value_at
from api.console.rulebook.fields import (
    CHOICE,
    MONEY,
    NAMES,
    PAIRS,
    TARGET,
    TEXT,
    TRUTH,
    Field,
    Group,
    Path,
    when_fields,
    who_fields,
)
from api.console.rulebook.step_fields import (
    STEPS,
    STEPS_PATH,
    delay_fields,
    message_fields,
    named,
)
from loyalty.journeys.documents import ENTRIES, OCCASIONS
from loyalty.journeys.part_documents import END_WORD
from loyalty.journeys.step_documents import KINDS
from loyalty.journeys.steps import (
    ACTIVITY,
    COMMAND,
    ORDER,
    RETURN,
    SEGMENT,
    TIER,
    TRIGGER,
)

ENTRY: Final[Path] = ("entry",)
EXITS: Final = "exits"
STEP_KINDS: Final = tuple(KINDS)
# Lists of ways out of a step, by the step's kind.
WAYS: Final[Mapping[str, str]] = {
    "wait_for": "for",
    "branch": "branches",
    "split": "shares",
}
JOURNEY_START: Final[Mapping[str, Any]] = {
    "entry": {"event": ORDER, "when": {"order_number": 1}},
    "exits": [{"event": RETURN}],
    "steps": [
        {"id": "hello", "kind": "message", "template": ""},
        {"id": "rest", "kind": "wait", "days": 7},
    ],
}
_JOURNEY: Final = (
    Field("journey_name", ("name",), TEXT),
    Field("priority", ("priority",)),
    Field("reentry", ("reentry",), CHOICE, ("never", "after_days", "always")),
    Field("reentry_days", ("reentry_days",)),
    Field("on_change", ("on_change",), CHOICE, ("keep", "restart", "exit")),
)
Ids = tuple[str, ...]


def journey_groups(document: Mapping[str, Any]) -> tuple[Group, ...]:
    """Groups of fields of a journey as it stands."""
    exits = (
        event_fields(path, document, OCCASIONS) for path in parts_of(document, (EXITS,))
    )
    ids = step_ids(document)
    steps = (
        journey_step_fields(path, document, ids)
        for path in parts_of(document, STEPS_PATH)
    )
    when: Path = (*ENTRY, "when")
    who = who_fields(when)
    return (
        ("entry", (*event_fields(ENTRY, document, ENTRIES), *who[2:])),
        (STEPS, tuple(field for one in steps for field in one)),
        (EXITS, tuple(field for one in exits for field in one)),
        ("who", who[:2]),
        ("when", when_fields(when)),
        ("journey", _JOURNEY),
    )


def parts_of(document: Mapping[str, Any], path: Path) -> list[Path]:
    """Where each part of a list stands."""
    listed = value_at(document, path)
    return [
        (*path, number)
        for number, one in enumerate(listed if isinstance(listed, list) else ())
        if isinstance(one, Mapping)
    ]


def step_ids(document: Mapping[str, Any]) -> Ids:
    """Ids of all steps, in their order."""
    steps = document.get(STEPS)
    return tuple(
        str(one.get("id", ""))
        for one in (steps if isinstance(steps, list) else ())
        if isinstance(one, Mapping)
    )


def event_fields(
    path: Path, document: Mapping[str, Any], kinds: tuple[str, ...]
) -> tuple[Field, ...]:
    """Fields of something that happens."""
    event = _part(document, path).get("event", kinds[0])
    own = OF_EVENT.get(event) if isinstance(event, str) else None
    return (
        Field(named(path, "event"), (*path, "event"), CHOICE, kinds, turns=True),
        *(own(path) if own else ()),
    )


def _of_order(path: Path) -> tuple[Field, ...]:
    return (
        Field(named(path, "minimum"), (*path, "minimum_minor"), MONEY),
        Field(named(path, "over"), (*path, "over_minor"), MONEY),
    )


def _of_activity(path: Path) -> tuple[Field, ...]:
    name = named(path, "act")
    return (
        Field(name, (*path, "activity"), TEXT, known="activities"),
        Field(named(path, "attributes"), (*path, "attributes"), PAIRS),
    )


def _of_command(path: Path) -> tuple[Field, ...]:
    return (
        Field(named(path, "command"), (*path, "command"), TEXT),
        Field(named(path, "attributes"), (*path, "attributes"), PAIRS),
    )


def _of_tier(path: Path) -> tuple[Field, ...]:
    return (Field(named(path, "to"), (*path, "to"), NAMES, known="tiers"),)


def _of_segment(path: Path) -> tuple[Field, ...]:
    return (
        Field(named(path, "joins"), (*path, "joins"), NAMES, known="segments"),
        Field(named(path, "leaves"), (*path, "leaves"), NAMES, known="segments"),
    )


def _of_trigger(path: Path) -> tuple[Field, ...]:
    name = named(path, "trigger")
    return (Field(name, (*path, "trigger"), TEXT, known="triggers"),)


OF_EVENT: Final[Mapping[str, Callable[[Path], tuple[Field, ...]]]] = {
    ORDER: _of_order,
    ACTIVITY: _of_activity,
    TIER: _of_tier,
    SEGMENT: _of_segment,
    COMMAND: _of_command,
    TRIGGER: _of_trigger,
    RETURN: lambda _: (),
}


def journey_step_fields(
    path: Path, document: Mapping[str, Any], ids: Ids
) -> tuple[Field, ...]:
    """Fields of a step at a path, those of its ways behind its own."""
    step = _part(document, path)
    kind = step.get("kind")
    head = (
        Field(named(path, "step_id"), (*path, "id"), TEXT),
        Field(
            named(path, "step_kind"), (*path, "kind"), CHOICE, STEP_KINDS, turns=True
        ),
    )
    if not isinstance(kind, str) or kind not in OF_STEP:
        return head
    own = OF_STEP[kind](path)
    follows = {"wait_for": "else", "branch": "else"}.get(kind, "next")
    if kind not in ("split", "exit"):
        own = (*own, _target(path, follows, ids))
    return (*head, *own, *_ways(path, kind, document, ids=ids))


def _target(path: Path, name: str, ids: Ids) -> Field:
    choices = ("", *(one for one in ids if one), END_WORD)
    return Field(named(path, name), (*path, name), TARGET, choices)


def _ways(
    path: Path, kind: str, document: Mapping[str, Any], *, ids: Ids
) -> Iterator[Field]:
    """Fields of each way out of a step that has several."""
    name = WAYS.get(kind)
    for place in parts_of(document, (*path, name)) if name else ():
        if kind == "wait_for":
            yield from event_fields(place, document, OCCASIONS)
        elif kind == "branch":
            yield from _test_fields((*place, "if"))
        else:
            yield Field(named(place, "percent"), (*place, "percent"))
        yield _target(place, "next", ids)


def _test_fields(path: Path) -> tuple[Field, ...]:
    return (
        Field(named(path, "tiers"), (*path, "tiers"), NAMES, known="tiers"),
        Field(named(path, "segments"), (*path, "segments"), NAMES, known="segments"),
        Field(named(path, "ordered"), (*path, "ordered"), TRUTH),
        Field(named(path, "seen"), (*path, "seen"), NAMES, known="activities"),
        Field(named(path, "orders_least"), (*path, "orders_min")),
        Field(named(path, "orders_most"), (*path, "orders_max")),
        Field(named(path, "balance_least"), (*path, "balance_min")),
        Field(named(path, "balance_most"), (*path, "balance_max")),
        Field(named(path, "wallet"), (*path, "wallet"), TEXT, known="wallets"),
    )


def _wait(path: Path) -> tuple[Field, ...]:
    whose = ("member", "program")
    clock = Field(named(path, "clock"), (*path, "clock"), CHOICE, whose)
    return (*delay_fields(path), clock)


def _give(path: Path) -> tuple[Field, ...]:
    offer = named(path, "gives_offer")
    return (
        Field(named(path, "points"), (*path, "points")),
        Field(named(path, "wallet"), (*path, "wallet"), TEXT, known="wallets"),
        Field(offer, (*path, "offer"), TEXT, known="personal_offers"),
    )


def _exit(path: Path) -> tuple[Field, ...]:
    return (Field(named(path, "reason"), (*path, "reason"), TEXT),)


OF_STEP: Final[Mapping[str, Callable[[Path], tuple[Field, ...]]]] = {
    "message": message_fields,
    "wait": _wait,
    "wait_for": _wait,
    "branch": lambda _: (),
    "split": lambda _: (),
    "give": _give,
    "exit": _exit,
}


def _part(document: Mapping[str, Any], path: Path) -> Mapping[str, Any]:
    """Part at a path; an empty one where it is no object."""
    found = value_at(document, path)
    return found if isinstance(found, Mapping) else {}
