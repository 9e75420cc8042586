"""Rewards with a stock over HTTP: the answer comes when the stock has answered."""

import asyncio
from dataclasses import replace

import pytest

from loyalty.benefits import RewardOffer
from loyalty.budgets import NONE, Budget, stock_of
from tests.routes.client import Client
from tests.routes.programs import EVERYTHING

ANN = "/v1/members/member-1"
ONE_MUG = replace(
    EVERYTHING,
    offers=(
        RewardOffer("mug", "A mug", 40, stock=Budget(stock_of("mug"), 1, edge=NONE)),
    ),
)


@pytest.fixture
def client() -> Client:
    """One mug, and two members who can pay for it."""
    made = Client(ONE_MUG)
    made.earn(271)
    made.earn(271, member_id="member-2", order="o2")
    return made


def balance(client: Client, member_id: str) -> int:
    return int(client.call("GET", f"/v1/members/{member_id}").json()["balance"])


def test_who_comes_first_has_it_and_the_next_keeps_the_points(client: Client) -> None:
    before = balance(client, "member-2")
    got = client.ask("POST", f"{ANN}/redemptions", reward_id="mug")
    none = client.ask("POST", "/v1/members/member-2/redemptions", reward_id="mug")
    status = client.call("GET", f"/v1/commands/{none.json()['command_id']}").json()

    assert got.status_code == 200, got.text
    assert got.json()["why"] == "redeemed 40 for mug"
    assert got.json()["result"]["reward"] == "mug"
    assert (none.status_code, none.json()["reason"]) == (409, "out-of-stock")
    assert none.json()["detail"] == "no mug is left"
    assert (status["status"], status["reason"]) == ("refused", "out-of-stock")
    assert balance(client, "member-2") == before


def test_a_released_reservation_is_there_for_the_next(client: Client) -> None:
    reserved = client.ask("POST", f"{ANN}/reservations", reward_id="mug")
    result = reserved.json()["result"]
    shown = client.call("GET", ANN).json()["reservations"]
    path = f"/v1/reservations/{result['reservation_id']}"
    released = client.ask("DELETE", path, "key-2")
    got = client.ask("POST", "/v1/members/member-2/redemptions", reward_id="mug")

    assert reserved.status_code == 201, reserved.text
    assert result["points"] == 40
    assert shown[0]["reservation_id"] == result["reservation_id"]
    assert (released.status_code, got.status_code) == (200, 200)


def test_while_the_stock_has_not_answered_the_command_is_pending(
    client: Client,
) -> None:
    client.publisher.accounts_are_paused = True
    asked = client.ask("POST", f"{ANN}/redemptions", reward_id="mug")
    waiting = client.call("GET", ANN).json()
    again = client.ask("POST", f"{ANN}/redemptions", reward_id="mug")
    client.publisher.accounts_are_paused = False
    asyncio.run(client.publisher.catch_up())
    status = client.call("GET", asked.headers["location"]).json()

    assert (asked.status_code, asked.json()["status"]) == (202, "pending")
    assert waiting["reservations"] == []
    assert waiting["wallets"][0]["held"] == 40
    assert again.status_code == 202
    assert status["status"] == "done"
    assert status["result"]["points"] == 40
    assert client.call("GET", ANN).json()["wallets"][0]["held"] == 0
