"""What a route may ask for; the clock enters here, so that a test can replace it."""

import time
from collections.abc import Awaitable, Callable
from inspect import signature
from typing import Annotated, Any, TypeVar, cast

from fastapi import Depends, Header, Path, Request

from api.code_uses import CodeUses
from api.commands import CommandDesk
from api.dead_letter_desk import DeadLetterDesk
from api.estimating import Estimator
from api.identification import Identification
from api.imports import ImportDesk
from api.inbox_streams import InboxStreams
from api.learned import Learned
from api.member_streams import MemberStreams
from api.offer_codes import OfferCodes
from api.problems import UnsupportedMediaType
from api.rule_steps import RuleDesk
from api.sending import Sending
from api.till import Till
from loyalty.limits import ID_LENGTH_MAX
from loyalty.program import Programs
from loyalty.publishing.timeline import version_at
from schemas.events import EventCodec
from schemas.state import StateCodec
from stores.analytics_contract import Analytics
from stores.audiences_contract import Audiences
from stores.backtests_contract import Backtests
from stores.campaigns_contract import Campaigns
from stores.member_views_contract import MemberViews
from stores.publisher import Publisher
from stores.questions_contract import Questions
from stores.saved_views import SavedViews
from stores.worker_reports_contract import WorkerReports

Made = TypeVar("Made")


# Each is a coroutine: the framework would call a plain function on a thread.
async def _views(request: Request) -> MemberViews:
    return cast("MemberViews", request.app.state.views)


async def _analytics(request: Request) -> Analytics:
    return cast("Analytics", request.app.state.analytics)


async def _publisher(request: Request) -> Publisher:
    return cast("Publisher", request.app.state.publisher)


async def _codec(request: Request) -> EventCodec:
    return cast("EventCodec", request.app.state.codec)


async def _desk(request: Request) -> CommandDesk:
    return cast("CommandDesk", request.app.state.desk)


async def _programs(request: Request) -> Programs:
    return cast("Programs", request.app.state.programs)


async def _states(request: Request) -> StateCodec:
    return cast("StateCodec", request.app.state.states)


async def _estimates(request: Request) -> Estimator:
    return cast("Estimator", request.app.state.estimates)


async def _backtests(request: Request) -> Backtests:
    return cast("Backtests", request.app.state.backtests)


async def _rule_log(request: Request) -> RuleDesk:
    desk = cast("RuleDesk", request.app.state.rules)
    # What was written by way of another process a moment ago is there too.
    await desk.log.catch_up()
    return desk


RuleLog = Annotated[RuleDesk, Depends(_rule_log)]


async def _campaigns(request: Request) -> Campaigns:
    return cast("Campaigns", request.app.state.campaigns)


async def _audiences(request: Request) -> Audiences:
    return cast("Audiences", request.app.state.audiences)


async def _program_document(request: Request, desk: RuleLog) -> dict[str, Any]:
    """Document of the program in force."""
    timeline = desk.publishing.timeline
    return dict(version_at(timeline, await _now_ms(request)).document)


async def _questions(request: Request) -> Questions:
    return cast("Questions", request.app.state.questions)


async def _worker_reports(request: Request) -> WorkerReports:
    return cast("WorkerReports", request.app.state.worker_reports)


async def _saved(request: Request) -> SavedViews:
    return cast("SavedViews", request.app.state.saved_views)


async def _answers(request: Request) -> Learned:
    return cast("Learned", request.app.state.answers)


async def _tills(request: Request) -> Till:
    return cast("Till", request.app.state.tills)


async def _identified(request: Request) -> Identification:
    return cast("Identification", request.app.state.identification)


async def _offer_codes(request: Request) -> OfferCodes:
    return cast("OfferCodes", request.app.state.offer_codes)


async def _uses(request: Request) -> CodeUses:
    return cast("CodeUses", request.app.state.code_uses)


async def _letters(request: Request) -> DeadLetterDesk:
    return cast("DeadLetterDesk", request.app.state.dead_letters)


async def _sending(request: Request) -> Sending:
    return cast("Sending", request.app.state.sending)


async def _now_ms(request: Request) -> int:
    clock = request.app.state.clock
    return int(clock() * 1000)


async def _json_only(request: Request) -> None:
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind != "application/json":
        raise UnsupportedMediaType(f"found {kind or 'no content type'}")


async def _json_if_any(request: Request) -> None:
    headers = request.headers
    if headers.get("content-length", "0") != "0" or "transfer-encoding" in headers:
        await _json_only(request)


async def _streams(request: Request) -> MemberStreams:
    return cast("MemberStreams", request.app.state.streams)


async def _inbox_streams(request: Request) -> InboxStreams:
    return cast("InboxStreams", request.app.state.inbox_streams)


async def _imports(request: Request) -> ImportDesk:
    return cast("ImportDesk", request.app.state.imports)


Views = Annotated[MemberViews, Depends(_views)]
AnalyticsStore = Annotated[Analytics, Depends(_analytics)]
Sends = Annotated[Sending, Depends(_sending)]
Log = Annotated[Publisher, Depends(_publisher)]
Answers = Annotated[Learned, Depends(_answers)]
AllQuestions = Annotated[Questions, Depends(_questions)]
Codec = Annotated[EventCodec, Depends(_codec)]
Now = Annotated[int, Depends(_now_ms)]
Desk = Annotated[CommandDesk, Depends(_desk)]
States = Annotated[StateCodec, Depends(_states)]
Tills = Annotated[Till, Depends(_tills)]
WorkersTold = Annotated[WorkerReports, Depends(_worker_reports)]
Saved = Annotated[SavedViews, Depends(_saved)]
Identified = Annotated[Identification, Depends(_identified)]
Estimates = Annotated[Estimator, Depends(_estimates)]
Streams = Annotated[MemberStreams, Depends(_streams)]
InboxEvents = Annotated[InboxStreams, Depends(_inbox_streams)]
AllImports = Annotated[ImportDesk, Depends(_imports)]
Coded = Annotated[OfferCodes, Depends(_offer_codes)]
Uses = Annotated[CodeUses, Depends(_uses)]
Letters = Annotated[DeadLetterDesk, Depends(_letters)]
AllCampaigns = Annotated[Campaigns, Depends(_campaigns)]
AllAudiences = Annotated[Audiences, Depends(_audiences)]
BacktestQueue = Annotated[Backtests, Depends(_backtests)]
ProgramDocument = Annotated[dict[str, Any], Depends(_program_document)]
AllPrograms = Annotated[Programs, Depends(_programs)]
# Judged by us: a missing one is 400, and no fault of the body.
IdempotencyKey = Annotated[str | None, Header(alias="Idempotency-Key")]
JsonOnly = Depends(_json_only)
# For bodies that may be left out.
JsonIfAny = Depends(_json_if_any)
MemberId = Annotated[
    str, Path(min_length=1, max_length=ID_LENGTH_MAX, examples=["household-900"])
]
NamedId = Annotated[str, Path(min_length=1, max_length=ID_LENGTH_MAX)]

wall_clock = time.time


def made_of(kind: type[Made]) -> Callable[..., Awaitable[Made]]:
    """Class as a dependency that is made at once: it only holds what it is given."""

    async def make(**given: Any) -> Made:
        return kind(**given)

    make.__signature__ = signature(kind)  # type: ignore[attr-defined] # FastAPI reads it
    return make
