"""Rules tried on the console: on a basket, and on the past."""

import pytest

from tests.routes.client import Client
from tests.routes.desk import Visitor

PAGE = "/rules/spend"
BASKET = {"quantity-0": "2", "price-0": "4.50", "channel": "APP"}
DAYS = {"from": "2026-01-01", "until": "2026-01-31", "sample": "10"}


@pytest.fixture
def client() -> Client:
    return Client()


def test_a_basket_is_tried_without_a_script(client: Client) -> None:
    page = Visitor(client).sign_in("approver").send(f"{PAGE}/try", PAGE, **BASKET)

    assert page.status_code == 200
    assert "This rule changes nothing for this basket." in page.text
    assert 'value="4.50"' in page.text


@pytest.mark.parametrize(
    "changed", [{"price-0": "much"}, {"quantity-0": "-1"}, {"at": "soon"}]
)
def test_a_basket_that_makes_no_sense_is_told_so(
    client: Client, changed: dict[str, str]
) -> None:
    visitor = Visitor(client).sign_in("marketer")
    page = visitor.send(f"{PAGE}/try", PAGE, **(BASKET | changed))

    assert 'role="alert"' in page.text
    assert "no sense" in page.text


def test_a_backtest_is_queued_in_the_viewers_name(client: Client) -> None:
    visitor = Visitor(client).sign_in("marketer", "Mia")
    answer = visitor.send(f"{PAGE}/backtests", PAGE, **DAYS)

    assert answer.status_code == 303
    place = answer.headers["location"].removeprefix("/console")
    page = visitor.get(place).text
    assert "It waits for its turn" in page
    assert "asked for by Mia" in page
    assert visitor.send(f"{place}/cancel", place).status_code == 303
    assert "It was cancelled" in visitor.get(f"{place}/progress").text


@pytest.mark.parametrize("changed", [{"from": ""}, {"until": "2025-12-01"}])
def test_days_that_make_no_sense_queue_nothing(
    client: Client, changed: dict[str, str]
) -> None:
    visitor = Visitor(client).sign_in("marketer")
    answer = visitor.send(f"{PAGE}/backtests", PAGE, **(DAYS | changed))

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_only_who_writes_rules_starts_a_backtest(client: Client) -> None:
    visitor = Visitor(client).sign_in("approver")

    assert visitor.send(f"{PAGE}/backtests", PAGE, **DAYS).status_code == 403
