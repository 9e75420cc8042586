-- What a member's document holds, as columns to filter by; and when rows were taken.

ALTER TABLE {database}.member_rows
    ADD COLUMN IF NOT EXISTS updated_at DateTime64(3, 'UTC') COMMENT 'When the broker took the latest event applied' CODEC(Delta, ZSTD) AFTER tier;

-- Databases made before 0001 had it.
ALTER TABLE {database}.order_line_rows
    ADD COLUMN IF NOT EXISTS recorded_at DateTime64(3, 'UTC') COMMENT 'When the broker took it' CODEC(Delta, ZSTD);

CREATE OR REPLACE VIEW {database}.members AS
SELECT
    member_id,
    version,
    as_of,
    balance,
    tier,
    JSONExtractInt(view, 'tier_points') AS tier_points,
    JSONExtract(view, 'offers', 'Array(Tuple(offer_id String))').offer_id AS offers,
    updated_at,
    view
FROM {database}.member_rows FINAL;

CREATE OR REPLACE VIEW {database}.order_lines AS SELECT * FROM {database}.order_line_rows FINAL;
