"""Dead letters as the API takes and shows them."""

from base64 import b64encode
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.cursors import cursor_of
from api.responses import shown
from loyalty.limits import REASON_LENGTH_MAX
from schemas.event_bodies import Strict
from schemas.source_documents import SourceDocuments
from stores.dead_letters_contract import Kept, Page

LETTERS_MAX: Final = 100
LETTER_ID: Final = r"^\d{1,4}-\d{1,18}$"
LetterId = Annotated[str, Field(pattern=LETTER_ID, examples=["3-1207"])]
Why = Annotated[str, Field(min_length=1, max_length=REASON_LENGTH_MAX)]
_DISCARD: Final = {"letter_ids": ["3-1207"], "why": "a test of the till's maker"}
_REDRIVE: Final = {"letter_ids": ["3-1207", "3-1208"], "why": "the registry is back"}
_MARK: Final = {
    "action": "redriven",
    "why": "the registry is back",
    "actor": "olga",
    "marked_at": "2026-11-24T12:30:00.000Z",
    "is_edited": False,
}
_LETTER: Final[dict[str, Any]] = {
    "letter_id": "3-1207",
    "status": "redriven",
    "reason": "unknown-schema",
    "detail": "schema id 7, but no schema registry is configured",
    "source_topic": "orders",
    "source_partition": 3,
    "source_offset": 1_204_511,
    "recorded_at": "2026-11-24T12:00:00.000Z",
    "key": "member-42",
    "bytes": 212,
    "mark": _MARK,
}


class DiscardIn(Strict):
    """Letters that nobody shall send again, and why."""

    model_config = Strict.model_config | Strict.shown(_DISCARD)

    letter_ids: Annotated[list[LetterId], Field(min_length=1, max_length=LETTERS_MAX)]
    why: Why


class RedriveIn(Strict):
    """
    Letters to write to their source topics again, and why.

    `document` takes the place of the value of one letter: all of its fields, as
    the letter's own `document` shows them. Its key stays.
    """

    model_config = Strict.model_config | Strict.shown(_REDRIVE)

    letter_ids: Annotated[list[LetterId], Field(min_length=1, max_length=LETTERS_MAX)]
    why: Why
    document: dict[str, Any] | None = None


class MarkOut(BaseModel):
    """What somebody did with a letter."""

    action: str
    why: str
    actor: str
    marked_at: str
    is_edited: bool


class LetterOut(BaseModel):
    """A record that could not be applied; `key` as text, `bytes` of its value."""

    letter_id: str
    status: str
    reason: str
    detail: str
    source_topic: str
    source_partition: int
    source_offset: int
    recorded_at: str
    key: str | None
    bytes: int
    mark: MarkOut | None


class WholeLetterOut(LetterOut):
    """A letter with its value, and what it says if it can be read at all."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [_LETTER | {"value_base64": "wwEB", "document": None}]
        }
    )

    value_base64: str | None
    document: dict[str, Any] | None


class LettersOut(BaseModel):
    """A page of letters; it may be short, or empty, and lead on all the same."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"items": [_LETTER], "next_cursor": None}]}
    )

    items: list[LetterOut]
    next_cursor: str | None


class OutcomesOut(BaseModel):
    """What was done with each letter."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"outcomes": {"3-1207": "redriven", "3-1208": "already"}}]
        }
    )

    outcomes: dict[str, Literal["redriven", "discarded", "already", "unknown"]]


def letters_out(page: Page) -> LettersOut:
    """Show a page."""
    return LettersOut(
        items=[LetterOut(**_fields(one)) for one in page.letters],
        next_cursor=None if page.after is None else cursor_of(*page.after),
    )


def letter_out(one: Kept, documents: SourceDocuments) -> WholeLetterOut:
    """Show all of a letter."""
    value = one.letter.value
    return WholeLetterOut(
        **_fields(one),
        value_base64=None if value is None else b64encode(value).decode(),
        document=documents.shown(one.letter.source_topic, value),
    )


def _fields(one: Kept) -> dict[str, Any]:
    letter, mark = one.letter, one.mark
    return {
        "letter_id": one.letter_id,
        "status": one.status,
        "reason": letter.reason,
        "detail": letter.detail,
        "source_topic": letter.source_topic,
        "source_partition": letter.source_partition,
        "source_offset": letter.source_offset,
        "recorded_at": shown(letter.recorded_at),
        "key": None if letter.key is None else letter.key.decode(errors="replace"),
        "bytes": len(letter.value or b""),
        "mark": None
        if mark is None
        else MarkOut(
            action=mark.action,
            why=mark.why,
            actor=mark.actor,
            marked_at=shown(mark.marked_at),
            is_edited=mark.is_edited,
        ),
    }
