"""Dead letters, in memory and in Kafka: one contract, and two who send at once."""

import asyncio
import threading
from collections.abc import Callable
from typing import Protocol

import pytest
from confluent_kafka import Producer

from local.stack import Stack
from schemas.state import DeadLetter, StateCodec
from schemas.topics import DEAD_LETTERS, ORDERS
from stores.dead_letters import KafkaDeadLetters
from stores.dead_letters_contract import (
    ALL,
    DeadLetters,
    Deed,
    Place,
    Selection,
    place_of,
)
from stores.memory_dead_letters import MemoryDeadLetters
from stores.unavailable import StoreUnavailable
from tests.end_to_end.oracle import dump

PARTITIONS = 8
ANA = Deed("ana", "the till was repaired", 1_700_000_000_000)


def a_letter(offset: int, reason: str = "undecodable", **fields: object) -> DeadLetter:
    """Letter of an order."""
    made = DeadLetter(
        "orders", 3, offset, reason, "why", 1_000 + offset, b"member-1", b"\x00value"
    )
    return made._replace(**fields)  # type: ignore[arg-type] # named by the tests


class Desk(Protocol):
    """A store of letters, and what a test needs beside it."""

    letters: DeadLetters

    def hold(self, *letters: DeadLetter) -> list[str]:
        """Let the engine bury letters in partition 3; returns their names."""

    def sent(self) -> list[tuple[str, bytes | None, bytes | None]]:
        """What went to the source topics, since the test began."""


class MemoryDesk:
    """The twin."""

    def __init__(self) -> None:
        self.twin = MemoryDeadLetters()
        self.letters: DeadLetters = self.twin

    def hold(self, *letters: DeadLetter) -> list[str]:
        return [self.twin.hold(3, letter) for letter in letters]

    def sent(self) -> list[tuple[str, bytes | None, bytes | None]]:
        return self.twin.sent


class KafkaDesk:
    """The real topics."""

    def __init__(self, servers: str) -> None:
        self.servers = servers
        self.letters: DeadLetters = self.opened()
        self._before = len(self._orders())

    def opened(self, **options: int) -> KafkaDeadLetters:
        return KafkaDeadLetters(self.servers, "contract", PARTITIONS, **options)

    def hold(self, *letters: DeadLetter) -> list[str]:
        producer = Producer({"bootstrap.servers": self.servers})
        names: list[str] = []
        for letter in letters:
            producer.produce(
                DEAD_LETTERS.name,
                StateCodec().encode_dead_letter(letter),
                letter.key,
                3,
                on_delivery=lambda _, told: names.append(f"3-{told.offset()}"),
            )
        assert producer.flush(20) == 0
        return names

    def sent(self) -> list[tuple[str, bytes | None, bytes | None]]:
        return self._orders()[self._before :]

    def _orders(self) -> list[tuple[str, bytes | None, bytes | None]]:
        return [
            (ORDERS.name, one.key(), one.value())
            for one in dump(self.servers, ORDERS.name)
        ]


@pytest.fixture(params=["memory", "kafka"])
def desk(request: pytest.FixtureRequest) -> Desk:
    """Where letters are."""
    if request.param == "memory":
        return MemoryDesk()
    kafka: Stack = request.getfixturevalue("kafka")
    return KafkaDesk(kafka.addresses()["bootstrap_servers"])


def names_of(desk: Desk, selection: Selection, own: list[str]) -> list[str]:
    """Names of a selection among those of a test, read in pages of two."""
    found: list[str] = []
    after: Place | None = None
    while True:
        page = asyncio.run(desk.letters.page(selection, after=after, limit=2))
        assert len(page.letters) <= 2
        found += [one.letter_id for one in page.letters if one.letter_id in own]
        after = page.after
        if after is None:
            return found


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        pytest.param(Selection(), [0, 1, 2, 3, 4], id="open"),
        pytest.param(Selection(reason="null-key"), [1, 3], id="by reason"),
        pytest.param(Selection(topic="commands"), [4], id="by topic"),
        pytest.param(Selection(from_at=1_001, until_at=1_003), [1, 2], id="by time"),
        pytest.param(Selection(status="redriven"), [], id="by what was done"),
        pytest.param(Selection(reason="null-key", topic="commands"), [], id="both"),
    ],
)
def test_letters_are_listed_by_reason_topic_and_time_page_by_page(
    desk: Desk, selection: Selection, expected: list[int]
) -> None:
    names = desk.hold(
        a_letter(0),
        a_letter(1, "null-key"),
        a_letter(2),
        a_letter(3, "null-key"),
        a_letter(4, source_topic="commands"),
    )

    assert names_of(desk, selection, names) == [names[n] for n in expected]


