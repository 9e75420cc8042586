"""A wall clock that is set back is seen; whatever else clocks do is let pass."""

from threading import Event

import pytest

from runtime.clock_watch import BACK_SECONDS_MAX, ClockWatch


class Clocks:
    def __init__(self) -> None:
        self.wall, self.timer = 1_700_000_000.0, 50.0
        self.told = Event()
        self.watch = ClockWatch(
            self.told.set, wall=lambda: self.wall, timer=lambda: self.timer
        )

    def go_on(self, seconds: float, *, jump: float = 0.0) -> bool:
        self.timer += seconds
        self.wall += seconds + jump
        return self.watch.look()


def test_a_clock_that_is_set_back_is_told_once() -> None:
    clocks = Clocks()
    clocks.wall -= 3_600
    clocks.watch.start()

    assert clocks.told.wait(10)
    assert clocks.watch.was_set_back


@pytest.mark.parametrize("jump", [0.0, 3_600.0, -BACK_SECONDS_MAX / 2])
def test_a_clock_that_goes_on_forward_or_back_a_little_is_let_pass(jump: float) -> None:
    clocks = Clocks()

    assert not any(clocks.go_on(0.5, jump=jump) for _ in range(20))
    assert not clocks.watch.was_set_back


def test_a_process_that_was_stopped_for_an_hour_is_let_pass() -> None:
    assert not Clocks().go_on(3_600)
