"""What the command line of the jobs says, above all when it refuses."""

import io
from pathlib import Path

import pytest

from jobs.__main__ import REFUSED, STAYING, main, summaries
from jobs.create_topics import config_differences, described, wrong_count
from jobs.errors import JobRefused
from jobs.progress import Progress
from jobs.replication import in_sync_of, too_few
from jobs.send_ticks import shown, time_from
from local.ports import free_port
from schemas.topics import ORDERS, broker_config

Said = pytest.CaptureFixture[str]


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> str:
    """Address of this machine at which nothing listens."""
    address = f"127.0.0.1:{free_port()}"
    monkeypatch.setenv("REGULARS_KAFKA_BOOTSTRAP_SERVERS", address)
    return address


def test_jobs_that_stay_are_jobs() -> None:
    assert set(STAYING) <= set(summaries())


def test_help_names_every_job_with_what_it_does(capsys: Said) -> None:
    assert main(["--help"]) == 0

    listing = capsys.readouterr().out
    assert {"create-topics", "send-ticks", "replay-retail", "generate-traffic"} <= set(
        summaries()
    )
    for name, summary in summaries().items():
        assert f"{name} " in listing
        assert summary in listing


def test_a_module_without_a_summary_is_no_job() -> None:
    assert "retail" not in summaries()
    assert "broker" not in summaries()


def test_no_name_is_refused_with_the_list(capsys: Said) -> None:
    assert main([]) == REFUSED
    assert "create-topics" in capsys.readouterr().out


def test_an_unknown_name_is_refused_with_those_that_exist(capsys: Said) -> None:
    assert main(["make-coffee"]) == REFUSED

    said = capsys.readouterr().err
    assert "'make-coffee'" in said
    assert "create-topics" in said


def test_an_unknown_setting_is_refused_by_name(
    capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGULARS_PARTITONS", "4")

    assert main(["create-topics"]) == REFUSED
    assert "REGULARS_PARTITONS" in capsys.readouterr().err


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "arguments",
    [
        ["create-topics"],
        ["send-ticks", "--at", "2018-01-02"],
        ["send-ticks"],
        ["replay-retail", "--weeks", "1"],
        ["generate-traffic", "--orders", "1"],
    ],
    ids=" ".join,
)
def test_a_broker_that_is_not_there_is_named(
    arguments: list[str],
    nobody: str,
    capsys: Said,
    *,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("jobs.broker.ANSWER_TIMEOUT_S", 1)

    assert main(arguments) == REFUSED

    said = capsys.readouterr().err
    assert f"expected a Kafka broker at {nobody}" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["replay-retail", "--weeks", "54"], "--weeks: expected 1 to 53, found 54"),
        (["generate-traffic", "--orders", "0"], "--orders: expected 1 to"),
        (["generate-traffic", "--refunds-bp", "10001"], "--refunds-bp: expected 0 to"),
        (["generate-traffic", "--gap-ms", "86400000"], "more than a day after now"),
        (["send-ticks", "--at", "soon"], "found 'soon'"),
        (["send-ticks", "--at", "1970-01-02"], "expected a time from 2000 to 9999"),
    ],
)
def test_a_bad_argument_is_refused_with_its_bounds(
    arguments: list[str], fault: str, capsys: Said
) -> None:
    assert main(arguments) == REFUSED
    assert fault in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("1514851200000", 1_514_851_200_000),
        ("2018-01-02", 1_514_851_200_000),
        ("20180102", 1_514_851_200_000),
        ("2018-01-02T00:00:00Z", 1_514_851_200_000),
        ("2018-01-02T01:00:00+01:00", 1_514_851_200_000),
    ],
)
def test_times_are_read_as_utc(text: str, at: int) -> None:
    assert time_from(text) == at
    assert shown(at) == "2018-01-02T00:00:00+00:00"


@pytest.mark.parametrize("text", ["", "99999999999999999999", "2018-13-01", "-5"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(JobRefused):
        time_from(text)


def test_a_differing_configuration_is_named_with_expected_and_found() -> None:
    found = broker_config(ORDERS) | {"retention.ms": "60000", "segment.ms": "1"}

    differences = config_differences(broker_config(ORDERS), found)

    assert differences == {"retention.ms": ("34560000000", "60000")}
    said = described({"orders": differences})
    assert "topic orders: retention.ms is 60000, expected 34560000000" in said


def test_a_differing_count_is_named_with_expected_and_found() -> None:
    said = wrong_count("orders", expected=8, found=3)

    assert said == "topic orders: expected 8 partitions, found 3"


def test_a_topic_on_too_few_brokers_is_named_with_expected_and_found() -> None:
    said = too_few("orders", expected=3, found=1)

    assert said == "topic orders: expected 3 replicas, found 1"


@pytest.mark.parametrize(
    ("replicas", "found", "expected"),
    [
        (1, "", "1"),
        (2, "", "2"),
        (3, "", "2"),
        (5, "", "3"),
        (3, "1", "2"),
        (3, "2", "2"),
        # More than we ask for is the operator's choice, what cannot be is not.
        (3, "3", "3"),
        (3, "4", "3"),
        (1, "2", "1"),
    ],
)
def test_a_majority_of_replicas_has_what_is_acknowledged(
    replicas: int, found: str, expected: str
) -> None:
    assert in_sync_of(replicas, found) == expected


def test_progress_away_from_a_terminal_is_plain_lines() -> None:
    out = io.StringIO()

    progress = Progress("orders", 200, out=out)
    progress.show(1)
    progress.finish(100, "2017-06-30")

    assert out.getvalue().startswith(
        "[###############...............]  50%  100 of 200"
    )
    assert out.getvalue().endswith("2017-06-30\n")
    assert "\r" not in out.getvalue()


def test_jobs_never_import_the_other_processes() -> None:
    for path in (Path(__file__).parents[2] / "jobs").glob("*.py"):
        assert "import streams" not in path.read_text()
        assert "from streams" not in path.read_text()
        assert "from api" not in path.read_text()
