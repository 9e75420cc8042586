"""Workflows: what their makers' schemas and linters say, and the Makefile's commands."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
GITHUB = sorted((ROOT / ".github/workflows").glob("*.yml"))
GITLAB = ROOT / ".gitlab-ci.yml"
TARGETS = set(
    re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)
)
DOCKER = ("docker compose ", "gh release create ")


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a tool of ours."""
    name, *rest = command
    return subprocess.run(
        [BIN / name, *rest], cwd=ROOT, capture_output=True, text=True, check=False
    )


def steps(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Every step of every job."""
    return [step for job in document["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize(
    "schema", ["vendor.github-workflows", "custom.github-workflows-require-timeout"]
)
def test_github_reads_its_workflows(schema: str) -> None:
    done = run("check-jsonschema", "--builtin-schema", schema, *GITHUB)

    assert done.returncode == 0, done.stdout + done.stderr


def test_gitlab_reads_its_pipeline() -> None:
    done = run(
        "check-jsonschema",
        "--builtin-schema",
        "vendor.gitlab-ci",
        "--data-transform",
        "gitlab-ci",
        GITLAB,
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_a_linter_of_workflows_finds_no_way_in() -> None:
    done = run("zizmor", "--offline", "--no-progress", ".github/workflows")

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", GITHUB, ids=lambda path: path.name)
def test_a_workflow_may_nothing_by_default_and_pins_what_it_uses(path: Path) -> None:
    document = yaml.safe_load(path.read_text())
    used = [step["uses"] for step in steps(document) if "uses" in step]

    assert document["permissions"] == {}
    assert used
    assert all(re.search(r"@[0-9a-f]{40}$", one) for one in used)


def test_both_call_the_same_commands_and_no_others() -> None:
    github = [
        step["run"]
        for path in GITHUB
        for step in steps(yaml.safe_load(path.read_text()))
        if "run" in step
    ]
    pipeline = yaml.safe_load(GITLAB.read_text())
    gitlab = [
        line
        for job in pipeline.values()
        if isinstance(job, dict)
        for line in job.get("script", [])
    ]
    called = [
        {
            target
            for line in lines
            if line.startswith("make ")
            for target in line.split()[1:]
        }
        for lines in (github, gitlab)
    ]

    assert called[0] | called[1] <= TARGETS
    assert {"check", "secrets", "audit", "test", "image"} <= called[0] & called[1]
    for line in github + gitlab:
        assert line.startswith(("make ", "echo ", *DOCKER)), line
