-- What `close-days` works out of days that are over. Each run has rows of its own, and
-- counts from the moment that it stands in `closed_runs`: rows are made anew from FINAL,
-- never added to, so that what comes twice counts once.

CREATE TABLE IF NOT EXISTS {database}.closed_runs
(
    run UInt64 COMMENT 'When it began, ms since 1970',
    zone String COMMENT 'Whose days they are',
    closed_at DateTime64(3, 'UTC') COMMENT 'First moment of the local day that is not over',
    ended_at DateTime64(3, 'UTC') COMMENT 'When it was done'
)
ENGINE = ReplacingMergeTree
ORDER BY run;

CREATE TABLE IF NOT EXISTS {database}.closed_store_days
(
    run UInt64 COMMENT 'Run',
    day Date COMMENT 'Local day',
    store_id LowCardinality(String) COMMENT 'Store',
    orders Int64 COMMENT 'Orders placed',
    value_minor Int64 COMMENT 'What they came to, minor units',
    refund_minor Int64 COMMENT 'Given back, minor units',
    first_at DateTime64(3, 'UTC') COMMENT 'First order',
    last_at DateTime64(3, 'UTC') COMMENT 'Last order',
    members AggregateFunction(uniqCombined64, String) COMMENT 'Members who ordered'
)
ENGINE = MergeTree PARTITION BY run ORDER BY (day, store_id);

CREATE TABLE IF NOT EXISTS {database}.closed_days
(
    run UInt64 COMMENT 'Run',
    day Date COMMENT 'Local day',
    orders Int64 COMMENT 'Orders placed',
    value_minor Int64 COMMENT 'What they came to, minor units',
    first_at DateTime64(3, 'UTC') COMMENT 'First order',
    last_at DateTime64(3, 'UTC') COMMENT 'Last order',
    members AggregateFunction(uniqCombined64, String) COMMENT 'Members who ordered'
)
ENGINE = MergeTree PARTITION BY run ORDER BY day;

CREATE TABLE IF NOT EXISTS {database}.closed_ledger_days
(
    run UInt64 COMMENT 'Run',
    day Date COMMENT 'Local day',
    wallet LowCardinality(String) COMMENT 'Wallet',
    kind LowCardinality(String) COMMENT 'EARN, BURN, EXPIRE, REVERSE, ADJUST, TRANSFER',
    points Int64 COMMENT 'Sum'
)
ENGINE = MergeTree PARTITION BY run ORDER BY (day, wallet, kind);

CREATE TABLE IF NOT EXISTS {database}.closed_event_days
(
    run UInt64 COMMENT 'Run',
    what LowCardinality(String) COMMENT 'offer, trigger, taken',
    name LowCardinality(String) COMMENT 'Which of them',
    day Date COMMENT 'Local day',
    times Int64 COMMENT 'How often',
    members AggregateFunction(uniqCombined64, String) COMMENT 'Of how many members'
)
ENGINE = MergeTree PARTITION BY run ORDER BY (what, day, name);

CREATE TABLE IF NOT EXISTS {database}.closed_earned_days
(
    run UInt64 COMMENT 'Run',
    wallet LowCardinality(String) COMMENT 'Wallet',
    day Date COMMENT 'Local day',
    points Int64 COMMENT 'Points that a member earned on the day',
    members UInt64 COMMENT 'How many members earned so many'
)
ENGINE = MergeTree PARTITION BY run ORDER BY (wallet, day, points);

CREATE TABLE IF NOT EXISTS {database}.closed_signals
(
    run UInt64 COMMENT 'Run',
    signal LowCardinality(String) COMMENT 'orders-per-day, points-per-day',
    wallet LowCardinality(String) COMMENT 'Wallet, empty for orders',
    day Date COMMENT 'Local day',
    member_id String COMMENT 'One of the fifty with the most',
    measured Int64 COMMENT 'How much'
)
ENGINE = MergeTree PARTITION BY run ORDER BY (signal, day, member_id);

CREATE TABLE IF NOT EXISTS {database}.closed_members
(
    run UInt64 COMMENT 'Run',
    member_id String COMMENT 'Member',
    first_at DateTime64(3, 'UTC') COMMENT 'First order',
    last_at DateTime64(3, 'UTC') COMMENT 'Last order',
    orders Int64 COMMENT 'All orders',
    value_minor Int64 COMMENT 'What they came to, minor units',
    year_orders Int64 COMMENT 'Orders of the last 365 days',
    year_value_minor Int64 COMMENT 'What they came to, minor units',
    months Array(Date) COMMENT 'Local months with an order'
)
ENGINE = MergeTree PARTITION BY run ORDER BY member_id;

CREATE TABLE IF NOT EXISTS {database}.closed_cohort_members
(
    run UInt64 COMMENT 'Run',
    cohort Date COMMENT 'Local month of the first order',
    member_id String COMMENT 'One of the five thousand with the most value',
    first_at DateTime64(3, 'UTC') COMMENT 'First order',
    last_at DateTime64(3, 'UTC') COMMENT 'Last order',
    orders Int64 COMMENT 'All orders',
    value_minor Int64 COMMENT 'What they came to, minor units'
)
ENGINE = MergeTree PARTITION BY run ORDER BY (cohort, value_minor, member_id);

CREATE TABLE IF NOT EXISTS {database}.closed_segment_members
(
    run UInt64 COMMENT 'Run',
    segment LowCardinality(String) COMMENT 'Segment',
    member_id String COMMENT 'One of the five thousand with the most value',
    orders Int64 COMMENT 'Orders of the last 365 days',
    value_minor Int64 COMMENT 'What they came to, minor units',
    days_since Int64 COMMENT 'Whole days since the last order',
    recency Int64 COMMENT 'Fifth, 5 is best',
    frequency Int64 COMMENT 'Fifth, 5 is best',
    money Int64 COMMENT 'Fifth, 5 is best'
)
ENGINE = MergeTree PARTITION BY run ORDER BY (segment, value_minor, member_id);

CREATE TABLE IF NOT EXISTS {database}.closed_expiring_members
(
    run UInt64 COMMENT 'Run',
    wallet LowCardinality(String) COMMENT 'Wallet',
    month Date COMMENT 'Local month in which the points end',
    member_id String COMMENT 'One of the five thousand with the most points',
    points Int64 COMMENT 'Points that end',
    first_at Int64 COMMENT 'When the first of them do, ms since 1970'
)
ENGINE = MergeTree PARTITION BY run ORDER BY (wallet, month, points, member_id);

CREATE TABLE IF NOT EXISTS {database}.closed_answers
(
    run UInt64 COMMENT 'Run',
    question LowCardinality(String) COMMENT 'Question',
    about String COMMENT 'What it was told, empty if nothing but the time',
    place UInt64 COMMENT 'Place of the row in the answer',
    line String COMMENT 'The row, an array as JSON' CODEC(ZSTD)
)
ENGINE = MergeTree PARTITION BY run ORDER BY (question, about, place);
