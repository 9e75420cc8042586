"""Every environment variable: type, unit, default, meaning."""

import os
from typing import Final

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX: Final = "REGULARS_"
IDENTITY_KEY_LENGTH_MIN: Final = 32
# Never shown, not even when they are wrong.
SECRETS: Final = frozenset({"identity_key"})


class InvalidSettings(ValueError):
    """The environment names an unknown setting, or a value that cannot be."""


class Settings(BaseSettings):
    """Settings of a process; each is the environment variable REGULARS_<NAME>."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    app_id: str = Field(
        default="regulars",
        pattern=r"^[a-z][a-z0-9-]{0,39}$",
        description="Name of this engine: prefix of consumer groups, transactional "
        "ids and the changelog.",
    )
    kafka_bootstrap_servers: str = Field(
        default="127.0.0.1:9092", description="Kafka brokers, host:port[,host:port]."
    )
    redis_url: str = Field(
        default="redis://127.0.0.1:6379/0", description="Redis or Valkey server."
    )
    clickhouse_url: str = Field(
        default="http://127.0.0.1:8123", description="ClickHouse HTTP interface."
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
    worker_id: str = Field(
        default="worker-1",
        pattern=r"^[A-Za-z0-9._-]{1,64}$",
        description="Name of this worker among its group, kept over restarts: a "
        "worker that comes back under its name takes its partitions back at once.",
    )
    session_timeout_ms: int = Field(
        default=10_000,
        ge=6_000,
        le=60_000,
        description="After so long without a sign of life a worker's partitions move.",
    )
    batch_records_max: int = Field(
        default=2_000, ge=1, le=10_000, description="Records of one transaction."
    )
    member_cache_max: int = Field(
        default=100_000,
        ge=100,
        le=10_000_000,
        description="Decoded members kept per process; the rest stay encoded.",
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
        default="127.0.0.1", description="Address of a worker's health and metrics."
    )
    metrics_port: int = Field(
        default=0,
        ge=0,
        le=65_535,
        description="Port of a worker's health and metrics; 0 serves none.",
    )
    api_host: str = Field(
        default="127.0.0.1", description="Address that the API listens on."
    )
    api_port: int = Field(
        default=8000, ge=1, le=65_535, description="Port that the API listens on."
    )
    access: str = Field(
        default="on",
        pattern=r"^(on|off)$",
        description="Whether the API asks for access tokens; `off` only while it "
        "listens on this machine alone.",
    )
    access_issuer: str = Field(
        default="",
        max_length=1_000,
        description="Issuer of access tokens, as their `iss` says it: an https address "
        "with OpenID discovery, or any name beside a JWKS file.",
    )
    access_audience: str = Field(
        default="regulars",
        min_length=1,
        max_length=1_000,
        description="What `aud` of an access token must name.",
    )
    access_jwks_file: str = Field(
        default="",
        description="File of the issuer's public keys (a JWK set) instead of "
        "discovery; read again for a key that is not known.",
    )
    access_algorithms: str = Field(
        default="RS256,PS256,ES256,ES384,EdDSA",
        description="Algorithms that access tokens may be signed with, public keys "
        "only, separated by commas.",
    )
    access_leeway_seconds: int = Field(
        default=30,
        ge=0,
        le=300,
        description="How far the issuer's clock and ours may be apart.",
    )
    access_plain_tokens: bool = Field(
        default=False,
        description="Whether access tokens of type `JWT`, or of none, are taken beside "
        "`at+jwt`: some issuers know no other.",
    )
    client_reads_per_minute: int = Field(
        default=120_000,
        ge=0,
        le=60_000_000,
        description="GET requests that a client may make in a minute; 0 is no limit.",
    )
    client_writes_per_minute: int = Field(
        default=60_000,
        ge=0,
        le=60_000_000,
        description="Other requests that a client may make in a minute; 0 is no limit.",
    )
    member_reads_per_minute: int = Field(
        default=600,
        ge=0,
        le=60_000_000,
        description="GET requests in a minute with tokens of one member; 0 is no "
        "limit. They do not count as the client's.",
    )
    member_writes_per_minute: int = Field(
        default=120,
        ge=0,
        le=60_000_000,
        description="Other requests in a minute with tokens of one member; 0 is no "
        "limit.",
    )
    cors_origins: str = Field(
        default="",
        max_length=4_000,
        description="Origins whose pages may call the API, separated by commas, e.g. "
        "`https://app.example.com`; empty allows none.",
    )
    identity_key: SecretStr = Field(
        default=SecretStr(""),
        description="Secret of at least 32 characters, the same for all API processes: "
        "phone numbers, e-mail addresses and cards are kept as digests under it, and "
        "members' codes are signed with it. Empty keeps neither.",
    )
    phone_country_code: str = Field(
        default="",
        pattern=r"^([1-9][0-9]{0,2})?$",
        description="Country code of phone numbers that come without one, e.g. `1`; "
        "empty refuses them.",
    )
    request_timeout_ms: int = Field(
        default=20_000,
        ge=5_000,
        le=300_000,
        description="How long a request may take, its body included.",
    )
    log_level: str = Field(
        default="INFO",
        pattern=r"^(DEBUG|INFO|WARNING|ERROR)$",
        description="Least severe line that is logged.",
    )

    @field_validator("identity_key")
    @classmethod
    def _is_long_enough(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value) < IDENTITY_KEY_LENGTH_MIN:
            raise ValueError(f"at least {IDENTITY_KEY_LENGTH_MIN} characters")
        return value


def load_settings() -> Settings:
    """
    Read the settings from the environment.

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
        return Settings()
    except ValidationError as error:
        faults = "; ".join(
            f"{PREFIX}{str(fault['loc'][0]).upper()}: {fault['msg']}"
            + ("" if fault["loc"][0] in SECRETS else f", found {fault['input']!r}")
            for fault in error.errors()
        )
        raise InvalidSettings(faults) from error
