"""Commands between members, claims and their answers: once each, whatever is killed."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from loyalty.budget_books import Lease, Owner
from loyalty.budgets import GRANTED, Budget
from loyalty.decide import decide
from loyalty.decision import Decision, Duplicate, Refusal
from loyalty.events import Command, Tick
from loyalty.member import Member
from schemas.accounts import KEY_PREFIX
from schemas.state import CHECKPOINT_KEY, Checkpoint
from schemas.topics import CLOCK, COMMANDS, ORDERS, SOURCES
from schemas.updates import Change
from streams.tools import Tools
from tests.builders import DAY, NOON
from tests.simulation.budget_world import CLAIM, SEND, claim_or_take, sent_by
from tests.simulation.seeds import SEEDS, SEEDS_DONE, ids, parts, told
from tests.simulation.world import EVENTS, STATES, UPDATES, World

RecordProperty = Callable[[str, object], None]
TOTAL = 300


def rules(
    member: Member, event: Any, program: Any, *, member_id: str
) -> Decision | Duplicate | Refusal:
    if isinstance(event, Tick):
        return decide(member, event, program, member_id=member_id)
    return claim_or_take(member, event, program, member_id=member_id)


class EffectsWorld(World):
    """Chain letters and claims, repeated and out of order, and broken messages."""

    def _fill(self, orders: int) -> None:
        random, kafka = self.random, self.kafka
        self.told: dict[str, Command] = {}
        for spec in SOURCES:
            kafka.sources[spec.name] = []
        for number in range(orders // 3):
            at = NOON + number
            member_id = f"member-{random.randrange(7)}"
            if random.random() < 0.5:
                say: dict[str, Any] = {"hops": random.randrange(4)}
                command = Command(f"letter-{number}", member_id, SEND, at, "", say)
            else:
                say = {"units": random.randrange(1, 40), "period": 0, "store_id": ""}
                command = Command(f"claim-{number}", member_id, CLAIM, at, "", say)
            self.told[command.command_id] = command
            self._send(COMMANDS.name, member_id, EVENTS.encode_command(command), at)
            if random.random() < 0.1:
                # Only accounts say such things, and nobody asked.
                bad = command._replace(command_id=f"bad-{number}", type=GRANTED)
                self._send(COMMANDS.name, member_id, EVENTS.encode_command(bad), at)
            if random.random() < 0.2:
                tick = EVENTS.encode_tick(Tick(at + DAY))
                kafka.append(CLOCK.name, None, tick, at)
        kafka.append(ORDERS.name, b"lease:b:0", b"", NOON)

    def _tools(self) -> Tools:
        budget = Budget("b", TOTAL)
        return (
            super()
            ._tools()
            ._replace(
                decide=rules,
                find_budget=lambda name, _: budget if name == "b" else None,
            )
        )


# A quarter of the seeds: there is less that can come in another order.
@pytest.mark.parametrize("seeds", parts(max(SEEDS // 4, 1)), ids=ids)
def test_effects_on_others_are_there_exactly_once(
    seeds: range, record_property: RecordProperty
) -> None:
    for seed in seeds:
        with told(seed):
            world = EffectsWorld(seed, orders=60, crash_chance=0.03)
            checkpoint = asyncio.run(world.live())
            check_effects(world, checkpoint)
    record_property(SEEDS_DONE, len(seeds))


def test_the_worlds_of_effects_are_not_too_kind() -> None:
    worlds = [EffectsWorld(seed, orders=60, crash_chance=0.03) for seed in range(30)]
    checkpoints = [asyncio.run(world.live()) for world in worlds]

    assert sum(world.kafka.crashes for world in worlds) > 60
    assert sum(world.kafka.fenced for world in worlds) > 0
    assert sum(len(world.kafka.markers) for world in worlds) > 500
    assert sum(checkpoint.duplicates for checkpoint in checkpoints) > 50
    assert sum(checkpoint.dead_letters for checkpoint in checkpoints) > 30
    exhausted = [sum(granted_units(changes_of(w)).values()) == TOTAL for w in worlds]
    assert 5 < sum(exhausted) < 30


def changes_of(world: World) -> list[Change]:
    return [
        change
        for _, value in world.kafka.updates
        for change in UPDATES.decode(value).changes
    ]


def granted_units(changes: list[Change]) -> Counter[str]:
    return Counter(
        {
            change.event_id: json.loads(change.result or "{}")["value"]
            for change in changes
            if change.event_kind == GRANTED
        }
    )


def expected(world: EffectsWorld) -> dict[str, Command]:
    """Every command that there is once all letters have gone their ways."""
    known, new = {}, list(world.told.values())
    while new:
        command = new.pop()
        known[command.command_id] = command
        if command.type == SEND:
            new.extend(sent_by(command))
    return known


def check_effects(world: EffectsWorld, checkpoint: Checkpoint) -> None:
    changes = changes_of(world)
    versions: dict[str, list[int]] = {}
    for member_id, value in world.kafka.updates:
        told = [change.version for change in UPDATES.decode(value).changes]
        versions.setdefault(member_id, []).extend(told)
    assert all(v == list(range(1, len(v) + 1)) for v in versions.values())
    commands = expected(world)
    claims = {f"{name}/claim": c for name, c in commands.items() if c.type == CLAIM}
    applied = Counter(change.event_id for change in changes)
    assert applied == Counter([*commands, *claims])
    demand = sum(int(claim.attributes["units"]) for claim in claims.values())
    assert sum(granted_units(changes).values()) == min(TOTAL, demand)
    records = sum(len(log) for log in world.kafka.sources.values())
    assert records - len(world.kafka.markers) == (
        checkpoint.applied
        + checkpoint.duplicates
        + checkpoint.dead_letters
        + checkpoint.ticks
    )
    check_accounts(world, min(TOTAL, demand))


def check_accounts(world: EffectsWorld, spent: int) -> None:
    accounts: dict[str, Lease | Owner] = {}
    for key, value in world.kafka.changelog:
        if key[:1] == KEY_PREFIX and key != CHECKPOINT_KEY:
            account_id, account = STATES.accounts.decode(value)
            assert key == b"\x00" + account_id.encode()
            accounts[account_id] = account
    if not accounts:
        assert not spent
        return
    lease, owner = accounts["lease:b:0"], accounts["budget:b"]
    assert isinstance(lease, Lease)
    assert isinstance(owner, Owner)
    assert [book.spent for book in lease.books] == [spent]
    held = sum(book.held for book in lease.books)
    assert [book.out for book in owner.books] == [held + spent]
