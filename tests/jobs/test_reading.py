"""Reading a partition to an end asks for no more than there is, and leaves nothing."""

from collections.abc import Iterator
from typing import Any

import pytest

from jobs.reading import POLL_RECORDS, LogReader
from runtime.settings import Settings


class Record:
    """A record, or a place that holds none: what a transaction leaves."""

    def __init__(self, place: int) -> None:
        self.place = place

    def offset(self) -> int:
        return self.place

    def error(self) -> None:
        return None


class Log:
    """A partition of a topic, given out as a client gives it."""

    def __init__(self, places: list[int], end: int) -> None:
        self.edges = places[0], end
        self.left = [Record(place) for place in places]
        self.asked: list[int] = []

    def get_watermark_offsets(self, _: Any, **__: Any) -> tuple[int, int]:
        return self.edges

    def assign(self, _: Any) -> None:
        """All of it is ours."""

    def consume(self, count: int, _: float) -> list[Record]:
        self.asked.append(count)
        given, self.left = self.left[:count], self.left[count:]
        return given


class Reader(LogReader):
    """Reads a log that is in memory."""

    def __init__(self, log: Log) -> None:
        super().__init__(Settings())
        self.log = log

    def _consumer(self, topic: str) -> Any:
        del topic
        return self.log


def places_of(records: Iterator[Any]) -> list[int]:
    return [record.offset() for record in records]


@pytest.mark.parametrize(
    ("count", "asked"),
    [
        pytest.param(3, [3], id="fewer than a poll takes"),
        pytest.param(POLL_RECORDS + 2, [POLL_RECORDS, 2], id="two polls"),
    ],
)
def test_a_poll_asks_for_no_more_than_is_left(count: int, asked: list[int]) -> None:
    log = Log(list(range(7, 7 + count)), 7 + count)

    places = places_of(Reader(log).read("orders", 0, 7 + count))

    assert places == list(range(7, 7 + count))
    # Asked for one more, a client would wait for it as long as a poll may last.
    assert log.asked == asked


def test_what_came_after_the_end_is_not_read() -> None:
    log = Log(list(range(10)), 10)

    assert places_of(Reader(log).read("orders", 0, 4)) == [0, 1, 2, 3]
    assert log.asked == [4]


def test_a_place_without_a_record_is_waited_for_no_longer_than_the_next_one() -> None:
    # A transaction's mark has taken places 2 and 5.
    log = Log([0, 1, 3, 4, 6], 7)

    assert places_of(Reader(log).read("orders", 0, 6)) == [0, 1, 3, 4]
