"""Timers by hours: what is due comes up as from a plain list, however it is moved."""

from hypothesis import given
from hypothesis import strategies as st

from streams.timers import HOUR_MS, Timers

TIMES = st.integers(1, 6 * HOUR_MS)
# A member whose time is set, or a look at a time.
STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from("abcdef"), TIMES), st.tuples(st.just(""), TIMES)
    ),
    max_size=60,
)


@given(STEPS, st.integers(1, 3))
def test_what_comes_up_is_what_a_plain_list_says(
    steps: list[tuple[str, int]], ripen_max: int
) -> None:
    due: dict[str, int] = {}
    timers = Timers(lambda member_id: due.get(member_id, 0))
    for member_id, at in steps:
        if member_id:
            was_at = due.get(member_id, 0)
            due[member_id] = at
            if at != was_at:
                timers.add(member_id, at, was_at)
            continue
        while not timers.ripen(at, ripen_max):
            pass
        popped = []
        while (found := timers.pop(at)) is not None:
            popped.append((due.pop(found), found))
        assert popped == sorted(popped)
        assert all(later > at for later in due.values())


def test_a_large_hour_ripens_in_bounded_steps() -> None:
    due = {f"m{number}": 2 * HOUR_MS + number for number in range(25)}
    timers = Timers(due.__getitem__)
    for member_id, at in due.items():
        timers.add(member_id, at)

    looks = [timers.ripen(2 * HOUR_MS, 10) for _ in range(3)]

    assert looks == [False, False, True]
    assert len(timers) == 25
    assert timers.pop(2 * HOUR_MS + 24) == "m0"


def test_a_time_that_moves_within_its_hour_is_no_other_entry() -> None:
    due = {"ann": HOUR_MS + 1}
    timers = Timers(due.__getitem__)
    timers.add("ann", HOUR_MS + 1)
    for minute in range(2, 50):
        was_at, due["ann"] = due["ann"], HOUR_MS + minute
        timers.add("ann", due["ann"], was_at)

    assert len(timers) == 1
    assert timers.pop(HOUR_MS + 48) is None
    assert timers.pop(HOUR_MS + 49) == "ann"
    assert len(timers) == 0
