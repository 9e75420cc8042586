"""What members send to one another counts once, however far each of them is behind."""

import random
from collections.abc import Iterable
from typing import Any

import pytest

from loyalty.decide import decide
from loyalty.decision import Decision, Duplicate, Refusal
from loyalty.events import ENGINE, Command
from loyalty.limits import PEERS_MAX, RECENT_MAX
from loyalty.member import NEW_MEMBER, Member
from loyalty.peers import SEQUENCE_MAX, hear, is_further, numbered, sender_of
from tests.builders import NOON, a_program, an_activity, an_order
from tests.merging.company import Company
from tests.rules.folding import fold
from tests.rules.town import Town, built

HOUR = 3_600_000
POOL = "member-1"
PER_ONE = "earn: [{id: spend, points: 1, step_minor: 100}]\n"


def sent(sender: str, number: int, *, at: int = NOON, tag: str = "") -> Command:
    """Five points of another member, as its turn sends them."""
    attributes: dict[str, Any] = {"points": 5, "source": "pool"}
    attributes |= {"from": sender, "sequence": number}
    command_id = f"{sender}:{number}:0{tag}"
    return Command(command_id, POOL, "points.receive", at, ENGINE, attributes)


def a_busy_pool(first: Iterable[Command] = ()) -> Member:
    """A pool that has heard so much of one member that it forgot what came before."""
    later = [sent("quick", n, at=NOON + HOUR + n) for n in range(1, RECENT_MAX + 2)]
    return fold([*first, *later], a_program()).member


def outcome_of(member: Member, command: Command) -> Decision | Duplicate | Refusal:
    return decide(member, command, a_program(), member_id=POOL)


def balance(member: Member) -> int:
    return sum(lot.points for lot in member.lots)


def test_who_is_far_behind_the_others_of_a_pool_still_pays_in_once() -> None:
    before = a_busy_pool([sent("slow", 7)])

    late = outcome_of(before, sent("slow", 8, at=NOON + 1))
    assert isinstance(late, Decision)
    assert balance(late.member) == balance(before) + 5
    second = outcome_of(late.member, sent("slow", 9, at=NOON + 1))
    assert isinstance(second, Decision)
    assert balance(second.member) == balance(before) + 10

    for again in (sent("slow", 8, at=NOON + 1), sent("slow", 7)):
        assert isinstance(outcome_of(second.member, again), Duplicate)


def test_the_first_that_comes_of_a_member_is_taken_however_late_it_is() -> None:
    before = a_busy_pool()
    first = outcome_of(before, sent("new", 1))

    assert isinstance(first, Decision)
    assert balance(first.member) == balance(before) + 5


@pytest.mark.parametrize("kind", ["points.receive", "member.erase"])
@pytest.mark.parametrize(
    ("case", "attributes"),
    [
        ("a repeat", {"from": "slow", "sequence": 7}),
        ("of before numbers", {}),
        ("no number", {"from": "slow"}),
        ("no sender", {"sequence": 8}),
        ("an empty sender", {"from": "", "sequence": 8}),
        ("a long sender", {"from": "x" * 1_000, "sequence": 8}),
        ("below one", {"from": "new", "sequence": 0}),
        ("more than can be kept", {"from": "new", "sequence": SEQUENCE_MAX}),
        ("text", {"from": "new", "sequence": "8"}),
        ("true", {"from": "new", "sequence": True}),
    ],
)
def test_what_may_be_a_repeat_of_another_member_is_a_dead_letter(
    kind: str, case: str, attributes: dict[str, Any]
) -> None:
    before = a_busy_pool([sent("slow", 7)])
    # Read anew in another order it has another id.
    repeat = Command("slow:99:0", POOL, kind, NOON, ENGINE, {"points": 5} | attributes)

    outcome = outcome_of(before, repeat)

    assert isinstance(outcome, Refusal), case
    assert outcome.reason == "beyond-horizon"


def test_whoever_took_a_member_in_has_it_forgotten_however_late_that_is() -> None:
    attributes: dict[str, Any] = {"from": "survivor", "sequence": 1}
    ask = Command("survivor:9:0", POOL, "member.erase", NOON, ENGINE, attributes)
    erased = outcome_of(a_busy_pool(), ask)

    assert isinstance(erased, Decision)
    assert (erased.refusal, balance(erased.member)) == ("", 0)


