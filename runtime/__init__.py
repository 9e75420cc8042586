"""The plumbing that every process shares: settings, metrics, logs, health."""
