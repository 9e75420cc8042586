"""A rule's whole life on real servers: written, approved, published, paused."""

import threading
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from local.stack import JobFailed, Stack
from tests.end_to_end.settled import wait_until_idle
from tests.end_to_end.signing import signed_by

SECONDS_MAX = 15.0
BONUS = {
    "id": "noon-bonus",
    "kind": "add",
    "points": 50,
    "match": {"categories": ["MEAT"]},
    "caps": [{"period": "day", "times": 5}],
}


@pytest.fixture(scope="module")
def http(stack: Stack) -> Iterator[httpx.Client]:
    """A client of the API."""
    url = stack.addresses()["api_url"]
    headers = signed_by(stack)
    with httpx.Client(base_url=url, headers=headers, timeout=20) as client:
        yield client


def an_order(order_id: str, member_id: str, occurred_at: int) -> dict[str, Any]:
    """Order of $10, as a till would post it."""
    line = {
        "line_id": "1",
        "sku": "roast",
        "category": "MEAT",
        "quantity": 1,
        "unit_price_minor": 10_00,
    }
    return {
        "event_id": f"{order_id}-placed",
        "order_id": order_id,
        "member_id": member_id,
        "occurred_at": occurred_at,
        "store_id": "store-1",
        "currency": "USD",
        "lines": [line],
        "total_minor": 10_00,
        "subtotal_minor": 10_00,
    }


class Desk:
    """What people at the marketing desk do, and what members then get."""

    def __init__(self, http: httpx.Client, stack: Stack) -> None:
        self.http = http
        self.stack = stack

    def ask(self, author: str, method: str, path: str, body: Any) -> httpx.Response:
        """Answer to somebody's request."""
        headers = signed_by(self.stack, author) | {"if-match": "*"}
        return self.http.request(method, f"/v1/rules{path}", json=body, headers=headers)

    def step(self, name: str, author: str = "ana", **body: Any) -> httpx.Response:
        """A step of the bonus."""
        return self.ask(author, "POST", f"/noon-bonus/{name}", body)

    def order(self, order_id: str, member_id: str, occurred_at: int) -> None:
        """Post an order of $10."""
        body = an_order(order_id, member_id, occurred_at)
        self.http.post("/v1/orders", json=body).raise_for_status()

    def simulated(self, order: dict[str, Any]) -> dict[str, int]:
        """Points by rule that an order would get by the newest version."""
        answer = self.ask("ana", "POST", "/noon-bonus/simulations", {"order": order})
        answer.raise_for_status()
        rules = answer.json()["candidate"]["rules"]
        return {rule["rule_id"]: rule["points"] for rule in rules}

    def why(self, member_id: str) -> str:
        """Why the latest decision about a member is what it is."""
        deadline = time.monotonic() + SECONDS_MAX
        while time.monotonic() < deadline:
            answer = self.http.get(f"/v1/members/{member_id}/explanations")
            answer.raise_for_status()
            if answer.json()["items"]:
                return str(answer.json()["items"][0]["why"])
            time.sleep(0.1)
        raise AssertionError(f"nobody says why of {member_id}")

    def balance(self, member_id: str, version: int) -> int:
        """Balance once the member is at a version."""
        deadline = time.monotonic() + SECONDS_MAX
        while time.monotonic() < deadline:
            answer = self.http.get(f"/v1/members/{member_id}")
            if answer.status_code == 200 and answer.json()["version"] >= version:
                return int(answer.json()["balance"])
            time.sleep(0.02)
        raise AssertionError(f"{member_id} never came to version {version}")


@pytest.fixture(scope="module")
def desk(http: httpx.Client, stack: Stack) -> Desk:
    """The marketing desk."""
    return Desk(http, stack)


def effective_ms(answer: httpx.Response) -> int:
    """From when a step takes effect."""
    moment = datetime.fromisoformat(answer.json()["effective_from"])
    return int(moment.timestamp() * 1000)


def wait_until(at_ms: int) -> None:
    """Let the wall clock come to a time."""
    while time.time() * 1000 <= at_ms:
        time.sleep(0.01)


