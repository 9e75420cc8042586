"""Settings of the API's edge: who may come in, how often, how they are known."""

from typing import Final

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX: Final = "REGULARS_"
IDENTITY_KEY_LENGTH_MIN: Final = 32
# Never shown, not even when they are wrong.
SECRETS: Final = frozenset(
    {
        "identity_key",
        "delivery_key",
        "smtp_password",
        "bridge_source",
        "bridge_target",
        "bridge_header",
        "kafka_bootstrap_servers",
        "redis_url",
        "clickhouse_url",
    }
)


class EdgeSettings(BaseSettings):
    """The part of the settings that the API's edge looks at."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    member_cache_max: int = Field(
        default=100_000,
        ge=100,
        le=10_000_000,
        description="Decoded members kept per process; the rest stay encoded.",
    )
    api_host: str = Field(
        default="127.0.0.1", description="Address that the API listens on."
    )
    api_port: int = Field(
        default=8000, ge=1, le=65_535, description="Port that the API listens on."
    )
    api_processes: int = Field(
        default=1,
        ge=1,
        le=64,
        description="Processes of the API on this machine that share its port. Several "
        "need REGULARS_METRICS_PORT: the first serves its health and metrics there, "
        "the others on the ports after it. See operations.md.",
    )
    console_sign_in: str = Field(
        default="closed",
        pattern=r"^(closed|local|oidc)$",
        description="How people sign in to the console: `oidc` sends them to "
        "REGULARS_ACCESS_ISSUER; `local` lets whoever sits at this machine choose a "
        "role, for the embedded stack; `closed` lets nobody in.",
    )
    console_address: str = Field(
        default="",
        max_length=1_000,
        description="Address at which browsers find this service, without a path; the "
        "issuer sends people back there.",
    )
    console_client_id: str = Field(
        default="",
        max_length=256,
        description="Client of the issuer that the console is.",
    )
    console_client_secret: str = Field(
        default="",
        max_length=1_000,
        description="Its secret; empty for a public client, PKCE is used anyway.",
    )
    console_secret: str = Field(
        default="",
        pattern=r"^(.{32,})?$",
        description="Secret that sessions of the console are encrypted with, 32 "
        "characters at least, the same for every API process; empty makes one for "
        "the processes of this machine, and sessions end with them.",
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
        "members' codes are signed with it, and codes of offers are made. Empty keeps "
        "none of them.",
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

    @field_validator("identity_key")
    @classmethod
    def _is_long_enough(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value) < IDENTITY_KEY_LENGTH_MIN:
            raise ValueError(f"at least {IDENTITY_KEY_LENGTH_MIN} characters")
        return value
