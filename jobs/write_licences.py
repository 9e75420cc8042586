"""Write docs/licences.md: what the packages of the image may be used for."""

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement

from jobs.errors import JobRefused
from runtime.settings import Settings

SUMMARY: Final = "write docs/licences.md from the packages that are installed"
ROOT: Final = Path(__file__).parents[1]
SECONDS_MAX: Final = 300
INTRODUCTION: Final = (
    "Made by `make licences`; a test sees that every package of "
    "`requirements/base.txt` is here, and that none asks for more than notice."
)
# What the image runs on.
IMAGE: Final = {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"}


def run(_: Settings, arguments: list[str]) -> None:
    """
    Write the page.

    Raises: JobRefused when the tool that reads the packages is not there.
    """
    parser = argparse.ArgumentParser(prog="write-licences", description=SUMMARY)
    parser.add_argument("--into", type=Path, default=ROOT / "docs" / "licences.md")
    into = parser.parse_args(arguments).into
    into.write_text(page(_licences(image_packages())))


def image_packages() -> list[str]:
    """Packages that the image holds, by name."""
    locked = (ROOT / "requirements" / "base.txt").read_text()
    lines = re.findall(r"^([a-z0-9-]+==.*?) ?\\\\?$", locked, re.MULTILINE)
    wanted = [Requirement(line) for line in lines]
    return [
        one.name for one in wanted if one.marker is None or one.marker.evaluate(IMAGE)
    ]


def page(licences: dict[str, str]) -> str:
    """The page: each package of the image and its licence."""
    lines = [
        "# Licences of the image's packages",
        "",
        INTRODUCTION,
        "",
        "| package | licence |",
        "| --- | --- |",
        *(f"| {name} | {licences[name]} |" for name in sorted(licences)),
    ]
    return "\n".join(lines) + "\n"


def _licences(packages: list[str]) -> dict[str, str]:
    tool = Path(sys.executable).with_name("pip-licenses")
    if not tool.exists():
        raise JobRefused("write-licences needs pip-licenses, which is not installed")
    told = subprocess.run(  # noqa: S603 - our own tool
        [tool, "--from=mixed", "--format=json", "--packages", *packages],
        capture_output=True,
        text=True,
        check=True,
        timeout=SECONDS_MAX,
    ).stdout
    return {
        re.sub(r"[._]", "-", one["Name"]).lower(): one["License"]
        for one in json.loads(told)
    }
