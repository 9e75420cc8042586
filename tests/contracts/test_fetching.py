"""Records of a real broker, read by positions that others say."""

import time
from collections.abc import Callable, Iterator
from itertools import count

import pytest
from confluent_kafka import Producer, TopicPartition
from confluent_kafka.admin import AdminClient
from faust.types import TP

from local.stack import Stack
from runtime.kafka_access import kafka_access
from schemas.topics import ACTIVITY, COMMANDS
from streams.batches import RecordBatch
from streams.fetching import Fetching, RecordFetcher, RecordsDeleted

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(180)]

RECORDS_MAX = 10
WAIT_SECONDS = 0.5
FOUND_SECONDS_MAX = 20.0
RUNS = count(1)

Write = Callable[[int, list[str]], None]


@pytest.fixture
def write(kafka: Stack) -> Write:
    """Writes a transaction of values into a partition of `commands`."""
    producer = Producer(
        {
            **kafka_access(kafka.addresses()["bootstrap_servers"]),
            "transactional.id": f"fetching-{next(RUNS)}",
            "log_level": 0,
        }
    )
    producer.init_transactions(30)

    def written(partition: int, values: list[str]) -> None:
        producer.begin_transaction()
        for value in values:
            producer.produce(
                COMMANDS.name, value, b"ann", partition, headers={"n": b"1"}
            )
        if "taken back" in values:
            producer.flush()
            producer.abort_transaction(30)
        else:
            producer.commit_transaction(30)

    return written


@pytest.fixture
def fetcher(kafka: Stack) -> Iterator[RecordFetcher]:
    """A fetcher that reads ten records at a time."""
    servers = kafka.addresses()["bootstrap_servers"]
    made = RecordFetcher(
        servers, "fetching", fetching=Fetching(records_max=RECORDS_MAX)
    )
    yield made
    made.close()


@pytest.fixture
def ends(fetcher: RecordFetcher) -> dict[TP, int]:
    """Where both partitions that tests write to end now."""
    positions = {TP(COMMANDS.name, 0): 0, TP(COMMANDS.name, 1): 0}
    deadline = time.monotonic() + 2 * WAIT_SECONDS
    while time.monotonic() < deadline:
        for batch in fetcher.fetch(positions, set(positions), WAIT_SECONDS):
            positions[TP(batch.topic, batch.partition)] = batch.end
            deadline = time.monotonic() + 2 * WAIT_SECONDS
    return positions


class Reader:
    """Follows positions as the transport does."""

    def __init__(self, fetcher: RecordFetcher, positions: dict[TP, int]) -> None:
        self._fetcher = fetcher
        self.positions = positions
        self.batches: list[RecordBatch] = []

    def read(self, wanted: set[TP]) -> None:
        """Fetch once."""
        for batch in self._fetcher.fetch(self.positions, wanted, WAIT_SECONDS):
            tp = TP(batch.topic, batch.partition)
            assert batch.start == self.positions[tp]
            self.positions[tp] = batch.end
            self.batches.append(batch)

    def read_until(self, is_enough: Callable[[], bool]) -> None:
        """Fetch until it is enough."""
        deadline = time.monotonic() + FOUND_SECONDS_MAX
        while not is_enough():
            assert time.monotonic() < deadline, self.batches
            self.read(set(self.positions))

    @property
    def values(self) -> list[str]:
        """What was read, in its order."""
        return [one.value.decode() for batch in self.batches for one in batch.records]


@pytest.fixture
def backlog(kafka: Stack) -> set[TP]:
    """Eight partitions of `app-activity`, each with 30,000 records."""
    producer = Producer(
        {
            **kafka_access(kafka.addresses()["bootstrap_servers"]),
            "linger.ms": 50,
            "queue.buffering.max.messages": 1_000_000,
        }
    )
    for number in range(30_000):
        for partition in range(8):
            producer.produce(ACTIVITY.name, b"x" * 150, b"ann", partition)
        if number % 1_000 == 0:
            producer.poll(0)
    assert producer.flush(60) == 0
    return {TP(ACTIVITY.name, partition) for partition in range(8)}


