"""Reading a whole changelog back, as a worker does that has lost its memory."""

import sys
import time
from concurrent.futures import ThreadPoolExecutor

from schemas.state import StateCodec
from schemas.topics import members_changelog
from streams.changelog import ChangelogReader
from streams.members import Members


def main(arguments: list[str]) -> None:
    """Restore every partition, all in threads as the engine: broker, app id, count."""
    broker, app_id, partitions = arguments
    reader = ChangelogReader(broker, members_changelog(app_id).name)

    def restore(number: int) -> tuple[int, int]:
        store = Members(StateCodec(), cache_max=1_000)
        records = reader.read(number, 0, store.restore).records
        store.index_due()
        return records, len(store)

    started = time.perf_counter()
    with ThreadPoolExecutor(int(partitions)) as threads:
        restored = list(threads.map(restore, range(int(partitions))))
    seconds = time.perf_counter() - started
    records = sum(records for records, _ in restored)
    members = sum(members for _, members in restored)
    sys.stdout.write(f"{records} {seconds:.3f} {members}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
