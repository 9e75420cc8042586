"""Records of the three topics as they were kept, decoded a member at a time."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

from jobs.backtesting.sources import Shard
from loyalty.events import ENGINE, Command, MemberEvent
from runtime.settings import Settings
from schemas.events import EventCodec
from schemas.framing import MalformedRecord
from schemas.registries import registry_at
from schemas.topics import ACTIVITY, COMMANDS, ORDERS

TOPICS: Final = (ORDERS.name, ACTIVITY.name, COMMANDS.name)
# So many records of a partition are kept at once, undecoded.
SLICE_RECORDS_MAX: Final = 1_000_000

Decode = Callable[[bytes | None, bytes | None, int], MemberEvent]
# Time of arrival, place of its topic, offset, value.
Raw = tuple[int, int, int, bytes | None]


def slices_of(
    part: int, records: int, ends: dict[str, int], *, first: int
) -> list[Shard]:
    """Shards of a partition, numbered from `first`; none if it has no records."""
    slices = max(-(-records // SLICE_RECORDS_MAX), 1)
    share = records // slices
    return [
        Shard(first + number, part, number, slices, ends, share)
        for number in range(slices if records else 0)
    ]


class RawEvents:
    """Decodes members' records, and counts what cannot be read."""

    def __init__(self, settings: Settings) -> None:
        """Compile the codecs."""
        self.malformed: Counter[str] = Counter()
        codec = EventCodec(registry_at(settings.schema_registry_url))
        self._decoders: tuple[Decode, ...] = (
            codec.decode_order,
            codec.decode_activity,
            codec.decode_command,
        )

    def decoded(self, key: bytes, raw: list[Raw]) -> Iterator[tuple[int, MemberEvent]]:
        """Events of a member in the order of their arrival."""
        for arrived_at, place, _, value in sorted(raw):
            try:
                event = self._decoders[place](key, value, arrived_at)
            except MalformedRecord as malformed:
                self.malformed[malformed.reason] += 1
                continue
            # A backtest's own rules write anew what an engine wrote.
            if not isinstance(event, Command) or event.actor != ENGINE:
                yield arrived_at, event
