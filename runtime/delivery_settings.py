"""Settings of what is sent out: webhooks, e-mail, and how fast."""

from pydantic import Field, SecretStr, field_validator

from runtime.edge_settings import IDENTITY_KEY_LENGTH_MIN
from runtime.tracing_settings import TracingSettings


class DeliverySettings(TracingSettings):
    """The part of the settings that the dispatcher looks at."""

    delivery_key: SecretStr = Field(
        default=SecretStr(""),
        description="Secret of at least 32 characters, the same for API and "
        "dispatchers: secrets of webhooks and e-mail addresses are encrypted under it, "
        "and links in e-mails are signed. Empty keeps neither, and there are none.",
    )
    webhook_timeout_ms: int = Field(
        default=15_000,
        ge=500,
        le=30_000,
        description="How long a receiver may take, from its name to its answer.",
    )
    webhook_http: bool = Field(
        default=False,
        description="Whether endpoints may have http addresses, for trying out.",
    )
    webhook_networks: str = Field(
        default="",
        max_length=2_000,
        description="Inner networks that webhooks may go to, separated by commas, e.g. "
        "`10.8.0.0/24`; empty allows public addresses only.",
    )
    dispatch_concurrency: int = Field(
        default=16,
        ge=1,
        le=256,
        description="Attempts at once to one target, by each dispatcher.",
    )
    message_age_hours_max: int = Field(
        default=72,
        ge=1,
        le=720,
        description="What the broker took so long ago is not sent any more: a "
        "dispatcher that was away, or is new, does not wake everybody with old news.",
    )
    deliveries_kept_days: int = Field(
        default=30,
        ge=1,
        le=90,
        description="How long an id is known as sent, and a dead delivery can be "
        "replayed; not shorter than `member-updates` is kept, if that is read anew.",
    )
    messages_of_history: bool = Field(
        default=False,
        description="Whether the time of a message runs from when the broker took its "
        "event: for a replay of past orders, which would all be too late.",
    )
    smtp_host: str = Field(
        default="",
        max_length=253,
        description="Server that e-mails go out by; empty sends none.",
    )
    smtp_port: int = Field(
        default=587, ge=1, le=65_535, description="Port of that server."
    )
    smtp_security: str = Field(
        default="starttls",
        pattern=r"^(starttls|tls|none)$",
        description="How the way to it is kept secret; `none` for a server on this "
        "machine.",
    )
    smtp_user: str = Field(
        default="", max_length=256, description="Who we are there; empty for nobody."
    )
    smtp_password: SecretStr = Field(default=SecretStr(""), description="Its password.")
    mail_from: str = Field(
        default="",
        max_length=320,
        description="Sender of e-mails, e.g. `Bistro <news@example.com>`.",
    )
    public_address: str = Field(
        default="",
        max_length=1_000,
        pattern=r"^(https?://[^/?#]+)?$",
        description="Address at which members' mail programs find the API, without a "
        "path: links to unsubscribe lead there.",
    )

    @field_validator("delivery_key")
    @classmethod
    def _is_long(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value) < IDENTITY_KEY_LENGTH_MIN:
            raise ValueError(f"at least {IDENTITY_KEY_LENGTH_MIN} characters")
        return value
