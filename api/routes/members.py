"""Members: how they stand, what they may have. One read a request."""

from typing import Annotated, Final

from fastapi import APIRouter, Header, Query, Response

from api.dependencies import AllPrograms, MemberId, Now, Views
from api.errors import problem_responses
from api.etags import names
from api.gate import requires
from api.member_responses import MemberOut, member_out
from api.problems import (
    InvalidRequest,
    MemberNotFound,
    Problem,
    Unavailable,
    no_such_member,
)
from api.responses import OffersOut, offer_out
from loyalty.view_shapes import MemberView
from schemas.views import decode_view
from stores.member_views_contract import StoredView

OFFERS_MAX: Final = 50

router = APIRouter(
    prefix="/v1/members",
    tags=["members"],
    dependencies=[requires("members:read")],
    responses=problem_responses(InvalidRequest, Unavailable, Problem),
)


@router.get(
    "/{member_id}",
    responses={
        **problem_responses(MemberNotFound),
        304: {"description": "Not modified: the version is the one you know"},
    },
)
async def get_member(
    *,
    member_id: MemberId,
    views: Views,
    programs: AllPrograms,
    now: Now,
    response: Response,
    if_none_match: Annotated[str | None, Header()] = None,
) -> MemberOut:
    """Balance, lots by expiry, tier, progress, offers; each event makes a version."""
    stored = await _stored(member_id, views)
    etag = f'"{stored.version}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if if_none_match is not None and names(if_none_match, etag):
        return Response(status_code=304, headers=headers)  # type: ignore[return-value] # FastAPI passes a response on as it is
    response.headers.update(headers)
    return member_out(member_id, decode_view(stored.document), programs.at(now))


@router.get("/{member_id}/offers", responses=problem_responses(MemberNotFound))
async def list_offers(
    member_id: MemberId,
    views: Views,
    limit: Annotated[int, Query(ge=1, le=OFFERS_MAX)] = 10,
) -> OffersOut:
    """Offers that the member can use, best first, each with why."""
    view = decode_view((await _stored(member_id, views)).document)
    items = [offer_out(offer) for offer in view.offers if not _is_over(offer, view)]
    return OffersOut(items=items[:limit], next_cursor=None)


async def _stored(member_id: str, views: Views) -> StoredView:
    stored = await views.get(member_id)
    if stored is None:
        raise no_such_member(member_id)
    return stored


def _is_over(offer: object, view: MemberView) -> bool:
    # By the member's own time: a replay of the past is read as it stood then.
    ends_at: int = getattr(offer, "expires_at", 0)
    return 0 < ends_at <= view.as_of
