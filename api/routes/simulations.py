"""One order by a program that may be: what it would give, and why not more."""

import asyncio

from fastapi import APIRouter

from api.backtest_requests import SimulationIn
from api.candidates import candidate_of, with_rule
from api.dependencies import (
    AllPrograms,
    Estimates,
    JsonOnly,
    Now,
    ProgramDocument,
    States,
    Views,
)
from api.errors import problem_responses
from api.estimate_answers import checked, estimated, member_of
from api.estimating import Estimator
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
from api.simulation_responses import SimulationOut, simulation_out
from loyalty.backtest.fold import plan_of
from loyalty.program import Program

router = APIRouter(
    prefix="/v1",
    tags=["programs"],
    dependencies=[requires("rules:read", "rules:write", for_members=False)],
    responses=problem_responses(InvalidRequest, StateNotKept, Unavailable, Problem),
)


@router.post(
    "/simulations",
    dependencies=[JsonOnly],
    responses=problem_responses(EstimateRefused, BodyTooLarge, UnsupportedMediaType),
)
async def simulate_order(
    *,
    body: SimulationIn,
    views: Views,
    states: States,
    estimates: Estimates,
    programs: AllPrograms,
    document: ProgramDocument,
    now: Now,
) -> SimulationOut:
    """
    What an order would get by the program that runs, and by one that may be.

    The order's own time is when it is judged, also a later one; nothing is sent.
    """
    order = body.order.event()
    checked(order, max(now, order.occurred_at))
    member = await member_of(order.member_id, views, states)

    def work() -> SimulationOut:
        current = programs.at(order.occurred_at)
        plan = plan_of(
            current,
            _candidate(body, document),
            # What came before it was judged by the program of its time.
            from_at=order.occurred_at,
            to_at=order.occurred_at + 1,
        )
        sides = [
            estimated(one, member, order, offer_ids=body.offer_ids)
            for one in (estimates, Estimator(plan.candidate))
        ]
        return simulation_out(*sides)

    return await asyncio.to_thread(work)


def _candidate(body: SimulationIn, document: ProgramDocument) -> Program:
    if body.rule is None:
        return candidate_of(body.program, "/program")
    whole, place = with_rule(document, body.rule)
    prefix = f"/{body.rule.kind}/{place}"
    return candidate_of(whole, "", moved=(prefix, "/rule/document"))
