"""What operators see of one order, on real servers; and what nobody may see."""

import json
import os
import time
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from confluent_kafka import Producer

from local.parts import PROCESSES
from local.stack import Stack
from tests.end_to_end.signing import signed_by
from tests.end_to_end.test_order_to_offer import an_order_body

SECONDS_MAX = 20.0
PHONE, EMAIL = "+15550107731", "wanda.quill@example.com"
PARENT = "00f067aa0ba902b7"
WAY = ["POST /v1/orders", "send orders", "process orders", "write redis"]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack that writes the spans of those who ask for it into a folder."""
    made = Stack(tmp_path_factory.mktemp("sight"), say=print)
    added = {
        "REGULARS_TRACING": "file",
        "REGULARS_TRACING_TARGET": str(made.root / "traces"),
        "REGULARS_TRACING_SAMPLES_PER_MILLION": "0",
    }
    os.environ.update(added)
    try:
        made.start_all()
        yield made
    finally:
        made.stop()
        for name in added:
            del os.environ[name]


@pytest.fixture
def http(stack: Stack) -> Iterator[httpx.Client]:
    url = stack.addresses()["api_url"]
    with httpx.Client(base_url=url, headers=signed_by(stack), timeout=20) as client:
        yield client


def spans_of(stack: Stack, trace_id: str, count: int) -> list[dict[str, Any]]:
    """Spans of a trace, waited for until there are so many of them."""
    deadline = time.monotonic() + SECONDS_MAX
    found: list[dict[str, Any]] = []
    while len(found) < count and time.monotonic() < deadline:
        time.sleep(0.2)
        lines = [
            json.loads(line)
            for file in sorted((stack.root / "traces").glob("*.jsonl"))
            for line in file.read_text().splitlines()
        ]
        found = [span for span in lines if span["context"]["trace_id"] == trace_id]
    return found


def a_traceparent() -> tuple[str, str]:
    """Id of a trace that asks to be kept, and the header that says so."""
    trace_id = uuid.uuid4().hex
    return f"0x{trace_id}", f"00-{trace_id}-{PARENT}-01"


def test_one_order_is_one_trace_from_the_till_to_both_stores(
    stack: Stack, http: httpx.Client
) -> None:
    trace_id, traceparent = a_traceparent()
    order = an_order_body("traced-1", dollars=12)
    posted = http.post("/v1/orders", json=order, headers={"traceparent": traceparent})
    spans = spans_of(stack, trace_id, 8)
    by_name = {span["name"]: span for span in spans}
    ids = [f"0x{PARENT}", *(by_name[name]["context"]["span_id"] for name in WAY)]

    assert posted.status_code == 202
    beside = ["transaction", "write clickhouse", "write dispatcher"]
    assert sorted(by_name) == sorted([*WAY, *beside])
    assert [by_name[name]["parent_id"] for name in WAY] == ids[:-1]
    # The order's own row, and what came of it.
    assert {
        span["parent_id"] for span in spans if span["name"] == "write clickhouse"
    } == {ids[2], ids[3]}
    assert [
        by_name[name]["resource"]["attributes"]["service.name"] for name in WAY
    ] == [
        "regulars-api",
        "regulars-api",
        "regulars-engine",
        "regulars-redis-sink",
    ]
    assert by_name["POST /v1/orders"]["attributes"]["http.response.status_code"] == 202
    assert "guest-1" not in json.dumps(spans)


def test_a_till_that_writes_to_kafka_names_its_trace_in_the_order(
    stack: Stack, http: httpx.Client
) -> None:
    trace_id, traceparent = a_traceparent()
    order = an_order_body("traced-2", dollars=3) | {"trace": traceparent}
    posted = http.post("/v1/orders", json=order)
    spans = spans_of(stack, trace_id, 6)

    assert posted.status_code == 202, posted.text
    assert {span["name"] for span in spans} == {
        "process orders",
        "transaction",
        "write redis",
        "write clickhouse",
        "write dispatcher",
    }


@pytest.mark.parametrize(
    "traceparent",
    [f"00-{'5' * 32}-{PARENT}-00", "00-zz-01", "\N{COPYRIGHT SIGN}", "0" * 4_000],
    ids=["not-sampled", "cut", "no-ascii", "long"],
)
def test_a_trace_that_nobody_keeps_keeps_no_order_out(
    stack: Stack, http: httpx.Client, traceparent: str
) -> None:
    order = an_order_body(f"untraced-{len(traceparent)}", dollars=1)
    header = {"traceparent": traceparent.encode("latin-1")}
    posted = http.post("/v1/orders", json=order, headers=header)

    assert posted.status_code == 202
    assert spans_of(stack, f"0x{'5' * 32}", 0) == []


def test_no_contact_is_in_a_log_a_trace_or_a_metric(
    stack: Stack, http: httpx.Client
) -> None:
    _, traceparent = a_traceparent()
    http.headers["traceparent"] = traceparent
    search = {
        "transaction_id": "sight-1",
        "type": "LOYALTY_SEARCH",
        "store_id": "s",
        "identify": {"by": "phone", "value": PHONE},
    }
    enrolment = {"member_id": "wanda", "phone": PHONE, "email": EMAIL}
    answers = [
        http.post(
            "/v1/members", json=enrolment, headers={"idempotency-key": "sight-enrol"}
        ),
        http.post("/v1/pos/transactions", json=search),
        http.post(
            "/v1/members",
            json={"phone": PHONE, "email": f"{EMAIL} {EMAIL}"},
            headers={"idempotency-key": "sight-wrong"},
        ),
        http.get(f"/v1/members/{EMAIL}?phone={PHONE}"),
    ]
    producer = Producer({"bootstrap.servers": stack.addresses()["bootstrap_servers"]})
    producer.produce("orders", f"to {EMAIL}".encode(), EMAIL.encode(), partition=1)
    producer.flush(10)
    spans_of(stack, f"0x{traceparent.split('-')[1]}", 4)
    seen = {part.name: stack.log(part.name).read_text() for part in PROCESSES}
    seen |= {path.name: path.read_text() for path in (stack.root / "traces").iterdir()}
    seen["metrics"] = http.get("/metrics").text + "".join(
        _metrics(stack, part.name) for part in PROCESSES if "metrics" in part.ports
    )

    assert [answer.status_code for answer in answers] == [201, 200, 422, 404]
    assert all(seen.values())
    assert "regulars_dead_letters_total" in seen["metrics"]
    for place, text in seen.items():
        for secret in (PHONE, PHONE[1:], EMAIL, "wanda"):
            assert secret not in text, place


def _metrics(stack: Stack, part: str) -> str:
    return httpx.get(f"http://127.0.0.1:{stack.port(part, 'metrics')}/metrics").text