@pytest.mark.parametrize("seed", range(20))
def test_each_counts_once_in_any_order_of_senders_and_when_all_is_sent_again(
    seed: int,
) -> None:
    chance = random.Random(seed)
    lanes = [
        [sent(f"m{who}", n, at=NOON + 60 * n) for n in range(1, 60)] for who in range(8)
    ]
    everything = [one for lane in lanes for one in lane]
    mixed, open_lanes = [], [list(lane) for lane in lanes]
    while open_lanes:
        # Some go on for long while others wait: the pool forgets in between.
        lane = chance.choice(open_lanes)
        run = chance.randint(1, 60)
        mixed += lane[:run]
        del lane[:run]
        open_lanes = [one for one in open_lanes if one]

    # As after a restore: a sender begins again somewhere, with the same ids.
    again = [one for lane in lanes for one in lane[chance.randint(0, 57) :]]
    folded = fold([*mixed, *again], a_program())

    assert folded.balance == 5 * len(everything)
    assert folded.member.activity_horizon_at > NOON, "nothing was ever late"
    first = folded.outcomes[: len(mixed)]
    assert all(isinstance(one, Decision) for one in first)
    assert not any(isinstance(one, Decision) for one in folded.outcomes[len(mixed) :])


def test_late_repeats_do_not_count_though_all_of_their_ids_have_shifted() -> None:
    """After a restore orders and acts may be read in another order, with other ids."""
    own = [sent("slow", n, at=NOON + n) for n in range(1, 11)]
    before = a_busy_pool(own)
    member = before
    for one in [sent("slow", n, at=NOON + n, tag="9") for n in range(1, 11)]:
        outcome = outcome_of(member, one)
        assert isinstance(outcome, Refusal)
    new = outcome_of(member, sent("slow", 11, at=NOON + 11, tag="9"))

    assert isinstance(new, Decision)
    assert balance(new.member) == balance(before) + 5


def test_of_more_senders_than_are_remembered_those_who_were_silent_are_held() -> None:
    crowd = [sent(f"m{n}", 1, at=NOON + n) for n in range(PEERS_MAX + 2)]
    acts = [
        an_activity(f"act-{n}", occurred_at=NOON + HOUR + n)
        for n in range(RECENT_MAX + 1)
    ]
    pool = fold([*crowd, *acts], a_program()).member

    assert len(pool.merging.heard) == PEERS_MAX
    assert pool.merging.heard_horizon_at == NOON + 1
    silent = outcome_of(pool, sent("m1", 2, at=NOON + 1))
    assert isinstance(silent, Refusal)
    unknown = outcome_of(pool, sent("unknown", 1, at=NOON + 2))
    assert isinstance(unknown, Decision)
    heard = outcome_of(pool, sent("m2", 2, at=NOON + 2))
    assert isinstance(heard, Decision)


def test_a_lower_number_that_comes_later_does_not_set_a_sender_back() -> None:
    folded = fold([sent("m", 9), sent("m", 8)], a_program())

    assert folded.balance == 10
    assert [one.number for one in folded.member.merging.heard] == [9]


def test_each_target_has_numbers_of_its_own() -> None:
    town = Town(built(PER_ONE + "transfers: {}\n"))
    town.order(90_00, "2026-03-01")
    for to in ("ann", "bob", "ann"):
        town.say("points.transfer", "2026-03-02", to=to, points=10)

    sent_to = sorted(one.number for one in town.members["member-1"].merging.sent)
    assert sent_to == [1, 2]
    assert [one.number for one in town.members["ann"].merging.heard] == [2]
    assert [one.number for one in town.members["bob"].merging.heard] == [1]
    town.check_books()


def test_a_member_who_sends_to_more_than_are_remembered_begins_anew() -> None:
    merging, before = NEW_MEMBER.merging, NEW_MEMBER.merging
    gift = Command("m:1:0", "ann", "points.receive", NOON, ENGINE, {"points": 1})
    first = sender_of(numbered(merging, "m", gift))

    assert first is not None
    assert first.number == 1
    heard = hear(before, first)
    # Held when it is late, never counted twice; in time its id tells.
    assert not is_further(heard, first)


def test_what_a_merged_member_passes_on_has_the_number_between_those_two() -> None:
    company = Company(built(PER_ONE + "transfers: {}\n"))
    for name, dollars in (("ann", 90), ("bob", 10), ("eve", 10)):
        order = an_order(f"of-{name}", member_id=name, subtotal_minor=dollars * 100)
        company.do(name, order)
    for points in (5, 6):
        assert not company.command(
            "ann", "points.transfer", NOON + 1, to="bob", points=points
        )
    assert not company.command("eve", "member.merge", NOON + 2, from_="bob")
    assert not company.command("ann", "points.transfer", NOON + 3, to="bob", points=7)

    assert [one.number for one in company.member("bob").merging.heard] == [3]
    assert [one.number for one in company.member("eve").merging.heard] == [1]
    assert balance(company.member("eve")) == 10 + 10 + 5 + 6 + 7


def test_other_actors_are_no_members() -> None:
    command = sent("m", 3)

    assert sender_of(command) is not None
    assert sender_of(command._replace(actor="desk")) is None
