-- What became of each attempt to deliver, from the topic `deliveries`.

CREATE TABLE IF NOT EXISTS {database}.message_delivery_rows
(
    member_id String COMMENT 'Member',
    delivery_id String COMMENT 'The message and where it goes: the same over all attempts',
    attempt UInt32 COMMENT 'Which attempt, from 1; 0 if none was made',
    message_id String COMMENT 'What the receiver sees as its id',
    campaign_id LowCardinality(String) COMMENT 'Trigger or journey; empty for an event of the member',
    channel LowCardinality(String) COMMENT 'inbox, push, email, sms, webhook; event for an event of the member',
    kind LowCardinality(String) COMMENT 'What it is: message.push, points.earned, …',
    target LowCardinality(String) COMMENT 'Endpoint, or inbox, or smtp; empty if there was none',
    status LowCardinality(String) COMMENT 'sent, waiting (another attempt comes), dead, expired, disabled, unrouted',
    http_status UInt16 COMMENT 'What the receiver answered, 0 if it did not',
    detail String COMMENT 'Why it was not sent' CODEC(ZSTD),
    created_at DateTime64(3, 'UTC') COMMENT 'When the message was decided' CODEC(Delta, ZSTD),
    attempted_at DateTime64(3, 'UTC') COMMENT 'When the attempt ended' CODEC(Delta, ZSTD)
)
ENGINE = ReplacingMergeTree
ORDER BY (member_id, delivery_id, attempt, status)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE OR REPLACE VIEW {database}.message_deliveries AS SELECT * FROM {database}.message_delivery_rows FINAL;
