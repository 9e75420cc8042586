"""Consents, habits, caps and personal offers in a merge, and after it is undone."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.engagement.remembered import Consent, Engagement
from loyalty.events import Applied, Command, Tick
from loyalty.member import Member
from loyalty.personal_rules import PersonalOffer
from loyalty.program import Program
from schemas.state import StateCodec
from tests.builders import DAY, NOON, an_order
from tests.merging.company import Company
from tests.rules.town import built

ANN, GUEST = "ann", "guest"
HOUR = DAY // 24
OFFER = {"name": "Third", "valid_days": 30, "cooldown_days": 5}


def a_program(**offer: int) -> Program:
    message = {"template": "hi", "channels": ["inbox", "push"]}
    return built(
        """
earn: [{id: spend, points: 1, step_minor: 100}]
engagement:
  consent_assumed: [inbox]
  frequency: [{times: 2, kind: rolling, days: 7}]
""",
        personal_offers=[{"id": "third", **OFFER, **offer}],
        templates=[
            {"id": "hi", "texts": {"inbox": {"body": "Hi"}, "push": {"body": "Hi"}}}
        ],
        triggers=[
            {"id": "thanks", "kind": "order", "message": message},
            {"id": "later", "kind": "order", "delay": {"days": 1}, "message": message},
        ],
    )


PROGRAM = a_program(orders_min=3, times_max=2)
# Two who become one are given nothing by that alone.
PLAIN = a_program(orders_min=1, times_max=1)


def a_company(program: Program = PROGRAM) -> Company:
    return Company(program)


def buy(company: Company, member_id: str, *ats: int) -> None:
    for at in ats:
        order_id = f"{member_id}-{at}-{len(company.outcomes)}"
        order = an_order(order_id, member_id=member_id, occurred_at=at)
        company.do(member_id, order)


def say(company: Company, member_id: str, at: int, *, given: bool) -> None:
    said = {"channel": "push", "given": given, "source": f"{member_id} {at}"}
    assert company.command(member_id, "consent.set", at, **said) == ""


def merge(company: Company, at: int) -> None:
    assert company.command(ANN, "member.merge", at, from_=GUEST) == ""


def part(company: Company, at: int) -> None:
    assert company.command(ANN, "member.unmerge", at, from_=GUEST) == ""


def known(company: Company, member_id: str = ANN) -> Engagement:
    return company.member(member_id).engagement or Engagement()


def push(company: Company) -> Consent | None:
    found = [one for one in known(company).consents if one.channel == "push"]
    return found[0] if found else None


@pytest.mark.parametrize(
    ("own", "guests", "expected"),
    [
        (None, (1, True), True),
        ((1, False), (2, True), True),
        ((2, False), (1, True), False),
        ((1, True), (1, False), False),
        ((1, False), (1, True), False),
        ((1, True), None, True),
    ],
    ids=[
        "only the guest's",
        "the guest's is later",
        "the survivor's is later",
        "a refusal at the same time",
        "a refusal of the survivor's at the same time",
        "only the survivor's",
    ],
)
def test_the_latest_word_counts_and_the_former_one_again_after_parting(
    own: tuple[int, bool] | None, guests: tuple[int, bool] | None, expected: bool
) -> None:
    company = a_company()
    buy(company, ANN, NOON)
    buy(company, GUEST, NOON)
    for member_id, word in ((ANN, own), (GUEST, guests)):
        if word is not None:
            say(company, member_id, NOON + word[0], given=word[1])
    before = push(company)

    merge(company, NOON + HOUR)

    merged = push(company)
    assert merged is not None
    assert merged.given is expected
    part(company, NOON + 2 * HOUR)
    assert push(company) == before


def test_what_is_said_while_they_are_one_stays_with_the_survivor() -> None:
    company = a_company()
    buy(company, ANN, NOON)
    buy(company, GUEST, NOON)
    say(company, GUEST, NOON + 1, given=True)
    merge(company, NOON + HOUR)
    say(company, ANN, NOON + 2 * HOUR, given=False)
    part(company, NOON + 3 * HOUR)

    said = push(company)
    assert said is not None
    assert not said.given
    guests = [one for one in known(company, GUEST).consents if one.channel == "push"]
    assert [one.given for one in guests] == [True]


def test_caps_and_habits_are_those_of_both() -> None:
    company = a_company()
    buy(company, ANN, NOON)
    buy(company, GUEST, NOON + 3 * HOUR)
    assert [len(known(company, one).sent) for one in (ANN, GUEST)] == [1, 1]

    merge(company, NOON + 4 * HOUR)
    buy(company, ANN, NOON + 5 * HOUR)

    # Two were sent within a week: the third waits.
    assert len(known(company).sent) == 2
    assert known(company).order_ats == (NOON, NOON + 3 * HOUR, NOON + 5 * HOUR)
    assert sum(known(company).habit) == 3
    part(company, NOON + 6 * HOUR)
    assert known(company).order_ats == (NOON, NOON + 5 * HOUR)
    assert sum(known(company).habit) == 2


def test_who_is_part_of_another_says_nothing_more() -> None:
    company = a_company()
    buy(company, GUEST, NOON, NOON + 1, NOON + 2)
    buy(company, ANN, NOON)
    assert known(company, GUEST).waiting

    merge(company, NOON + HOUR)
    company.do(GUEST, Tick(NOON + 30 * DAY))

    assert known(company, GUEST).waiting == ()
    messages = [
        message
        for name, event, done in company.outcomes
        if name == GUEST and isinstance(event, Tick)
        for message in getattr(done, "messages", ())
    ]
    assert messages == []


def offers(company: Company, member_id: str) -> list[PersonalOffer]:
    return [*company.member(member_id).personal]


def test_a_personal_offer_comes_along_and_goes_back() -> None:
    company = a_company()
    buy(company, GUEST, NOON, NOON + 1, NOON + 2)
    buy(company, ANN, NOON)
    (offer,) = offers(company, GUEST)

    merge(company, NOON + HOUR)
    assert offers(company, GUEST) == []
    assert offers(company, ANN) == [offer]
    part(company, NOON + 2 * HOUR)

    assert offers(company, GUEST) == [offer]
    assert offers(company, ANN) == []


def test_a_personal_offer_that_was_used_does_not_go_back() -> None:
    company = a_company()
    buy(company, GUEST, NOON, NOON + 1, NOON + 2)
    buy(company, ANN, NOON)
    merge(company, NOON + HOUR)
    used = an_order("used", member_id=ANN, occurred_at=NOON + 2 * HOUR)
    company.do(ANN, used._replace(applied=(Applied("third", None, None, 0),)))
    assert offers(company, ANN) == []
    part(company, NOON + 3 * HOUR)

    assert offers(company, GUEST) == []


def test_of_an_offer_that_both_have_one_is_held_and_each_has_its_own_after() -> None:
    company = a_company()
    buy(company, GUEST, NOON, NOON + 1, NOON + 2)
    buy(company, ANN, NOON, NOON + 1, NOON + 3)
    before = offers(company, GUEST), offers(company, ANN)

    merge(company, NOON + HOUR)
    assert offers(company, ANN) == before[1]
    # How often it may be had is what both had together.
    assert [one.times for one in company.member(ANN).given] == [2]
    part(company, NOON + 2 * HOUR)

    assert (offers(company, GUEST), offers(company, ANN)) == before
    assert [one.times for one in company.member(ANN).given] == [1]


def test_who_is_forgotten_leaves_nothing_of_it_in_the_link() -> None:
    company = a_company()
    buy(company, ANN, NOON)
    buy(company, GUEST, NOON)
    say(company, GUEST, NOON + 1, given=True)
    merge(company, NOON + HOUR)
    assert company.member(ANN).merging.link(GUEST).brought is not None

    company.command(ANN, "member.erase", NOON + DAY)

    assert [one.brought for one in company.member(ANN).merging.links] == [None]


ACTS = st.lists(
    st.tuples(
        st.sampled_from((ANN, GUEST)),
        st.integers(0, 10 * DAY),
        st.sampled_from(("buy", "yes", "no")),
    ),
    max_size=12,
)


def remembered(member: Member) -> tuple[object, ...]:
    """What is known of a member, but for what still waits and when it was last given."""
    found = member.engagement or Engagement()
    times = sorted((one.offer_id, one.times) for one in member.given)
    own = found._replace(waiting=(), habit=found.habit.rstrip(b"\0"))
    return own, member.personal, times


@given(ACTS, st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_a_merge_that_is_undone_at_once_was_none(
    acts: list[tuple[str, int, str]], seed: int
) -> None:
    company = Company(PLAIN, Random(seed), repeats=0.2)
    buy(company, ANN, NOON)
    buy(company, GUEST, NOON)
    for member_id, after_ms, act in sorted(acts, key=lambda one: one[1]):
        if act == "buy":
            buy(company, member_id, NOON + after_ms)
        else:
            attributes = {"channel": "push", "given": act == "yes", "source": "app"}
            at = NOON + after_ms
            name = f"{member_id}-{after_ms}-{len(company.outcomes)}"
            said = Command(name, member_id, "consent.set", at, "app", attributes)
            company.do(member_id, said)
    for name in (ANN, GUEST):
        # What falls due by then goes out, merged or not.
        company.do(name, Tick(NOON + 10 * DAY + 3))
    before = {name: remembered(company.member(name)) for name in (ANN, GUEST)}

    merge(company, NOON + 10 * DAY + 1)
    states = StateCodec()
    for name in (ANN, GUEST):
        member = company.member(name)
        assert states.decode_member(states.encode_member(member)) == member
    part(company, NOON + 10 * DAY + 2)

    assert {name: remembered(company.member(name)) for name in (ANN, GUEST)} == before
