"""
The embedded stack: real Kafka, Valkey and ClickHouse on one machine, from packages.

For trying out and for tests; no code path of the engine knows of it. Every
server listens on 127.0.0.1 only.
"""
