-- The same rows once more in the order of days, narrow: what a span of days asks reads
-- those days and nothing else. A row that comes twice has the same id and the same day,
-- so FINAL counts it once here too. `day` is that of UTC.

CREATE TABLE IF NOT EXISTS {database}.order_day_rows
(
    kind LowCardinality(String) COMMENT 'PLACED, ADJUSTED, REFUNDED, CANCELLED',
    day Date COMMENT 'Day in UTC' CODEC(Delta, ZSTD),
    member_id String COMMENT 'Member' CODEC(ZSTD),
    order_id String COMMENT 'Order' CODEC(ZSTD),
    event_id String COMMENT 'Event; empty for a placed order' CODEC(ZSTD),
    store_id LowCardinality(String) COMMENT 'Store',
    channel LowCardinality(String) COMMENT 'Channel',
    subtotal_minor Int64 COMMENT 'Before tax and after discounts, minor units' CODEC(ZSTD),
    refund_minor Int64 COMMENT 'Given back, minor units' CODEC(ZSTD),
    occurred_at DateTime64(3, 'UTC') COMMENT 'Event time' CODEC(Delta, ZSTD),
    earliness UInt64 COMMENT 'Of rows with one key the one recorded first counts' CODEC(Delta, ZSTD)
)
ENGINE = ReplacingMergeTree(earliness)
ORDER BY (kind, day, member_id, order_id, event_id);

CREATE MATERIALIZED VIEW IF NOT EXISTS {database}.order_day_copy TO {database}.order_day_rows AS
SELECT kind, toDate(occurred_at, 'UTC') AS day, member_id, order_id, event_id, store_id, channel, subtotal_minor, refund_minor, occurred_at,
       toUInt64(9007199254740991 - toUnixTimestamp64Milli(recorded_at)) AS earliness
FROM {database}.order_rows;

CREATE TABLE IF NOT EXISTS {database}.ledger_day_rows
(
    kind LowCardinality(String) COMMENT 'EARN, BURN, EXPIRE, REVERSE, ADJUST, TRANSFER',
    day Date COMMENT 'Day in UTC' CODEC(Delta, ZSTD),
    member_id String COMMENT 'Member' CODEC(ZSTD),
    version UInt64 COMMENT 'Version of the member' CODEC(ZSTD),
    number UInt32 COMMENT 'Number of the entry in its version' CODEC(ZSTD),
    wallet LowCardinality(String) COMMENT 'Wallet',
    points Int64 COMMENT 'Signed: more than 0 adds' CODEC(ZSTD),
    occurred_at DateTime64(3, 'UTC') COMMENT 'Event time' CODEC(Delta, ZSTD)
)
ENGINE = ReplacingMergeTree
ORDER BY (kind, day, member_id, version, number);

CREATE MATERIALIZED VIEW IF NOT EXISTS {database}.ledger_day_copy TO {database}.ledger_day_rows AS
SELECT kind, toDate(occurred_at, 'UTC') AS day, member_id, version, number, wallet, points, occurred_at
FROM {database}.ledger_rows;

CREATE TABLE IF NOT EXISTS {database}.offer_day_rows
(
    kind LowCardinality(String) COMMENT 'GRANTED, WITHDRAWN, REDEEMED, …',
    offer_id LowCardinality(String) COMMENT 'Offer',
    day Date COMMENT 'Day in UTC' CODEC(Delta, ZSTD),
    member_id String COMMENT 'Member' CODEC(ZSTD),
    version UInt64 COMMENT 'Version of the member' CODEC(ZSTD),
    reason String COMMENT 'Why, in a sentence' CODEC(ZSTD),
    occurred_at DateTime64(3, 'UTC') COMMENT 'Event time' CODEC(Delta, ZSTD)
)
ENGINE = ReplacingMergeTree
ORDER BY (kind, offer_id, day, member_id, version);

