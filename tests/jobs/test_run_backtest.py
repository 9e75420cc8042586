"""The command line of a backtest: its table, its JSON, what it refuses."""

import json
from pathlib import Path

import pytest
import yaml

from jobs.__main__ import REFUSED, main
from jobs.backtesting.kafka_source import KafkaSource
from jobs.backtesting.sources import Shard, in_slice
from jobs.backtesting.table import week_text
from stores.programs import load_document
from tests.demo.independent_totals import PROGRAM_FILE

Said = pytest.CaptureFixture[str]
ASK = ["run-backtest", "--source", "retail", "--sample", "1", "--to", "2017-01-20"]


@pytest.fixture
def candidate(tmp_path: Path) -> str:
    """File of a program in which a visit is worth a point."""
    visits = [{"id": "visits", "kind": "visit", "points": 1}]
    document = load_document(PROGRAM_FILE)
    path = tmp_path / "candidate.yaml"
    path.write_text(yaml.safe_dump(document | {"earn": [*document["earn"], *visits]}))
    return str(path)


def test_the_table_shows_both_sides_and_who_gains(capsys: Said, candidate: str) -> None:
    assert main([*ASK, "--candidate", candidate]) == 0

    said = capsys.readouterr().out
    rows = {
        line[:36].strip(): line[36:].split()
        for line in said.splitlines()
        if line.startswith("  ")
    }
    orders = rows["orders"]
    assert orders[0] == orders[1]
    assert orders[2] == "="
    assert rows["visits"][:2] == ["0", orders[0]]
    # On green Tuesdays a visit's point doubles, too.
    assert int(rows["points earned"][2]) >= int(orders[0]) > 50
    assert "members gain" in said
    assert "who gain most" in said
    assert "\n  hash " in said


def test_as_json_it_is_the_same_each_time(capsys: Said, candidate: str) -> None:
    found = []
    for processes in ("1", "2"):
        arguments = ["--candidate", candidate, "--json", "--processes", processes]
        assert main([*ASK, *arguments]) == 0
        found.append(json.loads(capsys.readouterr().out))

    assert found[0] == found[1]
    assert found[0]["gained"] > 0
    assert found[0]["cells_left_out"] == 0


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--candidate", "no-such.yaml"], "no-such.yaml cannot be read"),
        (
            ["--candidate", str(PROGRAM_FILE), "--from", "2018-01-01"],
            "--from must be before --to",
        ),
        (["--candidate", str(PROGRAM_FILE), "--to", "tomorrow"], "expected ms since"),
    ],
)
def test_what_cannot_be_is_refused_in_a_line(
    capsys: Said, arguments: list[str], expected: str
) -> None:
    assert main([*ASK, *arguments]) == REFUSED

    said = capsys.readouterr().err
    assert expected in said
    assert "Traceback" not in said


def test_a_candidate_that_is_no_program_is_refused_with_pointers(
    capsys: Said, tmp_path: Path
) -> None:
    path = tmp_path / "candidate.yaml"
    path.write_text("program: x\ncurrency: USD\nearn: [{id: y}]\n")

    assert main([*ASK, "--candidate", str(path)]) == REFUSED
    assert "/earn/0/points" in capsys.readouterr().err


def test_slices_have_each_member_once() -> None:
    shards = [Shard(n, 0, n, 5, {}, 0) for n in range(5)]
    for member_id in (f"member-{n}" for n in range(200)):
        assert sum(in_slice(member_id, shard, 100) for shard in shards) == 1
    sampled = [
        n for n in range(2_000) if in_slice(f"member-{n}", Shard(0, 0, 0, 1, {}, 0), 10)
    ]
    assert 140 < len(sampled) < 260


def test_weeks_are_shown_by_their_monday() -> None:
    assert week_text("0") == "1969-12-29"
    assert week_text("2452") == "2016-12-26"


def test_the_source_needs_no_broker_until_it_is_read() -> None:
    from runtime.settings import Settings

    source = KafkaSource(Settings(kafka_bootstrap_servers="127.0.0.1:1"))
    source.close()

    assert source.malformed == {}
