-- What a message said, so that the service desk can send it again in the same words.

ALTER TABLE {database}.message_rows
    ADD COLUMN IF NOT EXISTS template_values Map(String, String) COMMENT 'What stood for the names of the template' AFTER template_id,
    ADD COLUMN IF NOT EXISTS expires_at DateTime64(3, 'UTC') COMMENT 'From when on it is not sent any more, 1970 for never' CODEC(Delta, ZSTD) AFTER created_at;

CREATE OR REPLACE VIEW {database}.messages AS SELECT * FROM {database}.message_rows FINAL;
