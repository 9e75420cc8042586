"""Reach, cost and what budgets have left, beside the list of rules."""

from typing import Any

import pytest

from api.console.rulebook.figures import (
    BudgetLeft,
    Drawer,
    Figures,
    Gave,
    figures_of,
    left_of,
)
from loyalty.budgets import Budget
from loyalty.limits import DAY_MS
from loyalty.program_document import program_from
from tests.routes.client import Client
from tests.routes.desk import Visitor
from tests.routes.programs import EVERYTHING

DOCUMENT: dict[str, Any] = {
    "program": "spring",
    "currency": "USD",
    "earn": [
        {"id": "spend", "points": 1, "budget": "ever"},
        {"id": "visit", "kind": "visit", "points": 5, "budget": "daily"},
    ],
    "bonuses": [{"id": "extra", "kind": "add", "points": 5, "budget": "ever"}],
    "budgets": [
        {"id": "ever", "total": 1_000},
        {"id": "daily", "total": 50, "period": "day"},
        {"id": "nobody", "total": 1},
    ],
}


def row(rule: str, wallet: str, **told: int) -> dict[str, object]:
    """A record of what a rule gave."""
    numbers = {"members": 0, "times": 0, "points": 0} | told
    return {"rule": rule, "wallet": wallet, **numbers}


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        pytest.param([], {}, id="nothing"),
        pytest.param(
            [row("spend", "points", members=3, times=9, points=1_235)],
            {"spend": Figures(3, 9, (Gave(1_235, "Points", 617),))},
            id="worth rounds down",
        ),
        pytest.param(
            [row("coffee", "", members=2, times=4)],
            {"coffee": Figures(2, 4)},
            id="a reward gives no points",
        ),
        pytest.param(
            [
                row("x#a", "points", members=2, times=3, points=30),
                row("x#b", "points", members=1, times=1, points=20),
            ],
            {"x": Figures(3, 4, (Gave(50, "Points", 25),))},
            id="arms are one rule",
        ),
        pytest.param(
            [
                row("x", "points", members=2, times=3, points=30),
                row("x", "stamps", members=1, times=1, points=1),
            ],
            {"x": Figures(2, 4, (Gave(30, "Points", 15), Gave(1, "Stamps", None)))},
            id="two wallets",
        ),
    ],
)
def test_what_a_rule_gave_is_added_up(records, expected) -> None:
    assert figures_of(records, EVERYTHING) == expected


@pytest.mark.parametrize(
    ("total", "used", "left", "percent"),
    [(1_000, 0, 1_000, 100), (1_000, 999, 1, 0), (10, 12, 0, 0), (0, 0, 0, 0)],
)
def test_a_budget_tells_what_is_left(
    total: int, used: int, left: int, percent: int
) -> None:
    budget = BudgetLeft("spring", total, used, "none")

    assert (budget.left, budget.percent) == (left, percent)


def test_rules_of_one_budget_share_it() -> None:
    drawer = Drawer(Budget("spring", 100), ("a", "b"), 0)
    found = left_of([drawer], {"a": 30, "b": 20, "c": 40})

    assert found["spring"].left == 50


def test_the_list_does_not_wait_for_figures(client: Client) -> None:
    client.questions.is_available = False
    page = Visitor(client).sign_in("marketer").get("/rules?section=earn")

    assert page.status_code == 200
    assert 'hx-get="/console/rule-figures?state=&amp;section=earn"' in page.text
    assert client.questions.asked == []


def test_figures_come_with_the_same_rules(client: Client) -> None:
    client.questions.rows["rule_results"] = [("spend", "points", 3, 9, 1_234)]
    part = Visitor(client).sign_in("marketer").get("/rule-figures?section=earn").text

    assert "1,234" in part
    assert "9 times" in part
    assert "hx-get" not in part
    assert 'href="/console/rules/spend"' in part
    assert 'href="/console/rules/basket"' not in part


def test_budgets_are_asked_for_by_period_and_told_at_their_rules() -> None:
    client = Client(program_from(DOCUMENT), DOCUMENT)
    client.questions.rows["budget_uses"] = [("extra", 100), ("spend", 650)]
    part = Visitor(client).sign_in("marketer").get("/rule-figures").text
    told = [one for name, one in client.questions.asked if name == "budget_uses"]

    assert [one["rules"] for one in told] == [["extra", "spend"], ["visit"]]
    assert told[0]["since"] == 0
    # Midnight of the programme's clock.
    assert 0 < client.now_seconds * 1_000 - int(str(told[1]["since"])) < DAY_MS
    assert part.count("250 of 1,000") == 2
    assert part.count("25 % of ever left") == 2
    assert "50 of 50" in part


def test_without_clickhouse_the_rules_stay_and_say_so(client: Client) -> None:
    visitor = Visitor(client).sign_in("marketer")
    client.questions.is_available = False
    part = visitor.get("/rule-figures")

    assert part.status_code == 200
    assert "cannot be told now" in part.text
    assert 'href="/console/rules/spend"' in part.text


def test_whoever_may_not_see_figures_has_the_rules(client: Client) -> None:
    visitor = Visitor(client).sign_in("operator")

    assert "hx-get" not in visitor.get("/rules").text
    assert visitor.get("/rule-figures").status_code == 403


@pytest.fixture
def client() -> Client:
    return Client()
