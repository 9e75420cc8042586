"""What operators do on the second day, on real servers, with traffic going on."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest
import redis

from jobs.traffic import START_MS, TrafficPlan, traffic
from local.stack import PROJECT, JobFailed, Stack
from loyalty.limits import DAY_MS
from schemas.state import StateCodec
from schemas.topics import ACTIVITY, COMMANDS, MEMBER_UPDATES, ORDERS
from schemas.updates import UpdateCodec
from stores.clickhouse import connect
from stores.programs import load_document
from tests.end_to_end.conftest import PROGRAM_FILE
from tests.end_to_end.oracle import dump, ledger_hash
from tests.end_to_end.settled import (
    a_producer,
    check_all_equal_the_fold,
    send,
    wait_until_idle,
)
from tests.faults.arrivals import (
    FILLED,
    answers_of_nobody,
    arriving,
    burnt,
    orders_of_nobody,
    plant,
    till_of,
)
from tests.faults.loads import DRAIN_SECONDS_MAX

ORDERS_OF_A_PLAY = 4_000
WORKERS = ("worker", "redis-sink", "clickhouse-sink", "dispatcher")
TABLES = (
    "ledger_rows",
    "decision_rows",
    "member_rows",
    "order_rows",
    "offer_event_rows",
)


def a_play(number: int) -> TrafficPlan:
    """Orders of 1,500 members; each play comes days after the one before."""
    return TrafficPlan(
        orders=ORDERS_OF_A_PLAY,
        members=1_500,
        seed=number,
        duplicates_bp=300,
        disorder_bp=300,
        refunds_bp=200,
        start_ms=START_MS + number * 5 * DAY_MS,
    )


@pytest.fixture(scope="module")
def played(stack: Stack) -> Stack:
    """A stack that has worked through some orders."""
    send(stack, traffic(a_play(1)))
    wait_until_idle(stack, DRAIN_SECONDS_MAX)
    return stack


class GoingOn(NamedTuple):
    """A stack, and orders on their way into it."""

    stack: Stack
    sending: threading.Thread
    number: int

    def settle(self) -> None:
        """Wait until all is sent and applied."""
        self.sending.join(120)
        wait_until_idle(self.stack, DRAIN_SECONDS_MAX)


@pytest.fixture
def going_on(played: Stack, request: pytest.FixtureRequest) -> Iterator[GoingOn]:
    """The same, with orders that arrive while something is done to it."""
    number = 2 + list(request.session.items).index(request.node)
    plan = traffic(a_play(number))
    sending = threading.Thread(target=send, args=(played, plan))
    sending.start()
    yield GoingOn(played, sending, number)
    sending.join(120)


def in_redis(stack: Stack) -> "redis.Redis":
    return redis.Redis.from_url(stack.addresses()["redis_url"])


def reconciled(stack: Stack, *more: str) -> dict[str, object]:
    """What the job finds, also when it finds differences."""
    done = subprocess.run(
        [sys.executable, "-m", "jobs", "reconcile", "--json", *more],
        env=stack.environment(),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.stdout, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    assert done.returncode == (found["difference_count"] != found["repaired"])
    return found


@pytest.mark.timeout(1_200)
def test_redis_is_rebuilt_while_orders_arrive(going_on: GoingOn) -> None:
    stack = going_on.stack
    in_redis(stack).flushall()

    told = stack.run_job("rebuild-redis")
    going_on.settle()

    assert told.count("views written") == 8
    check_all_equal_the_fold(stack)
    assert reconciled(stack)["difference_count"] == 0


@pytest.mark.timeout(1_200)
def test_clickhouse_is_rebuilt_while_orders_arrive(going_on: GoingOn) -> None:
    stack = going_on.stack
    client = connect(stack.addresses()["clickhouse_url"], "regulars")
    before = client.query("SELECT count() FROM order_lines").result_rows
    for table in TABLES:
        client.command(f"TRUNCATE TABLE {table}")

    first = stack.run_job("rebuild-clickhouse")
    stack.run_job("rebuild-clickhouse")
    going_on.settle()
    counted = client.query(
        "SELECT count(), uniqExact(order_id) FROM orders WHERE kind = 'PLACED'"
    )
    lines = client.query("SELECT count() FROM order_lines").result_rows
    client.close()

    assert first.count(" orders, ") == 8
    check_all_equal_the_fold(stack)
    assert counted.result_rows[0][0] == counted.result_rows[0][1]
    assert lines >= before


@pytest.mark.timeout(1_200)
def test_planted_differences_are_found_and_repaired(played: Stack) -> None:
    store = in_redis(played)
    keys = sorted(key for key in store.keys("regulars:member:*"))[:4]  # type: ignore[union-attr] # a list
    names = [key.decode().rpartition(":")[2] for key in keys]
    store.delete(keys[0])
    store.hset(keys[1], "version", 999_999)
    store.hset(keys[2], "view", b'{"balance":1000000}')
    client = connect(played.addresses()["clickhouse_url"], "regulars")
    client.command(
        "INSERT INTO member_rows (member_id, version, balance) VALUES "
        f"('{names[3]}', 888888, 5)"
    )

    found = reconciled(played)
    repaired = reconciled(played, "--repair")
    after = reconciled(played)

    places = {
        (one["member_id"], one["where"], one["what"]) for one in found["differences"]
    }  # type: ignore[attr-defined] # a list
    assert places == {
        (names[0], "redis", "version"),
        (names[1], "redis", "version"),
        (names[2], "redis", "view"),
        (names[3], "clickhouse members", "version"),
        (names[3], "clickhouse members", "balance"),
    }
    assert repaired["repaired"] == repaired["difference_count"] == 5
    assert after["difference_count"] == 0
    check_all_equal_the_fold(played)
    totals = after["partitions"]
    assert all(
        one["state"] == one["redis"] == one["clickhouse"] == one["ledger"]
        for one in totals  # type: ignore[attr-defined] # a list
    )


@pytest.mark.timeout(1_200)
def test_a_missing_ledger_entry_is_found_and_written_from_the_log(
    played: Stack,
) -> None:
    client = connect(played.addresses()["clickhouse_url"], "regulars")
    member_id, version = client.query(
        "SELECT member_id, max(version) FROM ledger GROUP BY member_id ORDER BY member_id LIMIT 1"
    ).result_rows[0]
    client.command(
        f"DELETE FROM ledger_rows WHERE member_id = '{member_id}' AND version = {version}",
        settings={"lightweight_deletes_sync": 2},
    )

    found = reconciled(played, "--repair")
    played.run_job("rebuild-clickhouse")
    after = reconciled(played)

    assert {(one["member_id"], one["where"]) for one in found["differences"]} == {  # type: ignore[attr-defined] # a list
        (member_id, "clickhouse ledger")
    }
    # The ledger is nobody's to repair but the log's.
    assert found["repaired"] == 0
    assert after["difference_count"] == 0


@pytest.mark.timeout(1_200)
def test_a_dead_letter_sent_again_counts_once(played: Stack) -> None:
    """Buried, corrected by nobody, sent twice: one more letter, and nothing else."""
    producer = a_producer(played)
    producer.produce(ORDERS.name, b"not a record", b"guest-1")
    assert producer.flush(30) == 0
    wait_until_idle(played, DRAIN_SECONDS_MAX)
    arguments = ("--reason", "wrong-magic", "--author", "olga", "--why", "a drill")

    first = played.run_job("dead-letters", "redrive", *arguments)
    wait_until_idle(played, DRAIN_SECONDS_MAX)
    again = played.run_job("dead-letters", "discard", *arguments)
    audit = played.run_job("dead-letters", "list", "--status", "all", "--all")

    assert (first, again) == ("1 redriven\n", "1 discarded\n")
    assert "redriven by olga" in audit
    assert "discarded by olga" in audit
    assert played.run_job("dead-letters", "count").strip() == "0  letters"


def test_a_job_that_is_asked_for_what_is_not_says_so(played: Stack) -> None:
    for arguments in (
        ("dead-letters", "redrive", "--author", "a", "--why", "w"),
        ("dead-letters", "redrive", "9-9", "--author", "a", "--why", "w"),
        ("dead-letters", "show", "9-9"),
    ):
        with pytest.raises((JobFailed, subprocess.SubprocessError)):
            played.run_job(*arguments)


def states(folder: Path) -> list[str]:
    """Hash of each partition's states in a backup."""
    manifest = json.loads((folder / "manifest.json").read_text())
    return [one["hash"] for one in manifest["partitions"]]


