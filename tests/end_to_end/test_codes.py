"""Real brokers, two engines, kill -9: each code is one member's, and is used once."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from confluent_kafka import Producer

from local.stack import Stack
from schemas.topics import DEAD_LETTERS
from tests.end_to_end.engines import workers
from tests.end_to_end.oracle import dump
from tests.end_to_end.scarcity import (
    Kept,
    a_broker,
    answers,
    kill_in_turn,
    read,
    say,
    units,
    wait,
)
from tests.end_to_end.settled import a_producer

PROGRAM = Path(__file__).parent / "codes.yaml"
CODES, TEAS = 90, 60
MEMBERS, KILLS = 300, 3
SECOND_MS = 1_000


@pytest.fixture(scope="module")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A broker for engines that run the program of codes."""
    with a_broker(tmp_path_factory.mktemp("codes"), PROGRAM) as stack:
        yield stack


def come(producer: Producer, numbers: range) -> None:
    """Members come who like sweets, which alone gives a code, and enter one."""
    for number in numbers:
        member_id = f"member-{number}"
        say(producer, f"sweet-{number}", member_id, "member.update", segments="sweet")
        say(producer, f"tea-{number}", member_id, "code.enter", code="TEA")
    assert producer.flush(30) == 0


def use_all(producer: Producer, kept: Kept, attempt: str) -> set[tuple[str, int]]:
    """Everybody uses the code that they had; give whose they were."""
    had = codes_of(kept)
    for member_id, number in sorted(had):
        name = f"{attempt}-{member_id}"
        what = {"pool": "spring", "number": number, "by": member_id}
        say(producer, name, member_id, "code.redeem", after_ms=SECOND_MS, **what)
    assert producer.flush(30) == 0
    return had


def codes_of(kept: Kept) -> set[tuple[str, int]]:
    """Codes that members have, by who has them; nobody still waits for one."""
    offers = [(name, one) for name, m in kept.members.items() for one in m.personal]
    assert not any(one.waits for _, one in offers)
    return {(name, one.number) for name, one in offers if one.pool_id == "spring"}


def granted(kept: Kept) -> Counter[str]:
    """How often each offer was given."""
    return Counter(
        one.offer_id
        for _, change in kept.changes
        for one in change.offer_events
        if one.kind == "GRANTED"
    )


@pytest.mark.timeout(300)
def test_each_code_is_one_members_and_good_once(kafka: Stack) -> None:
    chance, producer = random.Random(5), a_producer(kafka)
    with workers(kafka, 2) as running:
        time.sleep(4)
        for kill in range(KILLS):
            part = MEMBERS // KILLS
            come(producer, range(kill * part, (kill + 1) * part))
            kill_in_turn(running, kill, chance)
        wait(kafka)
        first = read(kafka)
        had = use_all(producer, first, "use")
        kill_in_turn(running, KILLS, chance)
        wait(kafka)
        # Once more, all of them: none is good any more.
        use_all(producer, first, "again")
        kill_in_turn(running, KILLS + 1, chance)
        wait(kafka)
        kept = read(kafka)
        kafka.run_job("verify")

    assert sorted(number for _, number in had) == list(range(CODES))
    assert len({member_id for member_id, _ in had}) == CODES
    assert granted(kept) == {"cake": CODES, "tea": TEAS}
    assert units(kept, "codes/spring") == (CODES, 0)
    assert not codes_of(kept)
    found = answers(kept)
    for attempt, refusal in (("use", ""), ("again", "code-not-good")):
        told = {found[f"{attempt}-{member_id}"]["refusal"] for member_id, _ in had}
        assert told == {refusal}
    entered = Counter(found[f"tea-{number}"]["refusal"] for number in range(MEMBERS))
    assert entered[""] == TEAS
    assert sum(entered.values()) == MEMBERS
    servers = kafka.addresses()["bootstrap_servers"]
    assert list(dump(servers, DEAD_LETTERS.name)) == []
