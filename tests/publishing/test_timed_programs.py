"""The program of a time, whatever time was asked about before it."""

from hypothesis import given
from hypothesis import strategies as st

from loyalty.program import Program
from loyalty.publishing.changes import Document
from loyalty.publishing.timeline import Move, TimedPrograms, begun, moved, version_at
from tests.builders import a_program

TIMES = st.integers(0, 12)


def _move(effective_from: int) -> Move:
    return Move(effective_from, "change", "ana", effective_from, "", "", {})


def _built(document: Document) -> Program:
    return a_program(version=document.get("version", 1))


@given(st.lists(TIMES, max_size=5), st.lists(TIMES.map(lambda at: at - 1)))
def test_the_version_of_a_time_is_found_in_any_order_of_times(
    changed_at: list[int], asked_at: list[int]
) -> None:
    timeline = begun(_move(0), 1)
    for at in changed_at:
        timeline, _ = moved(timeline, _move(at))
    programs = TimedPrograms(timeline, _built)

    found = [programs.at(at).version for at in asked_at]

    assert found == [version_at(timeline, at).number for at in asked_at]
