"""Steps of a trigger or a journey as cards: in words, and one of them as fields."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from api.console.rulebook.entries import value_at
from api.console.rulebook.fields import Field, Group, Path
from api.console.rulebook.journey_fields import EXITS, WAYS, parts_of, step_ids
from api.console.rulebook.step_fields import STEPS, STEPS_PATH
from api.console.rulebook.trigger_fields import step_paths
from loyalty.journeys.part_documents import END_WORD
from loyalty.limits import (
    JOURNEY_EXITS_MAX,
    JOURNEY_STEPS_MAX,
    JOURNEY_WAYS_MAX,
    TRIGGER_STEPS_MAX,
)
from loyalty.publishing.journey_steps import STEPS as IN_WORDS
from loyalty.publishing.journey_steps import StepInWords
from loyalty.publishing.trigger_sentences import step_words

# Parts of a trigger's step, by the words of their fields; all others are the message.
TIMING: Final = "delay_"
GIVING: Final = "step_"


class WayCard(NamedTuple):
    """A way out of a step, with its fields."""

    place: str
    fields: list[Field]


class StepCard(NamedTuple):
    """
    A step: what it is called, what it does in words, and where its buttons point.

    `parts` are its fields by what they are about; `ways_at` is the list that another
    way would join, empty where there is none or no room.
    """

    number: int
    place: str
    name: str
    kind: str
    said: StepInWords | None
    is_open: bool
    parts: list[tuple[str, list[Field]]]
    ways: list[WayCard]
    ways_at: str

    @property
    def names(self) -> list[str]:
        """Names of all its fields."""
        fields = [field for _, part in self.parts for field in part]
        return [one.name for one in fields + [f for w in self.ways for f in w.fields]]


class Cards(NamedTuple):
    """All steps and ways out of a rule; `is_full` when there may be no more steps."""

    steps: list[StepCard]
    is_full: bool
    exits: list[WayCard]
    exits_full: bool


def cards_of(
    section: str,
    document: Mapping[str, Any],
    groups: tuple[Group, ...],
    *,
    is_open: int,
    currency: str,
) -> Cards:
    """Cards of a rule that has steps; none of any other."""
    named = dict(groups)
    fields = named.get(STEPS, ())
    exits = [
        WayCard(_asked_at(path), _within(named.get(EXITS, ()), path))
        for path in (parts_of(document, (EXITS,)) if section == "journeys" else ())
    ]
    exits_full = len(exits) >= JOURNEY_EXITS_MAX
    if STEPS not in named:
        return Cards([], is_full=True, exits=exits, exits_full=exits_full)
    if section == "triggers":
        paths = step_paths(document)
        is_open = min(is_open, len(paths) - 1)
        cards = [
            _trigger_card(path, n, document, fields=fields, is_open=n == is_open)
            for n, path in enumerate(paths)
        ]
        full = len(cards) >= TRIGGER_STEPS_MAX
        return Cards(cards, is_full=full, exits=exits, exits_full=exits_full)
    paths = parts_of(document, STEPS_PATH)
    is_open = min(is_open, len(paths) - 1)
    cards = [
        _journey_card(path, document, fields, is_open=n == is_open, currency=currency)
        for n, path in enumerate(paths)
    ]
    full = len(cards) >= JOURNEY_STEPS_MAX
    return Cards(cards, is_full=full, exits=exits, exits_full=exits_full)


def _trigger_card(
    path: Path,
    number: int,
    document: Mapping[str, Any],
    *,
    fields: tuple[Field, ...],
    is_open: bool,
) -> StepCard:
    own = _within(fields, path)
    timing = [one for one in own if one.word.startswith(TIMING)]
    giving = [one for one in own if one.word.startswith(GIVING)]
    message = [one for one in own if one not in timing and one not in giving]
    parts = [("after", timing), ("message", message), ("points", giving)]
    text = _tolerant(step_words, value_at(document, path))
    said = StepInWords("", "", text, ()) if text else None
    place = _asked_at(path) or STEPS
    return StepCard(number, place, "", "", said, is_open, parts, [], "")


def _journey_card(
    path: Path,
    document: Mapping[str, Any],
    fields: tuple[Field, ...],
    *,
    is_open: bool,
    currency: str,
) -> StepCard:
    step: Mapping[str, Any] = value_at(document, path)
    kind, number = str(step.get("kind", "")), int(path[-1])
    listed = WAYS.get(kind, "")
    places = parts_of(document, (*path, listed)) if listed else []
    ways = [WayCard(_asked_at(one), _within(fields, one)) for one in places]
    of_ways = {field.name for way in ways for field in way.fields}
    own = [one for one in _within(fields, path) if one.name not in of_ways]
    following = (*step_ids(document)[number + 1 :], END_WORD)[0]
    in_words = IN_WORDS.get(kind)
    said = in_words and _tolerant(lambda: in_words(step, following, currency))
    has_room = listed and len(ways) < JOURNEY_WAYS_MAX
    return StepCard(
        number,
        _asked_at(path),
        str(step.get("id", "")),
        kind,
        said or None,
        is_open,
        [("", own)],
        ways,
        _asked_at((*path, listed)) if has_room else "",
    )


def _tolerant(words: Any, *told: Any) -> Any:
    """Words of a step; none while it is half written."""
    try:
        return words(*told)
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def _within(fields: tuple[Field, ...], path: Path) -> list[Field]:
    return [one for one in fields if one.path[: len(path)] == path]


def _asked_at(path: Path) -> str:
    return "/".join(map(str, path))
