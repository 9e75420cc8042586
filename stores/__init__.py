"""The outside, a module a system: its contract, the real client, the memory twin."""
