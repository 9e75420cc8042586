"""What we take about programs that may be: backtests and simulations."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from api import backtest_examples as examples
from api.estimate_responses import EstimateIn
from loyalty.limits import RULE_STEPS_MAX
from schemas.event_bodies import Strict
from schemas.json_values import Moment
from stores.backtest_requests import SOURCES

POINT_VALUE_MINOR_MAX = 1_000_000

# Judged as a whole by `program_from`, which names every fault.
Document = dict[str, Any]
Group = Literal[
    "earn",
    "bonuses",
    "streaks",
    "challenges",
    "offers",
    "triggers",
    "journeys",
    "gifts",
]
assert set(SOURCES) == {"kafka", "clickhouse", "retail", "parquet"}


class BacktestIn(Strict):
    """
    Two programs and a range of event times, from `from_at` to before `to_at`.

    Without `current` it is the program that runs; without `from_at` both begin with
    nobody; without `to_at` the range ends now.
    """

    model_config = Strict.shown(examples.BACKTEST_IN)

    candidate: Document
    current: Document | None = None
    from_at: Moment | None = None
    to_at: Moment | None = None
    source: Literal["kafka", "clickhouse", "retail", "parquet"] = "kafka"
    sample_percent: Annotated[int, Field(strict=True, ge=1, le=100)] = 100
    point_value_minor: Annotated[
        int, Field(strict=True, ge=0, le=POINT_VALUE_MINOR_MAX)
    ] = 1


class CandidateRuleIn(Strict):
    """One rule, which takes the place of the one with its id, or comes last."""

    kind: Group
    document: Document


class RuleSimulationIn(EstimateIn):
    """An order, and which version of the rule is meant: the newest unless named."""

    model_config = Strict.shown(examples.RULE_SIMULATION_IN)

    version: Annotated[int, Field(strict=True, ge=1, le=RULE_STEPS_MAX)] | None = None


class SimulationIn(EstimateIn):
    """An order, and what it may be judged by: a whole program, or one rule."""

    model_config = Strict.shown(examples.SIMULATION_IN)

    program: Document | None = None
    rule: CandidateRuleIn | None = None

    @model_validator(mode="after")
    def _has_one_candidate(self) -> Self:
        if (self.program is None) == (self.rule is None):
            raise ValueError("expected one of program and rule")
        return self
