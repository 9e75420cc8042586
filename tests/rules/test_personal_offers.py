"""Personal offers: given when all holds, used once, ended in time; why not otherwise."""

from typing import Any

import pytest

from loyalty.decide import decide, is_due
from loyalty.decision import Decision
from loyalty.document import InvalidProgram
from loyalty.events import Applied, MemberEvent, OrderEvent, Tick
from loyalty.holdout import bucket_of
from loyalty.limits import PERSONAL_HELD_MAX, WITHHELD_MAX
from loyalty.member import NEW_MEMBER, Member
from loyalty.personal_rules import PersonalOffer
from loyalty.program import Program
from loyalty.program_document import program_from
from loyalty.view import view_of
from schemas.views import decode_view, encode_view
from tests.builders import DAY, NOON, a_line, an_order


def a_program(*offers: dict[str, Any], **sections: Any) -> Program:
    """A point a dollar, and personal offers."""
    return program_from(
        {
            "program": "personal",
            "currency": "USD",
            "earn": [{"id": "base", "points": 1}],
            "personal_offers": list(offers),
            **sections,
        }
    )


def an_offer(offer_id: str = "cake", **more: Any) -> dict[str, Any]:
    """An offer that is good for 14 days."""
    return {"id": offer_id, "name": "A cake", "valid_days": 14, **more}


class Life:
    """One member, an event at a time."""

    def __init__(self, program: Program, name: str = "member-1") -> None:
        self.program, self.name = program, name
        self.member: Member = NEW_MEMBER
        self.orders = 0

    def meet(self, event: MemberEvent) -> list[tuple[str, str]]:
        """What becomes of offers by an event."""
        found = decide(self.member, event, self.program, member_id=self.name)
        assert isinstance(found, Decision)
        self.member, self.last = found.member, found
        return [(one.kind, one.offer_id) for one in found.offer_events]

    def order(
        self, day: int = 0, *, category: str = "food", uses: str = ""
    ) -> list[tuple[str, str]]:
        """An order at noon of a day, which may use an offer."""
        self.orders += 1
        order: OrderEvent = an_order(
            f"order-{self.orders}",
            lines=(a_line(category=category),),
            member_id=self.name,
            occurred_at=NOON + day * DAY,
        )
        if uses:
            order = order._replace(applied=(Applied(uses, None, None, 200),))
        return self.meet(order)

    def why_not(self) -> list[tuple[str, str, int]]:
        """Offers in reach, and what is missing."""
        view = view_of(self.name, self.member, self.program)
        assert decode_view(encode_view(view)) == view
        return [(one.offer_id, one.reason, one.missing) for one in view.withheld]


def test_an_offer_is_given_used_by_an_order_that_names_it_and_not_again() -> None:
    life = Life(a_program(an_offer()))
    assert life.order() == [("GRANTED", "cake")]
    assert life.member.personal == (PersonalOffer("cake", NOON, NOON + 14 * DAY),)
    assert life.order(1, uses="cake") == [("REDEEMED", "cake")]
    assert life.order(2) == []
    assert life.member.personal == ()


def test_an_offer_ends_by_a_tick() -> None:
    life = Life(a_program(an_offer()))
    life.order()
    assert not is_due(life.member, NOON + 14 * DAY - 1)
    assert is_due(life.member, NOON + 14 * DAY)
    assert life.meet(Tick(NOON + 14 * DAY)) == [("EXPIRED", "cake")]


def test_who_stays_away_gets_an_offer_by_a_tick() -> None:
    life = Life(a_program(an_offer(idle_days=30)))
    assert life.order() == []
    assert life.why_not() == [("cake", "active", 0)]
    assert life.member.next_due_at == NOON + 30 * DAY
    assert life.meet(Tick(NOON + 30 * DAY)) == [("GRANTED", "cake")]


