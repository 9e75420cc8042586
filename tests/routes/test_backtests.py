"""Backtests over HTTP: asked for, followed, cancelled; the queue is the twin."""

import asyncio
import json
from typing import Any

import pytest

from stores.backtests_contract import (
    FINISHED,
    QUEUE_MAX,
    Advance,
)
from stores.programs import load_document
from tests.builders import NOON
from tests.demo.independent_totals import PROGRAM_FILE
from tests.routes.client import Client

DEMO = load_document(PROGRAM_FILE)
BODY = {"candidate": DEMO, "from_at": NOON - 1000, "to_at": NOON}
FOUND = {
    "hash": "ff",
    "wallet": "points",
    "winners": 1,
    "losers": 0,
    "gained": 5,
    "lost": 0,
    "most_gained": [],
    "most_lost": [],
    "sample": [],
    "cells": [
        {
            "dimension": "total",
            "name": "",
            "wallet": "points",
            "measure": measure,
            "current": current,
            "candidate": candidate,
        }
        for measure, current, candidate in (("earned", 10, 15), ("used", -4, -6))
    ],
    "cells_left_out": 0,
}


def started(client: Client, **more: Any) -> str:
    answer = client.call("POST", "/v1/backtests", json=BODY | more)
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"/v1/backtests/{answer.json()['backtest_id']}"
    return str(answer.json()["backtest_id"])


def finish(client: Client, **more: Any) -> None:
    async def work() -> None:
        held = await client.backtests.take("us", NOON)
        assert held is not None
        await client.backtests.keep(held, Advance(3, 4, 1, 2, b"half"), NOON)
        done = held._replace(status=FINISHED, finished_at=NOON, hash="ff", **more)
        await client.backtests.end(held, done, json.dumps(FOUND).encode())

    asyncio.run(work())


def test_a_backtest_is_queued_and_reads_as_what_was_asked() -> None:
    client = Client()
    name = started(client, point_value_minor=2, sample_percent=10)

    told = client.call("GET", f"/v1/backtests/{name}").json()
    known = asyncio.run(client.backtests.find(name))

    assert (told["status"], told["findings"]) == ("queued", None)
    assert told["sample_percent"] == 10
    assert known is not None
    assert known.request.candidate == DEMO
    # The program that runs is noted, so that a resumed one compares with the same.
    assert known.request.current is not None
    assert known.request.current["program"] == "bistro"
    assert (known.request.from_at, known.request.to_at) == (NOON - 1000, NOON)


def test_without_an_end_the_range_ends_now() -> None:
    client = Client()
    name = started(client, to_at=None)

    known = asyncio.run(client.backtests.find(name))

    assert known is not None
    assert known.request.to_at == int(client.now_seconds * 1000)


def test_a_finished_one_tells_what_it_found_and_what_it_is_worth() -> None:
    client = Client()
    name = started(client, point_value_minor=2)
    finish(client)

    told = client.call("GET", f"/v1/backtests/{name}").json()

    assert (told["status"], told["findings"]["hash"]) == ("finished", "ff")
    assert told["findings"]["cost_minor"] == {"current": 20, "candidate": 30}
    assert told["findings"]["redeemed_minor"] == {"current": 8, "candidate": 12}
    assert told["findings"]["liability_minor"] == {"current": 0, "candidate": 0}


def test_pages_go_from_the_newest_to_the_oldest() -> None:
    client = Client()
    names = []
    for number in range(3):
        client.now_seconds += number
        names.append(started(client))

    first = client.call("GET", "/v1/backtests?limit=2").json()
    cursor = first["next_cursor"]
    rest = client.call("GET", f"/v1/backtests?limit=2&cursor={cursor}").json()

    listed = [one["backtest_id"] for one in (*first["items"], *rest["items"])]
    assert listed == names[::-1]
    assert rest["next_cursor"] is None


