-- What each rule gave in a span of days reads those days and nothing else.

ALTER TABLE {database}.ledger_day_rows
ADD COLUMN IF NOT EXISTS rule_id LowCardinality(String) COMMENT 'Rule that earned the points' CODEC(ZSTD);

ALTER TABLE {database}.ledger_day_copy MODIFY QUERY
SELECT kind, toDate(occurred_at, 'UTC') AS day, member_id, version, number, wallet, points, occurred_at, rule_id
FROM {database}.ledger_rows;

-- Rows of before once more: of two with one key the later counts.
INSERT INTO {database}.ledger_day_rows (kind, day, member_id, version, number, wallet, points, occurred_at, rule_id)
SELECT kind, toDate(occurred_at, 'UTC'), member_id, version, number, wallet, points, occurred_at, rule_id
FROM {database}.ledger_rows WHERE rule_id != '';
