-- What a command came to is a column, so that funnels and desks can ask for it.

ALTER TABLE {database}.decision_rows
    ADD COLUMN IF NOT EXISTS result String DEFAULT '' COMMENT 'What a command came to, as JSON; empty if it was none' CODEC(ZSTD),
    ADD COLUMN IF NOT EXISTS refusal LowCardinality(String) DEFAULT '' COMMENT 'Why a command was refused; empty if it was not';

CREATE OR REPLACE VIEW {database}.decisions AS SELECT * FROM {database}.decision_rows FINAL;
