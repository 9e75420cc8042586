"""What an operator's supervisor does after the broker was away."""

from local.processes import NotHealthy
from local.stack import Stack


def up_again(stack: Stack) -> None:
    """Start whatever ended itself while the broker was away."""
    for name in ("worker", "redis-sink", "clickhouse-sink"):
        for _ in range(3):
            try:
                stack.start(name)
            except NotHealthy:
                continue
            break
