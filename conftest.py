"""Makes the top-level packages importable from tests, wherever pytest is started."""

from typing import Any

from native.loading import prefer_compiled_rules

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
