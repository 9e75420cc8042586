"""Lists of members for campaigns, as files of rows."""

from typing import Final

from fastapi import APIRouter, Request

from api.campaign_lists import ListTaking
from api.campaign_responses import CampaignListOut
from api.dependencies import AllAudiences
from api.errors import problem_responses
from api.gate import requires
from api.import_rows import CSV, NDJSON
from api.problems import (
    BodyTooLarge,
    InvalidRequest,
    Problem,
    Unavailable,
    UnsupportedMediaType,
)
from api.routes.imports import ROWS

WRITE: Final = requires("rules:write", for_members=False)

router = APIRouter(
    prefix="/v1/campaigns/lists",
    tags=["campaigns"],
    dependencies=[WRITE],
    responses=problem_responses(InvalidRequest, Unavailable, Problem),
)


@router.post(
    "",
    status_code=201,
    openapi_extra=ROWS,
    responses=problem_responses(BodyTooLarge, UnsupportedMediaType),
)
async def upload_list(request: Request, audiences: AllAudiences) -> CampaignListOut:
    """
    Take a list of members, NDJSON or CSV with a column `member_id`.

    The same file again is the same list. Rows that are none are left out and told of;
    whoever is no member is left out when the list is used.
    """
    content_type = request.headers.get("content-type", "").partition(";")[0].lower()
    if content_type not in (NDJSON, CSV):
        raise UnsupportedMediaType(f"found {content_type or 'no content type'}")
    return await ListTaking(audiences).take(request, content_type)
