-- Whole events beside their columns, so that they can be replayed when the broker
-- has let go of them; and what backtests found.

ALTER TABLE {database}.order_rows
    ADD COLUMN IF NOT EXISTS event String DEFAULT '' COMMENT 'The whole event as JSON, an array in the order of the fields of loyalty.events; empty before there was this column' CODEC(ZSTD),
    ADD COLUMN IF NOT EXISTS offset Int64 DEFAULT 0 COMMENT 'Place in its partition: the order of arrival within one millisecond' CODEC(Delta, ZSTD);

ALTER TABLE {database}.activity_rows
    ADD COLUMN IF NOT EXISTS event String DEFAULT '' COMMENT 'The whole event as JSON, an array in the order of the fields of loyalty.events; empty before there was this column' CODEC(ZSTD),
    ADD COLUMN IF NOT EXISTS offset Int64 DEFAULT 0 COMMENT 'Place in its partition: the order of arrival within one millisecond' CODEC(Delta, ZSTD);

CREATE OR REPLACE VIEW {database}.orders AS SELECT * FROM {database}.order_rows FINAL;
CREATE OR REPLACE VIEW {database}.activity AS SELECT * FROM {database}.activity_rows FINAL;

CREATE TABLE IF NOT EXISTS {database}.backtest_cell_rows
(
    backtest_id String COMMENT 'Backtest',
    dimension LowCardinality(String) COMMENT 'total, store, tier, segment, week, rule, offer, trigger, tier_move, refused, budget',
    name String COMMENT 'Which of them; a week as the number of weeks since 1970',
    wallet LowCardinality(String) COMMENT 'Wallet, empty where none is meant',
    measure LowCardinality(String) COMMENT 'earned, used, expired, reversed, outstanding, orders, members, …',
    current Int64 COMMENT 'By the program that runs',
    candidate Int64 COMMENT 'By the candidate',
    finished_at DateTime64(3, 'UTC') COMMENT 'When the backtest ended' CODEC(Delta, ZSTD)
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(finished_at)
ORDER BY (backtest_id, dimension, name, wallet, measure)
TTL toDateTime(finished_at) + INTERVAL 1 YEAR
SETTINGS non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS {database}.backtest_member_rows
(
    backtest_id String COMMENT 'Backtest',
    member_id String COMMENT 'Member',
    granted_current Int64 COMMENT 'Points granted less taken back, by the program that runs',
    granted_candidate Int64 COMMENT 'The same by the candidate',
    used_current Int64 COMMENT 'Points used',
    used_candidate Int64 COMMENT 'Points used',
    expired_current Int64 COMMENT 'Points that ended',
    expired_candidate Int64 COMMENT 'Points that ended',
    balance_current Int64 COMMENT 'Points at the end',
    balance_candidate Int64 COMMENT 'Points at the end',
    tier_current LowCardinality(String) COMMENT 'Tier at the end',
    tier_candidate LowCardinality(String) COMMENT 'Tier at the end',
    folded_at DateTime64(3, 'UTC') COMMENT 'When the member was folded' CODEC(Delta, ZSTD)
)
ENGINE = ReplacingMergeTree(folded_at)
ORDER BY (backtest_id, member_id)
TTL toDateTime(folded_at) + INTERVAL 1 YEAR
SETTINGS non_replicated_deduplication_window = 1000;

CREATE OR REPLACE VIEW {database}.backtests AS SELECT * FROM {database}.backtest_cell_rows FINAL;
CREATE OR REPLACE VIEW {database}.backtest_members AS SELECT *, granted_candidate - granted_current AS difference FROM {database}.backtest_member_rows FINAL;
