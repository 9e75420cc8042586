"""Offers with codes: a pool's, each given once, and those that many may enter."""

from typing import Any

import pytest

from loyalty.budgets import GRANTED, codes_of, limit_of
from loyalty.decide import decide, is_due
from loyalty.decision import Decision
from loyalty.document import InvalidProgram
from loyalty.events import Command, Tick
from loyalty.limits import OFFER_PAUSE_MS
from loyalty.member import NEW_MEMBER, Member
from loyalty.program import Program
from loyalty.program_document import program_from
from loyalty.stock import WAITS_FOR
from loyalty.view import view_of
from schemas.state import StateCodec
from tests.builders import DAY, NOON, an_order


def a_program(*offers: dict[str, Any], **sections: Any) -> Program:
    """Personal offers, and a pool of three codes."""
    return program_from(
        {
            "program": "codes",
            "currency": "USD",
            "code_pools": [{"id": "spring", "codes": 3, **sections}],
            "personal_offers": [
                {"name": "A cake", "valid_days": 14, **one} for one in offers
            ],
        }
    )


POOLED = {"id": "cake", "codes": "spring"}
SHARED = {"id": "cake", "code": "SUMMER10"}


class Guest:
    """One member, a command at a time."""

    def __init__(self, program: Program, name: str = "ann") -> None:
        self.program, self.name = program, name
        self.member: Member = NEW_MEMBER
        self.codec = StateCodec()
        self.commands = 0

    def meet(self, event: Any) -> Decision:
        """What is decided about an event."""
        found = decide(self.member, event, self.program, member_id=self.name)
        assert isinstance(found, Decision)
        # What waits for an answer survives a restart, too.
        self.member = self.codec.decode_member(self.codec.encode_member(found.member))
        return found

    def say(self, kind: str, day: int = 0, **attributes: Any) -> Decision:
        """What is decided about a command."""
        self.commands += 1
        at = NOON + day * DAY + self.commands
        name = f"c{self.commands}"
        return self.meet(Command(name, self.name, kind, at, "till", attributes))

    def answer(self, decision: Decision, *, number: int | None) -> Decision:
        """Let the pool or limit answer what a decision has claimed."""
        (claim,) = decision.claims
        more = {} if number is None else {"number": number}
        attributes = {
            "budget_id": claim.budget_id,
            "order_id": claim.order_id,
            "rule_id": claim.rule_id,
            "store_id": "",
            "value": 1,
            **more,
        }
        at = claim.occurred_at
        command = Command(claim.claim_id, self.name, GRANTED, at, "engine", attributes)
        return self.meet(command)

    def none_left(self, decision: Decision) -> Decision:
        """Let the pool or limit say that there is none."""
        (claim,) = decision.claims
        attributes: dict[str, Any] = {
            "budget_id": claim.budget_id,
            "order_id": claim.order_id,
            "rule_id": claim.rule_id,
            "value": 0,
        }
        at = claim.occurred_at
        return self.meet(
            Command(claim.claim_id, self.name, GRANTED, at, "engine", attributes)
        )

    def shown(self) -> list[tuple[str, str, int]]:
        """Offers as apps see them, with the number of their code."""
        view = view_of(self.name, self.member, self.program)
        return [(o.offer_id, o.pool_id, o.number) for o in view.personal_offers]


def told(decision: Decision) -> list[tuple[str, str]]:
    """What happened to offers."""
    return [(one.kind, one.offer_id) for one in decision.offer_events]


def test_an_offer_with_a_code_is_given_once_its_pool_has_answered() -> None:
    guest = Guest(a_program(POOLED))
    asked = guest.meet(an_order("o1", member_id="ann"))

    assert told(asked) == []
    assert [claim.budget_id for claim in asked.claims] == [codes_of("spring")]
    assert guest.shown() == []
    # It is asked for once, however much happens meanwhile.
    assert guest.meet(an_order("o2", member_id="ann")).claims == ()

    assert told(guest.answer(asked, number=2)) == [("GRANTED", "cake")]
    assert guest.shown() == [("cake", "spring", 2)]


def test_a_pool_that_is_empty_is_not_asked_again_for_a_day() -> None:
    guest = Guest(a_program(POOLED))
    asked = guest.meet(an_order("o1", member_id="ann"))

    assert told(guest.none_left(asked)) == [("WITHHELD", "cake")]
    assert guest.say("points.adjust", points=1).claims == ()
    assert guest.say("points.adjust", day=1, points=1).claims != ()
    assert OFFER_PAUSE_MS == DAY


def test_a_code_ends_with_its_offer() -> None:
    guest = Guest(a_program(POOLED))
    guest.answer(guest.meet(an_order("o1", member_id="ann")), number=0)

    assert is_due(guest.member, NOON + 14 * DAY + 1)
    assert told(guest.meet(Tick(NOON + 14 * DAY + 1))) == [("EXPIRED", "cake")]
    refused = guest.say("code.redeem", day=15, pool="spring", number=0, by="ann")
    assert refused.refusal == "code-not-good"


def test_a_code_is_good_once() -> None:
    guest = Guest(a_program(POOLED))
    guest.answer(guest.meet(an_order("o1", member_id="ann")), number=1)

    used = guest.say("code.redeem", pool="spring", number=1, by="ann")
    again = guest.say("code.redeem", pool="spring", number=1, by="ann")

    assert told(used) == [("REDEEMED", "cake")]
    assert used.result == {"offer": "cake", "name": "A cake", "pool": "spring"}
    assert again.refusal == "code-not-good"
    assert told(again) == []


