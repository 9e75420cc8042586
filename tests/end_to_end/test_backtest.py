"""Backtests on the real stack: over HTTP, against what the live engine did."""

import json
import time
import urllib.error
import urllib.request
from collections import Counter
from typing import Any

import pytest

from jobs.retail import orders, read_year
from local.stack import Stack
from loyalty.events import Command
from schemas.events import EventCodec
from schemas.topics import COMMANDS
from stores.clickhouse import connect
from stores.programs import load_document
from tests.demo.independent_totals import PROGRAM_FILE, final_tick_at
from tests.end_to_end.settled import a_producer, wait_until_idle
from tests.end_to_end.signing import signed_by

WEEKS = 4
END = final_tick_at(weeks=WEEKS)
CURRENT = load_document(PROGRAM_FILE)
# Without streaks, and so without what looks at one.
CANDIDATE = CURRENT | {
    "version": 2,
    "streaks": [],
    "triggers": [one for one in CURRENT["triggers"] if "streak" not in one],
}
BODY = {"candidate": CANDIDATE, "from_at": 0, "to_at": END}
MEASURES = {
    "EARN": "earned",
    "BURN": "used",
    "EXPIRE": "expired",
    "REVERSE": "reversed",
    "CORRECT": "corrected",
}


@pytest.fixture(scope="module")
def replayed(stack: Stack) -> Stack:
    """Stack whose engine has worked through the first weeks of the year."""
    stack.run_job("replay-retail", "--weeks", str(WEEKS))
    wait_until_idle(stack)
    stack.run_job("send-ticks", "--at", str(END))
    wait_until_idle(stack)
    return stack


def call(stack: Stack, method: str, path: str, body: Any = None) -> dict[str, Any]:
    request = urllib.request.Request(
        stack.addresses()["api_url"] + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"content-type": "application/json", **signed_by(stack)},
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def started(stack: Stack, **more: Any) -> str:
    return str(call(stack, "POST", "/v1/backtests", BODY | more)["backtest_id"])


def finished(stack: Stack, name: str, seconds: float = 200) -> dict[str, Any]:
    ends_at = time.monotonic() + seconds
    while time.monotonic() < ends_at:
        told = call(stack, "GET", f"/v1/backtests/{name}")
        if told["status"] not in ("queued", "running"):
            assert told["status"] == "finished", told["detail"]
            return told
        time.sleep(0.5)
    raise AssertionError(f"{name} did not finish in {seconds} s: {told}")


def check_against_the_ledger(stack: Stack, name: str, told: dict[str, Any]) -> None:
    """The current side is what the engine did: in total, and for each member."""
    client = connect(stack.addresses()["clickhouse_url"], "regulars")
    rows = client.query(
        "SELECT wallet, kind, sum(points) FROM ledger GROUP BY wallet, kind"
    ).result_rows
    ledger = {(w, MEASURES.get(k, k.lower())): points for w, k, points in rows}
    cells = {
        (cell["wallet"], cell["measure"]): cell["current"]
        for cell in told["findings"]["cells"]
        if cell["dimension"] == "total" and cell["wallet"]
    }
    assert {
        key: points for key, points in cells.items() if key[1] != "outstanding"
    } == ledger
    members = client.query("SELECT member_id, balance, tier FROM members").result_rows
    granted: Counter[str] = Counter()
    moved: dict[str, Counter[str]] = {}
    for member_id, kind, points in client.query(
        "SELECT member_id, kind, sum(points) FROM ledger WHERE wallet = 'points' "
        "GROUP BY member_id, kind"
    ).result_rows:
        moved.setdefault(member_id, Counter())[kind] += points
        if kind in ("EARN", "REVERSE", "CORRECT"):
            granted[member_id] += points
    found = client.query(
        "SELECT member_id, granted_current, used_current, expired_current, "
        "balance_current, tier_current FROM backtest_members "
        "WHERE backtest_id = {name:String}",
        {"name": name},
    ).result_rows
    assert len(members) > 800
    assert sorted(found) == sorted(
        (
            member_id,
            granted[member_id],
            -moved.get(member_id, Counter())["BURN"],
            -moved.get(member_id, Counter())["EXPIRE"],
            balance,
            tier,
        )
        for member_id, balance, tier in members
    )
    client.close()


