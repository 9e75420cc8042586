"""An engine moves to more partitions on a real broker; or it can still go on."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewPartitions
from faust.types import TP

from jobs.broker import partition_counts
from jobs.create_topics import Topics
from jobs.daytwo.reader_positions import ReaderPositions
from jobs.errors import JobFailed, JobRefused
from jobs.reading import LogReader
from jobs.record_writer import RecordWriter
from jobs.repartition import Repartition, run
from local.stack import Stack
from runtime.kafka_access import kafka_access
from runtime.settings import Settings
from schemas.partitioner import partition_of
from schemas.state import CHECKPOINT_KEY, Checkpoint, StateCodec
from schemas.topics import (
    COMMANDS,
    MEMBER_UPDATES,
    ORDERS,
    READERS,
    SOURCES,
    all_topics,
    members_changelog,
)
from stores.member_views import RedisMemberViews
from stores.programs import load_program
from stores.unavailable import StoreUnavailable
from streams.fetching import RecordFetcher
from streams.preflight import NotReady, check_brokers
from tests.builders import an_order
from tests.rules.folding import fold

pytestmark = pytest.mark.end_to_end

OLD, NEW = 2, 3
MEMBERS = [f"m{number}" for number in range(12)]
SINKS = [name for name in READERS if name != "engine"]
STEPS = ("changelog", "states", "prove", "redis", "groups", "topics", "bridges")
NOBODY_THERE = "127.0.0.1:1"


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Kafka, for this file alone: its topics grow."""
    stack = Stack(tmp_path_factory.mktemp("repartition"))
    try:
        stack.start("kafka")
        yield stack
    finally:
        stack.stop()