def test_a_letter_is_sent_again_once_with_its_key_and_its_bytes(desk: Desk) -> None:
    names = desk.hold(a_letter(10), a_letter(11, key=None, value=None))

    first = asyncio.run(desk.letters.redrive(names, ANA))
    again = asyncio.run(desk.letters.redrive([*names, names[0]], ANA))

    assert first == dict.fromkeys(names, "redriven")
    assert again == dict.fromkeys(names, "already")
    assert sorted(desk.sent(), key=str) == [
        ("orders", None, None),
        ("orders", b"member-1", b"\x00value"),
    ]
    assert names_of(desk, Selection(), names) == []


def test_what_a_bridge_buried_is_not_sent_to_a_topic_and_can_be_discarded(
    desk: Desk,
) -> None:
    (name,) = desk.hold(a_letter(15, source_topic="bridge-till"))

    sent = asyncio.run(desk.letters.redrive([name], ANA))
    discarded = asyncio.run(desk.letters.discard([name], ANA))

    assert sent == {name: "unknown"}
    assert discarded == {name: "discarded"}
    assert desk.sent() == []


def test_who_did_it_and_why_stays_with_the_letter(desk: Desk) -> None:
    (name,) = desk.hold(a_letter(20, "time-too-late"))

    asyncio.run(desk.letters.redrive([name], ANA, edited={name: b"other"}))
    found = asyncio.run(desk.letters.find(name))

    assert found is not None
    assert found.mark is not None
    assert (found.status, found.mark.actor, found.mark.why) == (
        "redriven",
        "ana",
        "the till was repaired",
    )
    assert found.mark.is_edited
    assert (found.mark.reason, found.mark.source_offset) == ("time-too-late", 20)
    assert found.letter.value == b"\x00value"
    assert desk.sent() == [("orders", b"member-1", b"other")]


def test_what_is_discarded_is_sent_no_more_and_stays_readable(desk: Desk) -> None:
    names = desk.hold(a_letter(30), a_letter(31))

    done = asyncio.run(desk.letters.discard(names[:1], ANA))
    sent = asyncio.run(desk.letters.redrive(names[:1], ANA))

    assert (done, sent) == ({names[0]: "discarded"}, {names[0]: "already"})
    assert desk.sent() == []
    assert names_of(desk, Selection(), names) == names[1:]
    assert names_of(desk, Selection(status="discarded"), names) == names[:1]
    assert names_of(desk, Selection(status=ALL), names) == names


@pytest.mark.parametrize("name", ["3-999999", "99-0", "nonsense", "3-", "03-1"])
def test_a_letter_that_is_not_there_is_unknown(desk: Desk, name: str) -> None:
    assert asyncio.run(desk.letters.find(name)) is None
    assert asyncio.run(desk.letters.redrive([name], ANA)) == {name: "unknown"}
    assert desk.sent() == []


@pytest.mark.parametrize("name", ["", "1", "1-2-3", "+1-2", "1-٣", "1-" + "9" * 30])
def test_a_name_that_is_not_ours_has_no_place(name: str) -> None:
    assert place_of(name) is None


def test_a_page_that_looked_at_enough_is_short_and_leads_on(kafka: Stack) -> None:
    desk = KafkaDesk(kafka.addresses()["bootstrap_servers"])
    names = desk.hold(*(a_letter(n) for n in range(7)))
    desk.letters = desk.opened(scan_max=3)

    page = asyncio.run(desk.letters.page(Selection(reason="nothing"), limit=2))

    assert page.letters == ()
    assert page.after is not None
    assert names_of(desk, Selection(), names) == names


def test_of_many_who_send_at_once_one_does(kafka: Stack) -> None:
    """A process each: whoever is fenced says so, and a second try finds it done."""
    desk = KafkaDesk(kafka.addresses()["bootstrap_servers"])
    names = desk.hold(*(a_letter(n, value=b"%d" % n) for n in range(40, 45)))
    outcomes: list[dict[str, str]] = []

    def send() -> None:
        letters = desk.opened()
        for _ in range(10):
            try:
                outcomes.append(asyncio.run(letters.redrive(names, ANA)))
            except StoreUnavailable:
                continue
            return

    crowd: list[threading.Thread] = [threading.Thread(target=send) for _ in range(4)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()

    done = [outcome for outcome in outcomes if "redriven" in outcome.values()]
    assert len(outcomes) == 4
    assert len(done) <= 1
    assert sorted(value or b"" for _, _, value in desk.sent()) == [
        b"%d" % n for n in range(40, 45)
    ]


def test_without_kafka_every_call_says_so() -> None:
    letters = KafkaDeadLetters(
        "127.0.0.1:1", "nobody", PARTITIONS, transaction_seconds=1
    )
    calls: list[Callable[[], object]] = [
        lambda: asyncio.run(letters.find("3-1")),
        lambda: asyncio.run(letters.page(Selection())),
        lambda: asyncio.run(letters.redrive(["3-1"], ANA)),
    ]

    for call in calls:
        with pytest.raises(StoreUnavailable, match="kafka"):
            call()