@pytest.mark.timeout(1_200)
def test_a_backup_restored_into_an_empty_stack_is_the_same_and_goes_on(
    going_on: GoingOn, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The drill: taken while all goes on to its end, hashes equal, one mind, and on."""
    first = going_on.stack
    folder = tmp_path_factory.mktemp("backup") / "one"
    in_redis(first).set("regulars:contact:digest", "guest-1")
    with arriving(first, a_play(going_on.number).start_ms + DAY_MS) as keys:
        first.run_job("backup", "--into", str(folder))
    going_on.settle()
    beside = orders_of_nobody(first)
    for name in (*WORKERS, "api", "ticks"):
        if first.is_running(name):
            first.terminate(name)
    second = Stack(tmp_path_factory.mktemp("second"), say=print)
    try:
        for server in ("kafka", "valkey", "clickhouse"):
            second.start(server)
        for job in ("create-topics", "migrate-clickhouse"):
            second.run_job(job)
        told = second.run_job("restore", "--from", str(folder))
        with pytest.raises(JobFailed, match="empty stack"):
            second.run_job("restore", "--from", str(folder))
        restored = reconciled(second)
        for name in (*WORKERS, "api"):
            second.start(name)
        wait_until_idle(second, DRAIN_SECONDS_MAX)
        again = orders_of_nobody(second), answers_of_nobody(second)
        check_redemptions(second, keys)
        later = traffic(a_play(60))
        send(second, later)
        wait_until_idle(second, DRAIN_SECONDS_MAX)
        found = reconciled(second)
        contact = in_redis(second).get("regulars:contact:digest")
        check_what_is_planted_is_found(second)
    finally:
        second.stop()

    assert told.count(", equal\n") == 8
    assert ", 0 members of whom rows are missing" in told
    assert len(states(folder)) == 8
    assert restored["difference_count"] == 0
    assert again[0] <= beside
    assert again[1] == set()
    assert found["difference_count"] == 0
    assert contact == b"guest-1"


def check_redemptions(stack: Stack, keys: list[str]) -> None:
    """Whatever a client of before sends again is done once: told so, and burned."""
    with till_of(stack) as till:
        for key in keys:
            answer, _ = till.redeem_for_sure(key)
            assert answer.status_code == 200, answer.text
        wait_until_idle(stack, DRAIN_SECONDS_MAX)
        assert till.read().json()["balance"] == FILLED - len(keys)
    assert burnt(stack) == len(keys) > 0


def check_what_is_planted_is_found(stack: Stack) -> None:
    """The checks of the drill can fail."""
    plant(stack)
    assert "planted" in orders_of_nobody(stack)
    assert answers_of_nobody(stack) == {"planted"}
    differences = reconciled(stack)["differences"]
    assert {one["where"] for one in differences} == {"clickhouse ledger"}  # type: ignore[attr-defined] # a list


@pytest.mark.timeout(1_200)
def test_a_backup_that_was_touched_is_refused(played: Stack, tmp_path: Path) -> None:
    folder = tmp_path / "two"
    played.run_job("backup", "--into", str(folder), "--without-clickhouse")
    with (folder / "changelog-3.avro").open("ab") as file:
        file.write(b"!")

    with pytest.raises(JobFailed, match="digest differs"):
        played.run_job("restore", "--from", str(folder))
    with pytest.raises(JobFailed, match="not empty"):
        played.run_job("backup", "--into", str(folder))


@pytest.mark.timeout(1_200)
def test_what_was_at_a_time_is_told_again(played: Stack) -> None:
    servers = played.addresses()["bootstrap_servers"]
    update = next(iter(dump(servers, MEMBER_UPDATES.name)))
    member_id = update.key().decode()

    now = json.loads(played.run_job("audit", "--member", member_id))
    then = json.loads(
        played.run_job(
            "audit", "--member", member_id, "--offset", str(update.offset() + 1)
        )
    )
    whole = played.run_job("audit", "--partition", "0")
    verified = played.run_job("verify", "--partition", "0")

    told = UpdateCodec().decode(update.value())
    assert then["version"] == told.view.version
    member = msgspec.to_builtins(StateCodec().decode_member(told.state))
    assert then["state"] == json.loads(json.dumps(member))
    assert then["version"] <= now["version"]
    # The same hash as `verify` gives of what the engine keeps.
    assert whole.split(", ")[1] in verified
    with pytest.raises(JobFailed, match="nothing had happened"):
        played.run_job("audit", "--member", member_id, "--at", "2001-01-01")


@pytest.mark.timeout(1_200)
def test_a_backtest_of_the_archive_is_that_of_the_log(
    played: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGULARS_ARCHIVE_FOLDER", str(tmp_path))
    candidate = tmp_path / "candidate.json"
    document = load_document(PROGRAM_FILE)
    document["earn"][0]["points"] += 1
    candidate.write_text(json.dumps(document, default=str))
    backtest = (
        "run-backtest",
        "--candidate",
        str(candidate),
        "--json",
        "--processes",
        "1",
    )
    until = ("--to", "2030-01-01")

    nothing = played.run_job("archive")
    told = played.run_job("archive", "--today")
    again = played.run_job("archive", "--today")

    servers = played.addresses()["bootstrap_servers"]
    topics = (ORDERS.name, COMMANDS.name, ACTIVITY.name)
    count = sum(1 for topic in topics for _ in dump(servers, topic))
    assert told.startswith(f"{count:,} records")
    assert (nothing[:10], again[:10]) == ("0 records ", "0 records ")
    of_log = json.loads(played.run_job(*backtest, *until, "--source", "kafka"))
    of_files = json.loads(played.run_job(*backtest, *until, "--source", "parquet"))
    assert of_files == of_log


# Last: the stack has another engine afterwards.
@pytest.mark.timeout(1_200)
def test_an_engine_moves_to_more_partitions_and_its_ledger_stays_as_it_was(
    played: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not played.is_running("worker"):
        for name in WORKERS:
            played.start(name)
    wait_until_idle(played, DRAIN_SECONDS_MAX)
    before = ledger_of(played)
    with pytest.raises(JobFailed, match="expected more than 8"):
        played.run_job("repartition", "--partitions", "8", "--app-id", "regulars-b")
    for name in WORKERS:
        played.terminate(name)

    told = played.run_job("repartition", "--partitions", "12", "--app-id", "regulars-b")
    monkeypatch.setenv("REGULARS_PARTITIONS", "12")
    monkeypatch.setenv("REGULARS_APP_ID", "regulars-b")
    for name in WORKERS:
        played.start(name)
    moved = ledger_of(played)
    send(played, traffic(a_play(61)))
    wait_until_idle(played, DRAIN_SECONDS_MAX)

    digests = told.split("before ")[1].split("\n")[0].split(", after ")
    assert digests[0] == digests[1]
    assert before == moved
    assert ledger_of(played) != before
    assert reconciled(played)["difference_count"] == 0


def ledger_of(stack: Stack) -> str:
    """Hash of the ledger in ClickHouse."""
    client = connect(stack.addresses()["clickhouse_url"], "regulars")
    rows = client.query(
        "SELECT entry_id, kind, points, balance_after FROM ledger"
    ).result_rows
    client.close()
    return ledger_hash(iter([tuple(row) for row in rows]))
