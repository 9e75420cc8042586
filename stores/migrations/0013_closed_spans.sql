-- Who ordered where in the spans that pages begin with: a year of months is dear to add up.

CREATE TABLE IF NOT EXISTS {database}.closed_place_spans
(
    run UInt64 COMMENT 'Run',
    channel LowCardinality(String) COMMENT 'Channel; empty for all',
    first_day Date COMMENT 'First local day; the last is the last closed one',
    store_id LowCardinality(String) COMMENT 'Store',
    members AggregateFunction(uniqCombined64, String) COMMENT 'Members who ordered'
)
ENGINE = MergeTree PARTITION BY run ORDER BY (channel, first_day, store_id);
