"""Conditions over what members bought: before, not for a while, so many times."""

from typing import Any

import pytest

from loyalty.decide import decide, is_due
from loyalty.decision import Decision
from loyalty.document import InvalidProgram
from loyalty.events import OrderEvent, Tick
from loyalty.histories import forgotten, history_id, noted
from loyalty.limits import BOUGHT_TIMES_MAX, HISTORIES_MAX
from loyalty.member import NEW_MEMBER, Member
from loyalty.personal_reach import standing_of, unmet
from loyalty.program import Program
from loyalty.program_document import program_from
from loyalty.publishing.sentences import sentence
from schemas.state import StateCodec
from tests.builders import DAY, NOON, a_line, an_order

COFFEE: dict[str, Any] = {"categories": ["coffee"]}


def a_program(*bought: dict[str, Any], **sections: Any) -> Program:
    """A point for each visit of those for whom a condition holds."""
    rule = {"id": "r", "kind": "visit", "points": 1, "when": {"bought": list(bought)}}
    return program_from({"program": "p", "currency": "USD", "earn": [rule], **sections})


class Guest:
    """One member, an event at a time."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.member: Member = NEW_MEMBER
        self.orders = 0

    def meet(self, event: Any) -> Decision:
        found = decide(self.member, event, self.program, member_id="ann")
        assert isinstance(found, Decision)
        self.member = found.member
        return found

    def buy(self, day: int, category: str = "coffee", **more: Any) -> int:
        """Points of an order on a day."""
        self.orders += 1
        order = an_order(
            f"o{self.orders}",
            member_id="ann",
            lines=(a_line(category=category),),
            occurred_at=NOON + day * DAY,
            **more,
        )
        return sum(entry.points for entry in self.meet(order).entries)

    @property
    def points(self) -> int:
        """Points that there are."""
        return sum(lot.points for lot in self.member.lots)


@pytest.mark.parametrize(
    ("asked", "days", "earns"),
    [
        # Bought before: the order itself does not count.
        ({"times_min": 1}, [0, 1, 400], [0, 1, 1]),
        ({"times_min": 3}, [0, 1, 2, 3], [0, 0, 0, 1]),
        ({"times_min": 2, "within_days": 30}, [0, 20, 31, 40, 90], [0, 0, 0, 1, 0]),
        # A window begins just after the moment so many days ago.
        ({"times_min": 1, "within_days": 30}, [0, 30, 59], [0, 0, 1]),
        # Never bought, and not for so long.
        ({"times_max": 0}, [0, 1, 900], [1, 0, 0]),
        ({"times_max": 0, "within_days": 30}, [0, 29, 59, 60], [1, 0, 1, 0]),
        ({"times_max": 1, "within_days": 7}, [0, 1, 2, 8], [1, 1, 0, 1]),
        ({"times_min": 1, "times_max": 1}, [0, 1, 2], [0, 1, 0]),
    ],
)
def test_a_rule_looks_at_what_was_bought_before_its_order(
    asked: dict[str, Any], days: list[int], earns: list[int]
) -> None:
    guest = Guest(a_program(COFFEE | asked))
    assert [guest.buy(day) for day in days] == earns


def test_bought_before_but_not_for_a_while_are_two_conditions() -> None:
    program = a_program(
        COFFEE | {"times_min": 1}, COFFEE | {"times_max": 0, "within_days": 30}
    )
    assert len(program.histories) == 1
    guest = Guest(program)
    assert [guest.buy(day) for day in (0, 10, 40, 41)] == [0, 0, 1, 0]


def test_other_lines_are_another_history() -> None:
    guest = Guest(a_program(COFFEE | {"times_min": 1}, {"skus": ["s"], "times_max": 0}))
    guest.buy(0, "tea")
    assert guest.buy(1) == 0
    assert len(guest.program.histories) == 2


def test_a_late_order_counts_at_its_own_time() -> None:
    program = a_program(COFFEE | {"times_min": 1})
    guest = Guest(program)
    assert guest.buy(10) == 0
    # It was before the one that earned nothing, which earns now.
    guest.buy(5)
    assert guest.points == 1


def test_a_return_takes_what_was_bought_along() -> None:
    guest = Guest(a_program(COFFEE | {"times_min": 1}))
    guest.buy(0)
    assert guest.buy(1) == 1
    cancelled: OrderEvent = an_order("o1", member_id="ann", occurred_at=NOON + 2 * DAY)
    guest.meet(cancelled._replace(kind="CANCELLED", event_id="e-c"))

    assert guest.points == 0
    (item,) = guest.member.state.bought
    assert item.times == (NOON + DAY,)


def test_the_latest_orders_are_remembered_and_no_more() -> None:
    guest = Guest(a_program(COFFEE | {"times_min": BOUGHT_TIMES_MAX}))
    days = range(BOUGHT_TIMES_MAX + 5)
    assert [guest.buy(day) for day in days][-6:] == [0, 1, 1, 1, 1, 1]
    (item,) = guest.member.state.bought
    assert item.times == tuple(NOON + day * DAY for day in days)[-BOUGHT_TIMES_MAX:]


def test_what_no_rule_asks_for_any_more_is_forgotten_first() -> None:
    bought: Any = ()
    for number in range(HISTORIES_MAX):
        bought = noted(bought, f"h{number:02}", 100 - number)
    more = noted(bought, "new", 200, known=["h31", "new"])

    assert len(more) == HISTORIES_MAX
    assert {one.history_id for one in bought} - {one.history_id for one in more} == {
        "h30"
    }
    assert forgotten(more, "new", 200) == tuple(
        one for one in more if one.history_id != "new"
    )


def test_lines_may_be_remembered_before_a_rule_asks_for_them() -> None:
    guest = Guest(
        program_from({"program": "p", "currency": "USD", "histories": [COFFEE]})
    )
    guest.buy(0)
    asks = a_program(COFFEE | {"times_min": 1})
    guest.program = asks
    assert guest.buy(1) == 1
    assert [one.history_id for one in guest.member.state.bought] == [
        history_id(asks.earn_rules[0].when.bought[0].match)
    ]


OFFER: dict[str, Any] = {"id": "cake", "name": "A cake", "valid_days": 14}


@pytest.mark.parametrize(
    ("asked", "days", "reason"),
    [
        ({"times_min": 2}, [0], ("bought", 1, 0)),
        ({"times_min": 2}, [0, 1], None),
        ({"times_max": 0}, [0], ("bought-before", 0, 0)),
        ({"times_max": 0, "within_days": 30}, [0], ("bought-lately", 0, 30)),
        ({"times_max": 1, "within_days": 30}, [0, 1, 2], ("bought-lately", 0, 31)),
    ],
)
def test_a_personal_offer_says_what_of_the_past_is_missing(
    asked: dict[str, Any], days: list[int], reason: tuple[str, int, int] | None
) -> None:
    offer = OFFER | {"when": {"bought": [COFFEE | asked]}, "times_max": 9}
    program = program_from(
        {"program": "p", "currency": "USD", "personal_offers": [offer]}
    )
    guest = Guest(program)
    for day in days:
        guest.buy(day)
    member = guest.member._replace(personal=())
    found = unmet(program.personal_offers[0], standing_of(member), program)

    assert reason == (
        None
        if found is None
        else (found.reason, found.missing, max(found.from_at - NOON, 0) // DAY)
    )


def test_who_has_not_bought_for_a_while_gets_an_offer_by_a_tick() -> None:
    when = {"bought": [COFFEE | {"times_max": 0, "within_days": 30}]}
    guest = Guest(
        program_from(
            {
                "program": "p",
                "currency": "USD",
                "personal_offers": [OFFER | {"when": when}],
            }
        )
    )
    guest.buy(0)
    assert not is_due(guest.member, NOON + 30 * DAY - 1)
    assert is_due(guest.member, NOON + 30 * DAY)
    told = guest.meet(Tick(NOON + 30 * DAY)).offer_events
    assert [(one.kind, one.offer_id) for one in told] == [("GRANTED", "cake")]


@pytest.mark.parametrize(
    ("asked", "pointer"),
    [
        ({"times_min": 1}, ""),
        (COFFEE, ""),
        (COFFEE | {"times_min": 17}, "/times_min"),
        (COFFEE | {"times_max": 16}, "/times_max"),
        (COFFEE | {"times_min": 2, "times_max": 1}, "/times_max"),
        (COFFEE | {"times_min": 1, "within_days": 1_096}, "/within_days"),
        (COFFEE | {"times_min": 1, "ever": True}, "/ever"),
    ],
)
def test_a_condition_that_cannot_be_is_refused(
    asked: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(InvalidProgram) as refused:
        a_program(asked)
    assert [fault.pointer for fault in refused.value.faults] == [
        f"/earn/0/when/bought/0{pointer}"
    ]


def test_a_program_remembers_so_many_and_no_more() -> None:
    rules = [
        {
            "id": f"r{n}",
            "kind": "visit",
            "points": 1,
            "when": {"bought": [{"skus": [f"s{n}"], "times_min": 1}]},
        }
        for n in range(HISTORIES_MAX + 1)
    ]
    document = {"program": "p", "currency": "USD", "earn": rules[:-1]}
    assert len(program_from(document).histories) == HISTORIES_MAX
    with pytest.raises(InvalidProgram, match="histories"):
        program_from(document | {"earn": rules})


def test_nothing_else_looks_at_what_was_bought() -> None:
    reward = {
        "id": "mug",
        "name": "A mug",
        "cost_points": 5,
        "when": {"bought": [COFFEE | {"times_min": 1}]},
    }
    with pytest.raises(InvalidProgram, match="/offers/0/when/bought"):
        program_from({"program": "p", "currency": "USD", "offers": [reward]})


def test_a_member_from_before_there_were_histories_has_bought_nothing() -> None:
    codec = StateCodec()
    old = codec.decode_member(codec.encode_member(NEW_MEMBER))
    assert old.state.bought == ()


@pytest.mark.parametrize(
    ("bought", "said"),
    [
        ({"times_max": 0}, "who never bought something from coffee"),
        (
            {"times_max": 0, "within_days": 30},
            "who has not bought something from coffee in the last 30 days",
        ),
        ({"times_min": 1}, "who bought something from coffee before"),
        (
            {"times_min": 3, "within_days": 90},
            "who bought something from coffee at least 3 times in the last 90 days",
        ),
        (
            {"times_min": 1, "times_max": 4},
            "who bought something from coffee 1 to 4 times",
        ),
        ({"times_max": 4}, "who bought something from coffee at most 4 times"),
    ],
)
def test_a_sentence_says_what_was_bought(bought: dict[str, Any], said: str) -> None:
    rule = {
        "id": "r",
        "kind": "visit",
        "points": 5,
        "when": {"bought": [COFFEE | bought]},
    }
    assert said in sentence("earn", rule)
