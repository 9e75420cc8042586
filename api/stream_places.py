"""How many streams a process and a member may have, over all kinds of them."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from api.flow_problems import TooManyStreams
from api.problems import Unavailable

STREAMS_MAX: Final = 500
MEMBER_STREAMS_MAX: Final = 4


class StreamPlaces:
    """Places for streams; one is free again when its stream ends."""

    def __init__(
        self,
        *,
        streams_max: int = STREAMS_MAX,
        member_streams_max: int = MEMBER_STREAMS_MAX,
    ) -> None:
        """All are free."""
        self._streams_max = streams_max
        self._member_streams_max = member_streams_max
        self._taken: Counter[tuple[str, str]] = Counter()
        self.count = 0

    @contextmanager
    def taken(self, kind: str, member_id: str) -> Iterator[None]:
        """
        Have a place for a stream of a kind; each kind has its own of a member.

        Raises: TooManyStreams of the member; Unavailable when the process is full.
        """
        name = kind, member_id
        if self._taken[name] >= self._member_streams_max:
            raise TooManyStreams(
                f"a member has at most {self._member_streams_max} streams here"
            )
        if self.count >= self._streams_max:
            raise Unavailable(f"{self._streams_max} streams are open; try again")
        self._taken[name] += 1
        self.count += 1
        try:
            yield
        finally:
            self.count -= 1
            self._taken[name] -= 1
            if not self._taken[name]:
                del self._taken[name]