class Engine:
    """An engine that has been stopped, and what is left of it in Kafka and Redis."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.servers = settings.kafka_bootstrap_servers
        self._codec = StateCodec()
        self._orders = 0
        self.log = LogReader(settings)
        Topics(settings).create(all_topics(settings.app_id))
        self.apply()
        for name in SINKS:
            self.let_read(name)

    def apply(self) -> None:
        """Apply another order of each member: state, update, and how far it is."""
        self._orders += 1
        program = load_program(Path(self.settings.program_file))
        orders = [an_order(f"o{number}") for number in range(self._orders)]
        state = self._codec.encode_member(fold(orders, program).member)
        # Its end in a partition takes an offset, and holds nothing.
        name = f"{self.settings.app_id}-{self._orders}"
        producer = Producer({**kafka_access(self.servers), "transactional.id": name})
        producer.init_transactions(30)
        producer.begin_transaction()
        changelog = members_changelog(self.settings.app_id).name
        for member_id in MEMBERS:
            number = partition_of(member_id.encode(), OLD)
            producer.produce(changelog, state, member_id, number)
            producer.produce(MEMBER_UPDATES.name, b"update", member_id, number)
        producer.commit_transaction(30)
        self.claim(self.settings.app_id, OLD)

    def claim(self, app_id: str, partitions: int) -> None:
        """Write checkpoints at the ends of all sources, as an engine does first."""
        writer = RecordWriter(self.servers)
        topic = members_changelog(app_id).name
        for number in range(partitions):
            ends = {spec.name: self.log.edges(spec.name, number)[1] for spec in SOURCES}
            value = self._codec.encode_checkpoint(Checkpoint(ends, owner="worker"))
            writer.write(topic, number, key=CHECKPOINT_KEY, value=value)
        writer.flush()

    def let_read(self, reader: str) -> dict[tuple[str, int], int]:
        """Let a sink fetch all there is, and commit as far as it has come."""
        fetcher = RecordFetcher(self.servers, f"{reader}-test")
        known = {TP(t, n): 0 for t in READERS[reader] for n in range(OLD)}
        while True:
            batches = fetcher.fetch(dict(known), set(known), 1.0)
            if not batches:
                break
            known |= {TP(one.topic, one.partition): one.end for one in batches}
        fetcher.close()
        places = {(tp.topic, tp.partition): at for tp, at in known.items()}
        ReaderPositions(self.settings).commit(reader, places)
        return places

    def counts(self) -> dict[str, int]:
        """Partitions of every topic."""
        admin = AdminClient(kafka_access(self.servers))
        return partition_counts(admin, self.servers)

    def named(self, app_id: str, partitions: int = NEW) -> Settings:
        """Settings of another engine beside it."""
        return self.settings.model_copy(
            update={"app_id": app_id, "partitions": partitions}
        )

    def check_untouched(self) -> None:
        """See that it can go on as if nothing had been tried."""
        check_brokers(self.settings)
        assert self.counts()[ORDERS.name] == OLD


@pytest.fixture
def engine(broker: Stack, servers: Stack) -> Iterator[Engine]:
    """An engine of two partitions that is idle, with sinks that have read all."""
    redis.Redis.from_url(servers.addresses()["redis_url"]).flushall()
    settings = Settings(
        app_id="old",
        partitions=OLD,
        kafka_bootstrap_servers=broker.addresses()["bootstrap_servers"],
        redis_url=servers.addresses()["redis_url"],
        clickhouse_url=servers.addresses()["clickhouse_url"],
    )
    engine = Engine(settings)
    yield engine
    engine.log.close()
    clean(engine)


def clean(engine: Engine) -> None:
    """Delete all topics; positions in them go as well."""
    admin = AdminClient(kafka_access(engine.servers))
    names = [name for name in engine.counts() if not name.startswith("__")]
    for outcome in admin.delete_topics(names).values():
        outcome.result(30)
    while any(name in engine.counts() for name in names):
        time.sleep(0.1)
    groups = [
        f"{name}-{r}" for name in ("old", "new", "other") for r in (*READERS, "crm")
    ]
    for deleted in admin.delete_consumer_groups(groups).values():
        # Most of them are none.
        deleted.exception(30)


def move(engine: Engine, *, to: str = "new", partitions: int = NEW) -> None:
    """Run the job."""
    run(engine.settings, ["--partitions", str(partitions), "--app-id", to])


def check_moved(engine: Engine, app_id: str = "new") -> None:
    """See that an engine by the new name can start, and the old one cannot."""
    settings = engine.named(app_id)
    check_brokers(settings)
    with pytest.raises(NotReady, match="found 3"):
        check_brokers(engine.settings)
    views = RedisMemberViews(settings.redis_url, app_id)

    async def stored() -> int:
        found = await views.all_of(MEMBERS)
        await views.close()
        return sum(one is not None for one in found)

    assert asyncio.run(stored()) == len(MEMBERS)


def test_a_sink_that_has_read_all_stands_at_the_end_behind_transactions_too(
    engine: Engine,
) -> None:
    for (topic, number), at in engine.let_read("redis-sink").items():
        assert at == engine.log.edges(topic, number)[1]
        # Half of the members' updates, and where a transaction has ended.
        assert at > sum(partition_of(m.encode(), OLD) == number for m in MEMBERS)


def test_groups_begin_where_the_old_ones_have_ended(engine: Engine) -> None:
    old, new = ReaderPositions(engine.settings), ReaderPositions(engine.named("new"))

    move(engine)

    check_moved(engine)
    for name in SINKS:
        places = [(topic, n) for topic in READERS[name] for n in range(OLD)]
        assert new.committed(name, places) == old.committed(name, places) != {}
        # In the new ones they begin at the beginning, as every group does.
        later = [(topic, OLD) for topic in READERS[name]]
        assert new.committed(name, later) == {}


@pytest.mark.parametrize("reader", SINKS)
def test_nothing_moves_while_a_reader_is_behind(engine: Engine, reader: str) -> None:
    engine.apply()
    for name in SINKS:
        if name != reader:
            engine.let_read(name)

    with pytest.raises(JobRefused, match=f"group old-{reader} has read member-updates"):
        move(engine)
    engine.check_untouched()
    assert "new-members-changelog" not in engine.counts()

    engine.let_read(reader)
    move(engine)
    check_moved(engine)


def test_a_reader_that_never_ran_has_nothing_to_lose(engine: Engine) -> None:
    admin = AdminClient(kafka_access(engine.servers))
    for deleted in admin.delete_consumer_groups(["old-dispatcher"]).values():
        deleted.result(30)

    move(engine)

    places = [(MEMBER_UPDATES.name, number) for number in range(OLD)]
    new = ReaderPositions(engine.named("new"))
    assert new.committed("dispatcher", places) == {}
    assert len(new.committed("redis-sink", places)) == OLD


def test_a_bridge_goes_on_where_it_was_and_is_waited_for(engine: Engine) -> None:
    """It commits the record after its last one, which a transaction's end follows."""
    old, new = ReaderPositions(engine.settings), ReaderPositions(engine.named("new"))
    places = [(MEMBER_UPDATES.name, number) for number in range(OLD)]
    sent = {place: engine.log.edges(*place)[1] - 1 for place in places}
    behind = dict.fromkeys(places, 0)
    old.commit("crm", behind)

    with pytest.raises(JobRefused, match="group old-crm has read member-updates-0 to"):
        move(engine)
    engine.check_untouched()
    old.commit("crm", sent)
    move(engine)

    added = (MEMBER_UPDATES.name, OLD)
    assert new.committed("crm", [*places, added]) == sent | {added: 0}