CREATE MATERIALIZED VIEW IF NOT EXISTS {database}.offer_day_copy TO {database}.offer_day_rows AS
SELECT kind, offer_id, toDate(occurred_at, 'UTC') AS day, member_id, version, reason, occurred_at
FROM {database}.offer_event_rows;

CREATE TABLE IF NOT EXISTS {database}.trigger_day_rows
(
    trigger_id LowCardinality(String) COMMENT 'Trigger, step of a journey, arm of an experiment',
    day Date COMMENT 'Day in UTC' CODEC(Delta, ZSTD),
    member_id String COMMENT 'Member' CODEC(ZSTD),
    version UInt64 COMMENT 'Version of the member' CODEC(ZSTD),
    reason String COMMENT 'Why, in a sentence' CODEC(ZSTD),
    occurred_at DateTime64(3, 'UTC') COMMENT 'Event time' CODEC(Delta, ZSTD)
)
ENGINE = ReplacingMergeTree
ORDER BY (trigger_id, day, member_id, version);

CREATE MATERIALIZED VIEW IF NOT EXISTS {database}.trigger_day_copy TO {database}.trigger_day_rows AS
SELECT trigger_id, toDate(occurred_at, 'UTC') AS day, member_id, version, reason, occurred_at
FROM {database}.trigger_event_rows;

-- Of decisions only what questions ask for: rewards taken, and changes of the tier.
CREATE TABLE IF NOT EXISTS {database}.decision_day_rows
(
    what LowCardinality(String) COMMENT 'taken: a reward; tier: a change of the tier',
    day Date COMMENT 'Day in UTC' CODEC(Delta, ZSTD),
    member_id String COMMENT 'Member' CODEC(ZSTD),
    version UInt64 COMMENT 'Version of the member' CODEC(ZSTD),
    event_kind LowCardinality(String) COMMENT 'Kind of its event',
    reward LowCardinality(String) COMMENT 'Reward taken, empty if none is named',
    tier_before LowCardinality(String) COMMENT 'Tier before',
    tier_after LowCardinality(String) COMMENT 'Tier after',
    why String COMMENT 'Why, in a sentence' CODEC(ZSTD),
    occurred_at DateTime64(3, 'UTC') COMMENT 'Event time' CODEC(Delta, ZSTD)
)
ENGINE = ReplacingMergeTree
ORDER BY (what, day, member_id, version);

CREATE MATERIALIZED VIEW IF NOT EXISTS {database}.decision_day_copy TO {database}.decision_day_rows AS
SELECT what, toDate(occurred_at, 'UTC') AS day, member_id, version, event_kind, JSONExtractString(result, 'reward') AS reward, tier_before, tier_after, why, occurred_at
FROM {database}.decision_rows
ARRAY JOIN arrayFilter(one -> if(one = 'taken', event_kind IN ('points.redeem', 'points.confirm') AND refusal = '', tier_after != '' AND tier_before != '' AND tier_before != tier_after), ['taken', 'tier']) AS what;

CREATE TABLE IF NOT EXISTS {database}.activity_day_rows
(
    type LowCardinality(String) COMMENT 'What was done',
    day Date COMMENT 'Day in UTC' CODEC(Delta, ZSTD),
    member_id String COMMENT 'Member' CODEC(ZSTD),
    event_id String COMMENT 'Event' CODEC(ZSTD),
    offer_id LowCardinality(String) COMMENT 'Offer looked at, empty if none',
    occurred_at DateTime64(3, 'UTC') COMMENT 'Event time' CODEC(Delta, ZSTD)
)
ENGINE = ReplacingMergeTree
ORDER BY (type, day, member_id, event_id);

CREATE MATERIALIZED VIEW IF NOT EXISTS {database}.activity_day_copy TO {database}.activity_day_rows AS
SELECT type, toDate(occurred_at, 'UTC') AS day, member_id, event_id, attributes['offer_id'] AS offer_id, occurred_at
FROM {database}.activity_rows
WHERE type IN ('app.opened', 'offer.viewed', 'offer.clicked');
