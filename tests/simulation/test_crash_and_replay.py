"""Whatever is killed, repeated, reordered or late: effects are there exactly once."""

import asyncio
from collections.abc import Callable

import pytest

from loyalty.decide import decide
from loyalty.decision import Decision
from loyalty.events import Tick
from loyalty.member import NEW_MEMBER, Member, balance_of
from schemas.state import CHECKPOINT_KEY, Checkpoint
from schemas.topics import ACTIVITY, CLOCK, COMMANDS, ORDERS
from schemas.updates import Change
from tests.simulation.seeds import SEEDS, SEEDS_DONE, ids, orders_of, parts, told
from tests.simulation.world import EVENTS, STATES, UPDATES, World

RecordProperty = Callable[[str, object], None]
DECODERS = {
    ORDERS.name: EVENTS.decode_order,
    ACTIVITY.name: EVENTS.decode_activity,
    COMMANDS.name: EVENTS.decode_command,
}


@pytest.mark.parametrize("seeds", parts(SEEDS), ids=ids)
def test_crashes_between_any_two_steps_leave_what_a_plain_fold_gives(
    seeds: range, record_property: RecordProperty
) -> None:
    for seed in seeds:
        with told(seed):
            world = World(seed, orders=orders_of(seed), crash_chance=0.03)
            checkpoint = asyncio.run(world.live())
            check_world(world, checkpoint)
    record_property(SEEDS_DONE, len(seeds))


def test_a_seed_lives_the_same_life_each_time() -> None:
    """A seed that failed is told, and is of use only if it fails again."""
    for seed in range(8):
        first, again = [
            World(seed, orders=orders_of(seed), crash_chance=0.03) for _ in range(2)
        ]
        asyncio.run(first.live())
        asyncio.run(again.live())

        assert again.kafka.crashes == first.kafka.crashes
        assert again.kafka.changelog == first.kafka.changelog
        assert again.kafka.updates == first.kafka.updates


def test_the_worlds_are_not_too_kind() -> None:
    """What the seeds above would not find out unless it happens in them."""
    worlds = [
        World(seed, orders=orders_of(seed), crash_chance=0.03) for seed in range(80)
    ]
    checkpoints = [asyncio.run(world.live()) for world in worlds]

    assert sum(world.kafka.crashes for world in worlds) > 40
    assert sum(world.kafka.fenced for world in worlds) > 0
    assert sum(world.takeovers for world in worlds) > 0
    assert sum(world.moves for world in worlds) > 4
    assert sum(checkpoint.duplicates for checkpoint in checkpoints) > 100
    assert sum(checkpoint.dead_letters for checkpoint in checkpoints) > 40
    assert sum(checkpoint.ticks for checkpoint in checkpoints) > 100


def check_world(world: World, checkpoint: Checkpoint) -> None:
    changes = changes_by_member(world)
    check_versions(changes)
    check_each_record_became_one_thing(world, checkpoint, changes)
    states = final_states(world)
    assert states.keys() == changes.keys()
    for member_id, member in states.items():
        check_entries(member, changes[member_id])
        assert member == refold(world, member_id, changes[member_id])


def changes_by_member(world: World) -> dict[str, list[Change]]:
    changes: dict[str, list[Change]] = {}
    for member_id, value in world.kafka.updates:
        update = UPDATES.decode(value)
        assert update.member_id == member_id
        assert update.view.version == update.changes[-1].version
        changes.setdefault(member_id, []).extend(update.changes)
    return changes


def check_versions(changes: dict[str, list[Change]]) -> None:
    for of_member in changes.values():
        versions = [change.version for change in of_member]
        assert versions == list(range(1, len(versions) + 1))


def check_each_record_became_one_thing(
    world: World, checkpoint: Checkpoint, changes: dict[str, list[Change]]
) -> None:
    applied = [
        (change.topic, change.offset)
        for of_member in changes.values()
        for change in of_member
        if change.topic != CLOCK.name
    ]
    letters = [STATES.decode_dead_letter(value) for value in world.kafka.dead_letters]
    buried = [(letter.source_topic, letter.source_offset) for letter in letters]
    assert len(set(applied)) == len(applied) == checkpoint.applied
    assert len(set(buried)) == len(buried) == checkpoint.dead_letters
    assert not set(applied) & set(buried)
    records = sum(len(log) for log in world.kafka.sources.values())
    assert records == (
        checkpoint.applied
        + checkpoint.duplicates
        + checkpoint.dead_letters
        + checkpoint.ticks
    )


def check_entries(member: Member, changes: list[Change]) -> None:
    entries = [entry for change in changes for entry in change.entries]
    assert len({entry.entry_id for entry in entries}) == len(entries)
    for wallet in {entry.wallet for entry in entries}:
        moved = sum(entry.points for entry in entries if entry.wallet == wallet)
        assert moved == balance_of(member.lots, wallet)
    assert all(entry.balance_after >= 0 for entry in entries)


def final_states(world: World) -> dict[str, Member]:
    states: dict[str, Member] = {}
    for key, value in world.kafka.changelog:
        if key and key != CHECKPOINT_KEY:
            member = states[key.decode()] = STATES.decode_member(value)
            # Written beside the state before it, or as a whole: the same bytes.
            assert STATES.encode_member(member) == value
    return states


def refold(world: World, member_id: str, changes: list[Change]) -> Member:
    """Decide a member's events again, in the order in which they were applied."""
    member = NEW_MEMBER
    for change in changes:
        if change.topic == CLOCK.name:
            event = Tick(change.occurred_at)
        else:
            record = world.kafka.sources[change.topic][change.offset]
            decode = DECODERS[change.topic]
            event = decode(record.key, record.value, record.timestamp)
        decision = decide(member, event, world.program, member_id=member_id)
        assert isinstance(decision, Decision)
        assert decision.entries == change.entries
        member = decision.member
    return member
