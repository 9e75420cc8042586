"""What is told of a partition while it is here, and nothing once it has left."""

from prometheus_client import REGISTRY

from loyalty.accounts import lease_id, owner_id
from loyalty.budget_books import Lease, LeaseBook, Owner
from schemas.state import Checkpoint, StateCodec
from streams.accounts import Accounts, Holdings
from streams.counting import (
    count_committed,
    count_rule_fault,
    stop_telling,
    tell_ready,
)
from streams.members import Members
from streams.outcome import Outcome

# No other test counts for it.
PARTITION = 731


def told(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(name, {"partition": str(PARTITION), **labels})


def test_timers_ticks_and_leases_are_told_of_what_is_committed() -> None:
    lease = Lease("b", books=(LeaseBook(0, held=40, due_at=9), LeaseBook(1, held=2)))
    changed = [(lease_id("b", PARTITION), lease), (owner_id("b"), Owner())]
    holdings = Holdings(Members(StateCodec(), 10), Accounts())
    holdings.accounts.apply(changed)
    outcome = Outcome(10)
    outcome.add_effects(dict(changed), [])
    outcome.ticks = 1
    checkpoint = Checkpoint({}, ticked_at=1_700_000_000_000)
    count_committed(PARTITION, outcome, holdings, checkpoint=checkpoint)

    assert told("regulars_ticked_at_seconds") == 1_700_000_000
    assert told("regulars_timers") == 1
    assert told("regulars_budget_accounts", kind="lease") == 1
    assert told("regulars_budget_accounts", kind="owner") == 1
    assert told("regulars_budget_held_units") == 42
    assert told("regulars_budget_waiting_claims") == 0


def test_a_partition_that_has_left_is_told_of_by_nobody_here() -> None:
    tell_ready(PARTITION, is_ready=False)
    assert told("regulars_partition_ready") == 0
    tell_ready(PARTITION, is_ready=True)
    assert told("regulars_partition_ready") == 1

    stop_telling(PARTITION)
    stop_telling(PARTITION)

    assert told("regulars_partition_ready") is None
    assert told("regulars_budget_held_units") is None
    assert told("regulars_budget_accounts", kind="lease") is None


def test_a_rule_that_failed_is_counted_under_its_id() -> None:
    before = _faults("double-monday") or 0
    count_rule_fault(("double-monday",), ZeroDivisionError("a step of nothing"))
    assert _faults("double-monday") == before + 1


def _faults(rule: str) -> float | None:
    return REGISTRY.get_sample_value("regulars_rule_faults_total", {"rule": rule})
