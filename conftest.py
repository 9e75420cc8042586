"""Makes the top-level packages importable from tests, wherever pytest is started."""

import os
from typing import Any

from hypothesis import HealthCheck, settings

from native.loading import prefer_compiled_rules

# How quickly values are drawn says more of the machine's other work than of a test.
# In CI the library has a profile of its own, which says the same.
if "CI" not in os.environ:
    settings.register_profile("crowded", suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("crowded")

# Their brokers live for a minute or two.
os.environ.setdefault("REGULARS_LOCAL_BRIEF", "1")

# The same tests run on the compiled rules and, with PURE_PYTHON=1, on Python.
prefer_compiled_rules()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say how many seeds the simulations went through, whoever ran them."""
    done = sum(
        value
        for report in terminalreporter.stats.get("passed", ())
        for name, value in report.user_properties
        if name == "seeds"
    )
    if done:
        terminalreporter.write_line(f"simulation: {done:,} seeds passed")
