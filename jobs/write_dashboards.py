"""Write Grafana's dashboards from what is said about them in code."""

import argparse
import json
from pathlib import Path
from typing import Final

from jobs.dashboards.board import dashboard
from jobs.dashboards.boards import BOARDS
from runtime.settings import Settings

SUMMARY: Final = "write deploy/grafana/dashboards/ from jobs/dashboards/"
INTO: Final = Path("deploy") / "grafana" / "dashboards"


def run(_: Settings, arguments: list[str]) -> None:
    """Write each dashboard into a folder."""
    parser = argparse.ArgumentParser(prog="write-dashboards", description=SUMMARY)
    parser.add_argument("--into", type=Path, default=INTO)
    into = parser.parse_args(arguments).into
    for name, text in files().items():
        (into / name).write_text(text)


def files() -> dict[str, str]:
    """Every dashboard by file name."""
    return {
        f"{board.name}.json": json.dumps(dashboard(board), indent=2) + "\n"
        for board in BOARDS
    }
