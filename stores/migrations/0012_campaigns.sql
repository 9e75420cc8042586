-- Whom campaigns are for: lists that were uploaded, and audiences as they were frozen.

CREATE TABLE IF NOT EXISTS {database}.campaign_member_rows
(
    audience String COMMENT 'List, or campaign and its snapshot',
    member_id String COMMENT 'Member',
    kept_at DateTime('UTC') DEFAULT now() COMMENT 'When it was written' CODEC(Delta, ZSTD)
)
ENGINE = ReplacingMergeTree
ORDER BY (audience, member_id)
TTL kept_at + INTERVAL 365 DAY
SETTINGS non_replicated_deduplication_window = 1000;

CREATE OR REPLACE VIEW {database}.campaign_members AS SELECT * FROM {database}.campaign_member_rows FINAL;
