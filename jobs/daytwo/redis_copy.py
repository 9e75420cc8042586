"""What is in Redis alone, key by key, as Redis itself writes it (DUMP)."""

from collections.abc import Iterable, Iterator
from itertools import compress, islice
from typing import Any, Final

import redis

from jobs.daytwo.files import Entry
from jobs.daytwo.undecided import Undecided
from stores.unavailable import StoreUnavailable

SCAN_COUNT: Final = 1_000
TIMEOUT_SECONDS: Final = 10.0
# Written anew from the engine's states.
REBUILT: Final = "member:"
# Counts of a minute: nobody misses them, and everybody has them again.
PASSING: Final = "turns:"
# What members and tills were answered; `till-check:` are no answers.
RESULTS: Final = b"result:"
TILLS: Final = b"till:"


class RedisCopy:
    """Keys of one engine but for the members' views; calls block."""

    def __init__(self, url: str, app_id: str) -> None:
        """Connect when first used."""
        self._prefix = f"{app_id}:".encode()
        self._redis: Any = redis.Redis.from_url(
            url,
            socket_connect_timeout=TIMEOUT_SECONDS,
            socket_timeout=TIMEOUT_SECONDS,
        )

    def entries(self) -> Iterator[Entry]:
        """
        Every key that no rebuild brings back, without the engine's name; its life.

        Raises: StoreUnavailable.
        """
        try:
            for keys in self._keys():
                pipeline = self._redis.pipeline(transaction=False)
                for key in keys:
                    pipeline.dump(key)
                    pipeline.pttl(key)
                found = pipeline.execute()
                for key, value, left in zip(keys, found[::2], found[1::2], strict=True):
                    # Gone meanwhile: its life was over.
                    if value is not None:
                        name = key.removeprefix(self._prefix)
                        yield Entry(0, -1, int(left), name, value)
        except redis.RedisError as error:
            raise StoreUnavailable("redis", str(error)[:500]) from error

    def put(
        self, entries: Iterable[Entry], undecided: Undecided | None = None
    ) -> tuple[int, int]:
        """
        Write keys over what is there, but for answers of what is undecided.

        Returns how many keys there are, and how many answers were left out.
        Raises: StoreUnavailable.
        """
        count = left_out = 0
        rest = iter(entries)
        try:
            while some := list(islice(rest, SCAN_COUNT)):
                pipeline = self._redis.pipeline(transaction=False)
                for entry in some:
                    name = self._prefix + (entry.key or b"")
                    pipeline.restore(name, max(entry.at, 0), entry.value, replace=True)
                pipeline.execute()
                names = [entry.key or b"" for entry in some]
                count += len(some)
                if undecided is not None:
                    left_out += self._forget(names, undecided)
        except redis.RedisError as error:
            raise StoreUnavailable("redis", str(error)[:500]) from error
        return count, left_out

    def _forget(self, names: list[bytes], undecided: Undecided) -> int:
        """Take away the answers among some keys that are given again."""
        results = [name for name in names if name.startswith(RESULTS)]
        notes = [name for name in names if name.startswith(TILLS)]
        pipeline = self._redis.pipeline(transaction=False)
        for name in results:
            pipeline.get(self._prefix + name)
        for name in notes:
            pipeline.hget(self._prefix + name, "note")
        found = pipeline.execute()
        given = undecided.results(found[: len(results)])
        told = undecided.notes(found[len(results) :])
        for name in compress(results, given):
            pipeline.delete(self._prefix + name)
        for name in compress(notes, told):
            pipeline.hdel(self._prefix + name, "answer")
        return sum(map(int, pipeline.execute()))

    def clear(self) -> int:
        """
        Delete every key but the members' views; return how many.

        Raises: StoreUnavailable.
        """
        count = 0
        try:
            for keys in self._keys():
                count += self._redis.unlink(*keys)
        except redis.RedisError as error:
            raise StoreUnavailable("redis", str(error)[:500]) from error
        return count

    def ping(self) -> None:
        """
        Be answered.

        Raises: StoreUnavailable.
        """
        try:
            self._redis.ping()
        except redis.RedisError as error:
            raise StoreUnavailable("redis", str(error)[:500]) from error

    def _keys(self) -> Iterator[list[bytes]]:
        keys: list[bytes] = []
        passed = tuple(self._prefix + name.encode() for name in (REBUILT, PASSING))
        for key in self._redis.scan_iter(match=self._prefix + b"*", count=SCAN_COUNT):
            if not key.startswith(passed):
                keys.append(key)
            if len(keys) == SCAN_COUNT:
                yield keys
                keys = []
        if keys:
            yield keys
