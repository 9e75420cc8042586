"""Makes the top-level packages importable from tests, wherever pytest is started."""

from native.loading import prefer_compiled_rules

# The same tests run on the compiled rules and, with PURE_PYTHON=1, on Python.
prefer_compiled_rules()
