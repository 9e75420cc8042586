"""A member's past: by wallet, by reference, as of a time, and why."""

from typing import Any

import pytest

from tests.builders import DAY, NOON, a_refund
from tests.routes.client import Client
from tests.routes.programs import EVERYTHING

ANN = "/v1/members/member-1"
HOUR = 3_600_000


@pytest.fixture
def client() -> Client:
    """A member of three orders, an hour apart, and a redemption after them."""
    made = Client(EVERYTHING)
    for number in range(3):
        made.earn(10, order=f"o{number}", after_ms=number * HOUR)
    made.now_seconds += 3 * 3_600
    made.ask("POST", f"{ANN}/redemptions", points=20)
    return made


def read(client: Client, path: str) -> Any:
    answer = client.call("GET", f"{ANN}/{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_wallet_has_a_ledger_of_its_own(client: Client) -> None:
    stamps = read(client, "ledger?wallet=stamps")["items"]

    assert [(row["wallet"], row["balance_after"]) for row in stamps] == [
        ("stamps", 3),
        ("stamps", 2),
        ("stamps", 1),
    ]


def test_what_a_command_moved_is_found_by_its_id(client: Client) -> None:
    done = client.ask("POST", f"{ANN}/redemptions", points=20).json()
    rows = read(client, f"ledger?reference={done['command_id']}")["items"]

    assert sum(row["points"] for row in rows) == -20
    assert {row["kind"] for row in rows} == {"BURN"}


@pytest.mark.parametrize(
    ("at", "balances"),
    [
        (NOON - 1, {}),
        (NOON, {"points": 14, "stamps": 1}),
        (NOON + HOUR - 1, {"points": 14, "stamps": 1}),
        (NOON + HOUR, {"points": 24, "stamps": 2}),
        (NOON + 2 * HOUR, {"points": 45, "stamps": 3}),
        (NOON + DAY, {"points": 25, "stamps": 3}),
        ("2024-01-15T13:00:00Z", {"points": 24, "stamps": 2}),
        (2**63 - 1, {"points": 25, "stamps": 3}),
        (0, {}),
    ],
)
def test_a_balance_is_known_as_of_any_time(
    client: Client, at: int | str, balances: dict[str, int]
) -> None:
    page = read(client, f"ledger?at={at}&limit=200")

    assert page["balances"] == balances
    for wallet, balance in balances.items():
        rows = [row["points"] for row in page["items"] if row["wallet"] == wallet]
        assert sum(rows) == balance
    assert bool(page["items"]) == bool(balances)


def test_a_return_leaves_what_was_before_it_as_it_was() -> None:
    client = Client(EVERYTHING)
    client.earn(10)
    client.give(a_refund("o1", amount_minor=10_00, occurred_at=NOON + HOUR))

    assert read(client, f"ledger?at={NOON + HOUR - 1}")["balances"]["points"] == 14
    assert read(client, f"ledger?at={NOON + HOUR}")["balances"]["points"] == 0


def test_of_one_wallet_only_its_balance_is_told(client: Client) -> None:
    assert read(client, f"ledger?at={NOON}&wallet=stamps")["balances"] == {"stamps": 1}
    assert read(client, f"ledger?at={NOON}&wallet=none")["balances"] == {"none": 0}
    assert read(client, "ledger?wallet=stamps")["balances"] is None


@pytest.mark.parametrize(
    "query",
    ["at=noon", "at=1.5", "at=" + "9" * 30, "at=-1x", "wallet=", "reference=" + "x" * 129],
)  # fmt: skip
def test_a_question_that_is_not_one_is_refused(client: Client, query: str) -> None:
    assert client.call("GET", f"{ANN}/ledger?{query}").status_code == 422


def test_every_decision_says_why_newest_first(client: Client) -> None:
    found = read(client, "explanations")["items"]

    assert [one["version"] for one in found] == [4, 3, 2, 1]
    assert found[0]["why"] == "redeemed 20"
    assert found[0]["event_kind"] == "points.redeem"
    assert found[-1]["why"].startswith("earned 10 by spend")
    assert found[-1]["tier_after"] == "base"
    assert found[-1]["order_id"] == "o0"
    assert found[0]["order_id"] is None


def test_decisions_come_in_pages_without_gaps_or_repeats(client: Client) -> None:
    seen, query = [], "explanations?limit=3"
    while query:
        page = read(client, query)
        seen += [one["version"] for one in page["items"]]
        cursor = page["next_cursor"]
        query = f"explanations?limit=3&cursor={cursor}" if cursor else ""

    assert seen == [4, 3, 2, 1]


@pytest.mark.parametrize("cursor", ["x", "MS4w", "", "LTE", "a" * 65])
def test_a_forged_cursor_is_refused(client: Client, cursor: str) -> None:
    answer = client.call("GET", f"{ANN}/explanations?cursor={cursor}")

    assert answer.status_code == 422


def test_refusals_are_explained_too(client: Client) -> None:
    client.ask("POST", f"{ANN}/redemptions", "key-2", points=5_000)
    newest = read(client, "explanations?limit=1")["items"][0]

    assert newest["why"] == "refused: 5000 points asked for, 25 there"


def test_the_past_needs_clickhouse(client: Client) -> None:
    client.analytics.is_available = False

    for path in ("ledger", "explanations", f"ledger?at={NOON}"):
        assert client.call("GET", f"{ANN}/{path}").status_code == 503
