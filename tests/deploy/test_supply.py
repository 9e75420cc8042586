"""What is shipped: one version, known parts, licences that fit, no secrets."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from jobs.errors import JobRefused
from jobs.release_notes import sections_of, version_of
from jobs.write_licences import image_packages

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
LICENCES = (ROOT / "docs/licences.md").read_text()
# They ask for a notice; MPL for changes of its own files, which we do not make.
FREE = re.compile(
    r"^(\(|\)|AND|OR|;|,|Apache[ -](Software|2\.0)|License|Licence|MIT(-0)?|"
    r"(\d-Clause )?BSD(-\d-Clause)?|PSF-2\.0|Python Software Foundation|Repoze Public|"
    r"0BSD|Zlib|CC0-1\.0|MPL-2\.0|Mozilla Public License 2\.0 \(MPL 2\.0\)|ISC|\s)+$"
)


def test_every_place_names_one_version() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", version_of(ROOT))


def test_versions_that_differ_are_refused(tmp_path: Path) -> None:
    for name in (
        "pyproject.toml",
        "docker-compose.yml",
        "api/app.py",
        "deploy/helm/regulars/Chart.yaml",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text((ROOT / name).read_text())
    chart = tmp_path / "deploy/helm/regulars/Chart.yaml"
    chart.write_text(chart.read_text().replace("version: 0.1.0", "version: 9.9.9"))

    with pytest.raises(JobRefused, match=r"Chart\.yaml, version says 9\.9\.9"):
        version_of(tmp_path)


def test_the_notes_of_a_version_are_its_part_of_the_changelog() -> None:
    text = "# Changelog\n\n## Unreleased\n\nmore\n\n## 1.2.0 - 2026-01-01\n\n### Added\n\n- a\n"

    assert sections_of(text) == {"Unreleased": "more\n", "1.2.0": "### Added\n\n- a\n"}
    assert "Unreleased" in sections_of((ROOT / "CHANGELOG.md").read_text())


def test_every_package_of_the_image_has_a_licence_that_fits() -> None:
    rows = re.findall(r"^\| ([a-z0-9-]+) \| (.+) \|$", LICENCES, re.MULTILINE)
    told = dict(rows[2:])

    assert sorted(told) == sorted(image_packages())
    assert {name: text for name, text in told.items() if not FREE.match(text)} == {}


def test_the_list_of_parts_has_every_package_and_is_the_same_each_time(
    tmp_path: Path,
) -> None:
    into = tmp_path / "sbom.json"
    makefile = (ROOT / "Makefile").read_text()
    [options] = re.findall(r"cyclonedx-py requirements (.+?) -o", makefile)
    command = [BIN / "cyclonedx-py", "requirements", *options.split(), "-o", into]
    subprocess.run(
        [*command, "requirements/base.txt"], cwd=ROOT, check=True, capture_output=True
    )
    document = json.loads(into.read_text())
    named = {part["name"] for part in document["components"]}

    assert document["bomFormat"] == "CycloneDX"
    assert set(image_packages()) <= named
    # Neither a time nor a random number: the same lock gives the same list.
    assert "serialNumber" not in document
    assert "timestamp" not in document.get("metadata", {})


def test_every_locked_package_has_a_hash() -> None:
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        parts = re.split(
            r"^(?=[a-z0-9-]+(?:\[[^]]*\])?==)", path.read_text(), flags=re.MULTILINE
        )
        packages = [part for part in parts if "==" in part.split("\n")[0]]
        assert packages
        assert [part for part in packages if "--hash=sha256:" not in part] == []


def test_a_secret_that_gets_in_is_found(tmp_path: Path) -> None:
    leak = tmp_path / "settings.py"
    leak.write_text('aws_key = "AKIA' + 'QX7ZP3M5N2R8T4V6"\n')
    baseline = tmp_path / "baseline.json"
    baseline.write_text((ROOT / ".secrets.baseline").read_text())
    done = subprocess.run(
        [BIN / "detect-secrets-hook", "--baseline", baseline, leak],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "AWS Access Key" in done.stdout


def test_what_is_shipped_holds_no_secret() -> None:
    git = shutil.which("git")
    assert git
    listed = subprocess.run(
        [
            git,
            "ls-files",
            "deploy",
            "docker-compose.yml",
            ".github",
            ".gitlab-ci.yml",
            "runtime",
            "programs",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    done = subprocess.run(
        [BIN / "detect-secrets-hook", "--baseline", ".secrets.baseline", *listed],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout
