"""Where a partition goes on: never behind what was deleted, never past what is new."""

import pytest

from schemas.state import Checkpoint
from streams.changelog import RestoreFailed
from streams.positions import positions_from

KNOWN = Checkpoint({"orders": 100, "clock": 50})


def test_a_partition_goes_on_where_it_was_and_begins_where_a_topic_begins() -> None:
    edges = {"orders": (90, 100), "clock": (0, 51), "commands": (7, 9)}

    positions = positions_from(KNOWN, edges, 3)

    assert positions == {"orders": 100, "clock": 50, "commands": 7}


def test_orders_that_were_deleted_before_they_were_applied_are_told() -> None:
    with pytest.raises(RestoreFailed, match=r"orders-3: .* deleted everything before"):
        positions_from(KNOWN, {"orders": (101, 200), "clock": (0, 50)}, 3)


def test_ticks_that_were_deleted_are_passed_for_later_ones_do_the_same() -> None:
    positions = positions_from(KNOWN, {"orders": (0, 100), "clock": (80, 90)}, 3)

    assert positions == {"orders": 100, "clock": 80}


@pytest.mark.parametrize("topic", ["orders", "clock"])
def test_a_log_that_was_made_anew_is_refused_for_its_new_records_would_be_passed(
    topic: str,
) -> None:
    edges = {"orders": (0, 100), "clock": (0, 50)} | {topic: (0, 10)}

    with pytest.raises(RestoreFailed, match=rf"{topic}-3: .* ends at 10"):
        positions_from(KNOWN, edges, 3)
