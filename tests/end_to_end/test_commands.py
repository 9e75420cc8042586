"""The whole of the loyalty domain over HTTP, on real servers; and its race."""

import asyncio
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.stack import Stack
from loyalty.limits import RECENT_MAX
from tests.end_to_end.signing import signed_by

PROGRAM = Path(__file__).parent / "loyalty.yaml"
SECONDS_MAX = 15.0
RACERS = 50


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack that runs a program with a little of everything."""
    made = Stack(tmp_path_factory.mktemp("commands"), say=print)
    known = os.environ.get("REGULARS_PROGRAM_FILE")
    os.environ["REGULARS_PROGRAM_FILE"] = str(PROGRAM)
    try:
        made.start_all()
        yield made
    finally:
        made.stop()
        os.environ.pop("REGULARS_PROGRAM_FILE")
        if known is not None:
            os.environ["REGULARS_PROGRAM_FILE"] = known


@pytest.fixture(scope="module")
def http(stack: Stack) -> Iterator[httpx.Client]:
    """A client of the API."""
    url = stack.addresses()["api_url"]
    headers = signed_by(stack)
    with httpx.Client(base_url=url, headers=headers, timeout=20) as client:
        yield client


def command(
    http: httpx.Client, method: str, path: str, key: str, **body: Any
) -> httpx.Response:
    """Answer to a command."""
    options: dict[str, Any] = {"json": body} if body else {}
    return http.request(
        method, f"/v1{path}", headers={"idempotency-key": key}, **options
    )


def an_order(order_id: str, member_id: str, dollars: int, **fields: Any) -> Any:
    """Order of one line, as a till would post it."""
    line = {
        "line_id": "1",
        "sku": "flat-white",
        "category": "COFFEE",
        "quantity": 1,
        "unit_price_minor": dollars * 100,
    }
    return {
        "event_id": f"{order_id}-{fields.get('kind', 'PLACED')}",
        "order_id": order_id,
        "member_id": member_id,
        "occurred_at": int(time.time() * 1000),
        "store_id": "store-1",
        "currency": "USD",
        "lines": [line],
        "total_minor": dollars * 100,
        "subtotal_minor": dollars * 100,
    } | fields


def eventually(read: Any, holds: Any) -> Any:
    """Read until something holds; the last answer if it never does."""
    deadline = time.monotonic() + SECONDS_MAX
    answer = read()
    while not holds(answer) and time.monotonic() < deadline:
        time.sleep(0.05)
        answer = read()
    return answer


def member_of(http: httpx.Client, member_id: str) -> Any:
    """How a member stands."""
    return http.get(f"/v1/members/{member_id}").json()


def order_and_wait(http: httpx.Client, body: dict[str, Any]) -> Any:
    """Post an order and read the member once it is decided."""
    version = member_of(http, body["member_id"])["version"]
    assert http.post("/v1/orders", json=body).status_code == 202
    return eventually(
        lambda: member_of(http, body["member_id"]),
        lambda seen: seen["version"] > version,
    )


@pytest.mark.timeout(180)
def test_a_member_lives_through_all_commands(http: httpx.Client) -> None:
    for name in ("ann", "bob"):
        enrolled = command(
            http, "POST", "/members", f"enrol-{name}", member_id=name, birthday="05-17"
        )
        assert enrolled.status_code == 201, enrolled.text
    before_order = int(time.time() * 1000) - 1
    assert order_and_wait(http, an_order("a-1", "ann", 400))["balance"] == 425

    reserved = command(
        http, "POST", "/members/ann/reservations", "r-1", reward_id="free-coffee"
    )
    assert reserved.status_code == 201
    reservation_id = reserved.json()["result"]["reservation_id"]
    held = member_of(http, "ann")
    assert (held["balance"], held["wallets"][0]["held"]) == (275, 150)
    assert [one["reservation_id"] for one in held["reservations"]] == [reservation_id]
    confirmed = command(http, "POST", f"/reservations/{reservation_id}/confirm", "c-1")
    assert confirmed.status_code == 200
    gone = command(http, "DELETE", f"/reservations/{reservation_id}", "c-2")
    assert (gone.status_code, gone.json()["reason"]) == (409, "reservation-unknown")

    once = command(http, "POST", "/members/ann/redemptions", "redeem-1", points=100)
    again = command(http, "POST", "/members/ann/redemptions", "redeem-1", points=100)
    assert once.json() == again.json()
    assert "idempotency-replayed" not in once.headers
    assert again.headers["idempotency-replayed"] == "true"
    other = command(http, "POST", "/members/ann/redemptions", "redeem-1", points=101)
    assert other.status_code == 422
    assert member_of(http, "ann")["balance"] == 175

    adjusted = command(
        http, "POST", "/members/ann/adjustments", "adj-1", points=25, reason="sorry"
    )
    assert adjusted.json()["result"]["balance"] == 200
    given = command(http, "POST", "/members/ann/transfers", "t-1", to="bob", points=60)
    assert given.json()["result"]["balance"] == 140
    received = eventually(
        lambda: member_of(http, "bob"), lambda seen: seen["balance"] > 0
    )
    assert received["balance"] == 60

    check_the_return(http, once.json()["command_id"], before_order=before_order)


def check_the_return(http: httpx.Client, redemption: str, *, before_order: int) -> None:
    """What Ann's order did is taken back; the ledger says so, and what was when."""
    after_all = int(time.time() * 1000) + 1
    refund = {"refund_id": "a-1-back", "amount_minor": 400_00}
    back = an_order("a-1", "ann", 400, kind="REFUNDED", refund=refund)
    refunded = order_and_wait(http, back)
    rows = eventually(
        lambda: http.get("/v1/members/ann/ledger?limit=200").json()["items"],
        lambda seen: any(row["kind"] == "REVERSE" for row in seen),
    )
    of_points = [row["points"] for row in rows if row["wallet"] == "points"]
    assert sum(of_points) == refunded["balance"]
    assert redemption in {row["reference"] for row in rows}
    earlier = http.get(f"/v1/members/ann/ledger?at={before_order}").json()
    late = http.get(f"/v1/members/ann/ledger?at={after_all}&wallet=points").json()
    assert earlier["balances"] == {}
    assert earlier["items"] == []
    assert {row["wallet"] for row in late["items"]} == {"points"}
    why = http.get("/v1/members/ann/explanations?limit=1").json()
    assert "taken back" in why["items"][0]["why"]
    status = http.get(f"/v1/commands/{redemption}").json()
    assert status["status"] == "done"


