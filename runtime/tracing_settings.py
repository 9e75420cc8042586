"""Settings of traces: whether there are any, where they go, how many."""

from pydantic import Field, model_validator

from runtime.edge_settings import EdgeSettings


class TracingSettings(EdgeSettings):
    """The part of the settings that says what is traced."""

    tracing: str = Field(
        default="off",
        pattern=r"^(off|file|otlp)$",
        description="Where traces go: `file` writes a line for each span into a "
        "folder, `otlp` sends them to a collector over HTTP, `off` makes none.",
    )
    tracing_target: str = Field(
        default="",
        max_length=1_000,
        description="Folder of `file`, or address of `otlp`, e.g. "
        "`http://collector:4318/v1/traces`.",
    )
    tracing_samples_per_million: int = Field(
        default=10_000,
        ge=0,
        le=1_000_000,
        description="Of a million requests that bring no trace of their own, so many "
        "are traced; those that bring one are traced if it says so.",
    )

    @model_validator(mode="after")
    def _has_a_target(self) -> "TracingSettings":
        if self.tracing != "off" and not self.tracing_target:
            raise ValueError(f"tracing {self.tracing} needs REGULARS_TRACING_TARGET")
        return self
