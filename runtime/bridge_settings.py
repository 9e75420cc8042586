"""Settings of bridges: where events come from, where member events go."""

from pydantic import Field, SecretStr

from runtime.delivery_settings import DeliverySettings


class BridgeSettings(DeliverySettings):
    """The part of the settings that `jobs bridge` looks at."""

    bridge_name: str = Field(
        default="bridge",
        pattern=r"^[a-z][a-z0-9-]{0,39}$",
        description="Name of this bridge: the consumer group of one that goes out, and "
        "what its dead letters say they came from. Two that differ in where they lead "
        "have two names; several of one name share the work.",
    )
    bridge_source: SecretStr = Field(
        default=SecretStr(""),
        description="Queue that `jobs bridge in` takes events from, as an address, see "
        "bridges.md, e.g. `amqps://user:…@host/vhost?queue=orders`.",
    )
    bridge_target: SecretStr = Field(
        default=SecretStr(""),
        description="Where `jobs bridge out` puts member events, as an address, see "
        "bridges.md, e.g. `https://topic.example.com/api/events`.",
    )
    bridge_header: SecretStr = Field(
        default=SecretStr(""),
        description="Header for a target over HTTP, e.g. `aeg-sas-key: …` or "
        "`Authorization: Bearer …`; empty sends none.",
    )
    bridge_messages_max: int = Field(
        default=200,
        ge=1,
        le=1_000,
        description="Messages that a bridge holds at once, not yet acknowledged.",
    )
    bridge_history: bool = Field(
        default=False,
        description="Whether a bridge that goes out for the first time begins with the "
        "oldest update that is kept, instead of the next one.",
    )
