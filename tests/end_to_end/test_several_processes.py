"""Two API processes on real servers: whichever one is asked, the answer is right."""

import asyncio
import functools
import re
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from typing import Any

import httpx
import psutil
import pytest

from local.ports import ports_in_a_row
from local.stack import Stack
from tests.end_to_end.signing import signed_by
from tests.end_to_end.test_commands import PROGRAM, command, eventually, member_of
from tests.routes.streaming import Reader

PROCESSES = 2
RACERS = 50
WRITES_PER_MINUTE = 20
SERVED = re.compile(r"^regulars_requests_total\{.*\} ([0-9.]+)", re.MULTILINE)
# The bound of a stop.
STOP_SECONDS = 10


@functools.cache
def metrics_port() -> int:
    """Port of the first process's metrics; of the next one's is the next."""
    return ports_in_a_row(PROCESSES)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack whose API is two processes."""
    settings = {
        "REGULARS_API_PROCESSES": str(PROCESSES),
        "REGULARS_METRICS_PORT": str(metrics_port()),
        "REGULARS_PROGRAM_FILE": str(PROGRAM),
        "REGULARS_MEMBER_WRITES_PER_MINUTE": str(WRITES_PER_MINUTE),
    }
    made = Stack(tmp_path_factory.mktemp("several"), say=print, settings=settings)
    try:
        made.start_all()
        for number in range(PROCESSES):
            eventually(lambda number=number: is_ready(number), bool)
        yield made
    finally:
        made.stop()


@pytest.fixture
def http(stack: Stack) -> Iterator[httpx.Client]:
    """A client of the API; each request has a connection of its own."""
    url = stack.addresses()["api_url"]
    unkept = httpx.Limits(max_keepalive_connections=0)
    with httpx.Client(
        base_url=url, headers=signed_by(stack), timeout=20, limits=unkept
    ) as client:
        yield client


def is_ready(number: int) -> bool:
    """Whether a process says so itself."""
    url = f"http://127.0.0.1:{metrics_port() + number}/health/ready"
    try:
        return httpx.get(url).status_code == 200
    except httpx.HTTPError:
        return False


def served() -> list[float]:
    """How many requests each process has answered, by its own count."""
    return [
        sum(
            float(count)
            for count in SERVED.findall(
                httpx.get(f"http://127.0.0.1:{metrics_port() + number}/metrics").text
            )
        )
        for number in range(PROCESSES)
    ]


def have_each_served(count: int, before: list[float]) -> bool:
    """Whether each process has answered so many since."""
    return all(now >= was + count for now, was in zip(served(), before, strict=True))


SURVIVORS = tuple(f"survivor-{number}" for number in range(4))


def a_member(http: httpx.Client, member_id: str, points: int) -> None:
    """Enrol a member, and give them points."""
    enrolled = command(
        http, "POST", "/members", f"enrol-{member_id}", member_id=member_id
    )
    assert enrolled.status_code == 201, enrolled.text
    given = command(
        http,
        "POST",
        f"/members/{member_id}/adjustments",
        f"fill-{member_id}",
        points=points,
        reason="race",
    )
    assert given.status_code == 200, given.text


@contextmanager
def others_stopped(stack: Stack, number: int) -> Iterator[None]:
    """Whoever connects meanwhile is served by this process, and stays with it."""
    children = psutil.Process(stack.pids()["api"]).children()
    others = [child for at, child in enumerate(children) if at != number]
    for other in others:
        other.suspend()
    try:
        yield
    finally:
        for other in others:
            other.resume()


@contextmanager
def one_client_each(stack: Stack) -> Iterator[list[httpx.Client]]:
    """A client for each process, whose one connection is kept by it."""
    with ExitStack() as opened:
        clients: list[httpx.Client] = []
        for number in range(PROCESSES):
            client = httpx.Client(
                base_url=stack.addresses()["api_url"],
                headers=signed_by(stack),
                timeout=20,
            )
            clients.append(opened.enter_context(client))
            with others_stopped(stack, number):
                client.get("/health/live")
        yield clients


def redeemed_at_once(
    stack: Stack, member_id: str, key_of: Callable[[int], str], **headers: str
) -> list[httpx.Response]:
    """Answers to as many as race for 100 points each: each process has its share."""
    url, sent = stack.addresses()["api_url"], signed_by(stack) | headers

    async def race() -> list[httpx.Response]:
        async with AsyncExitStack() as opened:
            clients = [
                await opened.enter_async_context(
                    httpx.AsyncClient(base_url=url, headers=sent, timeout=20)
                )
                for _ in range(RACERS)
            ]
            for number in range(PROCESSES):
                # One socket is shared, and whoever wakes first may take all of a
                # burst: connections are opened before the race, so many by each.
                with others_stopped(stack, number):
                    await asyncio.gather(
                        *(one.get("/health/live") for one in clients[number::PROCESSES])
                    )
            before = served()
            asks = [
                client.post(
                    f"/v1/members/{member_id}/redemptions",
                    json={"points": 100},
                    headers={"idempotency-key": key_of(number)},
                )
                for number, client in enumerate(clients)
            ]
            answers = await asyncio.gather(*asks)
            assert have_each_served(RACERS // PROCESSES, before)
            return answers

    return asyncio.run(race())


@pytest.mark.timeout(300)
def test_fifty_who_redeem_at_two_processes_spend_what_is_there_and_no_more(
    stack: Stack, http: httpx.Client
) -> None:
    a_member(http, "racer", 300)

    answers = redeemed_at_once(stack, "racer", lambda number: f"race-{number}")

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [200] * 3 + [409] * (RACERS - 3)
    assert member_of(http, "racer")["balance"] == 0


@pytest.mark.timeout(300)
def test_one_key_at_two_processes_has_one_effect_and_one_answer(
    stack: Stack, http: httpx.Client
) -> None:
    a_member(http, "one-key", 5_000)

    answers = redeemed_at_once(stack, "one-key", lambda _: "always-the-same")

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    replayed = Counter("idempotency-replayed" in answer.headers for answer in answers)
    assert replayed == {False: 1, True: RACERS - 1}
    assert member_of(http, "one-key")["balance"] == 4_900


@pytest.mark.timeout(300)
def test_turns_are_counted_for_all_processes_together(
    stack: Stack, http: httpx.Client
) -> None:
    a_member(http, "hasty", 100_000)
    token = stack.issuer.token("points:write", subject="app", member_id="hasty")
    began = time.monotonic()

    answers = redeemed_at_once(
        stack, "hasty", lambda n: f"hasty-{n}", authorization=f"Bearer {token}"
    )

    statuses = Counter(answer.status_code for answer in answers)
    come_back = int((time.monotonic() - began) * WRITES_PER_MINUTE / 60) + 1
    assert set(statuses) == {200, 429}
    assert WRITES_PER_MINUTE <= statuses[200] <= WRITES_PER_MINUTE + come_back


@pytest.mark.timeout(300)
def test_a_rule_that_one_process_wrote_every_process_knows_at_once(
    stack: Stack,
) -> None:
    before = served()
    found: list[tuple[int, int]] = []
    with one_client_each(stack) as clients:
        for number in range(20):
            writer, reader = clients[number % 2], clients[1 - number % 2]
            rule = {"id": f"twice-{number}", "points": 1, "step_minor": 50}
            made = writer.post("/v1/rules", json={"section": "earn", "rule": rule})
            assert made.status_code == 201, made.text
            read = reader.get(f"/v1/rules/{rule['id']}")
            etag = {"if-match": made.headers["etag"]}
            step = reader.post(f"/v1/rules/{rule['id']}/submit", json={}, headers=etag)
            found.append((read.status_code, step.status_code))

    assert have_each_served(30, before)
    assert set(found) == {(200, 200)}


@pytest.mark.timeout(300)
def test_a_stream_goes_on_at_another_process_where_it_broke_off(
    stack: Stack, http: httpx.Client
) -> None:
    a_member(http, "listener", 100)

    async def first_of(number: int, last_id: str | None) -> Any:
        known = {} if last_id is None else {"last-event-id": last_id}
        url, headers = stack.addresses()["api_url"], signed_by(stack) | known
        async with httpx.AsyncClient(
            base_url=url, headers=headers, timeout=20
        ) as client:
            with others_stopped(stack, number):
                async with client.stream(
                    "GET", "/v1/members/listener/stream"
                ) as answer:
                    return await Reader(answer).next()

    begun = asyncio.run(first_of(0, None))
    missed = command(http, "POST", "/members/listener/redemptions", "missed", points=1)
    assert missed.status_code == 200
    gone_on = asyncio.run(first_of(1, begun.event_id))

    assert gone_on.data["version"] == member_of(http, "listener")["version"]
    assert gone_on.data["version"] > begun.data["version"]


@pytest.mark.timeout(300)
def test_one_process_is_killed_and_what_was_asked_of_it_counts_once(
    stack: Stack, http: httpx.Client
) -> None:
    # Of a member the last 64 commands are remembered (docs/limits.md): of 200 at once
    # of one member, one that comes after all others may be refused.
    for name in SURVIVORS:
        a_member(http, name, 100_000)
    url = stack.addresses()["api_url"]
    parent = psutil.Process(stack.pids()["api"])
    before = served()

    async def redeem_through_it() -> list[int]:
        async with httpx.AsyncClient(
            base_url=url, headers=signed_by(stack), timeout=20
        ) as client:

            async def until_answered(number: int) -> int:
                name = SURVIVORS[number % len(SURVIVORS)]
                for _ in range(20):
                    try:
                        answer = await client.post(
                            f"/v1/members/{name}/redemptions",
                            json={"points": 1},
                            headers={"idempotency-key": f"survive-{number}"},
                        )
                    except httpx.TransportError:
                        # Its process was killed: the same again, to another one.
                        continue
                    if answer.status_code != 202:
                        return answer.status_code
                    # Nobody knows yet whether the first one had sent it.
                    await asyncio.sleep(1)
                return 0

            asked = [asyncio.create_task(until_answered(n)) for n in range(200)]
            await asyncio.sleep(0.3)
            # Whoever has most to do, so that its end is felt.
            shares = [now - was for now, was in zip(served(), before, strict=True)]
            parent.children()[shares.index(max(shares))].kill()
            return await asyncio.gather(*asked)

    statuses = Counter(asyncio.run(redeem_through_it()))

    assert statuses == {200: 200}
    spent = 200 // len(SURVIVORS)
    balances = [member_of(http, name)["balance"] for name in SURVIVORS]
    assert balances == [100_000 - spent] * len(SURVIVORS)
    eventually(lambda: len(parent.children()), lambda count: count == PROCESSES)
    assert all(eventually(lambda n=n: is_ready(n), bool) for n in range(PROCESSES))


@pytest.mark.timeout(300)
def test_a_stop_ends_all_within_its_bound_whoever_listens(stack: Stack) -> None:
    parent = psutil.Process(stack.pids()["api"])
    family = [parent, *parent.children()]

    async def stopped_while_somebody_listens() -> float:
        url, headers = stack.addresses()["api_url"], signed_by(stack)
        async with (
            httpx.AsyncClient(base_url=url, headers=headers, timeout=20) as client,
            client.stream("GET", "/v1/members/listener/stream") as answer,
        ):
            reader = Reader(answer)
            await reader.next()
            began = time.monotonic()
            parent.send_signal(signal.SIGTERM)
            while await reader.next() is not None:
                pass
            await asyncio.to_thread(psutil.wait_procs, family, STOP_SECONDS)
            return time.monotonic() - began

    seconds = asyncio.run(stopped_while_somebody_listens())

    assert seconds < STOP_SECONDS
    assert not any(one.is_running() and one.status() != "zombie" for one in family)
    stack.start("api")
