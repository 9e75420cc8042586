"""Bulk imports: each row once, bad ones told, and honest about what was not done."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from api.import_rows import IMPORT_BYTES_MAX, ROW_CHARACTERS_MAX
from api.imports import SILENT_MS_MAX
from schemas.events import EventCodec
from stores.imports_contract import FAULTS_KEPT_MAX
from tests.builders import NOON
from tests.routes.client import Client
from tests.routes.streaming import Served, served
from tests.routes.test_ingest import ACT, ORDER

NDJSON, CSV = "application/x-ndjson", "text/csv"


def _order(number: int, **change: Any) -> dict[str, Any]:
    return ORDER | {"event_id": f"e{number}", "order_id": f"o{number}"} | change


def _lines(*rows: Any) -> str:
    return "".join((r if isinstance(r, str) else json.dumps(r)) + "\n" for r in rows)


async def _send(
    api: Served, body: str | bytes, kind: str = "orders", **more: str
) -> httpx.Response:
    headers = api.client.headers() | {
        "content-type": more.get("content_type", NDJSON),
        "idempotency-key": more.get("key", "key-1"),
    }
    return await api.http.post(
        f"/v1/imports?kind={kind}", content=body, headers=headers
    )


async def _over(api: Served, answer: httpx.Response) -> Any:
    """Import as it stands when it no longer runs."""
    assert answer.status_code == 202, answer.text
    place = answer.headers["location"]
    for _ in range(500):
        job = (await api.http.get(place, headers=api.client.headers())).json()
        if job["status"] != "running":
            return job
        await asyncio.sleep(0.02)
    pytest.fail("it runs on")


async def _faults(api: Served, job: Any) -> list[Any]:
    answer = await api.http.get(job["faults"], headers=api.client.headers())
    assert answer.headers["content-type"] == NDJSON
    assert "attachment" in answer.headers["content-disposition"]
    return [json.loads(line) for line in answer.text.splitlines()]


def test_orders_of_a_file_reach_the_log_in_their_order() -> None:
    client = Client()

    client.publisher.is_paused = True
    rows = [_order(n) for n in range(250)]

    async def talk(api: Served) -> None:
        job = await _over(api, await _send(api, _lines(*rows)))
        assert (job["status"], job["rows_taken"], job["rows_refused"]) == (
            "finished",
            250,
            0,
        )
        assert job["bytes_done"] == job["bytes_total"] > 0
        assert await _faults(api, job) == []

    served(client, talk)
    ids = [
        EventCodec().decode_order(k, v, NOON).order_id
        for _, k, v in client.publisher.published
    ]
    assert ids == [f"o{n}" for n in range(250)]


@pytest.mark.parametrize(
    ("row", "pointer", "word"),
    [
        ("{", "", "JSON"),
        ("[" * 10_000, "", "JSON"),
        ("7", "", "valid dictionary"),
        (_order(1, total_minor=-1), "/total_minor", "greater"),
        (_order(1, lines=[{}]), "/lines/0/line_id", "required"),
        (_order(1, unknown=1), "/unknown", "permitted"),
        (_order(1, occurred_at=0), "", "time-too-early"),
        ("x" * (ROW_CHARACTERS_MAX + 5), "", "at most"),
    ],
    ids=["cut", "deep", "number", "negative", "line", "unknown", "early", "long"],
)
def test_a_bad_row_is_told_by_its_line_and_the_others_are_taken(
    row: Any, pointer: str, word: str
) -> None:
    async def talk(api: Served) -> None:
        file = _lines(_order(1), "", row, _order(2))
        job = await _over(api, await _send(api, file))
        assert (job["rows_taken"], job["rows_refused"]) == (2, 1)
        (fault,) = await _faults(api, job)
        assert (fault["row"], fault["pointer"]) == (3, pointer)
        assert word in fault["detail"]

    served(Client(), talk)


def test_activity_comes_as_csv() -> None:
    client = Client()
    file = (
        "\ufeffevent_id,member_id,type,occurred_at,attributes,store_id\r\n"
        'a1,member-1,menu.viewed,2024-01-15T12:00:00Z,"{""item"": ""latte""}",\r\n'
        f"a2,007,checkin,{NOON},,12\r\n"
        "a3,member-1,checkin\r\n"
        '"a4\nb",member-1,checkin,yesterday,,\r\n'
        'a5,member-1,checkin,1,"{",\r\n'
    )

    async def talk(api: Served) -> None:
        job = await _over(api, await _send(api, file, "activity", content_type=CSV))
        assert (job["rows_taken"], job["rows_refused"]) == (2, 3)
        told = [(f["row"], f["pointer"]) for f in await _faults(api, job)]
        assert told == [(4, ""), (6, "/occurred_at"), (7, "")]

    served(client, talk)
    acts = [
        EventCodec().decode_activity(k, v, NOON)
        for _, k, v in client.publisher.published
    ]
    assert [(a.event_id, a.member_id, a.store_id) for a in acts] == [
        ("a1", "member-1", None),
        ("a2", "007", "12"),
    ]
    assert acts[0].attributes == {"item": "latte"}


def test_orders_may_be_csv_too_with_their_lines_as_json() -> None:
    client = Client()
    names = ["event_id", "order_id", "member_id", "occurred_at", "store_id", "currency", "total_minor", "subtotal_minor"]  # fmt: skip
    quoted = json.dumps(ORDER["lines"]).replace('"', '""')
    values = ",".join(str(ORDER[name]) for name in names)
    file = f'{",".join(names)},lines\n{values},"{quoted}"\n'

    async def talk(api: Served) -> None:
        job = await _over(api, await _send(api, file, content_type=CSV))
        assert (job["rows_taken"], job["rows_refused"]) == (1, 0)

    served(client, talk)


def test_members_are_enrolled() -> None:
    client = Client()
    rows = [
        {"member_id": "ann", "birthday": "05-17", "segments": ["vip"]},
        {"member_id": "bob"},
        {"member_id": "eve", "email": "eve@example.com"},
        {"birthday": "05-17"},
    ]

    async def talk(api: Served) -> None:
        job = await _over(api, await _send(api, _lines(*rows), "members"))
        assert (job["rows_taken"], job["rows_refused"]) == (2, 2)
        told = [f["pointer"] for f in await _faults(api, job)]
        assert told == ["/email", "/member_id"]
        answer = await api.http.get("/v1/members/bob", headers=client.headers())
        assert answer.status_code == 200

    served(client, talk)


def test_the_same_key_and_file_is_the_same_import() -> None:
    client = Client()

    async def talk(api: Served) -> None:
        first = await _send(api, _lines(_order(1)))
        job = await _over(api, first)
        again = await _send(api, _lines(_order(1)))
        assert again.json() == job
        assert again.headers["idempotency-replayed"] == "true"
        other = await _send(api, _lines(_order(2)))
        assert other.json()["type"] == "/problems/idempotency-key-reused"
        kind = await _send(api, _lines(_order(1)), "activity")
        assert kind.status_code == 422
        new = await _send(api, _lines(_order(1)), key="key-2")
        assert new.json()["import_id"] != job["import_id"]

    served(client, talk)
    assert len(client.publisher.published) == 2


def test_an_import_whose_process_is_gone_says_so_and_is_done_again() -> None:
    client = Client()
    file = _lines(_order(1), "bad", _order(2))

    async def talk(api: Served) -> None:
        job = await _over(api, await _send(api, file))
        noted = await client.app.state.imports.imports.find(job["import_id"])
        half = noted._replace(status="running", rows_taken=1)
        await client.app.state.imports.imports.keep(half)
        client.now_seconds += SILENT_MS_MAX / 1000 + 1
        place = f"/v1/imports/{job['import_id']}"
        gone = (await api.http.get(place, headers=client.headers())).json()
        assert gone["status"] == "interrupted"
        assert "send the same file again" in gone["detail"]
        done = await _over(api, await _send(api, file))
        assert (done["status"], done["rows_taken"]) == ("finished", 2)
        assert len(await _faults(api, done)) == 1

    client.token = client.tokens.token(exp=int(client.now_seconds) + 3_600)
    served(client, talk)


def test_a_stop_of_the_service_is_noted() -> None:
    client = Client()
    client.publisher.publish = _never  # type: ignore[method-assign]
    found: list[str] = []

    async def talk(api: Served) -> None:
        found.append((await _send(api, _lines(_order(1)))).json()["import_id"])

    served(client, talk)
    job = asyncio.run(client.app.state.imports.imports.find(found[0]))
    assert (job.status, job.rows_taken) == ("interrupted", 0)


async def _never(*_: Any, **__: Any) -> Any:
    await asyncio.sleep(60)


def test_a_broker_that_stays_away_interrupts_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("api.imports.PAUSE_SECONDS", 0.01)
    client = Client()
    client.publisher.is_available = False

    async def talk(api: Served) -> None:
        job = await _over(api, await _send(api, _lines(_order(1))))
        assert (job["status"], job["rows_taken"]) == ("interrupted", 0)
        assert job["detail"].startswith("kafka does not answer")

    served(client, talk)


def test_a_third_import_at_once_is_one_too_many() -> None:
    client = Client()
    client.publisher.publish = _never  # type: ignore[method-assign]

    async def talk(api: Served) -> None:
        for number in range(2):
            answer = await _send(api, _lines(_order(number)), key=f"k{number}")
            assert answer.status_code == 202
        third = await _send(api, _lines(_order(3)), key="k3")
        assert (third.status_code, third.json()["type"]) == (
            429,
            "/problems/too-many-imports",
        )

    served(client, talk)


def test_the_first_thousand_bad_rows_are_kept() -> None:
    async def talk(api: Served) -> None:
        job = await _over(api, await _send(api, "x\n" * (FAULTS_KEPT_MAX + 300)))
        assert (job["rows_refused"], job["faults_kept"]) == (1_300, 1_000)
        assert [f["row"] for f in await _faults(api, job)] == list(range(1, 1_001))

    served(Client(), talk)


def test_an_import_is_its_clients_own() -> None:
    client = Client()

    async def talk(api: Served) -> None:
        place = (await _send(api, _lines(_order(1)))).headers["location"]
        client.token = client.tokens.token(client_id="another")
        for path in (place, place + "/faults"):
            answer = await api.http.get(path, headers=client.headers())
            assert answer.status_code == 404

    served(client, talk)


@pytest.mark.parametrize(
    ("token", "kind", "status"),
    [
        ({"scope": "events:write"}, "members", 403),
        ({"scope": "members:write"}, "orders", 403),
        ({"scope": "members:read"}, "orders", 403),
        ({"member_id": "member-1"}, "orders", 403),
    ],
)
def test_each_kind_needs_its_scope(
    token: dict[str, str], kind: str, status: int
) -> None:
    client = Client()
    client.token = client.tokens.token(**token)
    headers = {"content-type": NDJSON, "idempotency-key": "k"}

    answer = client.call(
        "POST", f"/v1/imports?kind={kind}", content="", headers=headers
    )

    assert answer.status_code == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content-type": NDJSON}, 400),
        ({"content-type": "application/json", "idempotency-key": "k"}, 415),
        ({"idempotency-key": "k"}, 415),
    ],
)
def test_a_file_needs_its_type_and_a_key(headers: dict[str, str], status: int) -> None:
    answer = Client().call(
        "POST", "/v1/imports?kind=orders", content="", headers=headers
    )

    assert answer.status_code == status


def test_a_file_of_nothing_is_refused() -> None:
    headers = {"content-type": NDJSON, "idempotency-key": "k"}

    answer = Client().call(
        "POST", "/v1/imports?kind=orders", content="", headers=headers
    )

    assert answer.status_code == 422
    assert "no rows" in answer.json()["detail"]


def test_a_file_over_the_limit_is_refused_and_one_over_other_bodies_limit_is_not() -> (
    None
):
    client = Client()
    line = _lines(ACT | {"trace": "x"}).encode()

    async def talk(api: Served) -> None:
        large = line * (2 * 1_048_576 // len(line))
        assert (
            await _send(api, large[: len(line) * 9_000], "activity")
        ).status_code == 202
        too_large = b"\n" * (IMPORT_BYTES_MAX + 1)
        answer = await _send(api, too_large, key="k2")
        assert answer.status_code == 413

    served(client, talk)
