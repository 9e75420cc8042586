"""Pictures of benchmarks: what they say, and what they may not say."""

from pathlib import Path

from benchmarks.curves import CURVES
from benchmarks.flames import entitle
from benchmarks.plots import KINDS, plot_all
from local.stack import PROJECT

POINTS = {
    "rate": [
        {"orders_per_second": 500, "p50_ms": 41.4, "p99_ms": 187.6},
        {"orders_per_second": 1_000, "p50_ms": 77.7, "p99_ms": 1_234.5},
    ],
    "members": [
        {"members": 10_000, "cpu_microseconds": 39.2},
        {"members": 1_000_000, "cpu_microseconds": 40.5},
    ],
}


def test_each_curve_that_is_measured_can_be_drawn() -> None:
    assert KINDS.keys() == CURVES.keys()


def test_a_plot_says_its_figures_and_is_the_same_each_time(tmp_path: Path) -> None:
    first = [file.read_text() for file in plot_all(POINTS, tmp_path)]
    again = [file.read_text() for file in plot_all(POINTS, tmp_path)]

    assert again == first
    rate, members = first
    for text in ("1,234", "41", "188", "p50", "p99", "orders a second"):
        assert f">{text}<" in rate
    for text in ("10,000", "1,000,000", "39", "40", "µs an order"):
        assert f">{text}<" in members


def test_a_flame_graph_names_what_it_shows_and_no_place_of_a_machine(
    tmp_path: Path,
) -> None:
    file = tmp_path / "flame.svg"
    frame = f"<title>decide ({PROJECT}/loyalty/decide.py:40) (7 samples)</title>"
    file.write_text(f'<text id="title" x="1">{PROJECT}/.venv/py-spy</text>{frame}')

    entitle(file, "engine: 7 orders")

    assert ">engine: 7 orders<" in file.read_text()
    assert str(PROJECT) not in file.read_text()
    assert "decide (loyalty/decide.py:40)" in file.read_text()
