"""The topics as Faust sees them: each message is a batch of raw records."""

from typing import Any

import faust
from faust.serializers.codecs import Codec, register
from faust.types import TopicT


class _AsIs(Codec):
    """A codec that returns its input: agents read bytes, and bury bad ones."""

    def _loads(self, s: Any) -> Any:
        return s

    def _dumps(self, s: Any) -> Any:
        return s


def batch_topic(app: faust.App, names: list[str], *, acks: bool = False) -> TopicT:
    """Channel of `RecordBatch` values over topics that exist already."""
    register("as-is", _AsIs())
    return app.topic(
        *names,
        key_serializer="as-is",
        value_serializer="as-is",
        acks=acks,
        internal=False,
    )
