"""What we answer about an order under a program that may be."""

from pydantic import BaseModel, ConfigDict

from api import member_examples
from api.estimate_responses import EstimateOut, RuleOut
from schemas.event_examples import Example

EXAMPLE: Example = {
    "current": member_examples.ESTIMATE,
    "candidate": member_examples.ESTIMATE,
    "differences": [
        {"rule_id": "spend", "wallet": "points", "current": 9, "candidate": 18}
    ],
}


class DifferenceOut(BaseModel):
    """A rule that gives more or less, what waits and what a budget gives included."""

    rule_id: str
    wallet: str
    current: int
    candidate: int


class SimulationOut(BaseModel):
    """One order by the program that runs, and by the candidate."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    current: EstimateOut
    candidate: EstimateOut
    differences: list[DifferenceOut]


def simulation_out(current: EstimateOut, candidate: EstimateOut) -> SimulationOut:
    """Both sides, and what differs between them by rule."""
    sides = [
        {
            (one.rule_id, one.wallet): one.points + one.pending + one.of_budget
            for one in side.rules
        }
        for side in (current, candidate)
    ]
    keys = sorted({*sides[0], *sides[1]})
    return SimulationOut(
        current=current,
        candidate=candidate,
        differences=[
            DifferenceOut(
                rule_id=key[0],
                wallet=key[1],
                current=sides[0].get(key, 0),
                candidate=sides[1].get(key, 0),
            )
            for key in keys
            if sides[0].get(key, 0) != sides[1].get(key, 0)
        ],
    )


def _by_rule(rules: list[RuleOut]) -> dict[tuple[str, str], int]:
    return {
        (one.rule_id, one.wallet): one.points + one.pending + one.of_budget
        for one in rules
    }
