"""Exposure: what a member's arms made a difference to, remembered and told once."""

from loyalty.assigning import Exposure
from loyalty.conditions import When
from loyalty.decision import Happening
from loyalty.experiments import EXPERIMENT, Exposed
from loyalty.histories import all_hold
from loyalty.limits import EXPOSURES_MAX
from loyalty.member import State
from loyalty.turn import Turn


def expose(turn: Turn, exposures: tuple[Exposure, ...], at: int) -> None:
    """
    Tell which arms made a difference for the first time, also to who is held out.

    Beyond EXPOSURES_MAX experiments the oldest are forgotten, and told again.
    """
    known = {one.experiment_id for one in turn.exposed}
    before, number = turn.member.state, turn.state.order_count
    if not before.tier and (tiers := turn.programs.at(at).tiers):
        before = before._replace(tier=tiers[0].tier_id)
    told = []
    for one in exposures:
        if one.experiment_id in known:
            continue
        is_told = _would_suit(one.when, before, order_number=number)
        if not is_told or not all_hold(one.when.bought, before.bought, at):
            continue
        known.add(one.experiment_id)
        told.append(Exposed(one.experiment_id, one.arm_id, at))
        what = f"{one.experiment_id}:{one.arm_id}"
        turn.happenings.append(Happening(EXPERIMENT, what, f"by {one.rule_id}"))
    if told:
        turn.exposed = (*turn.exposed, *told)[-EXPOSURES_MAX:]


def _would_suit(when: When, state: State, *, order_number: int) -> bool:
    """Whether what a rule asks of the member held just before an order."""
    if when.tiers and state.tier not in when.tiers:
        return False
    if when.order_number and when.order_number != order_number:
        return False
    return not when.every_order or order_number % when.every_order == 0
