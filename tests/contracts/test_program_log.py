"""The program's log, in memory and in Kafka: one contract, and two who race."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest

from local.stack import Stack
from loyalty.publishing.changes import (
    APPROVED,
    DOCUMENT,
    DRAFTED,
    PUBLISHED,
    SUBMITTED,
    ProgramChange,
    Refused,
    Taken,
    Verdict,
)
from schemas.topics import PROGRAM
from stores.memory_program_log import MemoryProgramLog
from stores.program_log import KafkaProgramLog
from stores.program_log_contract import ProgramLog
from stores.publisher import KafkaPublisher
from stores.unavailable import StoreUnavailable
from tests.publishing.steps import A_BONUS, A_DOCUMENT

NOWHERE = "127.0.0.1:1"
Opening = Callable[[], AbstractContextManager[ProgramLog]]


@contextmanager
def in_memory() -> Iterator[ProgramLog]:
    """The twin."""
    yield MemoryProgramLog(A_DOCUMENT, lambda: int(time.time() * 1000))


def in_kafka(stack: Stack) -> Opening:
    """The real log; each opening is another process that reads it from the start."""

    @contextmanager
    def opening() -> Iterator[ProgramLog]:
        servers = stack.addresses()["bootstrap_servers"]
        publisher = KafkaPublisher(servers)
        log = KafkaProgramLog(
            servers, A_DOCUMENT, group_id="contract", publisher=publisher
        )
        log.start()
        log.wait_until_read(30)
        try:
            yield log
        finally:
            log.stop()
            asyncio.run(publisher.close())

    return opening


@pytest.fixture(params=["memory", "kafka"])
def opening(request: pytest.FixtureRequest) -> Opening:
    """How a log is opened."""
    if request.param == "memory":
        return in_memory
    return in_kafka(request.getfixturevalue("kafka"))


def a_change(rule_id: str, kind: str, expected: int, **fields: Any) -> ProgramChange:
    """Change of a rule."""
    author = "ben" if kind == APPROVED else "ana"
    number = time.monotonic_ns()
    return ProgramChange(
        f"{rule_id}-{kind}-{number}", kind, author, 0, expected, rule_id, **fields
    )


def a_life(rule_id: str) -> list[ProgramChange]:
    """Steps from nothing to published."""
    document = A_BONUS | {"id": rule_id}
    return [
        a_change(rule_id, DRAFTED, 0, section="bonuses", document=document),
        a_change(rule_id, SUBMITTED, 1),
        a_change(rule_id, APPROVED, 2),
        a_change(rule_id, PUBLISHED, 3, version=1),
    ]


def written(log: ProgramLog, changes: list[ProgramChange]) -> list[Verdict]:
    """Verdicts on changes, one after the other."""

    async def write() -> list[Verdict]:
        return [await log.append(change) for change in changes]

    return asyncio.run(write())


def test_a_rule_is_published_and_runs_from_its_time(opening: Opening) -> None:
    with opening() as log:
        verdicts = written(log, a_life("contract-1"))
        since = verdicts[-1].effective_from
        programs = log.snapshot.programs

        assert [v.revision for v in verdicts] == [1, 2, 3, 4]
        assert "contract-1" in programs.at(since).rules
        assert "contract-1" not in programs.at(since - 1).rules
        assert programs.at(0).version == 1


def test_who_is_too_late_is_told_so(opening: Opening) -> None:
    with opening() as log:
        first, second = (a_life("contract-2")[0] for _ in range(2))
        taken, refused = written(log, [first, second])

        assert isinstance(taken, Taken)
        assert isinstance(refused, Refused)
        assert refused.reason == "stale"


def test_the_file_is_the_program_until_there_is_another(opening: Opening) -> None:
    with opening() as log:
        assert log.snapshot.programs.at(0).program_id == "bistro"
        assert log.snapshot.publishing.rule("spend") is not None


def test_whoever_reads_later_knows_the_same(kafka: Stack) -> None:
    opening = in_kafka(kafka)
    with opening() as one:
        written(one, a_life("contract-3"))
        known = one.snapshot.publishing
    with opening() as other:
        assert other.snapshot.publishing == known
        assert other.snapshot.is_recorded


def test_of_two_processes_that_race_each_step_is_taken_once(kafka: Stack) -> None:
    opening = in_kafka(kafka)
    with opening() as one, opening() as other:
        logs = [one, other]

        async def race() -> list[Verdict]:
            asked = [
                logs[number % 2].append(a_life(f"race-{number // 2}")[0])
                for number in range(40)
            ]
            return await asyncio.gather(*asked)

        verdicts = asyncio.run(race())
        pairs = zip(verdicts[::2], verdicts[1::2], strict=True)

        assert {sum(isinstance(v, Taken) for v in pair) for pair in pairs} == {1}
        # What one took back the other has, too, a moment later.
        deadline = time.monotonic() + 5
        while one.snapshot.publishing != other.snapshot.publishing:
            assert time.monotonic() < deadline
            time.sleep(0.01)


def test_who_catches_up_knows_what_another_process_wrote(kafka: Stack) -> None:
    opening = in_kafka(kafka)
    rules = [f"elsewhere-{number}" for number in range(20)]

    with opening() as one, opening() as other:

        async def written_and_read() -> list[bool]:
            known = []
            for rule_id in rules:
                await one.append(a_life(rule_id)[0])
                # Several at once share a look.
                await asyncio.gather(*(other.catch_up() for _ in range(5)))
                known.append(other.snapshot.publishing.rule(rule_id) is not None)
            return known

        assert asyncio.run(written_and_read()) == [True] * len(rules)


def test_who_cannot_catch_up_goes_on_with_what_is_known() -> None:
    log = KafkaProgramLog(NOWHERE, A_DOCUMENT, group_id="away")
    log.start()

    began = time.monotonic()
    asyncio.run(log.catch_up())
    log.stop()

    assert time.monotonic() - began < 5
    assert log.snapshot.programs.at(0).program_id == "bistro"


def test_what_is_no_change_is_left_out_by_everybody(kafka: Stack) -> None:
    publisher = KafkaPublisher(kafka.addresses()["bootstrap_servers"])

    async def spoil() -> None:
        for value in (b"", b"nonsense", b"\xc3\x01" + b"x" * 30):
            await publisher.publish(PROGRAM.name, key=b"k", value=value)
        await publisher.close()

    asyncio.run(spoil())
    with in_kafka(kafka)() as log:
        assert isinstance(written(log, a_life("contract-4"))[-1], Taken)


def test_a_log_that_nobody_answers_for_is_unavailable() -> None:
    publisher = KafkaPublisher(NOWHERE, delivery_timeout_ms=500)
    log = KafkaProgramLog(NOWHERE, A_DOCUMENT, group_id="away", publisher=publisher)
    log.start()

    with pytest.raises(StoreUnavailable):
        log.wait_until_read(0.2)
    with pytest.raises(StoreUnavailable):
        written(log, a_life("contract-5"))
    log.stop()
    asyncio.run(publisher.close())
    assert log.snapshot.programs.at(0).program_id == "bistro"


def test_a_document_is_a_change_like_any_other(kafka: Stack) -> None:
    with in_kafka(kafka)() as log:
        documents = log.snapshot.publishing.documents
        changed = A_DOCUMENT | {"conflict": "max"}
        change = ProgramChange(
            f"document-{time.monotonic_ns()}",
            DOCUMENT,
            "ana",
            0,
            documents,
            document=changed,
        )
        (verdict,) = written(log, [change])

        assert isinstance(verdict, Taken)
        programs = log.snapshot.programs
        assert programs.at(verdict.effective_from).conflict == "max"
        assert programs.at(verdict.effective_from - 1).conflict == "sum"
