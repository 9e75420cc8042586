"""Journeys go on after any crash: each step once, each message once, as a plain fold."""

import asyncio
from collections import Counter

import yaml

from loyalty.events import Command
from schemas.topics import COMMANDS
from schemas.updates import Change
from tests.journeys.test_examples import BESIDE, BLOCKS, TEMPLATES
from tests.rules.town import built
from tests.simulation.seeds import orders_of, told
from tests.simulation.test_crash_and_replay import changes_by_member, check_world
from tests.simulation.world import EVENTS, World

SEEDS = range(24)
QUIET = BESIDE.replace(
    "consent_assumed: [inbox]",
    "consent_assumed: [inbox], quiet_hours: {from: '21:00', to: '09:00'}",
)
PROGRAM = built(
    QUIET,
    templates=TEMPLATES,
    journeys=[yaml.safe_load(block) for block in BLOCKS[1:]],
)


class JourneyWorld(World):
    """A world whose members go through the journeys of the page, and into a segment."""

    def __init__(self, seed: int, *, orders: int, crash_chance: float) -> None:
        super().__init__(seed, orders=orders, crash_chance=crash_chance)
        self.program = PROGRAM

    def _order(self, number: int, member_id: str, at: int) -> None:
        """An order, and now and then a word about who orders."""
        super()._order(number, member_id, at)
        if self.random.random() < 0.4:
            said = {"segments": self.random.choice(("vip", "", "office,vip"))}
            name = f"profile-{number}"
            command = Command(name, member_id, "member.update", at, "desk", said)
            self._send(COMMANDS.name, member_id, EVENTS.encode_command(command), at)


def steps_of(changes: list[Change]) -> Counter[str]:
    """What was told of journeys, and how often."""
    return Counter(
        fired.trigger_id
        for change in changes
        for fired in change.triggers
        if fired.trigger_id.startswith("journey:")
    )


def test_journeys_go_on_after_crashes_between_any_two_steps() -> None:
    crashes = messages = steps = joined = 0
    for seed in SEEDS:
        with told(seed):
            world = JourneyWorld(seed, orders=orders_of(seed) * 2, crash_chance=0.03)
            checkpoint = asyncio.run(world.live())
            check_world(world, checkpoint)
            crashes += world.kafka.crashes
            for member_id, changes in changes_by_member(world).items():
                ids = Counter(
                    message.message_id for one in changes for message in one.messages
                )
                assert set(ids.values()) <= {1}, member_id
                messages += len(ids)
                told_of = steps_of(changes)
                steps += sum(told_of.values())
                joined += told_of["journey:table#entered"]
    # What these seeds would not find out unless it happens in them.
    assert crashes > 10
    assert messages > 40
    assert steps > 500
    assert joined > 40
