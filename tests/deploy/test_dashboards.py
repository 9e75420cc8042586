"""Grafana's dashboards: as the code says, over metrics and questions that there are."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from jobs.dashboards.board import PANEL_HEIGHT
from jobs.dashboards.boards import BOARDS
from jobs.write_dashboards import INTO, files
from stores.questions import QUESTIONS
from tests.deploy.promql import BUILT_IN, known_metrics, selectors
from tests.deploy.test_alerts import RECORDED

ROOT = Path(__file__).parents[2]
PROVISIONING = ROOT / "deploy/grafana/provisioning"
# Lists of rows that a person works through, on the console; and what is on a stat.
NOT_SHOWN = {
    "span",
    # It is told sums; intervals are the console's.
    "experiment_arms",
    # It is told which rules share a budget; what is left is the console's.
    "budget_uses",
    # It is told which offers share a pool of codes; what is left is the console's.
    "offer_uses",
    # They are told which places somebody has chosen to compare.
    "places",
    "place_days",
    *(name for name in QUESTIONS if name.endswith(("_members", "_rows"))),
}
PANELS = [
    pytest.param(panel, id=f"{name}: {panel['title']}")
    for name, text in files().items()
    for panel in json.loads(text)["panels"]
]


@pytest.mark.parametrize("name", sorted(files()))
def test_the_dashboard_is_current(name: str) -> None:
    """Run `make jobs NAME=write-dashboards` when this fails."""
    assert (ROOT / INTO / name).read_text() == files()[name]


@pytest.mark.parametrize("panel", PANELS)
def test_a_panel_asks_of_what_there_is(panel: dict[str, Any]) -> None:
    sources = yaml.safe_load((PROVISIONING / "datasources/regulars.yml").read_text())
    known = {(one["type"], one["uid"]) for one in sources["datasources"]}
    expressions = [one["expr"] for one in panel["targets"] if "expr" in one]
    asked = [selectors(text.replace("$__rate_interval", "5m")) for text in expressions]

    assert panel["targets"]
    assert all(asked)
    assert set().union(*asked) <= known_metrics() | RECORDED | BUILT_IN
    assert {
        (one["datasource"]["type"], one["datasource"]["uid"])
        for one in panel["targets"]
    } <= known


def test_every_metric_and_every_question_is_on_a_dashboard() -> None:
    text = "".join(files().values())
    families = {re.sub("_(bucket|sum|count)$", "", name) for name in known_metrics()}
    unseen = {name for name in families if name not in text}
    asked = {
        panel.question
        for board in BOARDS
        for panel in board.panels
        if hasattr(panel, "question")
    }

    assert unseen == set()
    assert asked == set(QUESTIONS) - NOT_SHOWN | {"active_members", "tier_members"}


@pytest.mark.parametrize("name", sorted(files()))
def test_panels_do_not_lie_on_one_another(name: str) -> None:
    places = [panel["gridPos"] for panel in json.loads(files()[name])["panels"]]
    cells = [
        (x, place["y"])
        for place in places
        for x in range(place["x"], place["x"] + place["w"])
    ]

    assert all(place["h"] == PANEL_HEIGHT for place in places)
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24


def test_ids_of_dashboards_and_panels_are_their_own() -> None:
    boards = [json.loads(text) for text in files().values()]

    assert len({board["uid"] for board in boards}) == len(boards)
    for board in boards:
        ids = [panel["id"] for panel in board["panels"]]
        assert len(ids) == len(set(ids))


def test_compose_mounts_what_is_provisioned() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    mounts = dict(
        volume.split(":")[:2]
        for volume in compose["services"]["grafana"]["volumes"]
        if volume.startswith("./")
    )
    provider = yaml.safe_load((PROVISIONING / "dashboards/regulars.yml").read_text())
    folder = provider["providers"][0]["options"]["path"]

    assert mounts["./deploy/grafana/provisioning"] == "/etc/grafana/provisioning"
    assert mounts["./deploy/grafana/dashboards"] == folder
