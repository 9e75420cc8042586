"""What holds whatever happens: for seeded lives under programs that use much at once."""

import os
from collections import defaultdict
from dataclasses import replace
from random import Random

import pytest

from loyalty.decide import decide
from loyalty.decision import Decision, Duplicate
from loyalty.events import ADJUSTED, Command, MemberEvent, OrderEvent, Tick
from loyalty.member import NEW_MEMBER, Member, State, balance_of, debt_of
from loyalty.program import Program
from loyalty.replay import Journal, replay
from loyalty.wallets import UNLIMITED
from schemas.state import StateCodec
from tests.builders import DAY, NOON
from tests.rules.folding import fold
from tests.rules.worlds import PROGRAMS, a_life

SEEDS = range(int(os.environ.get("PROMISE_SEEDS", "60")))
END = Tick(NOON + 90 * DAY)
programs = pytest.mark.parametrize("name", sorted(PROGRAMS))


def shuffled(events: list[MemberEvent], random: Random) -> list[MemberEvent]:
    """Events in another order; an adjustment cannot come before what it adjusts."""
    others = random.sample(events, len(events))
    adjusted = [e for e in others if isinstance(e, OrderEvent) and e.kind == ADJUSTED]
    return [e for e in others if e not in adjusted] + adjusted


@programs
def test_results_do_not_depend_on_the_order_of_arrival(name: str) -> None:
    """Orders, returns and acts within the horizon: any order, the same state."""
    program = PROGRAMS[name]
    for seed in SEEDS:
        random = Random(seed)
        events = a_life(random, commands=False)
        in_order = fold([*events, END], program).member
        other = fold([*shuffled(events, random), END], program).member

        assert other.state == in_order.state, f"seed {seed}"
        assert other.orders == in_order.orders, f"seed {seed}"


@programs
def test_time_that_passes_in_between_changes_nothing(name: str) -> None:
    """Ticks at any moments: what is due comes at its own time all the same."""
    program = PROGRAMS[name]
    for seed in SEEDS:
        random = Random(seed)
        events = a_life(random, commands=False)
        ticks = [Tick(NOON + random.randrange(60 * DAY)) for _ in range(5)]
        mixed = shuffled([*events, *ticks], random)

        with_ticks = fold([*mixed, END], program).member
        without = fold([*events, END], program).member

        assert with_ticks.state == without.state, f"seed {seed}"


@programs
def test_entries_sum_to_the_balance_of_every_wallet(name: str) -> None:
    program = PROGRAMS[name]
    for seed in SEEDS:
        random = Random(seed)
        events = shuffled(a_life(random, commands=True), random)
        folded = fold([*events, END], program)
        sums: dict[str, int] = defaultdict(int)
        ids = set()
        for entry in folded.entries:
            sums[entry.wallet] += entry.points
            assert entry.balance_after == sums[entry.wallet], f"seed {seed}"
            overdraws = program.wallet_by_id[entry.wallet].below_zero == UNLIMITED
            assert overdraws or entry.balance_after >= 0, f"seed {seed}"
            ids.add(entry.entry_id)

        assert len(ids) == len(folded.entries)
        for wallet_id in program.wallet_by_id:
            expected = shown_balance(folded.member.state, wallet_id, program)
            assert sums[wallet_id] == expected, f"seed {seed}"


@programs
def test_the_state_is_what_base_and_open_facts_come_to(name: str) -> None:
    """Also with a horizon so near that most of the past is closed."""
    program = PROGRAMS[name]
    closing = replace(program, return_window_days=12)
    closed = 0
    for seed in SEEDS:
        member = NEW_MEMBER
        for event in a_life(Random(seed), commands=True):
            outcome = decide(member, event, closing, member_id="member-1")
            if isinstance(outcome, Decision):
                member = outcome.member
                check_replay(member, closing, seed)
        closed += member.horizon_at > 0
    assert closed > len(SEEDS) // 2


@programs
def test_what_comes_twice_counts_once(name: str) -> None:
    program = PROGRAMS[name]
    for seed in SEEDS:
        random = Random(seed)
        events = a_life(random, commands=True)
        twice = list(events)
        for event in events:
            twice.insert(
                random.randrange(twice.index(event) + 1, len(twice) + 1), event
            )

        once, again = fold(events, program), fold(twice, program)

        assert again.member.state == once.member.state, f"seed {seed}"
        assert len(again.entries) == len(once.entries)
        repeats = sum(isinstance(one, Duplicate) for one in again.outcomes)
        assert repeats == len(again.outcomes) - len(once.outcomes)


@programs
def test_a_life_in_two_halves_is_the_whole_life(name: str) -> None:
    """Written to the changelog and read back at any point in between."""
    codec = StateCodec()
    program = PROGRAMS[name]
    for seed in SEEDS:
        random = Random(seed)
        events = a_life(random, commands=True)
        cut = random.randrange(len(events))
        half = fold(events[:cut], program).member
        restored = codec.decode_member(codec.encode_member(half))

        assert restored == half
        whole = fold(events, program).member
        assert fold(events[cut:], program, restored).member == whole, f"seed {seed}"


@programs
def test_an_order_that_is_cancelled_leaves_no_trace_in_what_counts(name: str) -> None:
    """Lots, tier, streaks, challenges, caps: as if it had never been placed."""
    program = PROGRAMS[name]
    for seed in SEEDS:
        random = Random(seed)
        events = a_life(random, commands=False)
        orders = [e for e in events if isinstance(e, OrderEvent) and e.kind == "PLACED"]
        gone = random.choice(orders)
        cancel = gone._replace(
            kind="CANCELLED", event_id="gone", occurred_at=NOON + 80 * DAY
        )
        others = [e for e in events if getattr(e, "order_id", "") != gone.order_id]

        never = fold([*others, END], program).member.state
        cancelled = fold([*events, cancel, END], program).member.state

        assert comparable(cancelled) == comparable(never), f"seed {seed}"


def check_replay(member: Member, program: Program, seed: int) -> None:
    journal = Journal(member.orders, member.acts)
    book = replay(
        member.base,
        journal,
        member.clock_at,
        programs=program,
        member_id="member-1",
    )
    assert book.close() == member.state, f"seed {seed}"


def shown_balance(state: State, wallet_id: str, program: Program) -> int:
    balance = balance_of(state.lots, wallet_id)
    if program.wallet_by_id[wallet_id].below_zero == UNLIMITED:
        balance -= debt_of(state, wallet_id)
    return balance


def comparable(state: State) -> State:
    """State without when the member was first and last seen."""
    return state._replace(clock_at=0, since_at=0, active_at=0, tier_since=0)


def test_the_lives_are_eventful() -> None:
    """What the promises above would not find out unless it happens in them."""
    kinds: dict[str, int] = defaultdict(int)
    for program in PROGRAMS.values():
        for seed in SEEDS:
            random = Random(seed)
            events = shuffled(a_life(random, commands=True), random)
            folded = fold([*events, END], program)
            for entry in folded.entries:
                kinds[entry.kind] += 1
            kinds["badges"] += len(folded.member.state.badges)
            kinds["streaks"] += len(folded.member.state.streaks)
            kinds["commands"] += sum(isinstance(e, Command) for e in events)

    for kind in ("EARN", "EXPIRE", "REVERSE", "CORRECT", "BURN", "ADJUST", "PAY_DEBT"):
        assert kinds[kind] > (1 if kind == "PAY_DEBT" else 10), kind
    assert min(kinds["badges"], kinds["streaks"], kinds["commands"]) > 20
