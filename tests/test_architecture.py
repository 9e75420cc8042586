"""The shape of the code: who imports whom, how large it gets, what it may not hold."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import quantiles

import pytest
import yaml
from prometheus_client.metrics import MetricWrapperBase

import runtime.metrics
from runtime.settings import PREFIX, Settings
from tests.tracked import ROOT, tracked

PROCESS = {"delivery", "loyalty", "native", "schemas", "stores", "runtime"}
MAY_IMPORT: dict[str, set[str]] = {
    "loyalty": set(),
    "runtime": set(),
    # It compiles the others' sources, and imports none of them by name.
    "native": set(),
    "schemas": {"loyalty", "native"},
    "stores": {"loyalty", "schemas", "runtime"},
    # What leaves the house; it knows no store, and whoever sends knows it.
    "delivery": {"loyalty", "runtime"},
    "streams": PROCESS,
    "api": PROCESS,
    "jobs": PROCESS,
    # It starts the others as processes, as anybody would.
    "local": set(),
    "benchmarks": PROCESS | {"streams", "jobs", "local"},
}
# No time, os, random, asyncio: what is decided depends on what is handed in.
PURE_MODULES = {
    "bisect",
    "calendar",
    "collections",
    "dataclasses",
    "enum",
    "functools",
    "hashlib",
    "heapq",
    "itertools",
    "marshal",
    "math",
    "operator",
    "typing",
}
BANNED_NAMES = {"utils", "helpers", "common", "base", "manager"}
# In pieces, so that this file does not hold what it forbids.
BANNED_WORDS = [
    "TO" + "DO",
    "FIX" + "ME",
    "NotImplemented" + "Error",
    "mock." + "patch",
]
BANNED_PLACES = [
    "/wo" + "rk/",
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
HTTP_METHODS = {"get", "post", "put", "patch", "delete"}
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


def long_functions(source: str) -> list[str]:
    """Functions longer than one can take in."""
    return [n.name for n in functions(source) if lines_of(n) > FUNCTION_LINES_MAX]


def is_free(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether somebody else says how it is called: Python, or FastAPI by name."""
    is_dunder = node.name.startswith("__") and node.name.endswith("__")
    is_route = any(
        isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Attribute)
        and decorator.func.attr in HTTP_METHODS
        for decorator in node.decorator_list
    )
    return is_dunder or is_route


def crowded_functions(source: str) -> list[str]:
    """Functions with too many positional parameters."""
    crowded = []
    for node in functions(source):
        names = [argument.arg for argument in node.args.posonlyargs + node.args.args]
        own = names[1:] if names[:1] in (["self"], ["cls"]) else names
        if len(own) > POSITIONAL_MAX and not is_free(node):
            crowded.append(f"{node.name}({', '.join(own)})")
    return crowded


def banned_words(source: str) -> list[str]:
    """Words that say that something is not done, or not real."""
    found = [word for word in BANNED_WORDS if word in source]
    marker = "type: " + "ignore"
    bare = source.count(marker) - source.count(marker + "[")
    return found + [marker] * bare


def banned_places(source: str) -> list[str]:
    """Paths of a developer's machine, hosts of package registries."""
    return [place for place in BANNED_PLACES if place in source]


def unpinned_images(compose: str) -> list[str]:
    """Images without a tag that names a version."""
    services = yaml.safe_load(compose)["services"].values()
    images = [service["image"] for service in services if "image" in service]
    return [image for image in images if not re.search(r":v?\d+(\.\d+)+$", image)]


def open_ports(compose: str) -> list[str]:
    """Ports that other machines could reach."""
    services = yaml.safe_load(compose)["services"].values()
    ports = [str(port) for service in services for port in service.get("ports", ())]
    return [port for port in ports if not port.startswith("127.0.0.1:")]


def unnamed(names: Iterable[str], page: str) -> list[str]:
    """Names that a page does not hold in code marks."""
    return [name for name in names if f"`{name}`" not in page]


