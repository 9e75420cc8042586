"""
The Faust worker: agents that turn source records into effects, exactly once.

Read `transport` (Faust's consumer, a batch at a time), `partition` (one
partition's life: taken by `taking`, then decide and commit), `committer` (one
transaction for all partitions), `engine` (the partitions of this worker), then
`agents/`.
"""

from native.loading import prefer_compiled_rules

# Before anything of them is imported.
prefer_compiled_rules()
