"""Alerts: each fires when it should, has a page, and asks of what is there."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.promql import BUILT_IN, known_metrics, selectors

ROOT = Path(__file__).parents[2]
ALERTS, UNIT_TESTS = ROOT / "deploy/alerts.yml", ROOT / "deploy/alerts_test.yml"
RUNBOOKS = ROOT / "docs/runbooks"
HEADINGS = ["## What it means", "## What to look at", "## What to do"]
RULES: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load(ALERTS.read_text())["groups"]
    for rule in group["rules"]
]
NAMES = [rule["alert"] for rule in RULES if "alert" in rule]
RECORDED = {rule["record"] for rule in RULES if "record" in rule}


def promtool(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run Prometheus' own tool; `make tools` brings it where it is missing."""
    found = shutil.which("promtool") or str(ROOT / ".tools/usr/bin/promtool")
    if not Path(found).exists():
        pytest.skip("promtool is not here: `make tools` could not bring it")
    return subprocess.run(
        [found, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )


def test_prometheus_reads_the_rules() -> None:
    done = promtool("check", "rules", "alerts.yml", folder=ALERTS.parent)

    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(RULES)} rules found" in done.stdout


def test_prometheus_reads_its_configuration(tmp_path: Path) -> None:
    text = (ROOT / "deploy/prometheus.yml").read_text()
    own = text.replace("/etc/prometheus/alerts.yml", str(ALERTS))
    (tmp_path / "prometheus.yml").write_text(own)
    done = promtool("check", "config", "prometheus.yml", folder=tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr


def test_each_alert_fires_when_it_should_and_not_before() -> None:
    done = promtool("test", "rules", "alerts_test.yml", folder=ALERTS.parent)

    assert done.returncode == 0, done.stdout + done.stderr


def test_an_alert_that_never_fires_would_be_noticed(tmp_path: Path) -> None:
    broken = ALERTS.read_text().replace(
        "regulars_store_up == 0", "regulars_store_up < 0"
    )
    (tmp_path / "alerts.yml").write_text(broken)
    (tmp_path / "alerts_test.yml").write_text(UNIT_TESTS.read_text())
    done = promtool("test", "rules", "alerts_test.yml", folder=tmp_path)

    assert done.returncode != 0
    assert "RegularsStoreAway" in done.stdout + done.stderr


def test_each_alert_is_tested_before_and_after() -> None:
    tests = yaml.safe_load(UNIT_TESTS.read_text())["tests"]
    kinds = {
        test["name"]: [bool(one["exp_samples"]) for one in test["promql_expr_test"]]
        for test in tests
    }

    assert kinds == {name: [False, True] for name in NAMES}


def test_alerts_and_runbooks_are_the_same_list() -> None:
    assert sorted(NAMES) == sorted(path.stem for path in RUNBOOKS.glob("*.md"))


@pytest.mark.parametrize("name", NAMES)
def test_a_runbook_says_what_it_means_and_what_to_do(name: str) -> None:
    text = (RUNBOOKS / f"{name}.md").read_text()
    mentioned = set(re.findall(r"regulars_[a-z_]+", text))
    families = {re.sub("_(bucket|sum|count)$", "", one) for one in known_metrics()}

    assert text.startswith(f"# {name}\n")
    assert re.findall("^## .*", text, re.MULTILINE) == HEADINGS
    assert mentioned <= known_metrics() | families


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.get("alert") or r["record"])
def test_a_rule_asks_of_metrics_that_there_are(rule: dict[str, Any]) -> None:
    asked = selectors(rule["expr"])

    assert asked
    assert asked <= known_metrics() | RECORDED | BUILT_IN


@pytest.mark.parametrize("rule", [r for r in RULES if "alert" in r], ids=NAMES)
def test_an_alert_says_how_urgent_it_is(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert rule["annotations"]["summary"]
