"""Image and compose: complete, bounded, pinned, and sound to the tools that know."""

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from jobs.__main__ import summaries
from local.ports import free_port
from native.loading import sources
from streams.roles import NAMES

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
DOCKERFILE = (ROOT / "deploy/Dockerfile").read_text()
BRIDGES = (ROOT / "deploy/bridges.compose.yml").read_text()
FOLDERS = {path.parent.name for path in ROOT.glob("*/__init__.py")}
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = [name for name, one in SERVICES.items() if "regulars:" in one["image"]]
# They answer nobody, so there is nobody to ask how they are.
SILENT = {"setup", "close-days", "ticker"}


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a tool of ours in the project's folder."""
    return subprocess.run(
        [BIN / command[0], *command[1:]],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("file", ["docker-compose.yml", "docker-compose.brands.yml"])
def test_compose_is_what_the_specification_says(file: str) -> None:
    done = run("check-jsonschema", "--builtin-schema", "vendor.compose-spec", file)

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_dockerfile_pleases_its_linter() -> None:
    done = run("hadolint", "deploy/Dockerfile")

    assert done.stdout + done.stderr == ""
    assert done.returncode == 0


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_is_bounded_and_watched(name: str) -> None:
    service = SERVICES[name]

    assert {"mem_limit", "cpus", "pids_limit", "logging"} <= service.keys()
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["healthcheck"].get("disable", False) == (name in SILENT)


@pytest.mark.parametrize("name", OURS)
def test_ours_write_nowhere_and_may_nothing(name: str) -> None:
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert len(service["tmpfs"]) == 1


def test_a_second_brand_has_every_process_of_the_first_and_its_own_name() -> None:
    second = yaml.safe_load((ROOT / "docker-compose.brands.yml").read_text())
    services: dict[str, Any] = second["services"]

    assert set(services) == {f"diner-{name}" for name in OURS}
    for name, service in services.items():
        assert service["environment"]["REGULARS_BRAND"] == "diner"
        assert service["extends"]["service"] in OURS
        assert name == "diner-setup" or "diner-setup" in service["depends_on"]


def test_every_process_of_the_product_is_there() -> None:
    commands = [" ".join(SERVICES[name]["command"]) for name in OURS]
    needed = [f"python -m streams {role}" for role in NAMES]
    needed += ["python -m api", "jobs send-ticks", "jobs run-backtests"]
    needed += ["jobs run-campaigns"]
    jobs = {found for text in commands for found in re.findall(r"jobs ([a-z-]+)", text)}

    assert [one for one in needed if not any(one in text for text in commands)] == []
    assert jobs <= summaries().keys()


def test_prometheus_scrapes_all_that_serve_metrics() -> None:
    scraped = yaml.safe_load((ROOT / "deploy/prometheus.yml").read_text())
    targets = scraped["scrape_configs"][0]["static_configs"][0]["targets"]
    serving = {
        f"{name}:{port}"
        for name in OURS
        for setting, port in SERVICES[name]["environment"].items()
        if setting in {"REGULARS_METRICS_PORT", "REGULARS_API_PORT"}
    }

    assert set(targets) == serving


def test_the_image_holds_what_its_processes_import() -> None:
    [*_, last] = stages().values()
    imported = {
        name.split(".")[0]
        for folder in ("streams", "api", "jobs")
        for path in (ROOT / folder).rglob("*.py")
        for name in _imports(path)
    }

    assert {"streams", "api", "jobs"} | imported & FOLDERS <= folders_of(last)


def test_what_is_compiled_for_the_image_finds_all_that_it_imports() -> None:
    """Absent, a compiled module breaks the build; what one imports, its types."""
    waiting, seen = list(sources()), set[Path]()
    while waiting:
        path = waiting.pop()
        seen.add(path)
        modules = (ROOT.joinpath(*name.split(".")) for name in _imports(path))
        found = {one.with_suffix(".py") for one in modules}
        waiting += [one for one in found if one.exists() and one not in seen]
    needed = {path.relative_to(ROOT).parts[0] for path in seen}

    assert {"schemas", "streams"} < needed
    native = stages()["native"]
    assert needed <= folders_of(native)
    # Without its settings the compiler refuses, and an image would be made without.
    assert re.search(r"^COPY pyproject\.toml \.$", native, re.MULTILINE)
    assert "test -f .native/*/done" in native


def test_the_build_is_given_whatever_it_copies() -> None:
    given = re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE)
    asked = [*re.findall(r"PACKAGES: (\w+)", BRIDGES), "base"]
    copied = {
        source.replace("${PACKAGES}", packages)
        for source in re.findall(r"^COPY (?!--from)(\S+) ", DOCKERFILE, re.MULTILINE)
        for packages in asked
    }

    assert copied == set(given)
    assert [source for source in copied if not (ROOT / source).exists()] == []


def stages() -> dict[str, str]:
    """Instructions of each stage of the image, by its name; the last has none."""
    texts = re.split(r"^FROM \S+", DOCKERFILE, flags=re.MULTILINE)[1:]
    return {text.split("\n")[0].removeprefix(" AS "): text for text in texts}


def folders_of(stage: str) -> set[str]:
    """Our folders that a stage copies whole."""
    return set(re.findall(r"^COPY (\w+) \1$", stage, re.MULTILINE))


def _imports(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append(node.module)
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return found


def test_the_image_runs_as_nobody_and_says_how_it_is() -> None:
    assert re.search(r"^USER 10001:10001$", DOCKERFILE, re.MULTILINE)
    assert re.search(r"^HEALTHCHECK ", DOCKERFILE, re.MULTILINE)
    assert DOCKERFILE.count("--require-hashes") == 2
    assert re.search(
        r"^ARG PYTHON=python:3\.11\.\d+-slim-\w+$", DOCKERFILE, re.MULTILINE
    )


@pytest.mark.parametrize(
    ("environment", "code"),
    [
        ({"REGULARS_METRICS_PORT": "{ready}"}, 0),
        ({"REGULARS_API_PORT": "{ready}"}, 0),
        ({"REGULARS_METRICS_PORT": "{waiting}"}, 1),
        ({"REGULARS_METRICS_PORT": "1"}, 1),
    ],
    ids=["worker", "api", "not-ready", "nobody"],
)
def test_the_probe_tells_by_its_exit_code(
    environment: dict[str, str], code: int
) -> None:
    from runtime.health import serve_health

    ports = {"ready": free_port(), "waiting": free_port()}
    serve_health("127.0.0.1", ports["ready"], lambda: {"restored": True})
    serve_health("127.0.0.1", ports["waiting"], lambda: {"restored": False})
    told = {name: value.format(**ports) for name, value in environment.items()}
    done = subprocess.run(
        [sys.executable, "-m", "runtime.probe"],
        cwd=ROOT,
        env=told,
        check=False,
        capture_output=True,
    )

    assert done.returncode == code