def test_a_backtest_of_kafka_and_of_the_archive_is_what_the_live_engine_did(
    replayed: Stack,
) -> None:
    names = [started(replayed), started(replayed, source="clickhouse")]

    told = [finished(replayed, name) for name in names]

    for name, one in zip(names, told, strict=True):
        check_against_the_ledger(replayed, name, one)
    assert told[0]["findings"]["hash"] == told[1]["findings"]["hash"]
    assert told[0]["findings"]["losers"] > 20
    assert told[0]["events_done"] == sum(1 for _ in orders(read_year(weeks=WEEKS)))
    listed = call(replayed, "GET", "/v1/backtests?limit=2")["items"]
    assert {one["backtest_id"] for one in listed} == set(names)


def test_killed_half_way_it_goes_on_to_the_same_hash(replayed: Stack) -> None:
    before = call(replayed, "GET", "/v1/backtests")["items"][0]["backtest_id"]
    whole = finished(replayed, before)
    name = started(replayed)
    ends_at = time.monotonic() + 120
    while time.monotonic() < ends_at:
        told = call(replayed, "GET", f"/v1/backtests/{name}")
        if told["parts_done"] >= 1:
            break
        time.sleep(0.1)
    replayed.kill("backtester")
    half = call(replayed, "GET", f"/v1/backtests/{name}")
    replayed.start("backtester")

    told = finished(replayed, name)

    assert half["status"] == "running"
    assert 1 <= half["parts_done"] < half["parts_total"]
    assert told["findings"]["hash"] == whole["findings"]["hash"]


def test_the_stream_tells_how_it_gets_on_until_it_is_cancelled(
    replayed: Stack,
) -> None:
    name = started(replayed)
    url = f"{replayed.addresses()['api_url']}/v1/backtests/{name}/stream"
    told: list[dict[str, Any]] = []
    request = urllib.request.Request(url, headers=signed_by(replayed))
    with urllib.request.urlopen(request, timeout=60) as answer:
        for line in answer:
            if not line.startswith(b"data: "):
                continue
            told.append(json.loads(line.removeprefix(b"data: ")))
            if told[-1]["status"] == "running" and told[-1]["events_done"]:
                call(replayed, "DELETE", f"/v1/backtests/{name}")

    assert told[-1]["status"] == "cancelled"
    assert {one["status"] for one in told} >= {"running", "cancelled"}
    assert call(replayed, "GET", f"/v1/backtests/{name}")["findings"] is None


def test_a_program_that_is_none_is_refused_with_pointers(replayed: Stack) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        started(replayed, candidate=CANDIDATE | {"earn": [{"id": "x"}]})

    assert refused.value.code == 422
    pointers = [one["pointer"] for one in json.load(refused.value)["errors"]]
    assert "/candidate/earn/0/points" in pointers


def test_redemptions_and_gifts_are_replayed_as_they_were_sent(replayed: Stack) -> None:
    client = connect(replayed.addresses()["clickhouse_url"], "regulars")
    rich = [
        row[0]
        for row in client.query(
            "SELECT member_id FROM members WHERE balance >= 200 "
            "ORDER BY balance DESC, member_id LIMIT 20"
        ).result_rows
    ]
    client.close()
    assert len(rich) == 20
    at = END - 1
    wishes: list[tuple[str, dict[str, Any]]] = [
        ("points.redeem", {"reward_id": "free-coffee"}),
        ("points.transfer", {"to": rich[0], "points": 50}),
    ]
    producer, codec = a_producer(replayed), EventCodec()
    for n, member_id in enumerate(rich):
        kind, attributes = wishes[n % 2]
        command = Command(f"c-{n}", member_id, kind, at, "app", attributes)
        producer.produce(COMMANDS.name, codec.encode_command(command), member_id)
    assert producer.flush(60) == 0
    wait_until_idle(replayed)
    name = started(replayed)

    told = finished(replayed, name)

    check_against_the_ledger(replayed, name, told)
    totals = {
        cell["measure"]: cell["current"]
        for cell in told["findings"]["cells"]
        if cell["dimension"] == "total" and cell["wallet"] == "points"
    }
    assert totals["used"] == -10 * 150
