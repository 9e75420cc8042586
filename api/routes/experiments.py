"""Experiments of the program, and what they did."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query

from api.dependencies import AllPrograms, AllQuestions, Now
from api.errors import problem_responses
from api.experiment_responses import (
    ArmOut,
    ExperimentOut,
    ExperimentsOut,
    ResultsOut,
    results_out,
)
from api.experiment_results import results_of, trials_of
from api.gate import requires
from api.problems import ExperimentNotFound, InvalidRequest, Problem, Unavailable
from api.uplift import arm_sums
from loyalty.limits import ID_LENGTH_MAX
from schemas.json_values import QueryMoment
from stores.questions import QUESTIONS, told_of

DAYS_DEFAULT: Final = 28
DAYS_MAX: Final = 365

router = APIRouter(
    prefix="/v1/experiments",
    tags=["analytics"],
    responses=problem_responses(InvalidRequest, Unavailable, Problem),
    dependencies=[requires("analytics:read", for_members=False)],
)
ExperimentId = Annotated[str, Path(min_length=1, max_length=ID_LENGTH_MAX)]


@router.get("")
async def list_experiments(
    questions: AllQuestions, programs: AllPrograms
) -> ExperimentsOut:
    """Every experiment that is in the program or that members met, by id."""
    trials = trials_of(programs.latest)
    answer = await questions.ask(QUESTIONS["experiments"], {})
    members: dict[str, dict[str, int]] = {name: {} for name in sorted(trials)}
    for row in answer.records():
        members.setdefault(row["experiment_id"], {})[row["arm_id"]] = row["members"]
    items = []
    for name, found in sorted(members.items()):
        shares = dict(trials[name].shares) if name in trials else {}
        arms = [*shares, *(arm for arm in sorted(found) if arm not in shares)]
        items.append(
            ExperimentOut(
                experiment_id=name,
                arms=[
                    ArmOut(
                        arm_id=arm,
                        percent=shares.get(arm, 0),
                        members=found.get(arm, 0),
                    )
                    for arm in arms
                ],
                is_in_program=name in trials,
            )
        )
    return ExperimentsOut(items=items)


@router.get("/{experiment_id}/results", responses=problem_responses(ExperimentNotFound))
async def experiment_results(
    *,
    experiment_id: ExperimentId,
    questions: AllQuestions,
    programs: AllPrograms,
    now: Now,
    days: Annotated[int, Query(ge=1, le=DAYS_MAX)] = DAYS_DEFAULT,
    until_at: Annotated[QueryMoment | None, Query()] = None,
) -> ResultsOut:
    """
    What each arm did in so many days from its members' exposure on.

    Of members whose days are over by `until_at`, which is now if it is not said. The
    same `until_at` gives the same answer.
    """
    program = programs.latest
    trial = trials_of(program).get(experiment_id)
    told = told_of(program) | {
        "experiment": experiment_id,
        "days": days,
        "until_at": now if until_at is None else until_at,
    }
    answer = await questions.ask(QUESTIONS["experiment_arms"], told)
    found = [arm_sums(record) for record in answer.records()]
    if trial is None and not found:
        raise ExperimentNotFound(f"nobody has met an experiment {experiment_id!r}")
    return results_out(results_of(experiment_id, trial, found), days)