@pytest.mark.timeout(60)
def test_an_estimate_is_what_the_order_then_earns(http: httpx.Client) -> None:
    command(http, "POST", "/members", "enrol-eve", member_id="eve")
    order_and_wait(http, an_order("e-1", "eve", 900))
    body = an_order("e-2", "eve", 250)

    estimate = http.post("/v1/estimates", json={"order": body})
    member = order_and_wait(http, body)

    assert estimate.status_code == 200, estimate.text
    found = estimate.json()
    wallets = {one["wallet_id"]: one["balance"] for one in member["wallets"]}
    assert {one["wallet"]: one["balance_after"] for one in found["wallets"]} == wallets
    assert found["tier_after"] == member["tier"]
    spend = next(rule for rule in found["rules"] if rule["rule_id"] == "spend")
    assert (spend["points"], spend["before_caps"]) == (100, 250)
    assert [offer["offer_id"] for offer in found["offers_after"]] == [
        offer["offer_id"] for offer in member["offers"]
    ]


@pytest.mark.timeout(120)
def test_who_asks_after_more_than_is_remembered_is_told(http: httpx.Client) -> None:
    command(http, "POST", "/members", "enrol-ahead", member_id="ahead")
    # The clock of the app is ahead: once its first act is forgotten, after the
    # enrolment, the past is closed up to then.
    ahead = int(time.time() * 1000) + 3_600_000
    for number in range(RECENT_MAX + 1):
        act = {
            "event_id": f"ahead-{number}",
            "member_id": "ahead",
            "type": "app_opened",
            "occurred_at": ahead + number,
        }
        assert http.post("/v1/activity", json=act).status_code == 202
    path = "/members/ahead/adjustments"
    eventually(
        lambda: member_of(http, "ahead"),
        lambda seen: seen["version"] >= RECENT_MAX + 2,
    )
    refused = command(http, "POST", path, "late", points=5, reason="late")
    again = command(http, "POST", path, "late", points=5, reason="late")

    assert (refused.status_code, refused.json()["reason"]) == (409, "beyond-horizon")
    assert again.json()["command_id"] == refused.json()["command_id"]
    assert again.headers["idempotency-replayed"] == "true"
    assert member_of(http, "ahead")["balance"] == 0

    # A friend's points come late as well, but of that friend nothing came before.
    command(http, "POST", "/members", "enrol-giver", member_id="giver")
    order_and_wait(http, an_order("giver-1", "giver", 100))
    gift = command(
        http, "POST", "/members/giver/transfers", "gift", to="ahead", points=20
    )
    assert gift.status_code == 200, gift.text
    arrived = eventually(
        lambda: member_of(http, "ahead")["balance"], lambda points: points == 20
    )
    assert arrived == 20


@pytest.mark.timeout(120)
def test_fifty_who_redeem_at_once_spend_what_is_there_and_no_more(
    stack: Stack, http: httpx.Client
) -> None:
    command(http, "POST", "/members", "enrol-racer", member_id="racer")
    command(
        http, "POST", "/members/racer/adjustments", "fill", points=300, reason="race"
    )

    async def race() -> list[httpx.Response]:
        url = stack.addresses()["api_url"]
        headers = signed_by(stack)
        async with httpx.AsyncClient(
            base_url=url, headers=headers, timeout=20
        ) as client:
            asks = [
                client.post(
                    "/v1/members/racer/redemptions",
                    json={"points": 100},
                    headers={"idempotency-key": f"race-{number}"},
                )
                for number in range(RACERS)
            ]
            return await asyncio.gather(*asks)

    answers = asyncio.run(race())

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [200] * 3 + [409] * (RACERS - 3)
    reasons = {a.json()["reason"] for a in answers if a.status_code == 409}
    assert reasons == {"insufficient-points"}
    assert member_of(http, "racer")["balance"] == 0
