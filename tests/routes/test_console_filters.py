"""Stores, franchises and ways to order that an address chooses, and what becomes of them."""

from datetime import date
from typing import Any

import pytest
from starlette.datastructures import QueryParams

from api.console.comparing import rows_of_places, side_by_side
from api.console.filters import PLACES_MAX, Chosen, chosen_of
from loyalty.program import Program
from loyalty.program_document import program_from
from stores.questions import QUESTIONS, Answered
from tests.routes.client import Client
from tests.routes.desk import Visitor

PLACE_COLUMNS = QUESTIONS["places"].columns
DAY_COLUMNS = QUESTIONS["place_days"].columns


@pytest.fixture(scope="module")
def program() -> Program:
    return program_from(
        {
            "program": "chain",
            "currency": "USD",
            "earn": [{"id": "base", "points": 1}],
            "stores": [
                {"id": "a", "franchise": "east"},
                {"id": "b", "franchise": "east"},
                {"id": "c"},
            ],
        }
    )


@pytest.mark.parametrize(
    ("query", "chosen"),
    [
        ("", Chosen()),
        ("store=&franchise=&channel=", Chosen()),
        ("store=a", Chosen(("a",))),
        ("store=a&store=a&store=%20b", Chosen(("a", "b"))),
        ("store=a&franchise=east&channel=APP", Chosen(("a",), ("east",), "APP")),
        ("channel=PIGEON", Chosen()),
        ("store=east&franchise=east", Chosen(("east",))),
        (
            "store=1&store=2&store=3&franchise=x&franchise=y",
            Chosen(("1", "2", "3"), ("x",), is_cut=True),
        ),
    ],
)
def test_an_address_chooses_so_many_places(query: str, chosen: Chosen) -> None:
    assert chosen_of(QueryParams(query)) == chosen
    assert len(chosen.places) <= PLACES_MAX


def test_an_address_says_the_same_again() -> None:
    query = "store=a%26b&franchise=%C3%A9st&channel=WEB"
    chosen = chosen_of(QueryParams(query))

    assert chosen.query == f"&{query}"
    assert chosen_of(QueryParams(chosen.query)) == chosen


def test_a_franchise_is_its_stores(program: Program) -> None:
    chosen = Chosen(("a",), ("east",))

    told = chosen.told(program)
    assert told["stores"] == ["a", "a", "b"]
    assert told["places"] == ["a", "east", "east"]
    whole = chosen.told(program, as_one=True)
    # As one place a store counts once, and one that is unknown is not all of them.
    assert (whole["stores"], whole["places"]) == (["a", "b"], ["", ""])
    assert Chosen((), ("west",)).told(program)["stores"] == ["west"]


def test_days_have_a_column_for_each_place_and_no_gap() -> None:
    days = [date(2024, 1, 1), date(2024, 1, 2)]
    answer = Answered(DAY_COLUMNS, [(days[1], "b", 3, 30_00, 0, 30, 1)])
    drawn = side_by_side(answer, ("a", "b"), measure="orders", days=days)

    assert [column.name for column in drawn.columns] == ["day", "a", "b"]
    assert drawn.rows == [(days[0], 0, 0), (days[1], 0, 3)]


def test_a_place_that_sold_nothing_has_a_row_of_zeros() -> None:
    answer = Answered(PLACE_COLUMNS, [("b", 3, 2, 30_00, 10_00, 0, 0, 30, 1)])
    rows = rows_of_places(answer, ("a", "b"))

    assert [(row["place"], row["orders"]) for row in rows] == [("a", 0), ("b", 3)]


def asked_by(client: Client, name: str) -> dict[str, Any]:
    """What a question was told last."""
    return [told for asked, told in client.questions.asked if asked == name][-1]


@pytest.mark.parametrize(
    ("path", "question"),
    [
        ("/signals", "fraud_signals"),
        ("/rule-results", "rule_results"),
        ("/rows/order_rows", "order_rows"),
        ("/rows/rule_results.csv", "rule_results"),
    ],
)
def test_a_page_asks_about_the_store_of_its_address(path: str, question: str) -> None:
    client = Client()
    Visitor(client).sign_in().get(f"{path}?days=7&store=north&channel=APP")
    told = asked_by(client, question)

    assert (told["store"], told["channel"]) == ("north", "APP")


@pytest.mark.parametrize("path", ["/overview", "/signals", "/rule-results", "/stores"])
def test_other_days_and_saved_views_keep_the_filters(path: str) -> None:
    client = Client()
    visitor = Visitor(client).sign_in()
    address = f"{path}?days=7&store=north&channel=APP"
    page = visitor.get(address).text

    assert f'href="/console{path}?days=90&amp;store=north&amp;channel=APP"' in page
    assert '<option value="APP" selected>' in page
    visitor.send("/saved", address, name="North, by app")
    saved = visitor.get("/saved").text
    assert f'href="/console{path}?days=7&amp;store=north&amp;channel=APP"' in saved
    assert "north, APP, 7 days" in saved


def test_the_overview_of_a_store_asks_only_what_belongs_to_one() -> None:
    client = Client()
    client.questions.rows["places"] = [("", 12, 7, 120_00, 10_00, 6_00, 500, 99, 4)]
    client.questions.rows["place_days"] = [
        (date(2024, 1, 15), "", 12, 120_00, 6_00, 99, 4)
    ]
    page = Visitor(client).sign_in().get("/overview?store=north&days=7").text

    asked = {name for name, _ in client.questions.asked}
    assert asked == {"span", "places", "place_days"}
    assert asked_by(client, "place_days")["stores"] == ["north"]
    assert asked_by(client, "place_days")["places"] == [""]
    assert "$120.00" in page
    assert "5.0%" in page
    assert "as_one=1" in page


def test_chosen_stores_stand_beside_each_other() -> None:
    client = Client()
    client.questions.rows["places"] = [
        ("north", 12, 7, 120_00, 10_00, 6_00, 500, 99, 4)
    ]
    client.questions.rows["stores"] = [("north", 12, 7, 120_00, 10_00, 0, None, 6_00)]
    visitor = Visitor(client).sign_in()
    page = visitor.get("/stores?days=7&store=north&store=south&show=orders").text

    assert asked_by(client, "places")["stores"] == ["north", "south"]
    assert 'value="north" aria-label="Compare north" checked' in page
    # A store without an order in these days is not lost when the form is sent.
    assert 'type="hidden" name="store" value="south"' in page
    assert "Orders by day" in page
    assert '<option value="orders" selected>' in page
    csv = visitor.get("/rows/places.csv?days=7&store=north&store=south").text
    assert csv.splitlines()[0].startswith("place,orders,members")


def test_more_places_than_there_is_room_for_are_told() -> None:
    names = "&".join(f"store=s{number}" for number in range(PLACES_MAX + 1))
    page = Visitor(Client()).sign_in().get(f"/stores?{names}").text

    assert f"the first {PLACES_MAX} are compared" in page


def test_the_api_puts_stores_beside_each_other() -> None:
    client = Client()
    span = "from_at=2024-01-01T00:00:00Z&until_at=2024-02-01T00:00:00Z"
    client.call("GET", f"/v1/analytics/places?{span}&stores=a&stores=b&channel=WEB")
    told = asked_by(client, "places")

    assert told["stores"] == told["places"] == ["a", "b"]
    assert told["channel"] == "WEB"
    many = "&".join(f"stores=s{number}" for number in range(101))
    answer = client.call("GET", f"/v1/analytics/places?{span}&{many}")
    assert answer.status_code == 422
