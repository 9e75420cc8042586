"""Points that are set aside live as long as they would have, had they stayed."""

import pytest

from tests.builders import DAY
from tests.rules.town import Town, at, built

RESERVED = """
expiry: {kind: sliding, amount: 30}
earn: [{id: spend, points: 1, step_minor: 100}]
"""


@pytest.mark.parametrize(
    ("case", "what", "gone"),
    [
        ("nothing", "", "2026-02-01"),
        ("an order", "order", "2026-03-02"),
        ("an act", "act", "2026-03-02"),
        ("using the others", "redeem", "2026-03-02"),
        ("using one of them", "confirm", "2026-03-02"),
        ("a correction is no activity", "adjust", "2026-02-01"),
    ],
)
@pytest.mark.parametrize("ends", ["lapses", "is released"])
def test_reserved_points_live_from_the_last_activity_like_all_others(
    case: str, what: str, gone: str, ends: str
) -> None:
    town = Town(built(RESERVED))
    town.order(100_00, "2026-01-01T12:00")
    for name, points in (("kept", 50), ("other", 10)):
        town.say("points.reserve", "2026-01-30T12:00", command_id=name, points=points)
    if what == "order":
        town.order(0, "2026-01-30T12:05")
    elif what == "act":
        town.act("menu.viewed", "2026-01-30T12:05")
    elif what == "redeem":
        town.say("points.redeem", "2026-01-30T12:05", points=1)
    elif what == "confirm":
        town.say("points.confirm", "2026-01-30T12:05", reservation_id="other")
    elif what == "adjust":
        town.say("points.adjust", "2026-01-30T12:05", points=-1)
    if ends == "lapses":
        town.tick("2026-01-31T12:00")
    else:
        for name in ("kept", "other"):
            town.say("points.release", "2026-01-30T12:10", reservation_id=name)

    # One lot, whole again: what came back ends with what had stayed.
    assert [lot.expires_at for lot in town.member().lots] == [at(gone)], case
    town.check_books()


@pytest.mark.parametrize(
    ("case", "act", "balance"),
    [
        ("the last moment", "2026-01-31T23:59", 50),
        ("their own midnight is too late", "2026-02-01T00:00", 0),
    ],
)
def test_reserved_points_that_ended_do_not_come_to_life(
    case: str, act: str, balance: int
) -> None:
    town = Town(built(RESERVED))
    town.order(50_00, "2026-01-01T12:00")
    town.say("points.reserve", "2026-01-31T12:00", points=50, hold_ms=2 * DAY)
    town.act("menu.viewed", act)
    town.tick("2026-02-03")

    assert town.balance() == balance, case
    town.check_books()


def test_a_rules_own_expiry_is_that_of_reserved_points_too() -> None:
    town = Town(
        built(
            RESERVED.replace(
                "step_minor: 100", "step_minor: 100, expiry: {kind: never}"
            )
        )
    )
    town.order(100_00, "2026-01-01T12:00")
    town.say("points.reserve", "2026-01-30T12:00", points=50)
    town.act("menu.viewed", "2026-01-30T12:05")
    town.tick("2026-01-31T12:00")

    assert [lot.expires_at for lot in town.member().lots] == [0]
