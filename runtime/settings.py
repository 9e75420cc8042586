"""Every environment variable: type, unit, default, meaning."""

import os
import re
from typing import Final

from pydantic import Field, ValidationError, field_validator
from pydantic_core import ErrorDetails

from runtime import brands
from runtime.bridge_settings import BridgeSettings
from runtime.edge_settings import PREFIX, SECRETS
from runtime.kafka_access import kafka_address

# User and password in the address of a server.
_PASSWORD: Final = re.compile(r"//[^/@]*@")


class InvalidSettings(ValueError):
    """The environment names an unknown setting, or a value that cannot be."""


class Settings(BridgeSettings):
    """Settings of a process; each is the environment variable REGULARS_<NAME>."""

    brand: str = Field(
        default="",
        pattern=brands.PATTERN,
        description="Brand that this process is of, where several share Kafka, Redis "
        "and ClickHouse: topics, groups and keys begin with `<brand>.`, the database "
        "with `<brand>_`, and tokens name `<audience>/<brand>`. See brands.md.",
    )
    app_id: str = Field(
        default="regulars",
        pattern=r"^[a-z][a-z0-9-]{0,39}$",
        description="Name of this engine: prefix of consumer groups, transactional "
        "ids and the changelog.",
    )
    kafka_bootstrap_servers: str = Field(
        default="127.0.0.1:9092",
        description="Kafka brokers: `host:port[,host:port]`, or with TLS and a user "
        "`sasl_ssl://user:password@host:port[,host:port]?ca=file`, see operations.md.",
    )
    redis_url: str = Field(
        default="redis://127.0.0.1:6379/0",
        description="Redis or Valkey server; with TLS and a user of its ACL "
        "`rediss://user:password@host:port/0?ssl_ca_certs=file`.",
    )
    clickhouse_url: str = Field(
        default="http://127.0.0.1:8123",
        description="ClickHouse HTTP interface; with TLS and a user "
        "`https://user:password@host:port?ca=file`.",
    )
    clickhouse_database: str = Field(
        default="regulars",
        pattern=r"^[a-z_][a-z0-9_]{0,63}$",
        description="ClickHouse database.",
    )
    schema_registry_url: str = Field(
        default="",
        description="Confluent schema registry; empty means single-object encoding.",
    )
    partitions: int = Field(
        default=8,
        ge=1,
        le=1024,
        description="Partitions of the engine; every member topic has as many.",
    )
    replication: int = Field(
        default=1, ge=1, le=7, description="Replicas of topics that jobs create."
    )
    program_file: str = Field(
        default="programs/demo.yaml",
        description="Loyalty program, YAML or JSON.",
    )
    catalogue_file: str = Field(
        default="",
        description="Names that rules may use, YAML or JSON: skus, categories, labels, "
        "stores, segments; a rule that uses others is doubted. Empty: none is.",
    )
    publish_lead_ms: int = Field(
        default=1_000,
        ge=1_000,
        le=3_600_000,
        description="A publication takes effect no sooner than so long after the "
        "broker has it, so that every worker knows it before.",
    )
    worker_id: str = Field(
        default="worker-1",
        pattern=r"^[A-Za-z0-9._-]{1,64}$",
        description="Name of this worker among its group, kept over restarts: a "
        "worker that comes back under its name takes its partitions back at once.",
    )
    engine_processes: int = Field(
        default=1,
        ge=1,
        le=64,
        description="Engines that `python -m streams` starts here, a process each; one "
        "for each processor, less one for the others, uses a machine up. The second "
        "is a worker of its own under this one's name and `-2`, and so on.",
    )
    session_timeout_ms: int = Field(
        default=10_000,
        ge=6_000,
        le=60_000,
        description="After so long without a sign of life a worker's partitions move.",
    )
    standbys: int = Field(
        default=0,
        ge=0,
        le=3,
        description="Further workers that keep each partition of the engine warm in "
        "memory, so that one of them takes it over within a second; each costs the "
        "memory of its states once more.",
    )
    batch_records_max: int = Field(
        default=6_000,
        ge=1,
        le=10_000,
        description="Records of a partition in one transaction.",
    )
    result_ttl_seconds: int = Field(
        default=86_400,
        ge=60,
        le=2_592_000,
        description="How long the result of a command can be asked for.",
    )
    estimates: bool = Field(
        default=True,
        description="Whether updates and Redis hold each member's state, which the API "
        "needs for estimates and rewards; off saves their bytes.",
    )
    backtest_processes: int = Field(
        default=0,
        ge=0,
        le=64,
        description="Processes that fold a backtest; 0 is one for each processor.",
    )
    backtests_kept_days: int = Field(
        default=30,
        ge=1,
        le=365,
        description="How long backtests and their findings can be asked for.",
    )
    archive_folder: str = Field(
        default="",
        description="Folder of `jobs archive`, which backtests of `parquet` read.",
    )
    stop_timeout_ms: int = Field(
        default=8_000,
        ge=500,
        le=60_000,
        description="How long a stop waits for the transaction in flight.",
    )
    stall_timeout_ms: int = Field(
        default=60_000,
        ge=5_000,
        le=600_000,
        description="A worker with lag and no progress for so long ends itself.",
    )
    metrics_host: str = Field(
        default="127.0.0.1",
        description="Address of a worker's health and metrics, and of those of "
        "several API processes.",
    )
    metrics_port: int = Field(
        default=0,
        ge=0,
        le=65_535,
        description="Port of a worker's health and metrics, and of the first of "
        "several API processes; 0 serves none.",
    )
    log_level: str = Field(
        default="INFO",
        pattern=r"^(DEBUG|INFO|WARNING|ERROR)$",
        description="Least severe line that is logged.",
    )

    @field_validator("kafka_bootstrap_servers")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        kafka_address(value)
        return value


def told_settings(settings: Settings) -> tuple[tuple[str, str], ...]:
    """Every setting and its value as people may see it: no secret, no password."""
    told = []
    for name, value in settings.model_dump().items():
        text = _PASSWORD.sub("//…@", str(value))
        if name.endswith("_secret"):
            text = "set" if value else ""
        told.append((PREFIX + name.upper(), text))
    return tuple(told)


def load_settings() -> Settings:
    """
    Read the settings from the environment, with the names of the brand if there is one.

    Raises: InvalidSettings naming each unknown variable and each bad value.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    unknown = sorted(
        name
        for name in os.environ
        # The local stack's own settings are read by the stack, not by processes.
        if name.startswith(PREFIX)
        and not name.startswith(PREFIX + "LOCAL_")
        and name not in known
    )
    if unknown:
        names = ", ".join(unknown)
        raise InvalidSettings(
            f"unknown setting {names}; known ones are in docs/operations.md"
        )
    try:
        settings = Settings()
    except ValidationError as error:
        faults = "; ".join(_told(fault) for fault in error.errors())
        raise InvalidSettings(faults) from error
    return brands.branded(settings, settings.brand)


def _told(fault: ErrorDetails) -> str:
    """What is wrong with a setting; a fault between several of them names none."""
    if not fault["loc"]:
        return fault["msg"]
    name = str(fault["loc"][0])
    found = "" if name in SECRETS else f", found {fault['input']!r}"
    return f"{PREFIX}{name.upper()}: {fault['msg']}{found}"
