"""The HTTP service: takes events into the log, answers from Redis and ClickHouse."""
