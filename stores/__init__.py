"""The outside, one module a system: its contract, the real client, the in-memory twin."""
