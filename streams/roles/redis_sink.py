"""The Redis sink: views that apps read, results of commands."""

from runtime.settings import Settings
from schemas.topics import REDIS_SINK
from schemas.update_reader import UpdateReader
from stores.identities import RedisIdentities
from stores.member_views import RedisMemberViews
from streams.agents.redis_sink import RedisWriter
from streams.app import sink_app
from streams.role import Role, sink_role
from streams.sink import Sink


def build(settings: Settings) -> Role:
    """Build the role with its real clients."""
    views = RedisMemberViews(
        settings.redis_url,
        settings.app_id,
        result_ttl_seconds=settings.result_ttl_seconds,
    )
    identities = RedisIdentities(settings.redis_url, settings.app_id)
    writer = RedisWriter(views, identities, UpdateReader())
    sink = Sink("redis", writer, linger_ms=0)
    return sink_role(sink, sink_app(settings, REDIS_SINK, sink))
