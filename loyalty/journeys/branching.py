"""Where a run goes on: by what the member is and does, or by a stable hash."""

from loyalty.holdout import bucket_of
from loyalty.journeys.remembered import JourneyRun
from loyalty.journeys.steps import ANY, Branch, MemberTest, Split
from loyalty.member import balance_of
from loyalty.turn import Turn


def fork_of(turn: Turn, run: JourneyRun, step: Branch) -> tuple[str, str]:
    """Where a branch leads to, and why."""
    for number, fork in enumerate(step.forks):
        if passes(fork.test, turn, run):
            return fork.next_id, f"branch {number + 1}"
    return step.next_id, "no branch"


def passes(test: MemberTest, turn: Turn, run: JourneyRun) -> bool:
    """Whether a member is what a test asks for, now and since the run began."""
    state, profile = turn.state, turn.profile
    if test.tiers and state.tier not in test.tiers:
        return False
    if test.segments and test.segments.isdisjoint(profile.segments):
        return False
    if test.zones and profile.time_zone not in test.zones:
        return False
    if test.seen and test.seen.isdisjoint(run.seen):
        return False
    if test.ordered != ANY and bool(test.ordered) != (run.orders > 0):
        return False
    if not _within(state.order_count, test.orders_min, test.orders_max):
        return False
    if test.balance_min == ANY and test.balance_max == ANY:
        return True
    balance = balance_of(state.lots, test.wallet)
    return _within(balance, test.balance_min, test.balance_max)


def _within(value: int, least: int, most: int) -> bool:
    return (least == ANY or value >= least) and (most == ANY or value <= most)


def share_of(turn: Turn, run: JourneyRun, step: Split) -> tuple[str, str]:
    """Where a split leads to, the same at every visit, and why."""
    bucket = bucket_of(turn.member_id, f"{run.journey_id}/{step.step_id}")
    upto = 0
    for share in step.shares:
        upto += share.percent
        if bucket <= upto:
            return share.next_id, f"bucket {bucket} of 100"
    raise AssertionError("shares come to 100")
