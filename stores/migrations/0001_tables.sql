-- What analysts ask of. Every *_rows table may hold a row more than once until
-- ClickHouse merges it; the views of the contract's names read FINAL and count
-- each row once. Ids are deterministic, so a repeated insert repeats the id.

CREATE TABLE IF NOT EXISTS {database}.ledger_rows
(
    member_id String COMMENT 'Member',
    entry_id String COMMENT 'Unique and the same in every replay: member, version, number',
    version UInt64 COMMENT 'Version of the member that the entry belongs to',
    number UInt32 COMMENT 'Number of the entry in its version',
    kind LowCardinality(String) COMMENT 'EARN, BURN, EXPIRE, REVERSE, ADJUST, TRANSFER',
    points Int64 COMMENT 'Signed: more than 0 adds',
    lot_id String COMMENT 'Lot concerned',
    order_id String COMMENT 'Order concerned, empty if none',
    line_id String COMMENT 'Line concerned, empty if none',
    rule_id LowCardinality(String) COMMENT 'Rule that earned the points',
    rule_version UInt32 COMMENT 'Its version',
    occurred_at DateTime64(3, 'UTC') COMMENT 'Event time' CODEC(Delta, ZSTD),
    balance_after Int64 COMMENT 'Balance after the entry'
)
ENGINE = ReplacingMergeTree
PARTITION BY toYear(occurred_at)
ORDER BY (member_id, version, number)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS {database}.decision_rows
(
    member_id String COMMENT 'Member',
    version UInt64 COMMENT 'Version of the member after the event',
    event_id String COMMENT 'Event decided',
    event_kind LowCardinality(String) COMMENT 'order.placed, order.refunded, tick, …',
    order_id String COMMENT 'Order concerned, empty if none',
    occurred_at DateTime64(3, 'UTC') COMMENT 'Event time' CODEC(Delta, ZSTD),
    recorded_at DateTime64(3, 'UTC') COMMENT 'When the broker took the event' CODEC(Delta, ZSTD),
    topic LowCardinality(String) COMMENT 'Source topic',
    offset Int64 COMMENT 'Source offset, -1 for a tick',
    why String COMMENT 'What was decided and why, in a sentence',
    tier_before LowCardinality(String) COMMENT 'Tier before, when it changed',
    tier_after LowCardinality(String) COMMENT 'Tier after, when it changed'
)
ENGINE = ReplacingMergeTree
PARTITION BY toYear(occurred_at)
ORDER BY (member_id, version)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS {database}.offer_event_rows
(
    member_id String COMMENT 'Member',
    version UInt64 COMMENT 'Version of the member after the event',
    offer_id LowCardinality(String) COMMENT 'Offer rule',
    kind LowCardinality(String) COMMENT 'GRANTED, WITHDRAWN, …',
    reason String COMMENT 'Why, in a sentence',
    arm LowCardinality(String) DEFAULT '' COMMENT 'Arm of an experiment, if any',
    occurred_at DateTime64(3, 'UTC') COMMENT 'Event time' CODEC(Delta, ZSTD)
)
ENGINE = ReplacingMergeTree
PARTITION BY toYear(occurred_at)
ORDER BY (member_id, version, offer_id, kind)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS {database}.trigger_event_rows
(
    member_id String COMMENT 'Member',
    version UInt64 COMMENT 'Version of the member after the event',
    trigger_id LowCardinality(String) COMMENT 'Trigger rule',
    reason String COMMENT 'Why, in a sentence',
    occurred_at DateTime64(3, 'UTC') COMMENT 'Event time' CODEC(Delta, ZSTD)
)
ENGINE = ReplacingMergeTree
PARTITION BY toYear(occurred_at)
ORDER BY (member_id, version, trigger_id)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS {database}.member_rows
(
    member_id String COMMENT 'Member',
    version UInt64 COMMENT 'Version of the member',
    as_of DateTime64(3, 'UTC') COMMENT 'Latest event time applied',
    balance Int64 COMMENT 'Points that can be used',
    tier LowCardinality(String) COMMENT 'Tier reached',
    view String COMMENT 'The view as JSON, as the API serves it' CODEC(ZSTD)
)
ENGINE = ReplacingMergeTree(version)
ORDER BY member_id
SETTINGS non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS {database}.order_rows
(
    member_id String COMMENT 'Member',
    order_id String COMMENT 'Business id of the order',
    kind LowCardinality(String) COMMENT 'PLACED, ADJUSTED, REFUNDED, CANCELLED',
    event_id String COMMENT 'Event; for a placed order the order counts once whatever its event',
    store_id LowCardinality(String) COMMENT 'Store',
    channel LowCardinality(String) COMMENT 'Channel',
    currency LowCardinality(String) COMMENT 'ISO 4217',
    total_minor Int64 COMMENT 'Paid, minor units',
    subtotal_minor Int64 COMMENT 'Before tax and after discounts, minor units',
    tax_minor Int64 COMMENT 'Tax, minor units',
    refund_id String COMMENT 'Refund, empty if it is none',
    refund_minor Int64 COMMENT 'Given back, minor units',
    occurred_at DateTime64(3, 'UTC') COMMENT 'Event time' CODEC(Delta, ZSTD),
    recorded_at DateTime64(3, 'UTC') COMMENT 'When the broker took it' CODEC(Delta, ZSTD),
    earliness UInt64 MATERIALIZED toUInt64(9007199254740991 - toUnixTimestamp64Milli(recorded_at)) COMMENT 'Of rows with one key the one recorded first counts, as for the engine'
)
ENGINE = ReplacingMergeTree(earliness)
ORDER BY (member_id, order_id, kind, event_id)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS {database}.order_line_rows
(
    member_id String COMMENT 'Member',
    order_id String COMMENT 'Order',
    event_id String COMMENT 'Event that brought the line',
    number UInt32 COMMENT 'Place of the line in the order',
    line_id String COMMENT 'Id of the line',
    sku String COMMENT 'Stock keeping unit',
    category LowCardinality(String) COMMENT 'Category',
    labels Array(LowCardinality(String)) COMMENT 'Labels',
    kind LowCardinality(String) COMMENT 'ITEM, DELIVERY, TIP, GIFT_CARD, FEE',
    quantity UInt32 COMMENT 'Units',
    unit_price_minor Int64 COMMENT 'Price of a unit, minor units',
    discount_minor Int64 COMMENT 'Discount of the line, minor units',
    tax_minor Int64 COMMENT 'Tax of the line, minor units',
    store_id LowCardinality(String) COMMENT 'Store',
    occurred_at DateTime64(3, 'UTC') COMMENT 'Event time' CODEC(Delta, ZSTD),
    recorded_at DateTime64(3, 'UTC') COMMENT 'When the broker took it' CODEC(Delta, ZSTD),
    earliness UInt64 MATERIALIZED toUInt64(9007199254740991 - toUnixTimestamp64Milli(recorded_at)) COMMENT 'Of rows with one key the one recorded first counts, as for the engine'
)
ENGINE = ReplacingMergeTree(earliness)
ORDER BY (member_id, order_id, event_id, number)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS {database}.activity_rows
(
    member_id String COMMENT 'Member',
    event_id String COMMENT 'Event',
    type LowCardinality(String) COMMENT 'What was done',
    session_id String COMMENT 'App session, empty if none',
    store_id LowCardinality(String) COMMENT 'Store, empty if none',
    attributes Map(String, String) COMMENT 'Details',
    occurred_at DateTime64(3, 'UTC') COMMENT 'Event time' CODEC(Delta, ZSTD),
    recorded_at DateTime64(3, 'UTC') COMMENT 'When the broker took it' CODEC(Delta, ZSTD)
)
ENGINE = ReplacingMergeTree
ORDER BY (member_id, event_id)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS {database}.rule_rows
(
    rule_id String COMMENT 'Rule',
    version UInt32 COMMENT 'Version of its program',
    kind LowCardinality(String) COMMENT 'earn, tier, offer, trigger',
    document String COMMENT 'The rule as JSON',
    effective_from DateTime64(3, 'UTC') COMMENT 'Since when it holds'
)
ENGINE = ReplacingMergeTree
ORDER BY (rule_id, version, kind)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE OR REPLACE VIEW {database}.ledger AS SELECT * FROM {database}.ledger_rows FINAL;
CREATE OR REPLACE VIEW {database}.decisions AS SELECT * FROM {database}.decision_rows FINAL;
CREATE OR REPLACE VIEW {database}.offer_events AS SELECT * FROM {database}.offer_event_rows FINAL;
CREATE OR REPLACE VIEW {database}.trigger_events AS SELECT * FROM {database}.trigger_event_rows FINAL;
CREATE OR REPLACE VIEW {database}.members AS SELECT * FROM {database}.member_rows FINAL;
CREATE OR REPLACE VIEW {database}.orders AS SELECT * FROM {database}.order_rows FINAL;
CREATE OR REPLACE VIEW {database}.order_lines AS SELECT * FROM {database}.order_line_rows FINAL;
CREATE OR REPLACE VIEW {database}.activity AS SELECT * FROM {database}.activity_rows FINAL;
CREATE OR REPLACE VIEW {database}.rules AS SELECT * FROM {database}.rule_rows FINAL;