def test_no_partition_waits_until_others_are_read_to_their_end(
    kafka: Stack, backlog: set[TP]
) -> None:
    """Each turn is 5,000 records of eight; the client alone would read 30,000."""
    servers = kafka.addresses()["bootstrap_servers"]
    made = RecordFetcher(servers, "turns")
    positions = dict.fromkeys(backlog, 0)
    apart = 0
    deadline = time.monotonic() + 60
    while max(positions.values()) < 30_000:
        assert time.monotonic() < deadline, positions
        for batch in made.fetch(positions, backlog, WAIT_SECONDS):
            positions[TP(batch.topic, batch.partition)] = batch.end
        apart = max(apart, max(positions.values()) - min(positions.values()))
    made.close()

    assert apart < 15_000


def test_records_come_as_they_were_written(
    fetcher: RecordFetcher, ends: dict[TP, int], write: Write
) -> None:
    reader = Reader(fetcher, ends)
    write(0, ["first", "second"])
    reader.read_until(lambda: len(reader.values) == 2)

    record = reader.batches[0].records[0]

    assert reader.values == ["first", "second"]
    assert (record.key, record.headers) == (b"ann", [("n", b"1")])
    assert abs(record.timestamp / 1000 - time.time()) < FOUND_SECONDS_MAX


def test_what_comes_at_once_is_cut_into_batches_that_follow_one_another(
    fetcher: RecordFetcher, ends: dict[TP, int], write: Write
) -> None:
    reader = Reader(fetcher, ends)
    for part in range(5):
        # Each transaction leaves a marker: offsets of records have gaps.
        write(0, [f"{part}-{number}" for number in range(7)])
    reader.read_until(lambda: len(reader.values) == 35)

    wanted = [f"{part}-{number}" for part in range(5) for number in range(7)]
    assert reader.values == wanted
    assert max(len(batch.records) for batch in reader.batches) == RECORDS_MAX
    for batch in reader.batches:
        assert all(batch.start <= one.offset < batch.end for one in batch.records)


def test_a_position_comes_to_stand_behind_the_markers_of_transactions(
    fetcher: RecordFetcher, ends: dict[TP, int], write: Write
) -> None:
    reader, place = Reader(fetcher, ends), TP(COMMANDS.name, 0)
    end = ends[place]
    write(0, ["kept"])
    write(0, ["taken back"])

    # A record and a marker, twice.
    reader.read_until(lambda: reader.positions[place] == end + 4)

    assert reader.values == ["kept"]


def test_more_than_one_read_holds_comes_in_its_order(
    fetcher: RecordFetcher, ends: dict[TP, int], write: Write
) -> None:
    reader = Reader(fetcher, ends)
    values = [str(number) for number in range(7 * RECORDS_MAX)]
    write(0, values)

    reader.read_until(lambda: len(reader.values) == len(values))

    assert reader.values == values
    assert max(len(batch.records) for batch in reader.batches) <= RECORDS_MAX


def test_a_partition_that_is_not_wanted_waits_and_loses_nothing(
    fetcher: RecordFetcher, ends: dict[TP, int], write: Write
) -> None:
    reader = Reader(fetcher, ends)
    write(0, [f"zero {number}" for number in range(3 * RECORDS_MAX)])
    reader.read_until(lambda: len(reader.values) >= RECORDS_MAX)
    before = len(reader.values)
    write(1, ["one"])
    for _ in range(4):
        reader.read({TP(COMMANDS.name, 1)})

    assert reader.values[before:] == ["one"]

    reader.read_until(lambda: len(reader.values) == 3 * RECORDS_MAX + 1)
    zeros = [value for value in reader.values if value != "one"]
    assert zeros == [f"zero {number}" for number in range(3 * RECORDS_MAX)]


def test_a_position_that_is_moved_back_is_read_from_again(
    fetcher: RecordFetcher, ends: dict[TP, int], write: Write
) -> None:
    place = TP(COMMANDS.name, 0)
    start = ends[place]
    reader = Reader(fetcher, ends)
    write(0, ["first", "second", "third"])
    reader.read_until(lambda: len(reader.values) == 3)

    reader.positions[place] = start + 1
    reader.read_until(lambda: len(reader.values) == 5)

    assert reader.values == ["first", "second", "third", "second", "third"]


