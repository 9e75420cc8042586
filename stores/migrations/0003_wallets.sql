-- Entries say which wallet they belong to, and which command or reservation moved them.

ALTER TABLE {database}.ledger_rows
    ADD COLUMN IF NOT EXISTS wallet LowCardinality(String) DEFAULT 'points' COMMENT 'Wallet that the points belong to',
    ADD COLUMN IF NOT EXISTS reference String DEFAULT '' COMMENT 'Command, reservation or rule concerned, empty if none';

CREATE OR REPLACE VIEW {database}.ledger AS SELECT * FROM {database}.ledger_rows FINAL;
