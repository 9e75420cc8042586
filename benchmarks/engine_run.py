"""The engine, as `python -m streams engine` runs it, until it has applied so many."""

import asyncio
import os
import sys
import time

from native.loading import use_huge_pages
from runtime.collector import tune_collector
from runtime.logs import set_up_logs
from runtime.settings import load_settings
from streams.engine import Engine
from streams.roles.engine import build_engine, engine_app
from streams.worker import COLLECT_EVERY

POLL_SECONDS = 0.02


def main(arguments: list[str]) -> None:
    """Run until `expected` records are applied, or only until all is restored (0)."""
    set_up_logs("WARNING")
    tune_collector(COLLECT_EVERY)
    use_huge_pages()
    asyncio.run(_run(int(arguments[0])))


async def _run(expected: int) -> None:
    engine = build_engine(load_settings(), None)
    app = engine_app(load_settings(), engine)
    begun = time.perf_counter()
    running = asyncio.create_task(app.start())
    while not all(engine.readiness().values()):  # noqa: ASYNC110 - a benchmark may poll
        await asyncio.sleep(POLL_SECONDS)
    ready = time.perf_counter()
    members = sum(len(one.members) for one in engine.holdings().values())
    started = cpu_started = 0.0
    first = _applied(engine)
    while expected and _applied(engine) < expected:
        if not started and _applied(engine) > first:
            first = _applied(engine)
            started, cpu_started = time.perf_counter(), time.process_time()
        await asyncio.sleep(POLL_SECONDS)
    seconds = time.perf_counter() - started
    cpu = time.process_time() - cpu_started
    count = _applied(engine) - first
    sys.stdout.write(f"{count} {seconds:.3f} {cpu:.3f} {members} {ready - begun:.3f}\n")
    sys.stdout.flush()
    running.cancel()
    os._exit(0)


def _applied(engine: Engine) -> int:
    holdings = engine.holdings()
    return sum(one.checkpoint.applied for one in holdings.values())


if __name__ == "__main__":
    main(sys.argv[1:])
