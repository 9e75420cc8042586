"""The agents: each attaches to a Faust app and moves batches, deciding nothing."""
