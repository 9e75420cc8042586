"""
The third process: what runs once, or by schedule, around the engine.

`python -m jobs` lists the names. A job is a module with a `SUMMARY` and a
`run(settings, arguments)`; the other modules here are what jobs share.
"""

from native.loading import prefer_compiled_rules

# Before anything of them is imported.
prefer_compiled_rules()
