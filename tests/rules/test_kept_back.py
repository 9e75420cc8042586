"""What an explanation says of points that a limit kept back."""

import pytest

from loyalty.decision import Decision
from loyalty.movements import TRIMS_TOLD_MAX
from tests.builders import an_order
from tests.rules.town import Town, at, built

SPEND = "earn: [{id: s, points: 1, step_minor: 100, caps: [{CAP}]}]\n"


def why(outcome: object) -> str:
    assert isinstance(outcome, Decision)
    return outcome.why


def why_of_order(town: Town, amount_minor: int, when: str) -> str:
    placed = an_order(when, subtotal_minor=amount_minor, occurred_at=at(when))
    return why(town.place(placed))


@pytest.mark.parametrize(
    ("cap", "first", "then"),
    [
        ("{period: day, points: 100}", 80, "earned 20 by s; the cap of 100 points a day kept back 30 of 50 by s"),
        ("{period: day, points: 100}", 100, "earned nothing; the cap of 100 points a day kept back 50 of 50 by s"),
        ("{period: week, times: 1}", 10, "earned nothing; the cap of once a week kept back 50 of 50 by s"),
        ("{period: month, points: 90, times: 3}", 80, "earned 10 by s; the cap of 90 points and 3 times a month kept back 40 of 50 by s"),
        ("{period: day, every: 14, points: 60}", 30, "earned 30 by s; the cap of 60 points in 14 days kept back 20 of 50 by s"),
        ("{period: forever, points: 90}", 80, "earned 10 by s; the cap of 90 points in all kept back 40 of 50 by s"),
        ("{period: transaction, points: 40}", 10, "earned 40 by s; the cap of 40 points an order kept back 10 of 50 by s"),
        ("{period: day, points: 99, over: reject}", 80, "earned nothing; the cap of 99 points a day kept back 50 of 50 by s"),
        ("{period: year, points: 90}, {period: day, points: 85}", 80, "earned 5 by s; the cap of 85 points a day kept back 45 of 50 by s"),
        ("{period: day, points: 99, over: reject}, {period: week, points: 90}", 80, "earned nothing; the cap of 99 points a day kept back 50 of 50 by s"),
        ("{period: day, points: 500}", 80, "earned 50 by s"),
    ],
)  # fmt: skip
def test_an_order_says_which_cap_kept_what_back(
    cap: str, first: int, then: str
) -> None:
    town = Town(built(SPEND.replace("{CAP}", cap)))
    town.order(first * 100, "2026-03-04T08:00")

    assert why_of_order(town, 50_00, "2026-03-04T09:00") == then


@pytest.mark.parametrize(
    ("program", "then"),
    [
        ("earn: [{id: v, kind: visit, points: 10, cooldown_minutes: 60}]", "earned nothing; the pause between two times kept back 10 of 10 by v"),
        ("wallets: [{id: points, balance_max: 15}]\nearn: [{id: v, kind: visit, points: 10}]", "earned 5 by v; what points may take in or hold kept back 5 of 10 by v"),
        ("earn: [{id: v, kind: visit, points: 10}]\nbonuses: [{id: b, kind: add, points: 7, caps: [{period: day, points: 9}]}]", "earned 10 by v, 2 by b; the cap of 9 points a day kept back 5 of 7 by b"),
    ],
    ids=["a pause", "a full wallet", "a bonus"],
)  # fmt: skip
def test_an_order_says_which_other_limit_kept_what_back(
    program: str, then: str
) -> None:
    town = Town(built(program))
    town.order(10_00, "2026-03-04T08:00")

    assert why_of_order(town, 10_00, "2026-03-04T08:30") == then


def test_a_bonus_on_nothing_is_not_said_to_be_kept_back() -> None:
    bonus = "{id: b, kind: multiply, factor: '2', cooldown_minutes: 60}"
    earn = "earn: [{id: s, points: 1, step_minor: 1000}]"
    town = Town(built(f"{earn}\nbonuses: [{bonus}]"))
    assert why_of_order(town, 20_00, "2026-03-04T08:00") == "earned 2 by s, 2 by b"

    assert why_of_order(town, 5_00, "2026-03-04T08:30") == "earned nothing"


def test_an_order_that_comes_late_says_what_its_own_day_kept_back() -> None:
    town = Town(built(SPEND.replace("{CAP}", "{period: day, points: 100}")))
    town.order(80_00, "2026-03-04T08:00")
    town.order(10_00, "2026-03-06T08:00")

    late = why_of_order(town, 50_00, "2026-03-04T09:00")

    told = "the cap of 100 points a day kept back 30 of 50 by s"
    assert late == f"earned 20 by s; {told}"


def test_an_act_says_what_was_kept_back() -> None:
    rule = "{id: a, kind: activity, activity: quiz.done, points: 10, caps: [{CAP}]}"
    town = Town(built(f"earn: [{rule}]".replace("{CAP}", "{period: day, points: 15}")))
    town.act("quiz.done", "2026-03-04T08:00")

    told = "the cap of 15 points a day kept back 5 of 10 by a"
    again = town.act("quiz.done", "2026-03-04T09:00")
    assert why(again) == f"noted quiz.done, earned 5; {told}"


def test_a_few_limits_are_told_however_many_there_were() -> None:
    caps = "caps: [{period: day, points: 1}]"
    rules = ", ".join(
        f"{{id: r{number}, kind: visit, points: 2, {caps}}}" for number in range(9)
    )
    town = Town(built(f"earn: [{rules}]"))

    told = why_of_order(town, 10_00, "2026-03-04T08:00").split("; ")

    assert len(told) == 1 + TRIMS_TOLD_MAX
    assert town.balance() == 9
