"""The figures of a run as a table, beside targets and yardsticks."""

from typing import Any, Final

HTTP_TARGETS: Final = {"offers": "p99 10 ms", "redemptions": "p99 150 ms"}

SINK_TARGETS: Final = {
    "redis-sink": "60 µs",
    "clickhouse-sink": "60 µs",
    "dispatcher": "10 µs",
}


def table(figures: dict[str, Any]) -> str:
    """Markdown table of what was measured."""
    faust = figures["plain_faust"]["rate"]
    restore = figures["restore"]
    latency = figures["latency"]
    rows = [
        *_yardstick_rows(figures, faust),
        (
            "an engine, points only, exactly once",
            _rate(figures["points_only"], faust),
            "10x plain Faust; 60,000/s",
        ),
        (
            f"{figures['engines']['engines']} engines that share them, the same",
            _rate(figures["engines"], faust),
            # Those are for one process, as plain Faust is one.
            "",
        ),
        (
            "an engine, demo program, exactly once",
            _rate(figures["demo_program"], faust),
            "15,000/s",
        ),
        (
            "whole, with Redis and ClickHouse sinks",
            f"{figures['whole']['rate']:,.0f}/s",
            "8,000/s",
        ),
        *_backtest_rows(figures),
        (
            "restore from the changelog",
            f"{restore['records'] / restore['seconds']:,.0f} records/s",
            "100,000 records/s; 200,000",
        ),
        (
            "order produced to view in Redis, 500/s",
            f"p50 {latency['p50_ms']:.0f} ms, p99 {latency['p99_ms']:.0f} ms",
            "p50 30 ms, p99 150 ms",
        ),
    ]
    rows += _sink_rows(figures["sinks"])
    rows += [
        (
            f"{kind} over HTTP, {one['rate']:,}/s, all else running",
            (
                f"p50 {one['p50_ms']:.0f} ms, p99 {one['p99_ms']:.0f} ms, "
                f"{one['failures']:,} not 200; {one['cpu_microseconds']:,} µs CPU each"
            ),
            HTTP_TARGETS[kind],
        )
        for kind, one in figures["http"].items()
    ]
    lines = ["| what | measured | target |", "| --- | --- | --- |"]
    lines.extend(
        f"| {what} | {measured} | {target} |" for what, measured, target in rows
    )
    return "\n".join(lines)


def _yardstick_rows(
    figures: dict[str, Any], faust: float
) -> list[tuple[str, str, str]]:
    named = {
        "consume and decode, nothing else": "limit",
        "the same, and two records produced, exactly once": "limit_exactly_once",
        "plain Faust agent and Table": "plain_faust",
        "Quix Streams, adds up, at least once": "quix",
        "Quix Streams, adds up, exactly once": "quix_exactly_once",
    }
    return [(what, _rate(figures[name], faust), "") for what, name in named.items()]


def _backtest_rows(figures: dict[str, Any]) -> list[tuple[str, str, str]]:
    named = {
        "the retail year, nine lines an order, by two demo programs": "backtest",
        "orders of 2.5 lines in Kafka by twenty rules, one of them changed": (
            "backtest_log"
        ),
    }
    return [
        (
            f"backtest, all processors: {what}",
            (
                f"{figures[name]['rate']:,.0f} orders/s, "
                f"{figures[name]['cpu_microseconds']:.0f} µs CPU each"
            ),
            "40,000 orders/s",
        )
        for what, name in named.items()
    ]


def _sink_rows(sinks: dict[str, dict[str, float]]) -> list[tuple[str, str, str]]:
    return [
        (
            f"{sink} alone, from a backlog, an order",
            f"{one['cpu_microseconds']:.0f} µs CPU, {one['rate']:,.0f} records/s",
            SINK_TARGETS[sink],
        )
        for sink, one in sinks.items()
    ]


def _rate(figure: dict[str, float], yardstick: float) -> str:
    return (
        f"{figure['rate']:,.0f}/s, {figure['cpu_microseconds']:.0f} µs CPU each, "
        f"{figure['rate'] / yardstick:.1f}x plain Faust"
    )
