"""CloudEvents and imports through the typed client, over stores in memory."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any, cast

import httpx
from regulars_client import AuthenticatedClient
from regulars_client.api.events import post_cloud_events
from regulars_client.api.imports import get_import, list_import_faults, start_import
from regulars_client.models import (
    AllAcceptedOut,
    ImportOut,
    OrderCloudEvent,
    ProblemOut,
)
from regulars_client.types import File

from schemas.cloud_event_examples import ORDER_PLACED
from schemas.topics import COMMANDS, ORDERS
from tests.builders import NOON
from tests.routes.client import Client

URL = "http://test"
SECONDS_MAX = 20.0


def told(act: Callable[[AuthenticatedClient], Awaitable[Any]], api: Client) -> Any:
    """What a call of the typed client comes to."""

    async def call() -> Any:
        transport = httpx.ASGITransport(api.app)
        headers = {"authorization": f"Bearer {api.token}"}
        async with httpx.AsyncClient(
            transport=transport, base_url=URL, headers=headers
        ) as http:
            client = AuthenticatedClient(URL, token=str(api.token))
            client.set_async_httpx_client(http)
            return await act(client)

    return asyncio.run(call())


def test_a_batch_of_cloud_events_is_sent_by_type() -> None:
    api = Client()
    data = ORDER_PLACED["data"] | {"occurred_at": NOON}
    one = OrderCloudEvent.from_dict(ORDER_PLACED | {"id": "typed-1", "data": data})
    other = OrderCloudEvent.from_dict(one.to_dict() | {"id": "typed-2"})
    answer = told(
        lambda client: post_cloud_events.asyncio(client=client, body=[one, other]), api
    )

    assert isinstance(answer, AllAcceptedOut), answer
    assert len(answer.items) == 2
    topics = [topic for topic, _, _ in api.publisher.published]
    assert topics == [ORDERS.name, ORDERS.name]


def test_a_batch_that_is_not_sound_is_a_problem_of_its_shape() -> None:
    api = Client()
    one = OrderCloudEvent.from_dict(ORDER_PLACED | {"type": "regulars.order.eaten"})
    answer = told(
        lambda client: post_cloud_events.asyncio(client=client, body=[one]), api
    )

    assert isinstance(answer, ProblemOut), answer
    assert answer.status == 422
    assert api.publisher.published == []


def test_a_file_of_members_is_imported_and_its_bad_row_is_told() -> None:
    api = Client()
    rows = [{"member_id": "ann"}, {"member_id": ""}, {"member_id": "bob"}]
    text = "".join(json.dumps(row) + "\n" for row in rows).encode()

    async def run(client: AuthenticatedClient) -> tuple[Any, Any]:
        job = await start_import.asyncio(
            client=client,
            kind="members",
            # An asynchronous client cannot read a file: it takes the bytes.
            body=File(payload=cast("Any", text)),
            idempotency_key="rows-1",
        )
        assert isinstance(job, ImportOut), job
        deadline = time.monotonic() + SECONDS_MAX
        while job.status == "running" and time.monotonic() < deadline:
            await asyncio.sleep(0.05)
            job = await get_import.asyncio(job.import_id, client=client)
            assert isinstance(job, ImportOut), job
        return job, await list_import_faults.asyncio(job.import_id, client=client)

    job, faults = told(run, api)

    assert (job.status, job.rows_taken, job.rows_refused) == ("finished", 2, 1)
    assert isinstance(faults, str), faults
    assert [json.loads(line)["row"] for line in faults.splitlines()] == [2]
    assert {topic for topic, _, _ in api.publisher.published} == {COMMANDS.name}
