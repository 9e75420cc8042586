"""What an order would get by a version of a rule, beside what runs."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.backtest_requests import SimulationIn
from api.dependencies import (
    AllPrograms,
    Estimates,
    JsonOnly,
    NamedId,
    Now,
    RuleLog,
    States,
    Views,
)
from api.errors import problem_responses
from api.estimate_responses import EstimateIn
from api.gate import requires
from api.problems import (
    BodyTooLarge,
    EstimateRefused,
    InvalidRequest,
    Problem,
    StateNotKept,
    Unavailable,
    UnsupportedMediaType,
)
from api.routes.simulations import simulate_order
from api.rule_problems import RuleNotFound
from api.rule_requests import RunningVersion
from api.rule_steps import with_rule
from api.simulation_responses import SimulationOut

router = APIRouter(
    prefix="/v1/rules",
    tags=["rules"],
    dependencies=[requires("rules:read", "rules:write", for_members=False)],
    responses=problem_responses(InvalidRequest, StateNotKept, Unavailable, Problem),
)


@router.post(
    "/{rule_id}/simulations",
    dependencies=[JsonOnly],
    responses=problem_responses(
        RuleNotFound, EstimateRefused, BodyTooLarge, UnsupportedMediaType
    ),
)
async def simulate_rule(
    *,
    rule_id: NamedId,
    body: EstimateIn,
    desk: RuleLog,
    views: Views,
    states: States,
    estimates: Estimates,
    programs: AllPrograms,
    now: Now,
    version: Annotated[RunningVersion | None, Query()] = None,
) -> SimulationOut:
    """
    What an order would get by the newest version of a rule, or another one.

    Beside it what it would get by the program that runs; nothing is sent.
    """
    rule = desk.rule(rule_id)
    number = len(rule.versions) if version is None else version
    document = desk.document(rule, number)
    if not document:
        raise RuleNotFound(f"there is no version {number}")
    whole = with_rule(desk.publishing, rule.section, document)
    asked = SimulationIn(order=body.order, offer_ids=body.offer_ids, program=whole)
    return await simulate_order(
        body=asked,
        views=views,
        states=states,
        estimates=estimates,
        programs=programs,
        document=whole,
        now=now,
    )
