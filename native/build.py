"""
Compiles the extensions here and the rules with a C compiler that is a package.

mypyc (part of mypy) writes C from the rules as they are; `ziglang` is a C
compiler in a wheel. `CC` names another compiler.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Final

from native.loading import (
    EXTENSIONS,
    PROJECT,
    SUFFIX,
    build_folder,
    extension_source,
    sources,
)

SECONDS_MAX: Final = 900


class NotCompiled(Exception):
    """Nothing was compiled, and why; the Python twins do the same."""


def build() -> Path:
    """
    Compile what is not compiled yet; return the folder.

    Raises: NotCompiled.
    """
    folder = build_folder()
    if (folder / "done").exists():
        return folder
    include = Path(sysconfig.get_paths()["include"])
    if not (include / "Python.h").exists():
        raise NotCompiled("this Python came without its C headers (Python.h)")
    shutil.rmtree(folder.parent, ignore_errors=True)
    with tempfile.TemporaryDirectory() as scratch:
        made = Path(scratch) / "made"
        made.mkdir()
        for name in EXTENSIONS:
            _compile(made / f"{name}{SUFFIX}", [extension_source(name)], [include])
        _compile_rules(Path(scratch), made, include)
        (made / "done").touch()
        # Moved in one step: a process that starts now finds all of it or nothing.
        whole = folder.with_suffix(".new")
        shutil.copytree(made, whole)
        whole.rename(folder)
    return folder


def _compile_rules(scratch: Path, made: Path, include: Path) -> None:
    try:
        from mypyc.build import mypycify
    except ImportError as error:
        raise NotCompiled(f"mypyc is not installed: {error}") from error
    names = [str(path.relative_to(PROJECT)) for path in sources()]
    try:
        modules = mypycify(
            ["--ignore-missing-imports", f"--cache-dir={scratch}/mypy", *names],
            target_dir=str(scratch / "c"),
        )
    # It ends the process for sources that it cannot compile.
    except SystemExit as error:
        raise NotCompiled(f"mypyc refused the rules: {error}") from error
    for source in (scratch / "c").glob("__native_*.c"):
        _keep_globals(source)
    for module in modules:
        target = made.joinpath(*module.name.split(".")).with_suffix(SUFFIX)
        target.parent.mkdir(parents=True, exist_ok=True)
        includes = [include, *map(Path, module.include_dirs)]
        _compile(target, [Path(source) for source in module.sources], includes)


def _keep_globals(source: Path) -> None:
    """
    Let compiled code remember what a module's name stands for.

    mypyc asks the module's dictionary at each use of a class; where it was asked before
    and the dictionary is as it was, the answer is the same.
    """
    text = source.read_text()
    asked = re.compile(
        r"(?P<dict>cpy_r_\w+) = (CPyStatic_\w+___globals);\n"
        r"(?P<name>\s+(?P<key>cpy_r_\w+) = CPyStatics\[\d+\];[^\n]*\n)"
        r"(?P<into>\s+cpy_r_\w+ = )CPyDict_GetItem\((?P=dict), (?P=key)\);"
    )
    kept = r"\g<dict> = \2;\n\g<name>\g<into>KEPT_GLOBAL(\g<dict>, \g<key>);"
    text = asked.sub(kept, text)
    last = re.search(r'#include "__native_internal_\w+\.h"\n', text)
    assert last is not None, "mypyc writes its own headers before its functions"
    kept_header = Path(__file__).parent / "kept_globals.h"
    text = f'{text[: last.end()]}#include "{kept_header}"\n{text[last.end() :]}'
    source.write_text(text)


def _compile(target: Path, sources: list[Path], includes: list[Path]) -> None:
    # Without `baseline` it would compile for the processor of this machine only.
    ours = f"{shlex.quote(sys.executable)} -m ziglang cc -mcpu=baseline"
    compiler = os.environ.get("CC") or ours
    flags = ["-shared", "-fPIC", "-O2", "-g0", "-fno-strict-aliasing", "-w"]
    # Nobody else calls what is in here, so that calls need not ask who is meant.
    flags += ["-fvisibility=hidden"]
    if sys.platform == "darwin":
        flags += ["-undefined", "dynamic_lookup"]
    command = [*shlex.split(compiler), *flags]
    command += [f"-I{folder}" for folder in includes]
    command += [*map(str, sources), "-o", str(target)]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=SECONDS_MAX, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotCompiled(f"{compiler}: {error}") from error
    if done.returncode:
        raise NotCompiled(f"{compiler}: {done.stderr.strip()[-600:]}")
