"""
The state of a member, or the hash of a partition, as it was at a time or offset.

Folded again from the sources by what `member-updates` tells, as `verify` does it, up
to the changes of records that the broker had taken at a time, or that stand in
`member-updates` before an offset. Each change is decided anew and compared on the way.
"""

import argparse
import json
from typing import Any, Final

import msgspec

from jobs.errors import JobFailed, JobRefused
from jobs.reading import LogReader, SourceWindow
from jobs.send_ticks import shown, time_from
from loyalty.decide import decide
from loyalty.fencing import Fence
from loyalty.member import Member, balance_of
from runtime.settings import Settings
from schemas.events import EventCodec
from schemas.partitioner import partition_of
from schemas.registries import registry_at
from schemas.replay import Difference, Replay, state_hash
from schemas.state import StateCodec
from schemas.topics import MEMBER_UPDATES, SOURCES
from schemas.updates import Change, UpdateCodec
from stores.dead_letters_contract import END_OF_TIME_MS
from stores.program_reader import read_program

SUMMARY: Final = "tell a member's state, or a partition's hash, as of a time or offset"


def run(settings: Settings, arguments: list[str]) -> None:
    """
    Print a member's state as JSON, or a line for a partition.

    Raises: JobRefused when the logs are not whole; JobFailed when they contradict.
    """
    parser = argparse.ArgumentParser("audit", description=SUMMARY)
    who = parser.add_mutually_exclusive_group(required=True)
    who.add_argument("--member", default="")
    who.add_argument("--partition", type=int, default=-1)
    until = parser.add_mutually_exclusive_group()
    until.add_argument("--at", metavar="TIME", help="of the broker; default: now")
    until.add_argument("--offset", type=int, help="of member-updates, not included")
    chosen = parser.parse_args(arguments)
    audit = Audit(
        settings,
        until_at=END_OF_TIME_MS if chosen.at is None else time_from(chosen.at),
        end=chosen.offset,
    )
    if chosen.member:
        print(json.dumps(audit.member(chosen.member), indent=2, default=str))
    else:
        print(audit.partition(chosen.partition))


class Audit:
    """Folds changes again, up to a time or an offset."""

    def __init__(
        self,
        settings: Settings,
        *,
        until_at: int = END_OF_TIME_MS,
        end: int | None = None,
    ) -> None:
        """Say up to when; connects to the broker."""
        self._until_at = until_at
        self._end = end
        self._partitions = settings.partitions
        self._programs = read_program(settings).programs
        self._log = LogReader(settings)
        self._events = EventCodec(registry_at(settings.schema_registry_url))
        self._updates, self._states = UpdateCodec(), StateCodec()

    def member(self, member_id: str) -> dict[str, Any]:
        """
        State of a member, and the last thing that happened to it until then.

        Raises: JobRefused, JobFailed.
        """
        partition = partition_of(member_id.encode(), self._partitions)
        replay, last = self._fold(partition, member_id)
        if last is None:
            raise JobFailed(f"member {member_id!r}: nothing had happened")
        member = replay.members[member_id]
        return {
            "member_id": member_id,
            "version": member.version,
            "as_of": shown(last.recorded_at),
            "last": {"event_id": last.event_id, "why": last.why},
            "hash": state_hash([(member_id, member)], self._states),
            "balances": balances_of(member),
            "state": msgspec.to_builtins(member),
        }

    def partition(self, partition: int) -> str:
        """
        Members and hash of a partition, in a line.

        Raises: JobRefused, JobFailed.
        """
        replay, last = self._fold(partition, "")
        when = "nothing yet" if last is None else shown(last.recorded_at)
        digest = state_hash(replay.members.items(), self._states)
        return (
            f"partition {partition}: {len(replay.members):,} members, {digest}, {when}"
        )

    def _fold(self, partition: int, member_id: str) -> tuple[Replay, Change | None]:
        replay = Replay(Fence(decide), self._programs, self._events)
        windows = {spec.name: self._window(spec.name, partition) for spec in SOURCES}
        _, end = self._log.edges(MEMBER_UPDATES.name, partition)
        end = end if self._end is None else min(end, self._end)
        self._check_whole(MEMBER_UPDATES.name, partition)
        last: Change | None = None
        for message in self._log.read(MEMBER_UPDATES.name, partition, end):
            update = self._updates.decode(message.value())
            if member_id not in ("", update.member_id):
                continue
            for told in update.changes:
                if told.recorded_at > self._until_at:
                    continue
                try:
                    record = windows[told.topic].at(told.offset)
                    replay.take(update.member_id, told, record)
                except Difference as found:
                    raise JobFailed(str(found)) from found
                last = told
        return replay, last

    def _window(self, topic: str, partition: int) -> SourceWindow:
        self._check_whole(topic, partition)
        _, end = self._log.edges(topic, partition)
        return SourceWindow(self._log.read(topic, partition, end))

    def _check_whole(self, topic: str, partition: int) -> None:
        beginning, _ = self._log.edges(topic, partition)
        if beginning > 0:
            raise JobRefused(
                f"{topic}-{partition} begins at {beginning}: what was before is gone; "
                "restore a backup of that time instead"
            )


def balances_of(member: Member) -> dict[str, int]:
    """Points by wallet."""
    wallets = sorted({lot.wallet for lot in member.lots})
    return {wallet: balance_of(member.lots, wallet) for wallet in wallets}