def test_a_partition_that_is_moved_while_it_waits_is_read_from_there(
    fetcher: RecordFetcher, ends: dict[TP, int], write: Write
) -> None:
    place = TP(COMMANDS.name, 0)
    start = ends[place]
    reader = Reader(fetcher, ends)
    write(0, ["first", "second"])
    reader.read_until(lambda: len(reader.values) == 2)
    reader.read({TP(COMMANDS.name, 1)})

    reader.positions[place] = start + 1
    reader.read({TP(COMMANDS.name, 1)})
    reader.read_until(lambda: len(reader.values) == 3)

    assert reader.values == ["first", "second", "second"]


def test_a_partition_that_has_left_is_read_no_more(
    fetcher: RecordFetcher, ends: dict[TP, int], write: Write
) -> None:
    reader = Reader(fetcher, ends)
    write(0, ["ours"])
    reader.read_until(lambda: len(reader.values) == 1)
    left = reader.positions.pop(TP(COMMANDS.name, 0))
    write(0, ["of others"])
    write(1, ["ours too"])
    reader.read_until(lambda: len(reader.values) > 1)
    reader.read(set(reader.positions))

    assert reader.values == ["ours", "ours too"]

    reader.positions[TP(COMMANDS.name, 0)] = left
    reader.read_until(lambda: len(reader.values) > 2)
    assert reader.values[2:] == ["of others"]


def test_reading_goes_on_after_a_clean_restart_of_the_broker_d6(
    kafka: Stack, fetcher: RecordFetcher, ends: dict[TP, int], write: Write
) -> None:
    reader = Reader(fetcher, ends)
    write(0, ["before"])
    reader.read_until(lambda: len(reader.values) == 1)
    kafka.terminate("kafka", timeout_seconds=60)
    for _ in range(4):
        reader.read(set(reader.positions))
    kafka.start("kafka")
    write(0, ["after"])

    reader.read_until(lambda: len(reader.values) == 2)

    assert reader.values == ["before", "after"]


@pytest.mark.parametrize("passes", [False, True], ids=["engine", "sink"])
def test_records_that_were_deleted_unread_are_never_passed_in_silence(
    kafka: Stack, write: Write, passes: bool, caplog: pytest.LogCaptureFixture
) -> None:
    servers = kafka.addresses()["bootstrap_servers"]
    place = TP(COMMANDS.name, 2)
    # Both have some of their own.
    write(2, ["deleted", "deleted", "kept"])
    fetching = Fetching(passes_deleted=passes)
    made = RecordFetcher(servers, "deleted", fetching=fetching._replace(records_max=10))
    edges = made._consumer.get_watermark_offsets(TopicPartition(*place), 10)
    # Two records, the third and the marker behind it.
    first = edges[1] - 2
    admin = AdminClient(kafka_access(servers))
    [deleted] = admin.delete_records([TopicPartition(*place, first)]).values()
    deleted.result(30)
    reader = Reader(made, {place: first - 2})
    try:
        if passes:
            reader.read_until(lambda: bool(reader.values))
            assert reader.values == ["kept"]
            assert f"from {first} to" in caplog.records[-1].reason
        else:
            with pytest.raises(RecordsDeleted, match=f"commands-2: .*from {first} to"):
                reader.read_until(lambda: False)
    finally:
        made.close()


def test_a_log_that_ends_before_what_was_read_is_refused(kafka: Stack) -> None:
    servers = kafka.addresses()["bootstrap_servers"]
    fetching = Fetching(passes_deleted=True)
    made = RecordFetcher(servers, "cut", fetching=fetching._replace(records_max=10))
    try:
        with pytest.raises(RecordsDeleted):
            Reader(made, {TP(COMMANDS.name, 3): 1_000_000}).read_until(lambda: False)
    finally:
        made.close()
