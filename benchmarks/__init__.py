"""How fast it is, beside yardsticks measured in the same run: `make bench`."""

from native.loading import prefer_compiled_rules

# Before anything of them is imported.
prefer_compiled_rules()