@pytest.mark.parametrize(
    "away",
    [
        {"redis_url": f"redis://{NOBODY_THERE}"},
        {"clickhouse_url": "http://" + NOBODY_THERE},
    ],
)
def test_nothing_moves_while_a_store_is_away(
    engine: Engine, away: dict[str, str]
) -> None:
    settings = engine.settings
    engine.settings = settings.model_copy(update=away)

    with pytest.raises(StoreUnavailable):
        move(engine)

    engine.check_untouched()
    assert "new-members-changelog" not in engine.counts()
    engine.settings = settings
    move(engine)
    check_moved(engine)


@pytest.mark.parametrize("last", STEPS)
def test_a_move_that_broke_off_is_finished_by_the_same_command(
    engine: Engine, last: str, capsys: pytest.CaptureFixture[str]
) -> None:
    broken_off = Repartition(engine.settings, engine.named("new"))
    broken_off.check()
    for step in STEPS[: STEPS.index(last) + 1]:
        getattr(broken_off, step)()
    if last not in ("topics", "bridges"):
        engine.check_untouched()

    move(engine)

    check_moved(engine)
    told = capsys.readouterr().out
    assert f"{len(MEMBERS)} members, before" in told
    assert "start with REGULARS_APP_ID=new REGULARS_PARTITIONS=3" in told


def test_what_the_old_engine_did_after_a_move_broke_off_goes_along(
    engine: Engine,
) -> None:
    store = redis.Redis.from_url(engine.settings.redis_url)
    store.set("old:contact:digest", "m1")
    broken_off = Repartition(engine.settings, engine.named("new"))
    broken_off.check()
    for step in STEPS[: STEPS.index("topics")]:
        getattr(broken_off, step)()
    assert store.get("new:contact:digest") == b"m1"

    store.delete("old:contact:digest")
    engine.apply()
    for name in SINKS:
        engine.let_read(name)
    move(engine)

    check_moved(engine)
    # Who was forgotten meanwhile stays forgotten.
    assert store.get("new:contact:digest") is None
    assert store.hget("new:member:m1", "version") == b"2"


def test_a_topic_that_has_grown_already_stays_as_it_is(engine: Engine) -> None:
    """Some of them grew, and then the broker was away; another name is taken, too."""
    admin = AdminClient(kafka_access(engine.servers))
    grown = [NewPartitions(ORDERS.name, NEW), NewPartitions(COMMANDS.name, NEW)]
    for outcome in admin.create_partitions(grown).values():
        outcome.result(30)
    with pytest.raises(NotReady, match="expected 2 partitions"):
        check_brokers(engine.settings)

    move(engine, to="other")

    check_moved(engine, "other")


def test_an_engine_of_that_name_is_not_written_over(engine: Engine) -> None:
    move(engine)
    # Nothing was started: it may be done again.
    move(engine)
    engine.log.close()
    engine.claim("new", NEW)

    with pytest.raises(JobRefused, match="an engine 'new' is there already"):
        move(engine)
    with pytest.raises(JobRefused, match="'new' is there already, with 3"):
        move(engine, partitions=NEW + 1)


def test_settings_of_another_engine_move_nothing(engine: Engine) -> None:
    """Half of the partitions would be half of the members."""
    engine.settings = engine.named("old", 1)

    with pytest.raises(JobRefused, match=r"expected 1 partitions .* found 2"):
        move(engine)


def test_states_that_are_not_the_same_leave_the_old_engine_as_it_was(
    engine: Engine,
) -> None:
    broken = Repartition(engine.settings, engine.named("new"))
    broken.check()
    broken.changelog()
    broken.states()
    writer = RecordWriter(engine.servers)
    topic = members_changelog("new").name
    program = load_program(Path(engine.settings.program_file))
    stranger = StateCodec().encode_member(fold([an_order()], program).member)
    writer.write(topic, 0, key=b"stranger", value=stranger)
    writer.flush()

    with pytest.raises(JobFailed, match="nothing of the old engine was changed"):
        broken.prove()

    engine.check_untouched()
