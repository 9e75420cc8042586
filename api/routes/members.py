"""Members: how they stand, what they may have. One read a request."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Response

from api.dependencies import AllPrograms, MemberId, Now, Views
from api.entity_tags import (
    NOT_MODIFIED,
    IfNoneMatch,
    etag_of_version,
    headers_of,
    unless_known,
)
from api.errors import problem_responses
from api.gate import requires
from api.member_responses import MemberOut, member_out
from api.problems import (
    FieldsUnknown,
    InvalidRequest,
    MemberMerged,
    MemberNotFound,
    Problem,
    Unavailable,
    no_such_member,
)
from api.redirects import survivor_of
from api.responses import OffersOut, offer_out
from api.sparse import Fields, sparse
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


READ: Final = (
    problem_responses(MemberNotFound, MemberMerged, FieldsUnknown) | NOT_MODIFIED
)


@router.get("/{member_id}", responses=READ)
async def get_member(
    *,
    member_id: MemberId,
    views: Views,
    programs: AllPrograms,
    now: Now,
    response: Response,
    if_none_match: IfNoneMatch = None,
    fields: Annotated[Fields, sparse(MemberOut)],
) -> MemberOut:
    """Balance, lots by expiry, tier, progress, offers; each event makes a version."""
    stored, view = await _stored(member_id, views)
    etag = etag_of_version(stored.version)
    known = unless_known(if_none_match, etag)
    if known is not None:
        return known  # type: ignore[return-value] # FastAPI passes a response on as it is
    response.headers.update(headers_of(etag))
    member = member_out(member_id, view, programs.at(now))
    return fields.of(member, response)  # type: ignore[no-any-return] # a shape, or a part of it


@router.get("/{member_id}/offers", responses=READ)
async def list_offers(
    *,
    member_id: MemberId,
    views: Views,
    response: Response,
    limit: Annotated[int, Query(ge=1, le=OFFERS_MAX)] = 10,
    if_none_match: IfNoneMatch = None,
    fields: Annotated[Fields, sparse(OffersOut, "items")],
) -> OffersOut:
    """Offers that the member can use, best first, each with why."""
    stored, view = await _stored(member_id, views)
    etag = etag_of_version(stored.version)
    known = unless_known(if_none_match, etag)
    if known is not None:
        return known  # type: ignore[return-value] # FastAPI passes a response on as it is
    response.headers.update(headers_of(etag))
    items = [offer_out(offer) for offer in view.offers if not _is_over(offer, view)]
    page = OffersOut(items=items[:limit], next_cursor=None)
    return fields.of(page, response)  # type: ignore[no-any-return] # a shape, or a part of it


async def _stored(member_id: str, views: Views) -> tuple[StoredView, MemberView]:
    stored = await views.get(member_id)
    if stored is None:
        raise no_such_member(member_id)
    view = decode_view(stored.document)
    if view.merged_into:
        into = await survivor_of(member_id, views)
        raise MemberMerged(f"{member_id} is part of {into}", merged_into=into)
    return stored, view


def _is_over(offer: object, view: MemberView) -> bool:
    # By the member's own time: a replay of the past is read as it stood then.
    ends_at: int = getattr(offer, "expires_at", 0)
    return 0 < ends_at <= view.as_of