def tracked_texts() -> Iterator[tuple[str, str]]:
    """Every file that git tracks, and its text."""
    for name in tracked():
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
    assert path.stem not in BANNED_NAMES
    assert len(source.splitlines()) <= FILE_LINES_MAX
    assert long_functions(source) == []


def test_nine_in_ten_functions_and_files_are_small() -> None:
    sources = [path.read_text() for path in SOURCES]
    function_lines = [lines_of(node) for text in sources for node in functions(text)]
    file_lines = [len(text.splitlines()) for text in sources]

    assert quantiles(function_lines, n=10)[-1] <= FUNCTION_LINES_P90
    assert quantiles(file_lines, n=10)[-1] <= FILE_LINES_P90


def test_nothing_is_left_undone_and_nothing_is_mocked() -> None:
    found = {
        name: banned_words(text)
        for name, text in tracked_texts()
        if name.endswith((".py", ".sql", ".yml", ".yaml", ".toml", "Makefile"))
    }

    assert {name: words for name, words in found.items() if words} == {}


def test_nothing_names_a_machine_or_a_package_registry() -> None:
    found = {name: banned_places(text) for name, text in tracked_texts()}

    assert {name: places for name, places in found.items() if places} == {}


def test_every_setting_is_documented() -> None:
    names = [PREFIX + name.upper() for name in Settings.model_fields]

    assert unnamed(names, (ROOT / "docs" / "settings.md").read_text()) == []


def test_every_metric_is_documented() -> None:
    names = [
        metric.name + ("_total" if metric.type == "counter" else "")
        for collector in vars(runtime.metrics).values()
        if isinstance(collector, MetricWrapperBase)
        for metric in collector.describe()
    ]

    assert names
    assert unnamed(names, (ROOT / "docs" / "metrics.md").read_text()) == []


def test_compose_is_sound_and_every_image_is_pinned() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    services = yaml.safe_load(text)["services"]
    settings = {
        name
        for service in services.values()
        for name in service.get("environment", {})
        if name.startswith(PREFIX)
    }
    needed = {n for s in services.values() for n in s.get("depends_on", {})}

    assert {"kafka", "redis", "clickhouse", "worker", "api"} <= services.keys()
    assert unpinned_images(text) == []
    assert open_ports(text) == []
    assert settings <= {PREFIX + name.upper() for name in Settings.model_fields}
    assert needed <= services.keys()


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
        (crowded_functions, "@cached(max=9)\ndef f(a, b, c, d): ..."),
        (long_functions, "def f():\n" + " x = 1\n" * FUNCTION_LINES_MAX),
        (banned_words, "x = 1  # TO" + "DO later"),
        (banned_words, "x = 1  # type: " + "ignore"),
        (banned_places, "cd /wo" + "rk/here"),
        (banned_places, "https://py" + "pi.org/simple"),
        (unpinned_images, "services: {a: {image: redis}}"),
        (unpinned_images, "services: {a: {image: 'redis:latest'}}"),
        (unpinned_images, "services: {a: {image: 'redis:8'}}"),
        (open_ports, "services: {a: {ports: ['8000:8000']}}"),
        (lambda text: unnamed(["lag"], text), "`lag_records` is another metric"),
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
        (crowded_functions, "class A:\n def __exit__(self, a, b, c, d): ..."),
        (crowded_functions, "@router.get('/')\ndef f(a, b, c, d): ..."),
        (long_functions, "def f():\n" + " x = 1\n" * (FUNCTION_LINES_MAX - 1)),
        (unpinned_images, "services: {a: {image: 'redis:v8.1'}, b: {build: .}}"),
        (open_ports, "services: {a: {ports: ['127.0.0.1:80:80']}}"),
        (banned_words, "x = 1  # type: " + "ignore[misc] # why"),
    ],
)
def test_each_check_lets_sound_code_pass(check, source: str) -> None:
    assert not check(source)
