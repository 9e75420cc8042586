"""Every metric: kind, labels, meaning. `docs/operations.md` names each."""

from typing import Final

from prometheus_client import Counter, Gauge, Histogram

_SECONDS: Final = (
    0.001,
    0.0025,
    0.005,
    0.01,
    0.025,
    0.05,
    0.1,
    0.25,
    0.5,
    1.0,
    2.5,
    10.0,
    60.0,
)

# Engine
RECORDS = Counter(
    "regulars_records_total",
    "Source records by what became of them.",
    ["partition", "outcome"],
)
DEAD_LETTERS = Counter(
    "regulars_dead_letters_total", "Records sent to dead-letters.", ["topic", "reason"]
)
RULE_FAULTS = Counter(
    "regulars_rule_faults_total",
    "Events for which a rule failed and was left out, by rule.",
    ["rule"],
)
TRANSACTION_SECONDS = Histogram(
    "regulars_transaction_seconds",
    "Time from first produce to committed, one transaction.",
    buckets=_SECONDS,
)
BATCH_RECORDS = Histogram(
    "regulars_batch_records",
    "Records of one transaction.",
    buckets=(1, 2, 5, 10, 50, 100, 500, 1_000, 2_000, 5_000, 10_000),
)
DECIDE_SECONDS = Histogram(
    "regulars_decide_seconds",
    "Time to decode and decide one batch.",
    buckets=_SECONDS,
)
LAG_RECORDS = Gauge(
    "regulars_lag_records",
    "Source records not yet applied, by partition of the engine.",
    ["partition"],
)
PARTITION_READY = Gauge(
    "regulars_partition_ready", "1 when the partition is restored.", ["partition"]
)
RESTORE_SECONDS = Gauge(
    "regulars_restore_seconds", "Time of the last restore.", ["partition"]
)
RESTORED_RECORDS = Gauge(
    "regulars_restored_records",
    "Changelog records read by the last restore.",
    ["partition"],
)
RESTORED_AT = Gauge(
    "regulars_restored_at_seconds",
    "When the last restore ended (seconds since 1970), by partition.",
    ["partition"],
)
STANDBY_PARTITIONS = Gauge(
    "regulars_standby_partitions",
    "Partitions of other workers that this one keeps warm.",
)
STANDBY_READ_AT = Gauge(
    "regulars_standby_read_at_seconds",
    "When the changelog of one of them was last read to its end (seconds since 1970).",
)
MEMBERS = Gauge("regulars_members", "Members held, by partition.", ["partition"])
TICKED_AT = Gauge(
    "regulars_ticked_at_seconds",
    "Time of the last tick worked through, in seconds since 1970, by partition; what "
    "is due later than that waits.",
    ["partition"],
)
TIMERS = Gauge(
    "regulars_timers",
    "Times at which something becomes due for a member or a lease, by partition.",
    ["partition"],
)
BUDGET_ACCOUNTS = Gauge(
    "regulars_budget_accounts",
    "Accounts of budgets held, by partition and by what they are: `owner`, `lease`.",
    ["partition", "kind"],
)
BUDGET_HELD_UNITS = Gauge(
    "regulars_budget_held_units",
    "Units of budgets that leases hold and have not given away, by partition.",
    ["partition"],
)
BUDGET_WAITING_CLAIMS = Gauge(
    "regulars_budget_waiting_claims",
    "Claims that wait until their lease has units, by partition.",
    ["partition"],
)

# Program
PROGRAM_VERSION = Gauge(
    "regulars_program_version", "Number of the latest program version known."
)
PROGRAM_CHANGES = Counter(
    "regulars_program_changes_total",
    "Records of `program` read, by what became of them.",
    ["verdict"],
)

# Sinks
SINK_RECORDS = Counter(
    "regulars_sink_records_total", "Updates written, by sink.", ["sink"]
)
SINK_RETRIES = Counter(
    "regulars_sink_retries_total", "Failed writes that were tried again.", ["sink"]
)
SINK_WAITING = Gauge(
    "regulars_sink_waiting",
    "1 while a sink waits for its outside system to come back, by sink.",
    ["sink"],
)
SINK_BATCH_RECORDS = Histogram(
    "regulars_sink_batch_records",
    "Records of one write, by sink.",
    ["sink"],
    buckets=(1, 2, 5, 10, 50, 100, 500, 1_000, 2_000, 5_000, 20_000),
)
SINK_SECONDS = Histogram(
    "regulars_sink_write_seconds",
    "Time of one write, by sink.",
    ["sink"],
    buckets=_SECONDS,
)
SINK_LATENCY_SECONDS = Histogram(
    "regulars_sink_latency_seconds",
    "From the broker taking a source record to its effect being written, by sink.",
    ["sink"],
    buckets=_SECONDS,
)

