"""A member's rights: a copy of all that is kept, and to be forgotten."""

from fastapi import APIRouter

from api.asking import ANSWERS, Asked
from api.command_responses import CommandOut
from api.delivery_responses import message_out
from api.dependencies import (
    AllPrograms,
    AnalyticsStore,
    Identified,
    JsonOnly,
    MemberId,
    Sends,
    States,
    Views,
)
from api.errors import problem_responses
from api.gate import requires
from api.history_responses import entry_out, explanation_out
from api.member_responses import member_out
from api.privacy import EXPORT_MAX, EraseIn, ExportOut, profile_out
from api.problems import (
    InvalidRequest,
    MemberNotFound,
    Problem,
    Unavailable,
    no_such_member,
)
from schemas.views import decode_view

router = APIRouter(prefix="/v1/members", dependencies=[requires("privacy:write")])


@router.post(
    "/{member_id}/export",
    tags=["members"],
    responses=problem_responses(MemberNotFound, InvalidRequest, Unavailable, Problem),
)
async def export_member(
    *,
    member_id: MemberId,
    views: Views,
    states: States,
    analytics: AnalyticsStore,
    identified: Identified,
    sends: Sends,
    programs: AllPrograms,
) -> ExportOut:
    """Give a copy of all that is kept of a member; nothing changes."""
    stored = await views.get(member_id)
    state = await views.get_state(member_id)
    if stored is None or state is None:
        raise no_such_member(member_id)
    entries = await analytics.ledger_page(member_id, before=None, limit=EXPORT_MAX + 1)
    decisions = await analytics.decisions_page(
        member_id, before=None, limit=EXPORT_MAX + 1
    )
    inbox = await sends.stores.inbox.get(member_id)
    is_kept = bool(state.state)
    return ExportOut(
        member=member_out(member_id, decode_view(stored.document), programs.latest),
        profile=profile_out(states.decode_member(state.state)) if is_kept else None,
        contacts=sorted(await identified.identities.kinds(member_id)),
        email_address=await sends.address_of(member_id),
        inbox=[message_out(one) for one in inbox.messages],
        ledger=[entry_out(row) for row in entries[:EXPORT_MAX]],
        explanations=[explanation_out(row) for row in decisions[:EXPORT_MAX]],
        more=max(len(entries), len(decisions)) > EXPORT_MAX,
    )


@router.post(
    "/{member_id}/erase",
    tags=["commands"],
    dependencies=[JsonOnly],
    responses=ANSWERS,
    response_model_exclude_none=True,
)
async def erase_member(member_id: MemberId, body: EraseIn, asked: Asked) -> CommandOut:
    """Forget the person; the id stays in the books, with nothing behind it."""
    return await asked.of_erasure(member_id, {"keep_points": body.keep_points})
