"""What is on each dashboard."""

from typing import Final

from jobs.dashboards.board import Board
from jobs.dashboards.panels import Asked, Line, Metrics, each, quantiles

_ENGINE: Final = Board(
    "engine",
    "Regulars: engine and sinks",
    "now-1h",
    (
        Metrics("Records a second", each("regulars_records_total", "outcome")),
        Metrics(
            "Order to readable",
            quantiles("regulars_sink_latency_seconds", "sink"),
            "s",
            says="From the broker's taking a record until its effect can be read.",
        ),
        Metrics(
            "Lag",
            (Line("regulars_lag_records", "{{instance}} {{partition}}"),),
            says="Records not yet applied.",
        ),
        Metrics("Transactions", quantiles("regulars_transaction_seconds"), "s"),
        Metrics("Deciding a batch", quantiles("regulars_decide_seconds"), "s"),
        Metrics("Records of a transaction", quantiles("regulars_batch_records")),
        Metrics(
            "Dead letters",
            (
                Line(
                    "sum by (topic, reason) "
                    "(increase(regulars_dead_letters_total[$__rate_interval]))",
                    "{{topic}} {{reason}}",
                ),
            ),
        ),
        Metrics(
            "Rules that failed",
            (
                Line(
                    "sum by (rule) (increase(regulars_rule_faults_total[5m]))",
                    "{{rule}}",
                ),
            ),
        ),
        Metrics(
            "Partitions ready",
            (Line("sum by (instance) (regulars_partition_ready)", "{{instance}}"),),
            width=8,
        ),
        Metrics(
            "Last restore",
            (
                Line("regulars_restore_seconds", "{{partition}}"),
                Line("time() - regulars_restored_at_seconds", "{{partition}} ago"),
            ),
            "s",
            width=8,
        ),
        Metrics(
            "Restored records",
            (Line("regulars_restored_records", "{{partition}}"),),
            width=8,
        ),
        Metrics("Members", (Line("sum(regulars_members)", "members"),), width=8),
        Metrics(
            "Partitions kept warm",
            (
                Line("regulars_standby_partitions", "{{instance}}"),
                Line(
                    "time() - regulars_standby_read_at_seconds", "{{instance}} age, s"
                ),
            ),
        ),
        Metrics(
            "Age of the last tick",
            (Line("time() - regulars_ticked_at_seconds", "{{partition}}"),),
            "s",
            width=8,
        ),
        Metrics("Timers", (Line("sum(regulars_timers)", "due some day"),), width=8),
        Metrics(
            "Budgets: units with leases",
            (Line("sum(regulars_budget_held_units)", "held"),),
            width=8,
        ),
        Metrics(
            "Budgets: claims that wait",
            (Line("sum(regulars_budget_waiting_claims)", "waiting"),),
            width=8,
        ),
        Metrics(
            "Budgets: accounts",
            (Line("sum by (kind) (regulars_budget_accounts)", "{{kind}}"),),
            width=8,
        ),
        Metrics("Updates written", each("regulars_sink_records_total", "sink")),
        Metrics(
            "Time of a write", quantiles("regulars_sink_write_seconds", "sink"), "s"
        ),
        Metrics("Records of a write", quantiles("regulars_sink_batch_records", "sink")),
        Metrics(
            "Sinks that wait",
            (
                Line("regulars_sink_waiting", "{{sink}} waits"),
                Line(
                    "sum by (sink) (increase(regulars_sink_retries_total[5m]))",
                    "{{sink}} retries",
                ),
            ),
        ),
        Metrics("Program", (Line("regulars_program_version", "{{instance}}"),)),
        Metrics("Changes of rules", each("regulars_program_changes_total", "verdict")),
        Metrics("Deliveries", each("regulars_deliveries_total", "channel")),
        Metrics("What became of them", each("regulars_deliveries_total", "status")),
        Metrics("Time of a delivery", quantiles("regulars_delivery_seconds"), "s"),
        Metrics(
            "Dispatchers",
            (
                Line(
                    "sum(rate(regulars_deliveries_planned_total[$__rate_interval]))",
                    "new deliveries a second",
                ),
                Line(
                    "time() - max(regulars_dispatch_looked_at_seconds)",
                    "seconds since the outbox was looked at",
                ),
            ),
        ),
        Metrics("Bridges", each("regulars_bridge_messages_total", "outcome")),
        Metrics(
            "Bridges that wait",
            (
                Line("regulars_bridge_waiting", "{{side}} waits"),
                Line(
                    "sum by (side) (increase(regulars_bridge_retries_total[5m]))",
                    "{{side}} retries",
                ),
            ),
        ),
        Metrics("Time of a bridge's batch", quantiles("regulars_bridge_seconds"), "s"),
        Metrics("Campaigns that ended", each("regulars_campaigns_total", "state")),
        Metrics(
            "Campaigns",
            (
                Line("sum(regulars_campaigns_running)", "campaigns that run"),
                Line(
                    "sum(rate(regulars_campaign_members_total[$__rate_interval]))",
                    "members a second",
                ),
            ),
        ),
        Metrics("Backtests", each("regulars_backtests_total", "status")),
        Metrics(
            "Events of backtests",
            (
                Line(
                    "sum(rate(regulars_backtest_events_total[$__rate_interval]))",
                    "events",
                ),
            ),
        ),
    ),
)
_API: Final = Board(
    "api",
    "Regulars: API and objectives",
    "now-6h",
    (
        Metrics(
            "Late changes (budget 0.1 %)",
            (
                Line("regulars:late:ratio1h", "1 h"),
                Line("regulars:late:ratio6h", "6 h"),
            ),
            "percentunit",
            8,
        ),
        Metrics(
            "Failed requests (budget 0.1 %)",
            (
                Line("regulars:failed:ratio1h", "1 h"),
                Line("regulars:failed:ratio6h", "6 h"),
            ),
            "percentunit",
            8,
        ),
        Metrics(
            "Slow requests (budget 1 %)",
            (
                Line("regulars:slow:ratio1h", "1 h"),
                Line("regulars:slow:ratio6h", "6 h"),
            ),
            "percentunit",
            8,
        ),
        Metrics("Requests a second", each("regulars_requests_total", "route")),
        Metrics("Answers", each("regulars_requests_total", "status")),
        Metrics(
            "Time of requests", quantiles("regulars_request_seconds", "route"), "s"
        ),
        Metrics(
            "Streams",
            (
                Line("sum(regulars_streams_open)", "open"),
                Line("increase(regulars_streams_slow_total[5m])", "ended as too slow"),
            ),
        ),
        Metrics("Stores", (Line("regulars_store_up", "{{instance}} {{store}}"),)),
        Metrics(
            "Breakers",
            (
                Line("regulars_breaker_state", "{{instance}} {{dependency}}"),
                Line(
                    "sum by (dependency) (increase(regulars_breaker_opened_total[5m]))",
                    "{{dependency}} opened",
                ),
            ),
            says="0 closed, 1 one call tries, 2 open.",
        ),
        Metrics(
            "Calls not made", each("regulars_calls_refused_total", "dependency, reason")
        ),
        Metrics(
            "Reads tried again", each("regulars_reads_retried_total", "dependency")
        ),
        Metrics("Tills", each("regulars_pos_transactions_total", "status")),
        Metrics("Kept out", each("regulars_access_refusals_total", "reason")),
        Metrics("One too many", each("regulars_rate_limited_total", "budget")),
        Metrics(
            "Counted by the process alone",
            each("regulars_rate_limit_fallbacks_total", "instance"),
        ),
    ),
)
_BUSINESS: Final = Board(
    "business",
    "Regulars: the program",
    "now-90d",
    (
        Asked(
            "Members with an order, and in the span before", "active_members", width=6
        ),
        Asked("What is owed, and what expired unused", "wallets", width=18),
        Asked("Day by day", "daily", "timeseries", 24),
        Asked("When points end", "expiry_forecast", "barchart"),
        Asked("Offers: reached, seen, taken", "offer_funnel"),
        Asked("Tiers", "tier_members", "barchart", 8),
        Asked("Who rose and who fell", "tier_weeks", "timeseries", 16),
        Asked("From tier to tier", "tier_changes", width=8),
        Asked("Segments by recency, frequency and money", "segments", width=16),
        Asked("Stores, beside the span before", "stores", width=24),
        Asked("Who comes back, by month of the first order", "retention"),
        Asked("Triggers by week", "trigger_weeks"),
        Asked("What each rule gave", "rule_results", width=24),
        Asked("Journeys, step by step", "journey_steps"),
        Asked("Personal offers: seen, tapped, used", "offer_responses"),
        Asked(
            "Experiments: who was exposed",
            "experiments",
            width=24,
            says="What came of them is at the console's page Experiments.",
        ),
        Asked(
            "What deserves a look",
            "fraud_signals",
            width=24,
            says="Unusual is no verdict: many orders of a day, much money back.",
        ),
    ),
    (("zone", "America/Chicago"), ("wallet", "points"), ("tiers", "base,silver,gold")),
)
BOARDS: Final = (_ENGINE, _API, _BUSINESS)
