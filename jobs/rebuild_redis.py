"""
Writes Redis anew from the engine's own states, while everything goes on.

Views carry versions, so that the sink's newer ones stay and older ones are never
brought back; whose codes of offers are comes with them. Results of commands come from
`member-updates`, as far back as they may be asked for. What is in Redis alone is not
brought back: contacts and codes of members, uploaded codes of offers, tills' notes,
sessions' rate limits, backtests (see jobs backup).
"""

import argparse
import asyncio
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final, TypeVar

from jobs.daytwo.kept import Changelog
from jobs.daytwo.views import Views
from jobs.progress import Progress
from jobs.reading import LogReader
from runtime.settings import Settings
from schemas.command_results import answer_of
from schemas.framing import MalformedRecord
from schemas.topics import MEMBER_UPDATES
from schemas.update_reader import UpdateReader
from schemas.views import decode_view
from stores.member_views import RedisMemberViews
from stores.member_views_contract import (
    CodeWrite,
    MemberViews,
    ResultWrite,
    ViewWrite,
)
from stores.program_reader import read_program

SUMMARY: Final = "write Redis anew from the engine's states, while serving"
CHUNK: Final = 2_000
CODE: Final = b'"pool_id":"'
T = TypeVar("T")


def run(settings: Settings, arguments: list[str]) -> None:
    """
    Write all views and results, a partition at a time.

    Raises: JobRefused, StoreUnavailable; a second run goes through all again.
    """
    parser = argparse.ArgumentParser("rebuild-redis", description=SUMMARY)
    parser.add_argument("--partition", type=int, action="append", help="only this one")
    chosen = parser.parse_args(arguments).partition
    asyncio.run(rebuild(settings, chosen or list(range(settings.partitions))))


async def rebuild(
    settings: Settings, partitions: list[int], *, told: int | None = None
) -> None:
    """
    Write views and results of some partitions, and tell how many.

    `told` is how many partitions `member-updates` has, if not as many as the engine.
    Raises: JobRefused, StoreUnavailable.
    """
    log = LogReader(settings)
    changelog = Changelog(settings, log)
    projection = Views(
        read_program(settings).programs,
        changelog.codec,
        tells_states=settings.estimates,
    )
    views = RedisMemberViews(
        settings.redis_url,
        settings.app_id,
        result_ttl_seconds=settings.result_ttl_seconds,
    )
    for partition in partitions:
        states = changelog.kept(partition).states
        progress = Progress(f"members of partition {partition}", len(states))
        written = seen = 0
        for chunk in chunks(projection.writes(states.items()), CHUNK):
            written += await views.put(chunk, (), list(codes_in(chunk)))
            seen += len(chunk)
            progress.show(seen)
        results = 0
        if told is None or partition < told:
            results = await _results(settings, log, views, partition=partition)
        print(
            f"partition {partition}: {seen:,} members, {written:,} views written, "
            f"{results:,} results",
            flush=True,
        )
    await views.close()
    log.close()


async def _results(
    settings: Settings, log: LogReader, views: MemberViews, *, partition: int
) -> int:
    """Write answers to commands that may still be asked for; return how many."""
    since = int((time.time() - settings.result_ttl_seconds) * 1_000)
    count = 0
    for chunk in chunks(_answers(log, partition, since), CHUNK):
        await views.put_results(chunk)
        count += len(chunk)
    return count


def _answers(log: LogReader, partition: int, since: int) -> Iterator[ResultWrite]:
    reader = UpdateReader()
    _, end = log.edges(MEMBER_UPDATES.name, partition)
    start = log.offset_at(MEMBER_UPDATES.name, partition, since)
    for message in log.read(MEMBER_UPDATES.name, partition, end, start=start):
        try:
            update = reader.read(message.value())
        except MalformedRecord:
            continue
        for change in update.changes:
            answer = answer_of(update.member_id, change)
            if answer is not None:
                yield ResultWrite(*answer)


def codes_in(writes: Iterable[ViewWrite]) -> Iterator[CodeWrite]:
    """Codes that members have; those that were used are nobody's any more."""
    for write in writes:
        # Most views hold none, and are not read for it.
        if write.document and CODE in write.document:
            for one in decode_view(write.document).personal_offers:
                if one.number >= 0:
                    yield CodeWrite(one.pool_id, one.number, write.member_id)


def chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Items in lists of a size, the last one perhaps shorter."""
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk
