"""What could not be applied: to look at, to send again, to leave for good."""

import logging
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Path, Query

from api.cursors import CURSOR_LENGTH_MAX, places_of
from api.dead_letter_shapes import (
    LETTER_ID,
    LETTERS_MAX,
    DiscardIn,
    LettersOut,
    OutcomesOut,
    RedriveIn,
    WholeLetterOut,
    letter_out,
    letters_out,
)
from api.dependencies import JsonOnly, Letters, Now
from api.errors import problem_responses
from api.gate import Caller, requires
from api.problems import (
    BodyTooLarge,
    DeadLetterNotFound,
    EventRefused,
    InvalidRequest,
    Problem,
    Unavailable,
    UnsupportedMediaType,
)
from schemas.json_values import Id, QueryMoment
from stores.dead_letters_contract import (
    END_OF_TIME_MS,
    Deed,
    Outcomes,
    Place,
    Selection,
)

logger = logging.getLogger(__name__)

LIMIT_DEFAULT: Final = 50
READS: Final = requires("operations:read", "operations:write", for_members=False)
WRITES: Final = requires("operations:write", for_members=False)

router = APIRouter(
    prefix="/v1",
    tags=["operations"],
    responses=problem_responses(InvalidRequest, Unavailable, Problem),
)
LetterName = Annotated[str, Path(pattern=LETTER_ID, examples=["3-1207"])]
Status = Literal["open", "redriven", "discarded", "all"]
WRITE_FAULTS: Final = problem_responses(BodyTooLarge, UnsupportedMediaType)


@router.get("/dead-letters", dependencies=[READS])
async def list_letters(
    *,
    letters: Letters,
    reason: Annotated[Id | None, Query()] = None,
    topic: Annotated[Id | None, Query()] = None,
    from_at: Annotated[QueryMoment | None, Query()] = None,
    until_at: Annotated[QueryMoment | None, Query()] = None,
    status: Annotated[Status, Query()] = "open",
    cursor: Annotated[str | None, Query(max_length=CURSOR_LENGTH_MAX)] = None,
    limit: Annotated[int, Query(ge=1, le=LETTERS_MAX)] = LIMIT_DEFAULT,
) -> LettersOut:
    """
    Letters by reason, topic and time of their record, oldest first in a partition.

    A page is made of at most 20,000 looked at, and may be short: `next_cursor` leads
    on.
    """
    selection = Selection(
        reason or "",
        topic or "",
        from_at or 0,
        END_OF_TIME_MS if until_at is None else until_at,
        status,
    )
    after = None
    if cursor is not None:
        after = Place(*places_of(cursor, maxima=(1_024, 2**63 - 1)))
    return letters_out(await letters.letters.page(selection, after=after, limit=limit))


@router.get(
    "/dead-letters/{letter_id}",
    dependencies=[READS],
    responses=problem_responses(DeadLetterNotFound),
)
async def get_letter(letter_id: LetterName, letters: Letters) -> WholeLetterOut:
    """All of a letter: its bytes, what they say, and what was done with it."""
    return letter_out(await letters.find(letter_id), letters.documents)


@router.post(
    "/dead-letter-redrives",
    dependencies=[WRITES, JsonOnly],
    responses=problem_responses(DeadLetterNotFound, EventRefused) | WRITE_FAULTS,
)
async def redrive(
    *, body: RedriveIn, letters: Letters, caller: Caller, now: Now
) -> OutcomesOut:
    """Write letters to their source topics again, each once, however often asked."""
    deed = Deed(caller.subject, body.why, now)
    done = await letters.redrive(body.letter_ids, deed, document=body.document)
    return _told(done, deed)


@router.post(
    "/dead-letter-discards",
    dependencies=[WRITES, JsonOnly],
    responses=WRITE_FAULTS,
)
async def discard(
    *, body: DiscardIn, letters: Letters, caller: Caller, now: Now
) -> OutcomesOut:
    """Mark letters as not to be sent again; they stay as long as all the others."""
    deed = Deed(caller.subject, body.why, now)
    return _told(await letters.letters.discard(body.letter_ids, deed), deed)


def _told(outcomes: Outcomes, deed: Deed) -> OutcomesOut:
    logger.info(
        "dead letters", extra={"subject": deed.actor, "outcomes": dict(outcomes)}
    )
    return OutcomesOut(outcomes=outcomes)