def test_a_cancelled_one_stays_cancelled() -> None:
    client = Client()
    name = started(client)

    first = client.call("DELETE", f"/v1/backtests/{name}")
    again = client.call("DELETE", f"/v1/backtests/{name}")

    assert first.json()["status"] == again.json()["status"] == "cancelled"
    assert asyncio.run(client.backtests.take("us", NOON)) is None


def test_the_stream_tells_how_it_stands_and_ends_with_it() -> None:
    client = Client()
    name = started(client)
    finish(client)

    answer = client.call("GET", f"/v1/backtests/{name}/stream")

    assert answer.headers["content-type"].startswith("text/event-stream")
    event, data = answer.text.strip().split("\n")
    assert event == "event: end"
    assert json.loads(data.removeprefix("data: "))["status"] == "finished"


def test_the_stream_follows_until_it_is_cancelled() -> None:
    client = Client()
    name = started(client)

    async def both() -> str:
        import httpx

        transport = httpx.ASGITransport(client.app)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://t", headers=client.headers()
        ) as http:
            following = asyncio.create_task(http.get(f"/v1/backtests/{name}/stream"))
            await asyncio.sleep(0.2)
            held = await client.backtests.take("us", NOON)
            assert held is not None
            await client.backtests.keep(held, Advance(7, 9, 1, 2), NOON)
            await asyncio.sleep(1.2)
            await client.backtests.cancel(name, NOON)
            return (await following).text

    told = asyncio.run(both())

    assert told.startswith("event: progress\n")
    assert '"events_done":7' in told
    assert told.rstrip().rpartition("event: ")[2].startswith("end\n")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        pytest.param({"candidate": {}}, "/candidate/program", id="no program"),
        pytest.param(
            {
                "candidate": DEMO
                | {"earn": [{"id": "x", "kind": "no-such", "points": 1}]}
            },
            "/candidate/earn/0/kind",
            id="an unknown kind of rule",
        ),
        pytest.param(
            {"candidate": DEMO, "current": {"program": "x"}},
            "/current/currency",
            id="a current one that is none",
        ),
        pytest.param(
            {"candidate": DEMO, "from_at": NOON, "to_at": NOON},
            "/from_at",
            id="an empty range",
        ),
        pytest.param(
            {"candidate": DEMO, "from_at": -5}, "/from_at", id="before all time"
        ),
        pytest.param({"candidate": DEMO, "source": "s3"}, "/source", id="no source"),
        pytest.param(
            {"candidate": DEMO, "sample_percent": 0}, "/sample_percent", id="nobody"
        ),
        pytest.param({"candidate": DEMO, "speed": 9}, "/speed", id="unknown field"),
    ],
)
def test_what_cannot_be_tested_is_refused_with_a_pointer(
    body: dict[str, Any], pointer: str
) -> None:
    client = Client()

    answer = client.call("POST", "/v1/backtests", json=body)

    assert answer.status_code == 422, answer.text
    assert pointer in [fault["pointer"] for fault in answer.json()["errors"]]
    assert client.call("GET", "/v1/backtests").json()["items"] == []


def test_more_than_may_wait_are_429() -> None:
    client = Client()
    for _ in range(QUEUE_MAX):
        started(client)

    answer = client.call("POST", "/v1/backtests", json=BODY)

    assert answer.status_code == 429
    assert answer.json()["type"] == "/problems/too-many-backtests"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/backtests/b-9"),
        ("DELETE", "/v1/backtests/b-9"),
        ("GET", "/v1/backtests/b-9/stream"),
    ],
)
def test_an_unknown_one_is_404(method: str, path: str) -> None:
    answer = Client().call(method, path)

    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems/backtest-not-found"


def test_while_redis_is_away_backtests_are_503() -> None:
    client = Client()
    client.backtests.is_available = False

    for method, path in (("POST", ""), ("GET", ""), ("GET", "/b"), ("DELETE", "/b")):
        options = {"json": BODY} if method == "POST" else {}
        answer = client.call(method, f"/v1/backtests{path}", **options)
        assert answer.status_code == 503
