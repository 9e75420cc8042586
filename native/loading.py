"""
Finds what was compiled from exactly the sources that are here, or nothing.

The folder of a build is named by a digest of its sources, so what is older than
an edit is never found: the Python twin runs instead, until `make native`.
"""

import ast
import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
import sysconfig
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from hashlib import blake2b
from pathlib import Path
from types import ModuleType
from typing import Any, Final

PROJECT: Final = Path(__file__).parents[1]
SUFFIX: Final = sysconfig.get_config_var("EXT_SUFFIX") or ".so"
# "1" turns everything compiled off: for tests of the twins, and for doubts.
SWITCH: Final = "PURE_PYTHON"
EXTENSIONS: Final = (
    "record_codec",
    "named_tuples",
    "message_pack",
    "json_objects",
    "prefetching",
    "huge_pages",
)
RULES: Final = "loyalty"
# What else every order goes through: from its bytes to the rules, and back to bytes.
HOT: Final = (
    "schemas/changes.py",
    "schemas/events.py",
    "schemas/state.py",
    "schemas/tuples.py",
    "schemas/updates.py",
    "schemas/views.py",
    "streams/accounts.py",
    "streams/judge.py",
    "streams/members.py",
    "streams/outcome.py",
    "streams/programs.py",
    "streams/room.py",
    "streams/strides.py",
    "streams/writes.py",
)


# Of the rules, what no event goes through: it reads documents once for each program,
# or answers people. A compiler's time is not worth it.
COLD_FOLDERS: Final = ("baskets", "publishing")
COLD_ENDINGS: Final = ("document", "documents", "checks", "parser", "text")
# Asked for the program of each event.
HOT_RULES: Final = ("publishing/timeline.py",)


def rule_sources() -> list[Path]:
    """Modules of the rules that events go through; packages stay Python."""
    found = sorted((PROJECT / RULES).rglob("*.py"))
    return [path for path in found if path.stem != "__init__" and _is_hot(path)]


def _is_hot(path: Path) -> bool:
    if path.relative_to(PROJECT / RULES).as_posix() in HOT_RULES:
        return True
    is_cold = path.parent.name in COLD_FOLDERS
    return not is_cold and path.stem.rpartition("_")[2] not in COLD_ENDINGS


def sources() -> list[Path]:
    """All modules that are compiled, together: the rules, and what is hot."""
    return [*rule_sources(), *(PROJECT / name for name in HOT)]


def extension_source(name: str) -> Path:
    """C source of an extension."""
    return Path(__file__).parent / f"{name}.c"


@cache
def build_folder() -> Path:
    """Where a build of the sources as they are now belongs."""
    digest = blake2b(f"{sys.version}{SUFFIX}".encode(), digest_size=8)
    # How it is compiled counts, too.
    folder = Path(__file__).parent
    builders = ("build.py", "growing_buffer.h", "kept_globals.h", "plain_objects.h")
    parts = [folder / name for name in builders]
    for path in (*parts, *map(extension_source, EXTENSIONS), *sources()):
        digest.update(path.name.encode() + path.read_bytes())
    return PROJECT / ".native" / digest.hexdigest()


def is_on() -> bool:
    """Whether what is compiled may be used, and is there."""
    return os.environ.get(SWITCH) != "1" and (build_folder() / "done").exists()


def record_codec() -> Any:
    """Class `RecordCodec` of `record_codec.c`; None if it is not compiled."""
    module = _extension("record_codec")
    return None if module is None else module.RecordCodec


def packer(shapes: Iterable[tuple[type[Any], tuple[Any, ...]]]) -> Any:
    """
    Module `message_pack`, told of classes and their defaults; None if not compiled.

    `pack` takes a value, `repack` also the one before it, and the bytes in which that
    one begins at a place; what they return None for is left to the twin.
    """
    module = _extension("message_pack")
    if module is not None:
        for shape, defaults in shapes:
            module.know(shape, defaults)
    return module