@pytest.mark.parametrize(
    ("redeem_by", "by", "refusal"),
    [
        ("holder", "ann", ""),
        ("holder", "bob", "code-of-another"),
        ("holder", "", "code-of-another"),
        ("anyone", "bob", ""),
        ("anyone", "", ""),
    ],
)
def test_the_pool_says_who_may_use_a_code(
    redeem_by: str, by: str, refusal: str
) -> None:
    guest = Guest(a_program(POOLED, redeem_by=redeem_by))
    guest.answer(guest.meet(an_order("o1", member_id="ann")), number=1)

    used = guest.say("code.redeem", pool="spring", number=1, by=by)

    assert used.refusal == refusal
    assert bool(told(used)) is (refusal == "")


@pytest.mark.parametrize(
    ("pool", "number", "store", "refusal"),
    [
        ("spring", 0, "soho", "code-not-good"),
        ("autumn", 1, "soho", "code-not-good"),
        ("spring", 1, "loop", "code-not-now"),
        ("spring", 1, "soho", ""),
    ],
)
def test_a_code_is_good_where_its_offer_is(
    pool: str, number: int, store: str, refusal: str
) -> None:
    guest = Guest(a_program({**POOLED, "usable": {"stores": ["soho"]}}))
    guest.answer(guest.meet(an_order("o1", member_id="ann")), number=1)

    used = guest.say("code.redeem", pool=pool, number=number, by="ann", store_id=store)

    assert used.refusal == refusal


def test_an_offer_with_a_code_for_all_is_only_given_to_who_enters_it() -> None:
    guest = Guest(a_program(SHARED))
    assert told(guest.meet(an_order("o1", member_id="ann"))) == []

    entered = guest.say("code.enter", code="summer-10")

    assert told(entered) == [("GRANTED", "cake")]
    assert entered.result == {"offer": "cake", "name": "A cake"}
    assert guest.say("code.enter", code="SUMMER10").refusal == "offer-held"
    assert guest.say("code.enter", code="WINTER10").refusal == "code-unknown"


def test_a_member_may_enter_a_code_as_often_as_its_offer_says() -> None:
    guest = Guest(a_program({**SHARED, "times_max": 2, "valid_days": 1}))

    codes = [
        guest.say("code.enter", day=day, code="SUMMER10").refusal for day in (0, 2, 4)
    ]

    assert codes == ["", "", "offer-had"]


def test_a_code_with_a_limit_is_answered_when_the_limit_has_answered() -> None:
    guest = Guest(a_program({**SHARED, "limit": 500}))
    entered = guest.say("code.enter", code="SUMMER10")

    assert entered.result == {
        "offer": "cake",
        "name": "A cake",
        WAITS_FOR: limit_of("cake"),
    }
    assert told(entered) == []
    answered = guest.answer(entered, number=None)
    assert told(answered) == [("GRANTED", "cake")]
    assert answered.result == {"offer": "cake"}
    assert guest.shown() == [("cake", "", -1)]


def test_over_the_limit_a_code_is_refused() -> None:
    guest = Guest(a_program({**SHARED, "limit": 500}))

    answered = guest.none_left(guest.say("code.enter", code="SUMMER10"))

    assert answered.refusal == "offer-none-left"
    assert guest.shown() == []


def test_a_grant_that_nobody_waits_for_goes_back() -> None:
    guest = Guest(a_program({**SHARED, "limit": 500}))
    entered = guest.say("code.enter", code="SUMMER10")
    other = Guest(guest.program)

    late = other.answer(entered, number=None)

    assert late.refusal == "offer-late"
    assert [(one.budget_id, one.units) for one in late.releases] == [
        (limit_of("cake"), 1)
    ]


@pytest.mark.parametrize(
    ("offer", "pointer"),
    [
        ({"id": "a", "codes": "winter"}, "/personal_offers/0/codes"),
        ({"id": "a", "codes": "spring", "limit": 5}, "/personal_offers/0/limit"),
        ({"id": "a", "codes": "spring", "code": "X"}, "/personal_offers/0/code"),
        ({"id": "a", "code": "summer 10"}, "/personal_offers/0/code"),
        ({"id": "a", "code": "X", "holdout_percent": 5}, "/personal_offers/0/code"),
        ({"id": "a" * 128, "limit": 5}, "/personal_offers/0/id"),
    ],
)
def test_codes_that_contradict_themselves_are_refused(
    offer: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(InvalidProgram) as refused:
        a_program(offer)
    assert [fault.pointer for fault in refused.value.faults] == [pointer]


@pytest.mark.parametrize(
    ("pool", "pointer"),
    [
        ({"codes": 0}, "/code_pools/0/codes"),
        ({"codes": 1_000_001}, "/code_pools/0/codes"),
        ({"kind": "printed"}, "/code_pools/0/kind"),
        ({"redeem_by": "nobody"}, "/code_pools/0/redeem_by"),
    ],
)
def test_a_pool_that_cannot_be_is_refused(pool: dict[str, Any], pointer: str) -> None:
    with pytest.raises(InvalidProgram) as refused:
        a_program(**pool)
    assert [fault.pointer for fault in refused.value.faults] == [pointer]
