"""Codes and limits of offers over partitions, with repeats and crashes anywhere."""

from tests.simulation.code_world import CodeWorld
from tests.simulation.seeds import SEEDS


def test_no_code_is_given_or_used_twice_and_no_limit_is_passed() -> None:
    crashes = 0
    for seed in range(max(SEEDS // 40, 25)):
        world = CodeWorld(seed, codes=12, limit=7, partitions=4)
        for _ in range(3):
            for _ in range(20):
                world.come(15)
                world.enter(15)
            world.run()
            world.use_all()
            world.run()

        assert sorted(world.numbers) == list(range(12)), f"seed {seed}"
        assert len(world.given["cake"]) == 12
        assert len(world.given["tea"]) == 7
        assert len(set(world.used)) == len(world.used) == 12
        assert not any(o.waits for m in world.members.values() for o in m.personal)
        crashes += world.crashes
    assert crashes > 0
