"""Folding again gives what was told; and whatever is tampered with is found."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from loyalty.budget_books import Lease
from loyalty.decide import decide
from loyalty.program import ProgramHistory
from loyalty.settling import Decide
from schemas.accounts import KEY_PREFIX
from schemas.replay import Difference, Replay, SourceCopy, state_hash
from schemas.state import CHECKPOINT_KEY
from schemas.topics import ORDERS
from schemas.updates import Change, UpdateCodec
from tests.builders import an_order
from tests.simulation.test_effects import EffectsWorld, rules
from tests.simulation.world import EVENTS, STATES, World

Changes = list[tuple[str, Change]]


class Kept:
    """What a world's logs hold once it has come to its end."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.changes: Changes = []
        self.states: dict[str, bytes] = {}
        self.leases: dict[str, Lease] = {}
        for member_id, value in world.kafka.updates:
            for change in UpdateCodec().decode(value).changes:
                self.changes.append((member_id, change))
        for key, value in world.kafka.changelog:
            if key[:1] != KEY_PREFIX and key:
                self.states[key.decode()] = value
            elif key and key != CHECKPOINT_KEY:
                account_id, account = STATES.accounts.decode(value)
                if isinstance(account, Lease):
                    self.leases[account_id] = account

    def replay(self, by: Decide) -> Replay:
        replay = Replay(by, ProgramHistory([self.world.program]), EVENTS)
        for member_id, change in self.changes:
            record = self.world.kafka.sources[change.topic][change.offset]
            copy = SourceCopy(record.key, record.value, record.timestamp)
            replay.take(member_id, change, copy)
        replay.check_states(self.states, STATES)
        replay.check_leases(self.leases)
        return replay


def lived(world: World) -> Kept:
    asyncio.run(world.live())
    return Kept(world)


@pytest.mark.parametrize("seed", range(10))
def test_orders_acts_and_ticks_fold_to_the_same_states(seed: int) -> None:
    kept = lived(World(seed, orders=60, crash_chance=0.03))

    replay = kept.replay(decide)

    kept_members = {k: STATES.decode_member(v) for k, v in kept.states.items()}
    assert state_hash(replay.members.items(), STATES) == state_hash(
        kept_members.items(), STATES
    )


@pytest.mark.parametrize("seed", range(10))
def test_commands_and_grants_fold_to_the_same_states(seed: int) -> None:
    kept = lived(EffectsWorld(seed, orders=60, crash_chance=0.03))

    replay = kept.replay(rules)

    assert replay.recount.claimed == replay.recount.answered
    assert sum(replay.recount.spent.values()) > 0


def _other_state(kept: Kept) -> None:
    kept.states["member-0"], kept.states["member-1"] = (
        kept.states["member-1"],
        kept.states["member-0"],
    )


def _lost_state(kept: Kept) -> None:
    del kept.states["member-0"]


def _lost_change(kept: Kept) -> None:
    del kept.changes[3]


def _repeated_change(kept: Kept) -> None:
    kept.changes.append(kept.changes[-1])


def _other_change(kept: Kept) -> None:
    member_id, change = kept.changes[5]
    kept.changes[5] = member_id, change._replace(why="because")


def _other_order(kept: Kept) -> None:
    _, change = next(c for c in kept.changes if c[1].topic == ORDERS.name)
    log = kept.world.kafka.sources[ORDERS.name]
    record = log[change.offset]
    assert record.key is not None
    other = an_order("other", member_id=record.key.decode(), subtotal_minor=90_00)
    log[change.offset] = record._replace(value=EVENTS.encode_order(other))


@pytest.mark.parametrize(
    "tamper",
    [
        _other_state,
        _lost_state,
        _lost_change,
        _repeated_change,
        _other_change,
        _other_order,
    ],
)
def test_what_is_tampered_with_is_found(tamper: Callable[[Kept], Any]) -> None:
    kept = lived(World(4, orders=60, crash_chance=0.0))
    tamper(kept)

    with pytest.raises(Difference):
        kept.replay(decide)


@pytest.mark.parametrize("field", ["spent", "waiting"])
def test_a_lease_that_is_tampered_with_is_found(field: str) -> None:
    kept = lived(EffectsWorld(4, orders=60, crash_chance=0.0))
    ((name, lease),) = kept.leases.items()
    (book,) = lease.books
    if field == "spent":
        changed = book._replace(spent=book.spent + 1)
    else:
        claims = [c for _, c in kept.changes if c.event_kind == "budget.granted"]
        kept.changes = [c for c in kept.changes if c[1] is not claims[-1]]
        changed = book
    kept.leases[name] = lease._replace(books=(changed,))

    with pytest.raises(Difference):
        kept.replay(rules)
