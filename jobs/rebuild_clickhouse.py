"""
Writes ClickHouse anew from the log, while everything goes on.

Rows have deterministic ids: what is there already, from the sink or an earlier run, is
there once. Tokens are of one run: rows that were lost are written again, whatever
ClickHouse remembers of having taken them. Ledger, decisions,
offers and triggers come from `member-updates`; orders and activity from their own
topics; members from the engine's states, which hold everybody, also those whose last
update the broker has let go of. What is older than `member-updates` keeps is not
written again: the job counts whose history begins late.
"""

import argparse
import asyncio
import uuid
from collections.abc import Iterator
from typing import Any, Final

from confluent_kafka import Message

from jobs.daytwo.kept import Changelog
from jobs.daytwo.views import Views
from jobs.progress import Progress
from jobs.reading import LogReader
from jobs.rebuild_redis import chunks
from runtime.settings import Settings
from schemas.events import EventCodec
from schemas.framing import MalformedRecord
from schemas.registries import registry_at
from schemas.topics import ACTIVITY, MEMBER_UPDATES, ORDERS
from schemas.update_reader import Update, UpdateReader, standing
from stores.analytics import ClickHouseAnalytics
from stores.analytics_contract import Analytics, Received, ReceivedActivity
from stores.program_reader import read_program

SUMMARY: Final = "write ClickHouse anew from the log, while serving"
CHUNK: Final = 5_000
# First and last version that is told of each member.
Versions = dict[str, tuple[int, int]]


def run(settings: Settings, arguments: list[str]) -> None:
    """
    Write all tables that the sink writes, a partition at a time.

    Raises: JobRefused, StoreUnavailable; a second run changes nothing.
    """
    parser = argparse.ArgumentParser("rebuild-clickhouse", description=SUMMARY)
    parser.add_argument("--partition", type=int, action="append", help="only this one")
    chosen = parser.parse_args(arguments).partition
    rebuild = Rebuild(settings)
    for partition in chosen or range(settings.partitions):
        print(asyncio.run(rebuild.partition(partition)), flush=True)
    rebuild.close()


class Rebuild:
    """Reads topics of a partition, and writes what they say."""

    def __init__(self, settings: Settings) -> None:
        """Connect to both sides."""
        self._settings = settings
        self._run = uuid.uuid4().hex
        self._log = LogReader(settings)
        self._changelog = Changelog(settings, self._log)
        self._views = Views(
            read_program(settings).programs, self._changelog.codec, tells_states=False
        )
        self._events = EventCodec(registry_at(settings.schema_registry_url))
        self._updates = UpdateReader()

    def close(self) -> None:
        """Let go of all clients."""
        self._log.close()

    async def partition(self, partition: int) -> str:
        """
        Write what one partition's topics say; return it in a line.

        Raises: JobRefused, StoreUnavailable.
        """
        analytics = ClickHouseAnalytics(
            self._settings.clickhouse_url, self._settings.clickhouse_database
        )
        try:
            states = self._changelog.kept(partition).states
            updates, known = await self._all_updates(analytics, partition)
            members = await self._members(analytics, partition, states, known=known)
            late = sum(known.get(name, (2, 0))[0] > 1 for name in states)
            orders = await self._events_of(analytics, ORDERS.name, partition)
            acts = await self._events_of(analytics, ACTIVITY.name, partition)
        finally:
            await analytics.close()
        return (
            f"partition {partition}: {updates:,} updates, {orders:,} orders, "
            f"{acts:,} acts; {members:,} members from their states alone, {late:,} "
            "whose history begins before what member-updates keeps"
        )

    async def _members(
        self,
        analytics: Analytics,
        partition: int,
        states: dict[str, bytes],
        *,
        known: Versions,
    ) -> int:
        """Write the members whose last update is not there; return how many."""
        count = 0
        # By update if there is one: only that says when the broker took it.
        old = ((name, state) for name, state in states.items() if name not in known)
        for number, chunk in enumerate(chunks(old, CHUNK)):
            rows = [self._member_row(*one) for one in chunk]
            token = f"rebuild:{self._run}:members:{partition}:{number}"
            await analytics.insert_updates(rows, token=token)
            count += len(rows)
        return count

    def _member_row(self, member_id: str, state: bytes) -> Update:
        """Update without a change: what stands, and nothing that happened."""
        view = self._views.view(member_id, self._views.member(state))
        return standing(member_id, view)

    async def _all_updates(
        self, analytics: Analytics, partition: int
    ) -> tuple[int, Versions]:
        """Write updates; return how many, and which versions they tell of."""
        count = 0
        known: Versions = {}
        for messages in chunks(self._messages(MEMBER_UPDATES.name, partition), CHUNK):
            found = list(self._decoded(messages))
            for one in found:
                first, _ = known.get(one.member_id, (one.changes[0].version, 0))
                known[one.member_id] = first, one.version
            token = self._token(MEMBER_UPDATES.name, partition, messages)
            await analytics.insert_updates(found, token=token)
            count += len(found)
        return count, known

    async def _events_of(self, analytics: Analytics, topic: str, partition: int) -> int:
        count = 0
        for messages in chunks(self._messages(topic, partition), CHUNK):
            token = self._token(topic, partition, messages)
            if topic == ORDERS.name:
                decode: Any = self._events.decode_order
                orders = [Received(*one) for one in self._received(decode, messages)]
                await analytics.insert_orders(orders, token=token)
                count += len(orders)
            else:
                decode = self._events.decode_activity
                acts = [
                    ReceivedActivity(*one) for one in self._received(decode, messages)
                ]
                await analytics.insert_activity(acts, token=token)
                count += len(acts)
        return count

    def _messages(self, topic: str, partition: int) -> Iterator[Message]:
        low, end = self._log.edges(topic, partition)
        progress = Progress(f"records of {topic}-{partition}", end - low)
        for count, message in enumerate(self._log.read(topic, partition, end)):
            progress.show(count)
            yield message

    def _decoded(self, messages: list[Message]) -> Iterator[Update]:
        for message in messages:
            try:
                update = self._updates.read(message.value())
            except MalformedRecord:
                continue
            if update.changes:
                yield update

    def _received(
        self, decode: Any, messages: list[Message]
    ) -> Iterator[tuple[Any, int, int]]:
        for message in messages:
            at = message.timestamp()[1]
            try:
                yield decode(message.key(), message.value(), at), at, message.offset()
            except MalformedRecord:
                # A dead letter of the engine's, and no row.
                continue

    def _token(self, topic: str, partition: int, messages: list[Message]) -> str:
        first = messages[0].offset()
        return f"rebuild:{self._run}:{topic}:{partition}:{first}"
