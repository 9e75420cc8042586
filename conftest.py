"""Makes the top-level packages importable from tests, wherever pytest is started."""