@pytest.mark.timeout(240)
def test_a_rule_is_written_approved_published_and_paused(
    stack: Stack, desk: Desk
) -> None:
    desk.order("before", "guest-1", int(time.time() * 1000))
    plain = desk.balance("guest-1", 1)

    body = {"section": "bonuses", "rule": BONUS, "why": "noons are quiet"}
    written = desk.ask("ana", "POST", "", body)
    assert written.status_code == 201, written.text
    assert written.json()["text"] == (
        "When a member buys something from MEAT, give 50 points on top, at most 5 times a day."
    )
    tried = an_order("tried", "guest-1", int(time.time() * 1000))
    assert desk.simulated(tried) == {"spend": 10, "noon-bonus": 50}
    assert desk.step("submit").status_code == 200
    assert desk.step("approve").status_code == 403
    assert desk.step("approve", "ben").status_code == 200
    published = desk.step("publish", why="go")
    assert published.status_code == 200, published.text
    since = effective_ms(published)

    wait_until(since)
    desk.order("earlier", "guest-2", since - 1)
    desk.order("with", "guest-3", since)
    assert desk.balance("guest-2", 1) == plain
    assert desk.balance("guest-3", 1) == plain + 50

    paused = desk.step("pause", why="the grill is broken")
    until = effective_ms(paused)
    desk.order("just", "guest-4", until - 1)
    wait_until(until)
    desk.order("after", "guest-5", until)
    assert desk.balance("guest-4", 1) == plain + 50
    assert desk.balance("guest-5", 1) == plain
    assert "noon-bonus" in desk.why("guest-3")
    assert "noon-bonus" not in desk.why("guest-5")


def is_on(switched: list[tuple[int, bool]], at: int) -> bool:
    """Whether the bonus runs at a time: the last switch before it says so."""
    return [on for since, on in switched if since <= at][-1]


@pytest.mark.timeout(300)
def test_each_order_is_judged_by_the_version_of_its_time_whoever_is_killed(
    stack: Stack, desk: Desk
) -> None:
    """A rule goes on and off while workers are killed and another one joins."""
    switched = [(0, False)]
    done = threading.Event()

    def switch() -> None:
        while not done.is_set():
            is_next_on = not switched[-1][1]
            answer = desk.step("resume" if is_next_on else "pause")
            switched.append((effective_ms(answer), is_next_on))
            wait_until(switched[-1][0])

    ordered: dict[str, int] = {}
    switching = threading.Thread(target=switch)
    switching.start()
    faults = {
        20: lambda: stack.kill("worker"),
        40: lambda: stack.start("worker", wait=False),
        60: lambda: stack.start("worker-2", wait=False),
        120: lambda: stack.kill("worker-2"),
        140: lambda: stack.kill("worker"),
        160: lambda: stack.start("worker", wait=False),
    }
    for number in range(200):
        faults.get(number, lambda: None)()
        ordered[f"racer-{number}"] = at = int(time.time() * 1000)
        desk.order(f"race-{number}", f"racer-{number}", at)
        time.sleep(0.05)
    done.set()
    switching.join()
    wait_until_idle(stack)

    plain = desk.balance("guest-1", 1)
    found = {name: desk.balance(name, 1) - plain for name in ordered}
    expected = {name: 50 * is_on(switched, at) for name, at in ordered.items()}
    assert found == expected
    assert set(expected.values()) == {0, 50}
    assert len(switched) > 4
    assert stack.run_job("verify").count(" equal\n") == 8
    if not switched[-1][1]:
        assert desk.step("resume").status_code == 200


@pytest.mark.timeout(120)
def test_an_api_that_restarts_knows_every_step(stack: Stack, desk: Desk) -> None:
    def audit() -> Any:
        return desk.http.get("/v1/rules/noon-bonus/audit?limit=200").json()["items"]

    before = audit()
    stack.kill("api")
    stack.start("api")

    assert audit() == before
    kinds = [step["kind"] for step in reversed(before)]
    assert kinds[:4] == ["drafted", "submitted", "approved", "published"]


@pytest.mark.timeout(240)
def test_the_program_is_exported_planned_and_applied(
    stack: Stack, desk: Desk, tmp_path: Path
) -> None:
    file = tmp_path / "program.yaml"
    stack.run_job("export-program", str(file))
    document = yaml.safe_load(file.read_text())
    assert "noon-bonus" in [rule["id"] for rule in document["bonuses"]]
    assert "0 change(s), 0 conflict(s)" in stack.run_job("plan", str(file))

    document["earn"][0]["points"] = 3
    file.write_text(yaml.safe_dump(document))
    told = stack.run_job("plan", str(file))
    assert "/earn/[spend]/points: 1 -> 3" in told
    applied = stack.run_job("apply", str(file), "--author", "cal", "--why", "triple")
    since = applied.rstrip().rpartition(" ")[2]
    since_ms = int(datetime.fromisoformat(since).timestamp() * 1000)
    wait_until(since_ms)
    desk.order("tripled", "guest-6", since_ms)
    assert desk.balance("guest-6", 1) == 30 + 50

    document["bonuses"] = []
    file.write_text(yaml.safe_dump(document))
    with pytest.raises(JobFailed, match="noon-bonus"):
        stack.run_job("apply", str(file))
