"""
Plots of the curves, for people: `python -m benchmarks.plots results/curves-….json`.

Each is drawn as an SVG into `plots/`, the same bytes for the same figures.
"""

import json
import sys
from pathlib import Path
from typing import Any, Final, NamedTuple

import matplotlib as mpl
from matplotlib import pyplot as plt

PLOTS: Final = Path(__file__).parent / "plots"
INK: Final = "#1f2933"
COLOURS: Final = ("#0b6e4f", "#c8553d", "#3d5a80")
# Keys are literals to the type checker, which a mapping of them is not.
STYLE: Final[Any] = {
    "svg.hashsalt": "regulars",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 11,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#e4e7eb",
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
}


class Plot(NamedTuple):
    """What a curve is drawn of: a field across, and fields upwards by their label."""

    title: str
    across: tuple[str, str]
    upwards: tuple[tuple[str, str], ...]
    label: str
    is_logarithmic: bool = True
    # Values so far apart that small ones would lie on one another.
    is_steep: bool = False


KINDS: Final[dict[str, Plot]] = {
    "partitions": Plot(
        "One engine process, points only, exactly once",
        ("partitions", "partitions"),
        (("cpu_microseconds", "CPU of the process"),),
        "µs an order",
    ),
    "processes": Plot(
        "Engine processes on two cores, the broker on the same two",
        ("processes", "engine processes"),
        (("orders_per_second", "all of them"),),
        "orders a second",
        is_logarithmic=False,
    ),
    "members": Plot(
        "An order among so many members",
        ("members", "members of one process"),
        (("cpu_microseconds", "bytes to decision to bytes"),),
        "µs an order",
    ),
    "rules": Plot(
        "An order by a program of so many rules",
        ("rules", "active rules"),
        (("decide_microseconds", "decide"),),
        "µs an order",
    ),
    "rate": Plot(
        "From an order to its view in Redis, everything on two cores",
        ("orders_per_second", "orders a second"),
        (("p50_ms", "p50"), ("p99_ms", "p99")),
        "ms",
        is_logarithmic=False,
        is_steep=True,
    ),
}


def main(arguments: list[str]) -> int:
    """Draw the curves of a file of results."""
    figures = json.loads(Path(arguments[0]).read_text())
    print("\n".join(map(str, plot_all(figures["curves"]))))
    return 0


def plot_all(
    curves: dict[str, list[dict[str, float]]], folder: Path = PLOTS
) -> list[Path]:
    """Draw each curve into a folder; return where."""
    folder.mkdir(exist_ok=True)
    mpl.use("svg")
    drawn = []
    with mpl.rc_context(STYLE):
        for name, points in curves.items():
            file = folder / f"{name}.svg"
            _draw(points, KINDS[name], file)
            drawn.append(file)
    return drawn


def _draw(points: list[dict[str, float]], plot: Plot, file: Path) -> None:
    figure, axes = plt.subplots(figsize=(6.4, 3.4), layout="constrained")
    field, across = plot.across
    places = [point[field] for point in points]
    for (upwards, label), colour in zip(plot.upwards, COLOURS, strict=False):
        values = [point[upwards] for point in points]
        axes.plot(places, values, "o-", color=colour, label=label)
        for place, value in zip(places, values, strict=True):
            axes.annotate(
                f"{value:,.0f}",
                (place, value),
                xytext=(0, 7),
                textcoords="offset points",
                ha="center",
                color=colour,
                fontsize=9,
            )
    if plot.is_logarithmic:
        axes.set_xscale("log")
    axes.set_xticks(places, [f"{place:,.0f}" for place in places])
    axes.minorticks_off()
    # Room for the figures above the points.
    if plot.is_steep:
        axes.set_yscale("log")
        axes.set_ylim(top=axes.get_ylim()[1] * 1.5)
        axes.yaxis.set_major_formatter("{x:,.0f}")
    else:
        axes.set_ylim(0, axes.get_ylim()[1] * 1.1)
    axes.margins(x=0.08)
    axes.set(xlabel=across, ylabel=plot.label)
    axes.set_title(plot.title, loc="left", fontsize=12)
    if len(plot.upwards) > 1:
        axes.legend(frameon=False)
    figure.savefig(file, metadata={"Date": None})
    plt.close(figure)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
