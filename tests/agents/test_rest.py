"""How long a worker waits for more records."""

import pytest

from streams.rest import REST_SECONDS_MAX, Rest


@pytest.mark.parametrize(
    ("took", "later", "left"),
    [
        pytest.param(0.04, 0.0, 0.02, id="half-as-long-as-the-transaction"),
        pytest.param(0.04, 0.015, 0.005, id="less-what-has-passed"),
        pytest.param(0.04, 0.02, 0.0, id="rested"),
        pytest.param(0.04, 60.0, 0.0, id="long-rested"),
        pytest.param(9.0, 0.0, REST_SECONDS_MAX, id="never-longer-than-the-most"),
    ],
)
def test_a_rest_is_half_as_long_as_the_last_transaction(
    took: float, later: float, left: float
) -> None:
    now = 100.0
    rest = Rest(lambda: now)
    rest.after(took)
    now += later

    assert rest.left_seconds() == pytest.approx(left)


def test_whoever_has_committed_nothing_does_not_wait() -> None:
    assert Rest().left_seconds() == 0
