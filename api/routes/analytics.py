"""The dashboards' questions as JSON, for whoever builds dashboards of their own."""

from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query

from api.analytics_responses import AnswerOut, QuestionsOut, answer_out, questions_out
from api.dependencies import AllPrograms, AllQuestions
from api.errors import problem_responses
from api.gate import requires
from api.problems import InvalidRequest, Problem, QuestionNotFound, Unavailable
from schemas.json_values import Id, QueryMoment
from stores.questions import QUESTIONS, ROWS_MAX, told_of

LIMIT_DEFAULT: Final = 200
# Stores that one question puts beside each other.
STORES_MAX: Final = 100

router = APIRouter(
    prefix="/v1/analytics",
    tags=["analytics"],
    responses=problem_responses(InvalidRequest, Unavailable, Problem),
    dependencies=[requires("analytics:read", for_members=False)],
)
Name = Annotated[str, Path(max_length=64, examples=["daily"])]


@router.get("")
async def list_questions() -> QuestionsOut:
    """Every question: what it must be told, and what it answers."""
    return questions_out()


@router.get("/{question}", responses=problem_responses(QuestionNotFound))
async def answer_question(
    *,
    question: Name,
    questions: AllQuestions,
    programs: AllPrograms,
    from_at: Annotated[QueryMoment | None, Query()] = None,
    until_at: Annotated[QueryMoment | None, Query()] = None,
    wallet: Annotated[Id | None, Query()] = None,
    store: Annotated[Id | None, Query()] = None,
    channel: Annotated[Id | None, Query()] = None,
    stores: Annotated[list[Id], Query(max_length=STORES_MAX)] = [],  # noqa: B006 - a default of the request, never changed
    segment: Annotated[Id | None, Query()] = None,
    offer: Annotated[Id | None, Query()] = None,
    experiment: Annotated[Id | None, Query()] = None,
    days: Annotated[int | None, Query(ge=1, le=365)] = None,
    tier_before: Annotated[Id | None, Query()] = None,
    tier_after: Annotated[Id | None, Query()] = None,
    day: Annotated[date | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=ROWS_MAX)] = LIMIT_DEFAULT,
) -> AnswerOut:
    """
    Answer of a question; days, weeks and months are those of the program's zone.

    What a question does not ask for is not looked at.
    """
    asked = QUESTIONS.get(question)
    if asked is None:
        raise QuestionNotFound(f"there is no question {question!r}")
    given = {
        "from_at": from_at,
        "until_at": until_at,
        "wallet": wallet,
        "store": store,
        "channel": channel,
        # Each by itself; without any, all of them together.
        "stores": stores,
        "places": stores,
        "segment": segment,
        "offer": offer,
        "experiment": experiment,
        "days": days,
        "tier_before": tier_before,
        "tier_after": tier_after,
        "day": None if day is None else day.isoformat(),
        "limit": limit,
    }
    told = told_of(programs.latest) | {
        name: value for name, value in given.items() if value is not None
    }
    missing = [name for name in asked.parameters if name not in told]
    if missing:
        raise InvalidRequest(f"{question} needs {', '.join(missing)}")
    return answer_out(question, await questions.ask(asked, told))