def json_writer(shapes: Iterable[type[Any]]) -> Any:
    """
    Module `json_objects`, told of named tuple classes; None if it is not compiled.

    `write` makes an object of each of their tuples, a list of any other; what it
    returns None for is left to the twin.
    """
    module = _extension("json_objects")
    if module is not None:
        for shape in shapes:
            names = [f',"{name}":'.encode() for name in shape._fields]
            module.know(shape, (b"{" + names[0][1:], *names[1:]))
    return module


def quicken(classes: Iterable[type[Any]]) -> None:
    """Make calls of named tuple classes cheap, if `named_tuples.c` is compiled."""
    module = _extension("named_tuples")
    if module is not None:
        for cls in classes:
            module.quicken(cls)


def settler() -> Callable[[Any], Any]:
    """
    Function that returns a value of tuples as it is, and spares it the collector.

    The collector looks at all that came from a decoder whenever it looks at all;
    tuples of plain values can be part of no cycle.
    """
    module = _extension("named_tuples")
    settle: Callable[[Any], Any] = _same if module is None else module.settle
    return settle


def _same(value: Any) -> Any:
    return value


def prefetcher() -> Callable[[dict[str, Any], list[bytes | None]], None]:
    """Function that brings what is held under keys near; nothing if not compiled."""
    module = _extension("prefetching")
    prefetch: Callable[[dict[str, Any], list[bytes | None]], None]
    prefetch = _leave_it if module is None else module.prefetch
    return prefetch


def _leave_it(_: dict[str, Any], __: list[bytes | None]) -> None:
    pass


def use_huge_pages() -> bool:
    """Ask for huge pages for Python's objects to come; whether there may be any."""
    module = _extension("huge_pages")
    return module is not None and bool(module.use())


@cache
def _extension(name: str) -> Any:
    if not is_on():
        return None
    spec = importlib.util.spec_from_file_location(
        name, build_folder() / f"{name}{SUFFIX}"
    )
    assert spec is not None, "its suffix is that of a compiled module"
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def prefer_compiled_rules() -> None:
    """
    Import the compiled rules, so that every later `import loyalty.…` finds them.

    All or none: once a module of the rules was imported in Python, the others
    must be too, since a compiled one takes its classes from its neighbours.
    """
    if not is_on() or any(name.startswith(f"{RULES}.") for name in sys.modules):
        return
    finder = _CompiledRules(build_folder())
    settle = settler()
    sys.meta_path.insert(0, finder)
    # Those of the processes are found when they are imported; their values need
    # nothing more.
    for path in [one for one in sources() if one.parts[-2] != "streams"]:
        name = ".".join(path.relative_to(PROJECT).with_suffix("").parts)
        module = importlib.import_module(name)
        _annotate(module, path)
        quicken(
            cls
            for cls in vars(module).values()
            if isinstance(cls, type) and cls.__bases__ == (tuple,)
        )
        # What was made before that would keep the collector looking at all that holds
        # it: nearly each member has a part that a new one begins with.
        for value in vars(module).values():
            if isinstance(value, tuple):
                settle(value)


class _CompiledRules(importlib.abc.MetaPathFinder):
    """Finds the compiled modules of one build, and leaves all others to Python."""

    def __init__(self, folder: Path) -> None:
        self._paths = {
            ".".join(path.relative_to(folder).parts).removesuffix(SUFFIX): path
            for path in folder.rglob(f"*{SUFFIX}")
        }

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> importlib.machinery.ModuleSpec | None:
        """Where a module is, None if it is not one of ours."""
        del path, target
        found = self._paths.get(fullname)
        if found is None:
            return None
        return importlib.util.spec_from_file_location(fullname, found)


def _annotate(module: ModuleType, source: Path) -> None:
    """
    Give the classes of a compiled module the annotations of its source again.

    mypyc leaves `tuple` of `tuple[PointsLot, ...]`; who decodes a member by the
    annotations of its class needs all of it.
    """
    names, text = vars(module), source.read_text()
    if "\nclass " not in text:
        # Each process that starts would wait for the parser.
        return
    for node in ast.parse(text).body:
        if not isinstance(node, ast.ClassDef):
            continue
        erased = vars(names[node.name]).get("__annotations__", {})
        for part in node.body:
            if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
                whole = ast.unparse(part.annotation)
                erased[part.target.id] = eval(whole, names)  # noqa: S307 - our own source
