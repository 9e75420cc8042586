"""Who is due when: by hours that are far, one by one in the hour that has begun."""

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Final

HOUR_MS: Final = 3_600_000
# Entries of an hour that are put in order at once, some 20 ms.
RIPEN_MAX: Final = 20_000


class Timers:
    """
    Times at which something becomes due, each a reference in the list of its hour.

    When the hour begins its entries ripen: they are read from the members and put in
    order. So a timer costs eight bytes until then, and moving it within its hour
    nothing. Entries may hold no longer: each is checked when it ripens, and when it
    comes up.
    """

    def __init__(self, due_at: Callable[[str], int]) -> None:
        """`due_at` is when something is due for a member now (ms), 0 for never."""
        self._due_at = due_at
        self._hours: dict[int, list[str]] = {}
        self._order: list[int] = []
        self._soon: list[tuple[int, str]] = []
        # Hours up to this one have begun: what comes into them is ripe at once.
        self._ripe = -1
        self._count = 0

    def __len__(self) -> int:
        """Entries, some of which may hold no longer."""
        return self._count

    def add(self, member_id: str, due_at: int, was_at: int = 0) -> None:
        """Let a member come up at a time (ms) that is in the place of another."""
        hour = due_at // HOUR_MS
        if hour <= self._ripe:
            heappush(self._soon, (due_at, member_id))
        elif was_at and was_at // HOUR_MS == hour:
            return
        else:
            bucket = self._hours.get(hour)
            if bucket is None:
                bucket = self._hours[hour] = []
                heappush(self._order, hour)
            bucket.append(member_id)
        self._count += 1

    def ripen(self, at: int, most: int = RIPEN_MAX) -> bool:
        """Put entries of the hours that have begun in order; whether all are."""
        begun = at // HOUR_MS
        while self._order and self._order[0] <= begun:
            if most <= 0:
                return False
            hour = self._order[0]
            self._ripe = max(self._ripe, hour)
            bucket = self._hours[hour]
            some = bucket[-most:]
            del bucket[-most:]
            most -= len(some)
            for member_id in some:
                due_at = self._due_at(member_id)
                if due_at and due_at // HOUR_MS == hour:
                    heappush(self._soon, (due_at, member_id))
                else:
                    self._count -= 1
            if not bucket:
                del self._hours[heappop(self._order)]
        return True

    def pop(self, at: int) -> str | None:
        """Next member for whom something is due at a time, None if there is none."""
        while not self.ripen(at):
            pass
        soon = self._soon
        while soon and soon[0][0] <= at:
            entry = heappop(soon)
            self._count -= 1
            while soon and soon[0] == entry:
                # It was moved away and back.
                heappop(soon)
                self._count -= 1
            due_at, member_id = entry
            if self._due_at(member_id) == due_at:
                return member_id
        return None
