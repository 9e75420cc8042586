"""Sends the campaigns that people have started, each at its pace, until stopped."""

import argparse
import asyncio
import signal
import time
from collections.abc import Mapping
from typing import Any, Final

from jobs.campaigning.desk import CampaignDesk
from jobs.campaigning.running import Reach
from loyalty.publishing.timeline import version_at
from runtime.health import serve_health
from runtime.logs import set_up_logs
from runtime.settings import Settings
from schemas.events import EventCodec
from schemas.registries import registry_at
from stores.audiences import ClickHouseAudiences
from stores.campaigns import RedisCampaigns
from stores.program_reader import read_program
from stores.publisher import KafkaPublisher

SUMMARY: Final = "send the campaigns that were started, until stopped"


def run(settings: Settings, arguments: list[str]) -> None:
    """Send until SIGTERM or Ctrl-C; `--once` until none is due."""
    parser = argparse.ArgumentParser("run-campaigns", description=SUMMARY)
    parser.add_argument("--once", action="store_true", help="end when none is due")
    once = parser.parse_args(arguments).once
    set_up_logs(settings.log_level)
    if settings.metrics_port:
        serve_health(
            settings.metrics_host, settings.metrics_port, lambda: {"campaigns": True}
        )
    asyncio.run(_work(settings, until_empty=once))


async def _work(settings: Settings, *, until_empty: bool) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    reach = _reach(settings)
    try:
        await CampaignDesk(reach, stopping).work(until_empty=until_empty)
    finally:
        await reach.publisher.close()
        await asyncio.gather(reach.campaigns.close(), reach.audiences.close())


def _reach(settings: Settings) -> Reach:

    async def program() -> Mapping[str, Any]:
        snapshot = await asyncio.to_thread(read_program, settings)
        return version_at(snapshot.publishing.timeline, _now()).document

    return Reach(
        RedisCampaigns(settings.redis_url, settings.app_id),
        ClickHouseAudiences(settings.clickhouse_url, settings.clickhouse_database),
        KafkaPublisher(settings.kafka_bootstrap_servers),
        EventCodec(registry_at(settings.schema_registry_url)),
        _now,
        program,
    )


def _now() -> int:
    return int(time.time() * 1_000)