# Deliveries
DELIVERIES_PLANNED = Counter(
    "regulars_deliveries_planned_total", "Deliveries that were new to the outbox."
)
DELIVERIES = Counter(
    "regulars_deliveries_total",
    "Attempts to deliver by what came of them.",
    ["channel", "status"],
)
DELIVERY_SECONDS = Histogram(
    "regulars_delivery_seconds",
    "Time of one attempt to deliver, or of one batch to inboxes.",
    ["channel"],
    buckets=_SECONDS,
)
DISPATCH_LOOKED_AT = Gauge(
    "regulars_dispatch_looked_at_seconds",
    "When the dispatcher last looked at what is due (seconds since 1970).",
)

# Backtests
BACKTESTS = Counter(
    "regulars_backtests_total", "Backtests that ended, by how.", ["status"]
)
BACKTEST_EVENTS = Counter(
    "regulars_backtest_events_total", "Events that backtests folded by both programs."
)

# Campaigns
CAMPAIGNS = Counter(
    "regulars_campaigns_total",
    "Campaigns that a runner brought to an end, by how.",
    ["state"],
)
CAMPAIGN_MEMBERS = Counter(
    "regulars_campaign_members_total",
    "Members to whom campaigns sent their act; the broker has it.",
)
CAMPAIGNS_RUNNING = Gauge(
    "regulars_campaigns_running", "Campaigns that a runner sends just now."
)

# Bridges
BRIDGE_MESSAGES = Counter(
    "regulars_bridge_messages_total",
    "Messages that a bridge is done with, by direction and by what became of them: "
    "`accepted`, `buried`, `sent`, `unreadable`.",
    ["direction", "outcome"],
)
BRIDGE_RETRIES = Counter(
    "regulars_bridge_retries_total",
    "Failed calls of a bridge that were tried again, by side: `source`, `kafka`, "
    "`target`.",
    ["side"],
)
BRIDGE_WAITING = Gauge(
    "regulars_bridge_waiting",
    "1 while a bridge waits for a side to come back, by side.",
    ["side"],
)
BRIDGE_SECONDS = Histogram(
    "regulars_bridge_seconds",
    "Time from having a batch to its end being acknowledged, by direction.",
    ["direction"],
    buckets=_SECONDS,
)

# API
STORE_UP = Gauge(
    "regulars_store_up",
    "1 when what the API needs answered its last question, by store.",
    ["store"],
)
BREAKER_STATE = Gauge(
    "regulars_breaker_state",
    "Breaker round what the API needs: 0 closed, 1 half-open (one call tries), 2 open.",
    ["dependency"],
)
BREAKER_OPENED = Counter(
    "regulars_breaker_opened_total", "Times that a breaker opened.", ["dependency"]
)
CALLS_REFUSED = Counter(
    "regulars_calls_refused_total",
    "Calls that were not made: the breaker was `open`, or the dependency `full`.",
    ["dependency", "reason"],
)
READS_RETRIED = Counter(
    "regulars_reads_retried_total",
    "Reads that failed quickly, and were tried again.",
    ["dependency"],
)
ACCESS_REFUSALS = Counter(
    "regulars_access_refusals_total",
    "HTTP requests that a token, or its absence, kept out, by problem type.",
    ["reason"],
)
POS_TRANSACTIONS = Counter(
    "regulars_pos_transactions_total",
    "Transactions of tills by what they were told.",
    ["type", "status"],
)
RATE_LIMITED = Counter(
    "regulars_rate_limited_total",
    "HTTP requests that were one too many, by budget.",
    ["budget"],
)
RATE_LIMIT_FALLBACKS = Counter(
    "regulars_rate_limit_fallbacks_total",
    "HTTP requests counted in the process alone, because Redis was away.",
)
STREAMS_OPEN = Gauge("regulars_streams_open", "Streams of server-sent events open.")
STREAMS_SLOW = Counter(
    "regulars_streams_slow_total",
    "Streams that ended because their reader was too slow.",
)
REQUESTS = Counter(
    "regulars_requests_total", "HTTP requests.", ["method", "route", "status"]
)
REQUEST_SECONDS = Histogram(
    "regulars_request_seconds", "Time of HTTP requests.", ["route"], buckets=_SECONDS
)
