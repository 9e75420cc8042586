"""Workflows: what their makers' schemas and linters say, and the Makefile's commands."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.gate import verifier_of
from runtime.settings import PREFIX, InvalidSettings, Settings

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
GITHUB = sorted((ROOT / ".github/workflows").glob("*.yml"))
GITLAB = ROOT / ".gitlab-ci.yml"
TARGETS = set(
    re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)
)
DOCKER = ("docker compose ", "gh release create ")
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
CHART = yaml.safe_load((ROOT / "deploy/helm/regulars/Chart.yaml").read_text())
TEMPLATE = (ROOT / "deploy/helm/regulars/templates/_parts.tpl").read_text()


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


def test_the_image_of_a_release_is_the_one_that_its_chart_asks_for(
    tmp_path: Path,
) -> None:
    release = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text())
    named = {step["id"]: step for step in steps(release) if "id" in step}
    build, told = named["build"]["with"], tmp_path / "output"
    environment = {**os.environ, "GITHUB_OUTPUT": str(told)}
    environment["GITHUB_REF_NAME"] = f"v{CHART['appVersion']}"
    subprocess.run(
        ["/bin/bash", "-c", named["tag"]["run"]], env=environment, check=True
    )
    outputs = dict(line.split("=", 1) for line in told.read_text().splitlines())
    version = re.sub(
        r"\$\{\{ steps\.tag\.outputs\.(\w+) \}\}",
        lambda found: outputs[found[1]],
        build["tags"].rsplit(":", 1)[1],
    )

    assert ".tag | default $.Chart.AppVersion" in TEMPLATE
    assert version == CHART["appVersion"]
    assert "VERSION=${{ steps.tag.outputs.version }}\n" in build["build-args"]


def api_settings(environment: dict[str, str]) -> Settings:
    """What compose tells the API's process where a shell has this environment."""

    def filled(found: re.Match[str]) -> str:
        name, is_or_empty, default = found.groups()
        value = environment.get(name, default)
        return value or default if is_or_empty else value

    told = {
        name.removeprefix(PREFIX).lower(): re.sub(
            r"\$\{(\w+)(:?)-([^}]*)\}", filled, value
        )
        for name, value in COMPOSE["services"]["api"]["environment"].items()
        if "ACCESS" in name
    }
    return Settings.model_validate(told)


def test_an_api_that_a_clean_checkout_starts_finds_its_settings_sound() -> None:
    document = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())
    [start] = [
        step
        for step in steps(document)
        if step.get("run", "").startswith("docker compose up")
    ]
    settings = api_settings(start.get("env", {}))

    assert verifier_of(settings, lambda: 0.0) is not None
    # Without a word to the contrary it looks for the key that `make token` makes.
    with pytest.raises(InvalidSettings, match="JWKS_FILE"):
        verifier_of(api_settings({}), lambda: 0.0)


def test_papers_that_start_compose_say_what_comes_before() -> None:
    for page in ("README.md", "docs/bridges.md", "docs/dashboards.md"):
        text = (ROOT / page).read_text()
        before, _, _ = text.partition("`docker compose ")

        assert "`make token" in before[-120:], page


def test_a_job_that_calls_make_has_the_shell_that_it_asks_for() -> None:
    """Images of Docker are Alpine's, which has no bash."""
    [shell] = re.findall(
        r"^SHELL := /bin/(\w+)$", (ROOT / "Makefile").read_text(), re.MULTILINE
    )
    pipeline = yaml.safe_load(GITLAB.read_text())
    jobs = [
        job
        for job in pipeline.values()
        if isinstance(job, dict) and str(job.get("image", "")).startswith("docker:")
    ]

    assert jobs
    for job in jobs:
        [installs] = [line for line in job["before_script"] if "apk add" in line]
        assert {shell, "make", "git"} <= set(installs.split())
