"""What stands between requests and what they need: a guard round each dependency."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from api.parts import Stores
from api.sending import DeliveryStores
from stores.guard import Guard, guarded
from stores.log_watch import LogWatch
from stores.publisher import Publisher
from stores.rate_limits_contract import RateLimits

REDIS_CALLS_MAX: Final = 256
# A batch, an import's rows: each record is a call.
KAFKA_CALLS_MAX: Final = 4_000
# Each of them reads partitions from their end, on a thread.
LOOKS_MAX: Final = 8
CLICKHOUSE_CALLS_MAX: Final = 32
QUESTIONS_MAX: Final = 24

# Calls of any store that change nothing, and so may be made twice.
READS: Final = frozenset(
    {
        *("get", "get_state", "get_result", "all_of", "find", "kinds", "find_code"),
        *("findings", "checkpoint", "page", "faults", "read", "all", "depths"),
        *("deliveries_page", "ledger_page", "balances_at", "decisions_page"),
        *("count", "count_active", "due"),
        *("messages_page", "timeline_page", "totals", "tiers", "tables", "reports"),
    }
)


class Guards:
    """
    A guard of each dependency, and of each way to use it that must not starve others.

    Who looks at the log, or asks of everything, waits longer than who publishes or
    reads a member's past.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """All of them closed; `clock` gives seconds."""
        self.redis = Guard("redis", REDIS_CALLS_MAX, clock=clock)
        self.kafka = Guard("kafka", KAFKA_CALLS_MAX, clock=clock)
        self.kafka_looks = Guard("kafka-looks", LOOKS_MAX, clock=clock)
        self.clickhouse = Guard("clickhouse", CLICKHOUSE_CALLS_MAX, clock=clock)
        self.questions = Guard("clickhouse-questions", QUESTIONS_MAX, clock=clock)

    def all(self) -> tuple[Guard, ...]:
        """Every one of them."""
        looks = (self.kafka_looks, self.clickhouse, self.questions)
        return (self.redis, self.kafka, *looks)

    def publisher(self, publisher: Publisher) -> Publisher:
        """Way into the log, guarded."""
        return guarded(publisher, self.kafka, reads=frozenset())

    def limits(self, limits: RateLimits) -> RateLimits:
        """Turns, guarded: what takes over while they are away is not."""
        return guarded(limits, self.redis, reads=frozenset())

    def watch(self, watch: LogWatch) -> LogWatch:
        """Look at the log, guarded."""
        return guarded(watch, self.kafka_looks, reads=frozenset())

    def stores(self, stores: Stores) -> Stores:
        """
        Stores, guarded: all but the log of programs, which is in memory, and bells.

        One reader follows the feed, and the bell of results, for all; it waits in
        Redis on purpose.
        """
        redis, questions = self.redis, self.questions
        return replace(
            stores,
            views=guarded(stores.views, redis, reads=READS),
            analytics=guarded(stores.analytics, self.clickhouse, reads=READS),
            questions=guarded(stores.questions, questions, reads=READS),
            notes=guarded(stores.notes, redis, reads=READS),
            backtests=guarded(stores.backtests, redis, reads=READS),
            campaigns=guarded(stores.campaigns, redis, reads=READS),
            audiences=guarded(stores.audiences, questions, reads=READS),
            identities=guarded(stores.identities, redis, reads=READS),
            till_notes=guarded(stores.till_notes, redis, reads=READS),
            imports=guarded(stores.imports, redis, reads=READS),
            dead_letters=guarded(
                stores.dead_letters, self.kafka_looks, reads=frozenset()
            ),
            saved_views=guarded(stores.saved_views, redis, reads=READS),
            worker_reports=guarded(stores.worker_reports, redis, reads=READS),
            deliveries=self._deliveries(stores.deliveries),
        )

    def _deliveries(self, stores: DeliveryStores) -> DeliveryStores:
        redis = self.redis
        return replace(
            stores,
            outbox=guarded(stores.outbox, redis, reads=READS),
            controls=guarded(stores.controls, redis, reads=READS),
            endpoints=guarded(stores.endpoints, redis, reads=READS),
            inbox=guarded(stores.inbox, redis, reads=READS),
            addresses=guarded(stores.addresses, redis, reads=READS),
        )
