"""What must hold before an engine moves to more partitions; nothing is changed here."""

from collections.abc import Iterable
from typing import Final

from jobs.daytwo.clickhouse_copy import ClickHouseCopy
from jobs.daytwo.growing import counts_at
from jobs.daytwo.kept import Kept
from jobs.daytwo.reader_positions import Place, ReaderPositions
from jobs.daytwo.redis_copy import RedisCopy
from jobs.errors import JobRefused
from jobs.reading import LogReader
from loyalty.budget_books import Lease
from runtime.settings import Settings
from schemas.state import CHECKPOINT_KEY, StateCodec
from schemas.topics import (
    MEMBER_UPDATES,
    READERS,
    SOURCES,
    all_topics,
    members_changelog,
)

# Header of a checkpoint that a move has written: an engine writes its own without it,
# before anything else.
MOVED_FROM: Final = "moved-from"
ENGINE: Final = "engine"


class MoveChecks:
    """Looks at an engine, and at what is there by the new name."""

    def __init__(self, old: Settings, new: Settings, log: LogReader) -> None:
        """Say which engine moves, and what it will be."""
        self._old, self._new = old, new
        self._log = log

    def topics(self) -> bool:
        """
        Whether a topic has grown already; a move that broke off leaves that.

        Raises: JobRefused where a count is neither the old one nor on its way.
        """
        counts = counts_at(self._old.kafka_bootstrap_servers)
        old, new = self._old.partitions, self._new.partitions
        own = members_changelog(self._old.app_id).name
        if counts.get(own) != old:
            raise JobRefused(
                f"topic {own}: expected {old} partitions (REGULARS_PARTITIONS), found "
                f"{counts.get(own, 0)}: the settings must be those of the engine that "
                "moves"
            )
        found = {name: counts.get(name, 0) for name in self.shared()}
        for name, count in found.items():
            if not old <= count <= new:
                raise JobRefused(
                    f"topic {name}: expected {old} to {new} partitions, found {count}"
                )
        return any(count > old for count in found.values())

    def shared(self) -> list[str]:
        """Names of the topics that both engines have, and that grow."""
        own = members_changelog(self._old.app_id).name
        specs = all_topics(self._old.app_id)
        return [spec.name for spec in specs if spec.partitioned and spec.name != own]

    def applied(self, positions: Iterable[dict[str, int]]) -> None:
        """
        See that the engine has applied all of its sources; positions by partition.

        Raises: JobRefused naming what is behind.
        """
        for number, known in enumerate(positions):
            for spec in SOURCES:
                _, end = self._log.edges(spec.name, number)
                position = known.get(spec.name, 0)
                if position < end:
                    raise JobRefused(
                        f"{spec.name}-{number}: {end - position} records are not "
                        "applied; let the engine finish, then stop it"
                    )

    def readers(self) -> dict[str, dict[Place, int]]:
        """
        How far sinks and dispatcher are, which is to the end; by name.

        One that has never read anything has no positions: under the new name it
        begins where it would have begun. Raises: JobRefused naming who is behind.
        """
        return {name: self._reader(name) for name in READERS if name != ENGINE}

    def _reader(self, name: str) -> dict[Place, int]:
        old = ReaderPositions(self._old)
        places = [
            (topic, number)
            for topic in READERS[name]
            for number in range(self._old.partitions)
        ]
        committed = old.committed(name, places)
        if not committed:
            return {}
        found = {}
        for topic, number in places:
            low, end = self._log.edges(topic, number)
            # What the broker has let go of is read by nobody.
            position = max(committed.get((topic, number), 0), low)
            # Groups pass the ends of transactions, too: nothing is left of one that
            # has read all.
            if position < end:
                raise JobRefused(
                    f"group {old.group(name)} has read {topic}-{number} to {position}, "
                    f"which ends at {end}: start {name} (python -m streams {name}) "
                    "until it has read all, then stop it"
                )
            found[topic, number] = position
        return found

    def bridges(self) -> dict[str, dict[Place, int]]:
        """
        How far bridges are that bring member events out, by name.

        Raises: JobRefused naming one that is behind.
        """
        old = ReaderPositions(self._old)
        places = [(MEMBER_UPDATES.name, n) for n in range(self._old.partitions)]
        found = {name: old.committed(name, places) for name in old.others()}
        for name, committed in found.items():
            for (topic, number), position in committed.items():
                _, end = self._log.edges(topic, number)
                # They stand behind the last record, and not behind its transaction.
                left = self._log.read(topic, number, end, start=position)
                if next(left, None) is not None:
                    raise JobRefused(
                        f"group {old.group(name)} has read {topic}-{number} to "
                        f"{position}, and there is more: let the bridge send all, then "
                        "stop it, or delete its group if there is no such bridge"
                    )
        return {name: committed for name, committed in found.items() if committed}

    def budgets(self, kept: Iterable[Kept], codec: StateCodec) -> None:
        """
        See that no member waits for units of a budget.

        Raises: JobRefused naming the budget's lease.
        """
        for one in kept:
            for value in one.accounts.values():
                name, account = codec.accounts.decode(value)
                if isinstance(account, Lease) and any(b.waiting for b in account.books):
                    raise JobRefused(f"members wait for units of {name}: let them end")

    def is_begun(self) -> bool:
        """
        Whether a move has begun to write the new engine, which was never started.

        Raises: JobRefused when an engine of the new name has been there, and where it
        was to have another number of partitions.
        """
        topic = members_changelog(self._new.app_id).name
        count = counts_at(self._old.kafka_bootstrap_servers).get(topic, 0)
        if not count:
            return False
        if count != self._new.partitions:
            raise JobRefused(
                f"{self._new.app_id!r} is there already, with {count} partitions: take "
                "another name, or finish the move that made it"
            )
        if not all(self._is_unstarted(topic, number) for number in range(count)):
            raise JobRefused(
                f"an engine {self._new.app_id!r} is there already: take another name"
            )
        return True

    def _is_unstarted(self, topic: str, number: int) -> bool:
        _, end = self._log.edges(topic, number)
        is_moved = True
        for message in self._log.read(topic, number, end):
            if message.key() == CHECKPOINT_KEY:
                is_moved = MOVED_FROM in dict(message.headers() or ())
        return is_moved

    def stores(self) -> None:
        """
        See that Redis and ClickHouse answer.

        Raises: StoreUnavailable.
        """
        RedisCopy(self._old.redis_url, self._old.app_id).ping()
        ClickHouseCopy(self._old.clickhouse_url, self._old.clickhouse_database).close()
