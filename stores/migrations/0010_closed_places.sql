-- More of days that are over: stores by channel, what rules gave and where, who reached
-- an offer, who gave back. An entry of the ledger, too, knows its order.

ALTER TABLE {database}.ledger_day_rows
ADD COLUMN IF NOT EXISTS order_id String COMMENT 'Order concerned, empty if none' CODEC(ZSTD);

ALTER TABLE {database}.ledger_day_copy MODIFY QUERY
SELECT kind, toDate(occurred_at, 'UTC') AS day, member_id, version, number, wallet, points, occurred_at, rule_id, order_id
FROM {database}.ledger_rows;

-- Rows of before once more: of two with one key the later counts.
INSERT INTO {database}.ledger_day_rows (kind, day, member_id, version, number, wallet, points, occurred_at, rule_id, order_id)
SELECT kind, toDate(occurred_at, 'UTC'), member_id, version, number, wallet, points, occurred_at, rule_id, order_id
FROM {database}.ledger_rows WHERE kind = 'EARN' AND order_id != '';

-- Runs of before have none of what follows, and are not asked any more.
ALTER TABLE {database}.closed_runs
ADD COLUMN IF NOT EXISTS layout UInt16 DEFAULT 1 COMMENT 'Which tables it filled';

CREATE TABLE IF NOT EXISTS {database}.closed_place_days
(
    run UInt64 COMMENT 'Run',
    channel LowCardinality(String) COMMENT 'Channel; empty for all',
    day Date COMMENT 'Local day',
    store_id LowCardinality(String) COMMENT 'Store',
    orders Int64 COMMENT 'Orders placed',
    value_minor Int64 COMMENT 'What they came to, minor units',
    refund_minor Int64 COMMENT 'Given back, minor units',
    members AggregateFunction(uniqCombined64, String) COMMENT 'Members who ordered'
)
ENGINE = MergeTree PARTITION BY run ORDER BY (channel, day, store_id);

CREATE TABLE IF NOT EXISTS {database}.closed_place_months
(
    run UInt64 COMMENT 'Run',
    channel LowCardinality(String) COMMENT 'Channel; empty for all',
    month Date COMMENT 'Local month',
    store_id LowCardinality(String) COMMENT 'Store',
    members AggregateFunction(uniqCombined64, String) COMMENT 'Members who ordered'
)
ENGINE = MergeTree PARTITION BY run ORDER BY (channel, month, store_id);

CREATE TABLE IF NOT EXISTS {database}.closed_place_points
(
    run UInt64 COMMENT 'Run',
    channel LowCardinality(String) COMMENT 'Channel; empty for all',
    day Date COMMENT 'Local day',
    store_id LowCardinality(String) COMMENT 'Store of the order',
    wallet LowCardinality(String) COMMENT 'Wallet; empty for offers',
    earned Int64 COMMENT 'Points that orders earned',
    redemptions Int64 COMMENT 'Personal offers used with orders'
)
ENGINE = MergeTree PARTITION BY run ORDER BY (channel, wallet, day, store_id);

CREATE TABLE IF NOT EXISTS {database}.closed_rule_days
(
    run UInt64 COMMENT 'Run',
    day Date COMMENT 'Local day',
    rule String COMMENT 'Rule, reward or trigger',
    wallet LowCardinality(String) COMMENT 'Wallet; empty for what gives no points',
    times Int64 COMMENT 'How often',
    points Int64 COMMENT 'Points given',
    members AggregateFunction(uniqCombined64, String) COMMENT 'Members whom it reached'
)
ENGINE = MergeTree PARTITION BY run ORDER BY (day, rule, wallet);

CREATE TABLE IF NOT EXISTS {database}.closed_rule_months
(
    run UInt64 COMMENT 'Run',
    month Date COMMENT 'Local month',
    rule String COMMENT 'Rule, reward or trigger',
    wallet LowCardinality(String) COMMENT 'Wallet; empty for what gives no points',
    members AggregateFunction(uniqCombined64, String) COMMENT 'Members whom it reached'
)
ENGINE = MergeTree PARTITION BY run ORDER BY (month, rule, wallet);

CREATE TABLE IF NOT EXISTS {database}.closed_rule_places
(
    run UInt64 COMMENT 'Run',
    store_id LowCardinality(String) COMMENT 'Store of the order; empty for all',
    channel LowCardinality(String) COMMENT 'Channel of the order; empty for all',
    day Date COMMENT 'Local day',
    rule String COMMENT 'Rule',
    wallet LowCardinality(String) COMMENT 'Wallet',
    times Int64 COMMENT 'How often',
    points Int64 COMMENT 'Points given',
    members AggregateFunction(uniqCombined64(14), String) COMMENT 'Members whom it reached'
)
ENGINE = MergeTree PARTITION BY run ORDER BY (store_id, channel, day, rule, wallet);

CREATE TABLE IF NOT EXISTS {database}.closed_refund_days
(
    run UInt64 COMMENT 'Run',
    member_id String COMMENT 'Somebody who gave back in the last 400 days',
    day Date COMMENT 'Local day with an order or something given back',
    refunds Int64 COMMENT 'How often something was given back',
    refund_minor Int64 COMMENT 'What that came to, minor units',
    value_minor Int64 COMMENT 'What orders came to, minor units'
)
ENGINE = MergeTree PARTITION BY run ORDER BY (member_id, day);

CREATE TABLE IF NOT EXISTS {database}.closed_offer_members
(
    run UInt64 COMMENT 'Run',
    granted_day Date COMMENT 'Local day on which the member last reached the offer; 1970 if never',
    offer_id LowCardinality(String) COMMENT 'Offer',
    member UInt64 COMMENT 'Hash of the member',
    seen_day Date COMMENT 'Last day of reaching it after which the app was looked into; 1970 if none',
    takes Array(Date) COMMENT 'Local days on which it was taken, one for each time' CODEC(ZSTD)
)
ENGINE = MergeTree PARTITION BY run ORDER BY (granted_day, offer_id, member);
