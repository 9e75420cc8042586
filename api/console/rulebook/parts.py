"""Parts of a rule that come and go in its form: cases in cases, arms of experiments."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from api.console.rulebook.entries import value_at
from api.console.rulebook.fields import (
    CHANNELS,
    FLAG,
    FORMS,
    NAMES,
    NUMBER,
    SOME,
    TEXT,
    TIME,
    Field,
    Group,
    Path,
    form_of_rule,
    started,
)
from api.console.rulebook.journey_fields import JOURNEY_START, journey_groups
from api.console.rulebook.trigger_fields import TRIGGER_STARTS, trigger_groups
from api.console.rulebook.turning import copied
from loyalty.conditions import JOINTS
from loyalty.limits import CASE_DEPTH_MAX, CASES_MAX
from loyalty.publishing.time_phrases import WEEKDAYS

CASES: Final = "cases"
# Of all steps and cases together; a form shows one step at a time.
FIELDS_MAX: Final = 2_000
ARMS: Final = "arms"
WHEN: Final[Path] = ("when",)
EXPERIMENT: Final[Path] = ("experiment",)
ARMS_PATH: Final[Path] = (*EXPERIMENT, ARMS)
# What an arm may be given instead, by section and kind; "" is every other kind.
INSTEAD: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("earn", ""): ("points",),
    ("bonuses", "multiply"): ("factor",),
    ("bonuses", "add"): ("points",),
    ("streaks", ""): ("points",),
    ("challenges", ""): ("points",),
    ("personal_offers", ""): (),
}


class Case(NamedTuple):
    """A case of a joint: its fields, joints within it, and which more it may have."""

    path: str
    fields: tuple[Field, ...]
    joints: "list[Joined]"
    more: tuple[str, ...]


class Joined(NamedTuple):
    """Cases that are joined; `is_full` when there may be no more of them."""

    kind: str
    path: str
    cases: list[Case]
    is_full: bool


def form_of(section: str, document: Mapping[str, Any]) -> tuple[Group, ...] | None:
    """Groups of fields for a rule as it stands, with its cases, arms and steps."""
    if section == "journeys":
        return _bounded(journey_groups(document))
    is_trigger = section == "triggers"
    groups = trigger_groups(document) if is_trigger else form_of_rule(section, document)
    if groups is None:
        return None
    found: list[Group] = []
    for name, fields in groups:
        found.append((name, fields))
        if name == "when":
            inner = (case_fields(path) for path in case_paths(document))
            found.append((CASES, tuple(field for one in inner for field in one)))
    kind = str(document.get("kind", ""))
    instead = INSTEAD.get((section, kind), INSTEAD.get((section, "")))
    if section == "bonuses" and not kind:
        instead = ("factor",)
    if instead is not None:
        found.append((ARMS, _experiment_fields(document, instead)))
    return _bounded(tuple(found))


def started_form(section: str, kind: str) -> dict[str, Any] | None:
    """Document of a rule that somebody begins to write; None where text is all."""
    if section == "triggers" and kind in TRIGGER_STARTS:
        return copied({"id": "", **TRIGGER_STARTS[kind]})
    if section == "journeys" and not kind:
        return copied({"id": "", **JOURNEY_START})
    return started(section, kind) if (section, kind) in FORMS else None


def _bounded(groups: tuple[Group, ...]) -> tuple[Group, ...] | None:
    """Groups, unless they are of more fields than anybody finds a way through."""
    count = sum(len(fields) for _, fields in groups)
    return groups if count <= FIELDS_MAX else None


def case_fields(path: Path) -> tuple[Field, ...]:
    """Fields of a case at a path."""
    name = _name(path)
    part = (*path, "schedule", "day_parts", 0)
    return (
        Field(f"{name}-segments", (*path, "segments"), NAMES, known="segments"),
        Field(f"{name}-stores", (*path, "stores"), NAMES, known="stores"),
        Field(f"{name}-channels", (*path, "channels"), SOME, CHANNELS),
        Field(f"{name}-days", (*part, "days"), SOME, WEEKDAYS),
        Field(f"{name}-day_from", (*part, "from"), TIME),
        Field(f"{name}-day_to", (*part, "to"), TIME),
    )


def case_paths(document: Mapping[str, Any], path: Path = WHEN) -> Iterator[Path]:
    """Where each case stands, those that hold others before them."""
    for joint in JOINTS:
        cases = value_at(document, (*path, joint))
        for number in range(len(cases) if isinstance(cases, list) else 0):
            here = (*path, joint, number)
            if isinstance(value_at(document, here), Mapping):
                yield here
                # What is deeper than it may be is a fault, and is told as one.
                if len(here) < len(WHEN) + 2 * CASE_DEPTH_MAX:
                    yield from case_paths(document, here)


def cases_of(document: Mapping[str, Any]) -> Case:
    """All that is asked for, as the case that holds all others; it has no fields."""
    paths = frozenset(case_paths(document))
    return _case(document, WHEN, paths)._replace(fields=())


def arms_of(document: Mapping[str, Any]) -> list[Path]:
    """Where each arm of the rule's experiment stands."""
    arms = value_at(document, ARMS_PATH)
    return [
        (*ARMS_PATH, number)
        for number, one in enumerate(arms if isinstance(arms, list) else ())
        if isinstance(one, Mapping)
    ]


def _case(document: Mapping[str, Any], path: Path, paths: frozenset[Path]) -> Case:
    joints = []
    for kind in JOINTS:
        inner = sorted(one for one in paths if one[:-1] == (*path, kind))
        if inner:
            cases = [_case(document, one, paths) for one in inner]
            where = _asked_at((*path, kind))
            joints.append(Joined(kind, where, cases, len(cases) >= CASES_MAX))
    may_nest = len(path) < len(WHEN) + 2 * CASE_DEPTH_MAX
    known = {one.kind for one in joints}
    more = tuple(kind for kind in JOINTS if may_nest and kind not in known)
    return Case(_asked_at(path), case_fields(path), joints, more)


def _experiment_fields(
    document: Mapping[str, Any], instead: tuple[str, ...]
) -> tuple[Field, ...]:
    arms = arms_of(document)
    if not arms:
        return ()
    return (
        Field("experiment", (*EXPERIMENT, "id"), TEXT),
        *(field for path in arms for field in arm_fields(path, instead)),
    )


def arm_fields(path: Path, instead: tuple[str, ...]) -> tuple[Field, ...]:
    """Fields of an arm at a path."""
    name = _name(path)
    return (
        Field(f"{name}-arm", (*path, "id"), TEXT),
        Field(f"{name}-percent", (*path, "percent")),
        *(
            Field(
                f"{name}-arm_{one}", (*path, one), TEXT if one == "factor" else NUMBER
            )
            for one in instead
        ),
        Field(f"{name}-without", (*path, "without"), FLAG),
    )


def _name(path: Path) -> str:
    return "-".join(map(str, path))


def _asked_at(path: Path) -> str:
    return "/".join(map(str, path))
