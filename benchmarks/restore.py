"""Reading a whole changelog back, as a worker does that has lost its memory."""

import sys
import time

from schemas.state import StateCodec
from schemas.topics import members_changelog
from streams.changelog import ChangelogReader
from streams.members import Members


def main(arguments: list[str]) -> None:
    """Restore every partition, one after the other: broker, app id, partitions."""
    broker, app_id, partitions = arguments
    reader = ChangelogReader(broker, members_changelog(app_id).name)
    records = members = 0
    started = time.perf_counter()
    for number in range(int(partitions)):
        store = Members(StateCodec(), cache_max=1_000)
        records += reader.read(number, 0, store.restore).records
        store.index_due()
        members += len(store)
    seconds = time.perf_counter() - started
    sys.stdout.write(f"{records} {seconds:.3f} {members}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
