"""One order by a program that may be: what it would give, and why not more."""

import asyncio
from collections.abc import Callable

from fastapi import APIRouter

from api.backtest_requests import RuleSimulationIn, SimulationIn
from api.candidates import candidate_of, with_rule
from api.dependencies import (
    AllPrograms,
    Estimates,
    JsonOnly,
    NamedId,
    Now,
    ProgramDocument,
    RuleLog,
    States,
    Views,
)
from api.errors import problem_responses
from api.estimate_answers import checked, estimated, member_of
from api.estimate_responses import EstimateIn
from api.estimating import Estimator
from api.gate import requires
from api.problems import (
    BodyTooLarge,
    EstimateRefused,
    InvalidRequest,
    MemberMerged,
    Problem,
    StateNotKept,
    Unavailable,
    UnsupportedMediaType,
)
from api.rule_problems import RuleNotFound
from api.rule_steps import with_rule as with_version
from api.simulation_responses import SimulationOut, simulation_out
from loyalty.backtest.fold import plan_of
from loyalty.program import Program, Programs

router = APIRouter(
    prefix="/v1",
    tags=["programs"],
    dependencies=[requires("rules:read", "rules:write", for_members=False)],
    responses=problem_responses(
        InvalidRequest, MemberMerged, StateNotKept, Unavailable, Problem
    ),
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
    return await _simulated(
        body,
        lambda: _candidate(body, document),
        views=views,
        states=states,
        judging=(estimates, programs),
        now=now,
    )


@router.post(
    "/rules/{rule_id}/simulations",
    dependencies=[JsonOnly],
    responses=problem_responses(
        EstimateRefused, BodyTooLarge, UnsupportedMediaType, RuleNotFound
    ),
)
async def simulate_rule(
    *,
    rule_id: NamedId,
    body: RuleSimulationIn,
    log: RuleLog,
    views: Views,
    states: States,
    estimates: Estimates,
    programs: AllPrograms,
    now: Now,
) -> SimulationOut:
    """
    What an order would get with a version of a rule, published or not.

    The newest version unless one is named; all other rules are as they run.
    """
    rule = log.rule(rule_id)
    known = rule.newest if body.version is None else rule.version(body.version)
    if known is None:
        raise RuleNotFound(f"rule {rule_id!r} has no such version")
    document = known.document

    def candidate() -> Program:
        return candidate_of(with_version(log.publishing, rule.section, document), "")

    return await _simulated(
        body,
        candidate,
        views=views,
        states=states,
        judging=(estimates, programs),
        now=now,
    )


async def _simulated(
    body: EstimateIn,
    candidate: Callable[[], Program],
    *,
    views: Views,
    states: States,
    judging: tuple[Estimator, Programs],
    now: int,
) -> SimulationOut:
    order = body.order.event()
    checked(order, max(now, order.occurred_at))
    member = await member_of(order.member_id, views, states)
    estimates, programs = judging

    def work() -> SimulationOut:
        plan = plan_of(
            programs.at(order.occurred_at),
            candidate(),
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
