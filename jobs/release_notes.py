"""Print what the changelog says of this version; refuse if versions differ."""

import argparse
import re
import sys
import tomllib
from pathlib import Path
from typing import Final

import yaml

from jobs.errors import JobRefused
from runtime.settings import Settings

SUMMARY: Final = "print what the changelog says of this version"
ROOT: Final = Path(__file__).parents[1]
UNRELEASED: Final = "Unreleased"


def run(_: Settings, arguments: list[str]) -> None:
    """
    Print the notes of a release.

    Raises: JobRefused when what is here does not name one version.
    """
    parser = argparse.ArgumentParser(prog="release-notes", description=SUMMARY)
    parser.add_argument("--tag", default="", help="the tag that must name it: v1.2.3")
    tag = parser.parse_args(arguments).tag
    version = version_of(ROOT)
    if tag and tag != f"v{version}":
        raise JobRefused(f"the tag is {tag}, and the version here is {version}")
    sections = sections_of((ROOT / "CHANGELOG.md").read_text())
    if tag and version not in sections:
        raise JobRefused(f"CHANGELOG.md has no section {version}")
    sys.stdout.write(sections.get(version) or sections[UNRELEASED])


def version_of(root: Path) -> str:
    """
    The version that everything here names.

    Raises: JobRefused when two places differ.
    """
    package = tomllib.loads((root / "pyproject.toml").read_text())["project"]["version"]
    chart = yaml.safe_load((root / "deploy/helm/regulars/Chart.yaml").read_text())
    compose = (root / "docker-compose.yml").read_text()
    named = {
        "pyproject.toml": package,
        "Chart.yaml, version": chart["version"],
        "Chart.yaml, appVersion": chart["appVersion"],
        "docker-compose.yml": "".join(set(re.findall(r"regulars:(\d\S*)", compose))),
        "api/app.py": "".join(
            re.findall(r'version="([^"]+)"', (root / "api" / "app.py").read_text())
        ),
    }
    if len(set(named.values())) > 1:
        told = ", ".join(f"{place} says {version}" for place, version in named.items())
        raise JobRefused(f"versions differ: {told}")
    return str(package)


def sections_of(changelog: str) -> dict[str, str]:
    """What a changelog says of each version."""
    parts = re.split(r"^## (.+)$", changelog, flags=re.MULTILINE)
    return {
        name.split(" ")[0].strip("[]"): text.strip() + "\n"
        for name, text in zip(parts[1::2], parts[2::2], strict=True)
    }
