"""A member's inbox: what is in it, what was read, and where e-mails go."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Response

from api.contacts import ContactInvalid, written
from api.cursors import CURSOR_LENGTH_MAX, cursor_of, places_of
from api.delivery_problems import DeliveryNotKept, MessageNotFound
from api.delivery_requests import AddressIn, MarkIn
from api.delivery_responses import InboxMessageOut, InboxOut, message_out
from api.dependencies import Codec, JsonOnly, Log, MemberId, Now, Sends, Views
from api.entity_tags import (
    NOT_MODIFIED,
    IfNoneMatch,
    etag_of_version,
    headers_of,
    unless_known,
)
from api.errors import problem_responses
from api.gate import requires
from api.problems import (
    BodyTooLarge,
    InvalidRequest,
    MemberNotFound,
    Problem,
    Unavailable,
    UnsupportedMediaType,
    no_such_member,
)
from loyalty.events import ActivityEvent
from loyalty.limits import ID_LENGTH_MAX
from schemas.topics import ACTIVITY
from stores.identities_contract import EMAIL
from stores.inbox_contract import INBOX_MAX, InboxMessage

TIME_MAX: Final = 2**53

router = APIRouter(
    prefix="/v1/members",
    tags=["members"],
    responses=problem_responses(InvalidRequest, MemberNotFound, Unavailable, Problem),
)
READS: Final = requires("members:read")
WRITES: Final = requires("members:write")
WITH_BODY: Final = problem_responses(BodyTooLarge, UnsupportedMediaType)
MessageId = Annotated[str, Path(min_length=1, max_length=ID_LENGTH_MAX)]


@router.get(
    "/{member_id}/inbox",
    dependencies=[READS],
    responses=NOT_MODIFIED,
)
async def read_inbox(
    *,
    member_id: MemberId,
    sends: Sends,
    now: Now,
    response: Response,
    cursor: Annotated[str | None, Query(max_length=CURSOR_LENGTH_MAX)] = None,
    limit: Annotated[int, Query(ge=1, le=INBOX_MAX)] = 20,
    if_none_match: IfNoneMatch = None,
) -> InboxOut:
    """Messages that are not dismissed and not over, newest first."""
    page = await sends.stores.inbox.get(member_id)
    messages = page.shown_at(now)
    etag = etag_of_version(page.version, len(messages))
    known = unless_known(if_none_match, etag)
    if known is not None:
        return known  # type: ignore[return-value] # FastAPI passes a response on as it is
    response.headers.update(headers_of(etag))
    place = (TIME_MAX, 0)
    if cursor is not None:
        until, skip = places_of(cursor, maxima=(TIME_MAX, INBOX_MAX))
        place = (until, skip)
    rest = [one for one in messages if one.created_at <= place[0]][place[1] :]
    items = rest[:limit]
    return InboxOut(
        items=[message_out(one) for one in items],
        unread=sum(not one.read_at for one in messages),
        next_cursor=_next(items, place) if len(rest) > limit else None,
    )


@router.put(
    "/{member_id}/inbox/{message_id}",
    dependencies=[WRITES, JsonOnly],
    responses=WITH_BODY | problem_responses(MessageNotFound),
)
async def mark_message(
    *,
    member_id: MemberId,
    message_id: MessageId,
    body: MarkIn,
    sends: Sends,
    log: Log,
    codec: Codec,
    now: Now,
) -> InboxMessageOut:
    """Say that a message was read or dismissed; the first time is an act of theirs."""
    page = await sends.stores.inbox.get(member_id)
    known = next((m for m in page.messages if m.message_id == message_id), None)
    if known is None:
        raise MessageNotFound(f"there is no message {message_id!r}")
    is_marked = known.read_at if body.state == "read" else known.dismissed_at
    if not is_marked:
        # The log first: a repeat has the same id there, and counts once.
        act = _act(member_id, known, body.state, at=now)
        value = codec.encode_activity(act)
        await log.publish(ACTIVITY.name, key=member_id.encode(), value=value)
    marked = await sends.stores.inbox.mark(member_id, message_id, body.state, at=now)
    if marked is None:
        raise MessageNotFound(f"there is no message {message_id!r}")
    return message_out(marked.message)


@router.put(
    "/{member_id}/email-address",
    status_code=204,
    dependencies=[WRITES, JsonOnly],
    responses=WITH_BODY | problem_responses(DeliveryNotKept),
)
async def keep_address(
    *, member_id: MemberId, body: AddressIn, sends: Sends, views: Views
) -> None:
    """Keep where e-mails go, encrypted; it never enters the log."""
    if await views.get(member_id) is None:
        raise no_such_member(member_id)
    try:
        address = written(EMAIL, body.address)
    except ContactInvalid as error:
        errors = [{"pointer": "/address", "detail": "not an e-mail address"}]
        raise InvalidRequest("1 fault(s), see errors", errors=errors) from error
    await sends.stores.addresses.put(member_id, sends.key.seal(address))


@router.delete("/{member_id}/email-address", status_code=204, dependencies=[WRITES])
async def forget_address(*, member_id: MemberId, sends: Sends) -> None:
    """Forget where e-mails go, if it was known."""
    await sends.stores.addresses.forget(member_id)


def _next(items: list[InboxMessage], place: tuple[int, int]) -> str:
    until = items[-1].created_at
    same = sum(one.created_at == until for one in items)
    return cursor_of(until, same + (place[1] if until == place[0] else 0))


def _act(
    member_id: str, message: InboxMessage, state: str, *, at: int
) -> ActivityEvent:
    """Act of a member who read or dismissed a message."""
    return ActivityEvent(
        f"{message.message_id}:{state}",
        member_id,
        f"message.{state}",
        at,
        None,
        None,
        {"message_id": message.message_id, "campaign_id": message.campaign_id},
    )
