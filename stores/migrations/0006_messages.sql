-- Messages that were decided, whatever became of them on their way.

CREATE TABLE IF NOT EXISTS {database}.message_rows
(
    member_id String COMMENT 'Member',
    version UInt64 COMMENT 'Version of the member after the event',
    message_id String COMMENT 'Unique for the member, the same in each replay',
    campaign_id LowCardinality(String) COMMENT 'Trigger or journey that sends it',
    channel LowCardinality(String) COMMENT 'inbox, push, email, sms or webhook',
    purpose LowCardinality(String) COMMENT 'marketing or service',
    template_id LowCardinality(String) COMMENT 'Template that says what stands in it',
    created_at DateTime64(3, 'UTC') COMMENT 'When it was decided' CODEC(Delta, ZSTD),
    reason String COMMENT 'Why, or what it had waited for'
)
ENGINE = ReplacingMergeTree
PARTITION BY toYear(created_at)
ORDER BY (member_id, message_id)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE OR REPLACE VIEW {database}.messages AS SELECT * FROM {database}.message_rows FINAL;