@pytest.mark.parametrize(
    ("offer", "orders", "missing"),
    [
        ({"orders_min": 3}, 1, [("cake", "orders", 2)]),
        ({"orders_min": 3}, 3, None),
        ({"orders_max": 1}, 1, None),
        ({"orders_min": 1, "orders_max": 1, "match": {"categories": ["x"]}}, 2, []),
        ({"match": {"categories": ["tea"]}}, 1, [("cake", "bought", 1)]),
        ({"match": {"categories": ["food"]}}, 1, None),
        ({"when": {"from": "2024-02-01"}}, 1, [("cake", "dates", 0)]),
        ({"when": {"until": "2024-01-02"}}, 1, []),
        ({"when": {"segments": ["vip"]}}, 1, []),
        ({"when": {"stores": ["elsewhere"]}}, 1, [("cake", "circumstances", 0)]),
    ],
)
def test_an_offer_is_given_when_all_holds_else_the_first_reason_is_told(
    offer: dict[str, Any], orders: int, missing: list[tuple[str, str, int]] | None
) -> None:
    life = Life(a_program(an_offer(**offer)))
    for number in range(orders):
        life.order(number)
    given = [one.offer_id for one in life.member.personal]
    assert given == (["cake"] if missing is None else [])
    if missing:
        assert life.why_not() == missing


def test_an_offer_comes_again_after_its_cooldown_as_often_as_it_may() -> None:
    life = Life(a_program(an_offer(times_max=2, cooldown_days=20)))
    assert life.order() == [("GRANTED", "cake")]
    assert life.order(1, uses="cake") == [("REDEEMED", "cake")]
    assert life.why_not() == [("cake", "cooldown", 0)]
    assert life.order(20) == [("GRANTED", "cake")]
    assert life.order(21, uses="cake") == [("REDEEMED", "cake")]
    assert life.order(60) == []


def test_an_offer_that_the_program_no_longer_has_is_withdrawn() -> None:
    life = Life(a_program(an_offer()))
    life.order()
    life.program = a_program()
    assert life.order(1) == [("WITHDRAWN", "cake")]


def test_a_repeated_order_gives_nothing_twice() -> None:
    life = Life(a_program(an_offer(times_max=5)))
    life.order()
    order = an_order("order-1", lines=(a_line(),), occurred_at=NOON)
    again = decide(life.member, order, life.program, member_id="member-1")
    assert not isinstance(again, Decision)


def test_who_is_held_out_counts_and_gets_nothing() -> None:
    program = a_program(an_offer(holdout_percent=20))
    name = next(f"m{n}" for n in range(99) if bucket_of(f"m{n}", "cake") <= 20)
    life = Life(program, name)
    assert life.order() == []
    assert [one.trigger_id for one in life.last.triggers] == [
        "experiment:cake:held-out"
    ]
    assert life.order(1) == []
    assert life.last.triggers == ()


def test_a_member_has_so_many_offers_at_once() -> None:
    offers = [an_offer(f"o{n}") for n in range(PERSONAL_HELD_MAX + 2)]
    life = Life(a_program(*offers))
    assert len(life.order()) == PERSONAL_HELD_MAX
    assert len(life.member.personal) == PERSONAL_HELD_MAX


def test_a_view_says_why_not_of_so_many_and_the_nearest_rewards_first() -> None:
    rewards = [{"id": f"r{n}", "name": "R", "cost_points": 500 - n} for n in range(10)]
    offers = [an_offer(f"o{n}", orders_min=9) for n in range(10)]
    life = Life(a_program(*offers, offers=rewards))
    life.order()
    found = life.why_not()
    assert len(found) == WITHHELD_MAX
    assert found[0] == ("r9", "points", 491 - 10)
    assert found[4] == ("o0", "orders", 8)


@pytest.mark.parametrize(
    ("offer", "pointer"),
    [
        ({"orders_min": 3, "orders_max": 2}, "/personal_offers/0/orders_max"),
        ({"usable": {"segments": ["x"]}}, "/personal_offers/0/usable/segments"),
        ({"when": {"order_number": 2}}, "/personal_offers/0/when"),
        ({"by_journey": True, "code": "X"}, "/personal_offers/0/by_journey"),
        ({"by_journey": True, "match": {"skus": ["a"]}}, "/personal_offers/0/match"),
        ({"when": {"tiers": ["none"]}}, "/personal_offers/0/when/tiers"),
    ],
)
def test_an_unsound_offer_is_refused(offer: dict[str, Any], pointer: str) -> None:
    with pytest.raises(InvalidProgram) as refused:
        a_program(an_offer(**offer))
    assert [fault.pointer for fault in refused.value.faults] == [pointer]
