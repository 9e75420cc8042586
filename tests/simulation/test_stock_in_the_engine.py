"""A stock in the engine itself, killed between any two steps: told once, folded again."""

import asyncio
import json
from collections import Counter
from typing import Any

import pytest

from loyalty.budgets import GRANTED
from loyalty.decide import decide
from loyalty.events import Command, Tick
from loyalty.settling import Decide
from schemas.command_results import answer_of
from schemas.topics import CLOCK, COMMANDS, SOURCES
from schemas.update_reader import UpdateReader
from streams.tools import Tools
from tests.builders import NOON
from tests.rules.town import built
from tests.simulation.stock_world import ASKS, HOLD_MS, PURSE, REWARDS, units_of
from tests.simulation.test_replay import Kept
from tests.simulation.world import EVENTS, STATES, UPDATES, World

READER = UpdateReader()

MEMBERS, UNITS = 7, 12
RULES: Decide = decide


class RewardWorld(World):
    """Members of one partition who ask for mugs, and end what they asked for."""

    def _fill(self, orders: int) -> None:
        random, kafka = self.random, self.kafka
        self.program = built(REWARDS % UNITS)
        self.asked: dict[str, str] = {}
        for spec in SOURCES:
            kafka.sources[spec.name] = []
        at = NOON
        for number in range(MEMBERS):
            self._say(f"purse-{number}", f"member-{number}", "points.adjust", at, PURSE)
        for number in range(orders):
            at += random.randrange(HOLD_MS // 12)
            name = f"ask-{number}"
            if self.asked and random.random() < 0.4:
                target = random.choice(sorted(self.asked))
                kind = random.choice(("confirm", "release", "void"))
                self._say(name, self.asked[target], f"points.{kind}", at, target)
            else:
                member_id = f"member-{random.randrange(MEMBERS)}"
                self.asked[name] = member_id
                self._say(name, member_id, random.choice(ASKS), at, "mug")
            if random.random() < 0.1:
                kafka.append(CLOCK.name, None, EVENTS.encode_tick(Tick(at)), at)

    def _say(self, name: str, member_id: str, kind: str, at: int, what: Any) -> None:
        names = {"points.adjust": "points", "points.void": "command_id"}
        names |= dict.fromkeys(ASKS, "reward_id")
        say = {names.get(kind, "reservation_id"): what}
        command = Command(name, member_id, kind, at, "desk", say)
        self._send(COMMANDS.name, member_id, EVENTS.encode_command(command), at)

    def _tools(self) -> Tools:
        budgets = self.program.budget_by_id
        return super()._tools()._replace(find_budget=lambda name, _: budgets.get(name))


def lived(seed: int) -> tuple[RewardWorld, Kept]:
    world = RewardWorld(seed, orders=50, crash_chance=0.03)
    asyncio.run(world.live())
    return world, Kept(world)


@pytest.mark.parametrize("seed", range(16))
def test_each_command_is_answered_once_and_the_fold_is_the_same(seed: int) -> None:
    world, kept = lived(seed)

    replay = kept.replay(RULES)

    answers: Counter[str] = Counter()
    for member_id, value in world.kafka.updates:
        for change in READER.read(value).changes:
            answer = answer_of(member_id, change)
            answers.update([answer[0]] if answer else [])
            if answer and change.event_kind == GRANTED:
                assert json.loads(answer[1])["result"]
    assert set(answers.values()) == {1}
    assert answers.keys() >= world.asked.keys()
    units = sum(units_of(STATES.decode_member(one)) for one in kept.states.values())
    assert units <= UNITS
    assert sum(replay.recount.spent.values()) == units
    assert replay.recount.claimed == replay.recount.answered


def test_the_worlds_of_rewards_are_not_too_kind() -> None:
    worlds = [lived(seed)[0] for seed in range(8)]
    changes = [
        change
        for world in worlds
        for _, value in world.kafka.updates
        for change in UPDATES.decode(value).changes
    ]
    refusals = Counter(one.refusal for one in changes if one.event_kind == GRANTED)

    assert sum(world.kafka.crashes for world in worlds) > 10
    assert refusals[""] > 30
    assert refusals["out-of-stock"] > 10
    assert refusals["stock-late"] > 10
