"""Fields that steps of triggers and of journeys share: waits, messages, acts."""

from typing import Final

from api.console.rulebook.fields import (
    CHOICE,
    COUNTS,
    FLAG,
    PAIRS,
    SOME,
    TEXT,
    TIME,
    Field,
    Path,
)
from loyalty.engagement.rules import CAP_CHOICES
from loyalty.frequency import CALENDAR, ROLLING
from loyalty.messages import CHANNELS
from loyalty.periods import DAY, MONTH, WEEK

# The group of fields that is shown as one card a step.
STEPS: Final = "steps"
STEPS_PATH: Final[Path] = (STEPS,)


def named(path: Path, word: str) -> str:
    """Name of a field of a part at a path."""
    return "-".join(map(str, (*path, word)))


def delay_fields(path: Path) -> tuple[Field, ...]:
    """How long something waits."""
    return (
        Field(named(path, "delay_days"), (*path, "days")),
        Field(named(path, "delay_hours"), (*path, "hours")),
        Field(named(path, "delay_minutes"), (*path, "minutes")),
        Field(named(path, "delay_at"), (*path, "at"), TIME),
    )


def message_fields(path: Path) -> tuple[Field, ...]:
    """What is sent, by which channels, at which hour, until when, and how often."""
    own: Path = (*path, "own_frequency")
    return (
        Field(named(path, "template"), (*path, "template"), TEXT, known="templates"),
        Field(named(path, "sent_by"), (*path, "channels"), SOME, CHANNELS),
        Field(named(path, "by_habit"), (*path, "by_habit"), FLAG),
        Field(named(path, "habit_else"), (*path, "habit_else"), TIME),
        Field(named(path, "expires_hours"), (*path, "expires_hours")),
        Field(named(path, "frequency"), (*path, "frequency"), CHOICE, CAP_CHOICES),
        Field(named(path, "own_times"), (*own, "times")),
        Field(named(path, "own_kind"), (*own, "kind"), CHOICE, (CALENDAR, ROLLING)),
        Field(named(path, "own_period"), (*own, "period"), CHOICE, (DAY, WEEK, MONTH)),
        Field(named(path, "own_days"), (*own, "days")),
        Field(named(path, "values"), (*path, "values"), PAIRS),
    )


def asked_fields(path: Path) -> tuple[Field, ...]:
    """What the attributes of an act must be."""
    return (
        Field(named(path, "attributes"), (*path, "attributes"), PAIRS),
        Field(named(path, "at_least"), (*path, "at_least"), COUNTS),
        Field(named(path, "at_most"), (*path, "at_most"), COUNTS),
    )
