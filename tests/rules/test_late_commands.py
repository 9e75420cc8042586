"""Commands that come after more later ones than are remembered: who asked is told."""

import pytest

from loyalty.decide import decide
from loyalty.decision import Decision, Duplicate
from loyalty.events import Command
from loyalty.limits import RECENT_MAX
from loyalty.member import Member
from tests.builders import NOON, a_program, an_activity, an_adjustment
from tests.rules.folding import fold

FIRST = an_adjustment(100, command_id="first")


def a_busy_member(acts: int = RECENT_MAX + 1, first: Command = FIRST) -> Member:
    """A member who has done so much since a first command."""
    later = [an_activity(f"act-{n}", occurred_at=NOON + 1 + n) for n in range(acts)]
    return fold([first, *later], a_program()).member


def decided(member: Member, command: Command) -> Decision | Duplicate:
    """What becomes of a command: never a dead letter."""
    outcome = decide(member, command, a_program(), member_id="member-1")
    assert isinstance(outcome, Decision | Duplicate), outcome
    return outcome


@pytest.mark.parametrize(
    ("kind", "attributes"),
    [
        ("points.adjust", {"points": 5, "reason": "goodwill"}),
        ("points.redeem", {"points": 5}),
        ("points.transfer", {"points": 5, "to": "member-2"}),
        ("member.update", {"segments": "vip"}),
        ("member.erase", {}),
        ("member.merge", {"from": "member-2"}),
        ("nobody.knows", {}),
    ],
)
def test_a_command_that_is_too_late_is_refused_and_changes_nothing(
    kind: str, attributes: dict[str, str | int]
) -> None:
    before = a_busy_member()
    command = Command("late", "member-1", kind, NOON, "desk", attributes)

    outcome = decided(before, command)

    assert isinstance(outcome, Decision)
    assert outcome.refusal == "beyond-horizon"
    assert "not known any more" in str((outcome.result or {})["detail"])
    assert (outcome.entries, outcome.outbox, outcome.claims) == ((), (), ())
    assert outcome.member == before._replace(version=before.version + 1)


def test_a_command_that_was_done_is_never_done_again_however_late_it_comes() -> None:
    known = a_busy_member(acts=RECENT_MAX - 1)
    assert isinstance(decided(known, FIRST), Duplicate)

    outcome = decided(a_busy_member(), FIRST)

    assert isinstance(outcome, Decision)
    assert (outcome.refusal, outcome.entries) == ("beyond-horizon", ())


def test_a_command_of_the_first_moment_that_is_open_is_done() -> None:
    before = a_busy_member()
    at = before.activity_horizon_at + 1

    outcome = decided(before, an_adjustment(5, command_id="in-time", occurred_at=at))

    assert isinstance(outcome, Decision)
    assert (outcome.refusal, outcome.entries[0].points) == ("", 5)
