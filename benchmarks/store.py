"""Memory or RocksDB for the members of a worker: bytes, reads a second, restart."""

import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from random import Random

STATE_BYTES = 350
READS = 200_000
WRITE_BATCH = 2_000


def main(arguments: list[str]) -> None:
    """Measure one store with so many members: memory|rocksdb, members."""
    kind, members = arguments[0], int(arguments[1])
    run = {"memory": _memory, "rocksdb": _rocksdb}[kind]
    with tempfile.TemporaryDirectory() as folder:
        figures = run(Path(folder), members)
    sys.stdout.write(" ".join(f"{figure:.3f}" for figure in figures) + "\n")
    sys.stdout.flush()
    # Freeing so much memory piece by piece would take longer than measuring.
    os._exit(0)


def _memory(_: Path, members: int) -> tuple[float, ...]:
    before = _resident_mib()
    started = time.perf_counter()
    states = {f"member-{n}": Random(n).randbytes(8) * 44 for n in range(members)}
    filled = time.perf_counter() - started
    used = _resident_mib() - before
    chance = Random(1)
    keys = [f"member-{chance.randrange(members)}" for _ in range(READS)]
    started = time.perf_counter()
    for key in keys:
        states[key]
    reads = READS / (time.perf_counter() - started)
    return used, members / filled, reads, 0.0


def _rocksdb(folder: Path, members: int) -> tuple[float, ...]:
    from rocksdict import Options, Rdict, WriteBatch

    options = Options(raw_mode=True)
    path = str(folder / "db")
    before = _resident_mib()
    database = Rdict(path, options)
    started = time.perf_counter()
    for begin in range(0, members, WRITE_BATCH):
        batch = WriteBatch(raw_mode=True)
        for n in range(begin, min(begin + WRITE_BATCH, members)):
            batch.put(b"member-%d" % n, Random(n).randbytes(8) * 44)
        database.write(batch)
    filled = time.perf_counter() - started
    chance = Random(1)
    keys = [b"member-%d" % chance.randrange(members) for _ in range(READS)]
    started = time.perf_counter()
    for key in keys:
        database[key]
    reads = READS / (time.perf_counter() - started)
    database.close()
    started = time.perf_counter()
    database = Rdict(path, options)
    database[keys[0]]
    reopened = time.perf_counter() - started
    used = _resident_mib() - before
    database.close()
    return used, members / filled, reads, reopened


def _resident_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(sys.argv[1:])
