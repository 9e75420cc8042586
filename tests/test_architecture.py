"""The shape of the code: who imports whom, how large it gets, what it may not hold."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles

import pytest
import yaml

from jobs.write_docs import pages
from runtime.settings import PREFIX, Settings

ROOT = Path(__file__).parents[1]
PROCESS = {"loyalty", "schemas", "stores", "runtime"}
MAY_IMPORT: dict[str, set[str]] = {
    "loyalty": set(),
    "runtime": set(),
    "schemas": {"loyalty"},
    "stores": {"loyalty", "schemas", "runtime"},
    "streams": PROCESS,
    "api": PROCESS,
    "jobs": PROCESS,
    # It starts the others as processes, as anybody would.
    "local": set(),
    "benchmarks": PROCESS | {"streams", "jobs", "local"},
}
PURE_MODULES = {"bisect", "collections", "hashlib", "typing"}
BANNED_NAMES = {"utils", "helpers", "common", "base", "manager"}
# In pieces, so that this file does not hold what it forbids.
BANNED_WORDS = [
    "TO" + "DO",
    "FIX" + "ME",
    "NotImplemented" + "Error",
    "mock." + "patch",
]
BANNED_PLACES = [
    "/work" + "/main",
    "/ro" + "ot/",
    "py" + "pi.org",
    "python" + "hosted.org",
    "maven" + ".org",
    "repo1." + "maven",
    "registry.npm" + "js",
]
FUNCTION_LINES_MAX, FUNCTION_LINES_P90 = 60, 25
FILE_LINES_MAX, FILE_LINES_P90 = 300, 200
POSITIONAL_MAX = 3
SOURCES = [p for name in MAY_IMPORT for p in sorted((ROOT / name).rglob("*.py"))]


def imported_modules(tree: ast.Module) -> Iterator[str]:
    """Dotted name of everything that is imported, also inside functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def sideways_imports(folder: str, source: str) -> set[str]:
    """Our folders that a file imports and may not."""
    found = {name.split(".")[0] for name in imported_modules(ast.parse(source))}
    return found & {*MAY_IMPORT, "tests"} - MAY_IMPORT[folder] - {folder}


def impure_imports(source: str) -> set[str]:
    """Modules outside the pure part of the standard library."""
    found = {name.split(".")[0] for name in imported_modules(ast.parse(source))}
    return found - PURE_MODULES - {"loyalty"}


def functions(source: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def lines_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function, its docstring included."""
    assert node.end_lineno is not None
    return node.end_lineno - node.lineno + 1


def crowded_functions(source: str) -> list[str]:
    """Functions with too many positional parameters."""
    crowded = []
    for node in functions(source):
        names = [argument.arg for argument in node.args.posonlyargs + node.args.args]
        own = names[1:] if names[:1] in (["self"], ["cls"]) else names
        is_route = any(isinstance(d, ast.Call) for d in node.decorator_list)
        # A route's parameters are named by FastAPI, whatever their order.
        if len(own) > POSITIONAL_MAX and not is_route and node.name != "__init__":
            crowded.append(f"{node.name}({', '.join(own)})")
    return crowded


def banned_words(source: str) -> list[str]:
    """Words that say that something is not done, or not real."""
    found = [word for word in BANNED_WORDS if word in source]
    marker = "type: " + "ignore"
    bare = source.count(marker) - source.count(marker + "[")
    return found + [marker] * bare


def tracked_texts() -> Iterator[tuple[str, str]]:
    """Every file that git tracks, and its text."""
    listed = subprocess.run(
        ["git", "ls-files"],  # noqa: S607 - git is what is asked
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.suffix not in {".png", ".parquet"} and path.is_file():
            yield name, path.read_text(errors="replace")


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_file_keeps_the_rules(path: Path) -> None:
    source = path.read_text()
    folder = path.relative_to(ROOT).parts[0]

    assert sideways_imports(folder, source) == set()
    assert folder != "loyalty" or impure_imports(source) == set()
    assert crowded_functions(source) == []
    assert banned_words(source) == []
    assert path.stem not in BANNED_NAMES
    assert len(source.splitlines()) <= FILE_LINES_MAX
    assert max(map(lines_of, functions(source)), default=0) <= FUNCTION_LINES_MAX


def test_nine_in_ten_functions_and_files_are_small() -> None:
    sources = [path.read_text() for path in SOURCES]
    function_lines = [lines_of(node) for text in sources for node in functions(text)]
    file_lines = [len(text.splitlines()) for text in sources]

    assert quantiles(function_lines, n=10)[-1] <= FUNCTION_LINES_P90
    assert quantiles(file_lines, n=10)[-1] <= FILE_LINES_P90


def test_nothing_names_a_machine_or_a_package_registry() -> None:
    found = [
        f"{name}: {place}"
        for name, text in tracked_texts()
        for place in BANNED_PLACES
        if place in text
    ]

    assert found == []


def test_every_setting_is_documented() -> None:
    page = pages()["settings.md"]

    missing = [
        name for name in Settings.model_fields if f"{PREFIX}{name.upper()}" not in page
    ]

    assert missing == []


def test_compose_is_sound_and_every_image_is_pinned() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    services = compose["services"]
    images = [s["image"] for s in services.values() if "build" not in s]
    settings = {
        name
        for service in services.values()
        for name in service.get("environment", {})
        if name.startswith(PREFIX)
    }
    needed = {n for s in services.values() for n in s.get("depends_on", {})}
    ports = [port for s in services.values() for port in s.get("ports", ())]

    assert {"kafka", "redis", "clickhouse", "worker", "api"} <= services.keys()
    assert all(":" in image and not image.endswith(":latest") for image in images)
    assert settings <= {PREFIX + name.upper() for name in Settings.model_fields}
    assert needed <= services.keys()
    assert all(port.startswith("127.0.0.1:") for port in ports)


@pytest.mark.parametrize(
    ("check", "source"),
    [
        (lambda text: sideways_imports("loyalty", text), "import schemas.events"),
        (lambda text: sideways_imports("api", text), "from streams import engine"),
        (lambda text: sideways_imports("schemas", text), "def f():\n import stores"),
        (impure_imports, "from datetime import datetime"),
        (impure_imports, "import random"),
        (crowded_functions, "def f(a, b, c, d): ..."),
        (crowded_functions, "class A:\n def f(self, a, b, c, d): ..."),
        (banned_words, "x = 1  # TO" + "DO later"),
        (banned_words, "x = 1  # type: " + "ignore"),
    ],
)
def test_each_check_can_fail(check, source: str) -> None:
    assert check(source)


@pytest.mark.parametrize(
    ("check", "source"),
    [
        (lambda text: sideways_imports("stores", text), "from loyalty import member"),
        (impure_imports, "from bisect import insort"),
        (crowded_functions, "def f(a, b, c, *, d, e): ..."),
        (banned_words, "x = 1  # type: " + "ignore[misc] # why"),
    ],
)
def test_each_check_lets_sound_code_pass(check, source: str) -> None:
    assert not check(source)
