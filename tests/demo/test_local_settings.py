"""A shell that is pointed at the embedded stack."""

import subprocess
import sys
from pathlib import Path

from local.stack import PROJECT, Stack


def told(root: Path) -> list[str]:
    """What `python -m local settings` says of a stack in a folder."""
    done = subprocess.run(
        [sys.executable, "-m", "local", "settings", "--root", str(root)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def test_a_shell_is_told_what_points_its_commands_at_the_stack(tmp_path: Path) -> None:
    root = tmp_path / "a stack"
    root.mkdir()
    (root / "stack.json").write_text(
        '{"pids": {}, "identities": {}, "ports": {"kafka": {"kafka": 9092}}}'
    )

    lines = told(root)

    assert "export REGULARS_KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:9092" in lines
    assert all(line.startswith("export REGULARS_") for line in lines)
    assert len(lines) == len(Stack(root).settings())


def test_a_path_with_spaces_stays_one_word(tmp_path: Path) -> None:
    root = tmp_path / "a stack"
    root.mkdir()

    quoted = [line for line in told(root) if "a stack" in line]

    assert quoted
    assert all("='" in line and line.endswith("'") for line in quoted)
