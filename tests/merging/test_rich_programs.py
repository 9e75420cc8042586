"""Merges under programs with rules of every kind: books balance, effects are bounded."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.decision import Decision
from loyalty.effects import check_effects
from loyalty.events import ActivityEvent, Command, OrderEvent, Tick
from loyalty.member import balance_of, debt_of
from loyalty.program import Program
from loyalty.wallets import UNLIMITED
from schemas.state import StateCodec
from tests.builders import DAY, NOON
from tests.merging.company import Company
from tests.rules.worlds import PROGRAMS, a_life

IDS = ("guest", "app", "card")
STATES = StateCodec()


def lived(seed: int, program: Program) -> Company:
    """Three lives at once, of members who merge and part now and then."""
    random = Random(seed)
    company = Company(program, random, repeats=0.1)
    events = []
    for member_id in IDS:
        for event in a_life(random, commands=True):
            if isinstance(event, OrderEvent):
                order_id = f"{member_id}-{event.order_id}"
                named = event._replace(member_id=member_id, order_id=order_id)
                events.append((named.occurred_at, len(events), member_id, named))
            elif isinstance(event, ActivityEvent | Command):
                moved = event._replace(member_id=member_id)
                events.append((moved.occurred_at, len(events), member_id, moved))
    for number in range(random.randrange(8)):
        at = NOON + random.randrange(30 * DAY)
        kind = random.choice(("member.merge", "member.merge", "member.unmerge"))
        say = {"from": random.choice(IDS)}
        member_id = random.choice(IDS)
        asked = Command(f"m-{number}", member_id, kind, at, "desk", say)
        events.append((at, len(events), member_id, asked))
    for at, _, member_id, event in sorted(events, key=lambda one: one[:2]):
        company.send(member_id, event)
        for _ in range(random.randrange(4)):
            company.step()
        if random.random() < 0.1:
            company.send(random.choice(IDS), Tick(at))
    company.settle()
    for member_id in IDS:
        company.send(member_id, Tick(NOON + 500 * DAY))
    company.settle()
    return company


@pytest.mark.parametrize("name", PROGRAMS)
@given(seed=st.integers(0, 10**9))
@settings(max_examples=100, deadline=None)
def test_ledgers_balance_and_effects_stay_within_their_bounds(
    seed: int, name: str
) -> None:
    program = PROGRAMS[name]
    company = lived(seed, program)

    for _, _, outcome in company.outcomes:
        if isinstance(outcome, Decision):
            check_effects(outcome)
    for member_id, member in company.members.items():
        assert STATES.decode_member(STATES.encode_member(member)) == member
        for wallet in program.wallets:
            entries = [
                one.points
                for one in company.entries.get(member_id, [])
                if one.wallet == wallet.wallet_id
            ]
            balance = balance_of(member.lots, wallet.wallet_id)
            if wallet.below_zero == UNLIMITED:
                balance -= debt_of(member.state, wallet.wallet_id)
            assert sum(entries) == balance, (member_id, wallet.wallet_id)
        if member.merging.into:
            assert not member.lots
            assert not member.state.earned_days


def test_the_lives_do_merge_and_part() -> None:
    done = [
        event.type
        for seed in range(30)
        for _, event, outcome in lived(seed, PROGRAMS["rich"]).outcomes
        if isinstance(event, Command)
        and isinstance(outcome, Decision)
        and not outcome.refusal
    ]

    assert done.count("merge.close") > 20
    assert done.count("merge.reopen") > 2
