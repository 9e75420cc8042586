"""What an order would be discounted by, through a program's document and HTTP."""

import pytest

from loyalty.program_document import program_from
from stores.programs import EDGE_CALENDARS
from tests.builders import NOON
from tests.routes.client import Client
from tests.routes.test_commands import an_order_body

TEN = {"id": "ten", "name": "Ten off", "kind": "percent", "percent_bp": 1_000}
TWENTY = {"id": "twenty", "name": "Twenty off", "kind": "percent", "percent_bp": 2_000}
FIVE = {
    "id": "five",
    "name": "Five dollars off",
    "kind": "amount",
    "amount_minor": 5_00,
}


def estimated(discounts, base: str, cents: int) -> dict:
    document = {
        "program": "test",
        "currency": "USD",
        "earn": [{"id": "spend", "kind": "spend", "points": 1}],
        "discounts": discounts,
        "stacking": {"base": base},
    }
    client = Client(program_from(document, EDGE_CALENDARS))
    line = an_order_body("o1")["lines"][0] | {"unit_price_minor": cents, "quantity": 1}
    order = an_order_body(
        "o1", lines=[line], total_minor=cents, subtotal_minor=cents, occurred_at=NOON
    )
    answer = client.call("POST", "/v1/estimates", json={"order": order})
    assert answer.status_code == 200, answer.text
    return answer.json()["basket"]


@pytest.mark.parametrize(
    ("discounts", "base", "cents", "due"),
    [
        pytest.param([TEN, TWENTY], "initial", 100_00, 70_00, id="EX-55 initial"),
        pytest.param([TEN, TWENTY], "discounted", 100_00, 72_00, id="EX-55 discounted"),
        pytest.param([TEN], "initial", 12_34, 11_11, id="1.234 rounds to 1.23"),
        pytest.param([FIVE], "initial", 3_00, 0, id="never more than the basket"),
    ],
)
def test_a_basket_is_discounted_as_the_program_says(
    discounts, base: str, cents: int, due: int
) -> None:
    basket = estimated(discounts, base, cents)

    assert basket["due_minor"] == due
    assert basket["before_minor"] == cents
    assert sum(basket["line_discounts_minor"]) == basket["discount_minor"]
    assert [one["discount_id"] for one in basket["applied"]] == [
        one["id"] for one in discounts
    ]


def test_a_discount_that_does_not_apply_says_how_far_it_is() -> None:
    far = FIVE | {"conditions": [{"kind": "amount", "minimum_minor": 20_00}]}

    basket = estimated([far], "initial", 15_50)

    assert basket["applied"] == []
    assert basket["not_applied"][0]["distance"] == 4_50
    assert "$4.50" in basket["not_applied"][0]["why_not"]
