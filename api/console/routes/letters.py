"""Dead letters on the console: a list to work through, and a page for each."""

import json
import logging
from http import HTTPStatus
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse

from api.console.doors import Form, PagesOf, needs
from api.console.places import PREFIX
from api.console.viewers import READ_OPERATIONS, WRITE_OPERATIONS, Viewer
from api.cursors import CURSOR_LENGTH_MAX, cursor_of, places_of
from api.dead_letter_shapes import LETTER_ID, LETTERS_MAX
from api.dependencies import Letters, Now
from api.problems import InvalidRequest
from loyalty.limits import ID_LENGTH_MAX, REASON_LENGTH_MAX
from schemas.topics import READERS
from stores.dead_letters_contract import OPEN, STATUSES, Deed, Kept, Place, Selection

logger = logging.getLogger(__name__)

PAGE: Final = 50
KEY_LENGTH_MAX: Final = 64
HEX_LENGTH_MAX: Final = 4_096
PICKED: Final = "letter-"
# Where a letter may come from: whatever somebody reads.
TOPICS: Final = sorted({topic for topics in READERS.values() for topic in topics})

router = APIRouter(dependencies=[needs(READ_OPERATIONS)])
Text = Annotated[str, Query(max_length=ID_LENGTH_MAX)]
LetterName = Annotated[str, Path(pattern=LETTER_ID)]


@router.get("/operations/letters")
async def letters(
    *,
    request: Request,
    desk: Letters,
    pages: PagesOf,
    reason: Text = "",
    topic: Text = "",
    status: Annotated[str, Query(pattern=f"^({'|'.join(STATUSES)})$")] = OPEN,
    cursor: Annotated[str, Query(max_length=CURSOR_LENGTH_MAX)] = "",
    done: Annotated[str, Query(max_length=ID_LENGTH_MAX)] = "",
) -> HTMLResponse:
    """Letters of a selection, to be picked and dealt with."""
    selection = Selection(reason=reason.strip(), topic=topic.strip(), status=status)
    after = None
    if cursor:
        after = Place(*places_of(cursor, maxima=(1_024, 2**63 - 1)))
    page = await desk.letters.page(selection, after=after, limit=PAGE)
    asked = {"reason": selection.reason, "topic": selection.topic, "status": status}
    more = ""
    if page.after is not None:
        more = urlencode(asked | {"cursor": cursor_of(*page.after)})
    values: dict[str, Any] = {
        "here": "operations",
        "letters": [_row(one) for one in page.letters],
        "asked": asked,
        "statuses": STATUSES,
        "topics": TOPICS,
        "more": more,
        "done": done,
        "picked": PICKED,
    }
    return pages.page(request, "letters.html", values)


@router.get("/operations/letters/{letter_id}")
async def letter(
    *,
    request: Request,
    letter_id: LetterName,
    desk: Letters,
    pages: PagesOf,
) -> HTMLResponse:
    """All of a letter, and what can be done with it."""
    one = await desk.find(letter_id)
    source = one.letter
    document = desk.documents.shown(source.source_topic, source.value)
    values = {
        "here": "operations",
        "letter": _row(one),
        "mark": one.mark,
        "document": document and json.dumps(document, indent=2, default=str),
        "bytes": len(source.value or b""),
        "hex": (source.value or b"").hex(" ")[:HEX_LENGTH_MAX],
    }
    return pages.page(request, "letter.html", values)


@router.post("/operations/letters/deal", dependencies=[needs(WRITE_OPERATIONS)])
async def deal(
    *, request: Request, form: Form, desk: Letters, pages: PagesOf, now: Now
) -> RedirectResponse:
    """Send what was picked again, or discard it, in the viewer's name."""
    names = [name.removeprefix(PICKED) for name in form if name.startswith(PICKED)]
    if "letter" in form:
        names = [form["letter"]]
    why = form.get("why", "").strip()
    if not 0 < len(names) <= LETTERS_MAX:
        raise InvalidRequest(pages.texts("letters.none_picked"))
    if not 0 < len(why) <= REASON_LENGTH_MAX:
        raise InvalidRequest(pages.texts("letters.why_missing"))
    viewer: Viewer = request.state.viewer
    deed = Deed(viewer.subject, why, now)
    if form.get("do") == "redrive":
        outcomes = await desk.redrive(names, deed, document=_document(form, pages))
    else:
        outcomes = await desk.letters.discard(names, deed)
    logger.info(
        "dead letters", extra={"subject": viewer.subject, "outcomes": dict(outcomes)}
    )
    told = list(outcomes.values())
    done = ", ".join(f"{told.count(what)} {what}" for what in sorted(set(told)))
    address = f"{PREFIX}/operations/letters?{urlencode({'done': done})}"
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)


def _document(form: dict[str, str], pages: PagesOf) -> dict[str, Any] | None:
    """What was typed instead of the letter's own value; None if nothing was changed."""
    text = form.get("document", "")
    if not text or text.split() == form.get("original", "").split():
        return None
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidRequest(pages.texts("letters.not_json", why=error)) from error
    if not isinstance(document, dict):
        raise InvalidRequest(pages.texts("letters.not_json", why="no object"))
    return document


def _row(one: Kept) -> dict[str, Any]:
    key = (one.letter.key or b"").decode(errors="replace")[:KEY_LENGTH_MAX]
    return one.letter._asdict() | {
        "key": key,
        "letter_id": one.letter_id,
        "status": one.status,
    }
