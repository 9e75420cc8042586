"""Routes of the console: thin; each gathers what its page shows."""
