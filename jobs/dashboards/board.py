"""A dashboard as Grafana reads it."""

from typing import Any, Final, NamedTuple

from jobs.dashboards.panels import GRID_COLUMNS, Panel, document

PANEL_HEIGHT: Final = 8
SCHEMA_VERSION: Final = 41


class Board(NamedTuple):
    """A dashboard: its file, its title, the span it opens with, its panels."""

    name: str
    title: str
    since: str
    panels: tuple[Panel, ...]
    variables: tuple[tuple[str, str], ...] = ()


def dashboard(board: Board) -> dict[str, Any]:
    """The dashboard as Grafana reads it."""
    return {
        "uid": f"regulars-{board.name}",
        "title": board.title,
        "tags": ["regulars"],
        "schemaVersion": SCHEMA_VERSION,
        "editable": True,
        "refresh": "30s" if board.since.endswith("h") else "",
        "time": {"from": board.since, "to": "now"},
        "templating": {"list": [_variable(*one) for one in board.variables]},
        "panels": _placed(board.panels),
    }


def _placed(panels: tuple[Panel, ...]) -> list[dict[str, Any]]:
    """Panels from left to right, a new row where one has no room."""
    placed: list[dict[str, Any]] = []
    x = y = 0
    for number, panel in enumerate(panels, start=1):
        if x + panel.width > GRID_COLUMNS:
            x, y = 0, y + PANEL_HEIGHT
        placed.append(document(panel, number, x=x, y=y, height=PANEL_HEIGHT))
        x += panel.width
    return placed


def _variable(name: str, value: str) -> dict[str, Any]:
    shown = {"text": value, "value": value, "selected": True}
    return {
        "name": name,
        "type": "textbox",
        "query": value,
        "current": shown,
        "options": [shown],
    }
