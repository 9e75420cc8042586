"""What members send to one another counts once, however far each of them is behind."""

import random
from collections.abc import Iterable
from itertools import product

import pytest

from loyalty.decide import decide
from loyalty.decision import Decision, Duplicate, Refusal
from loyalty.events import ENGINE, Command
from loyalty.limits import RECENT_MAX, SENDERS_MAX
from loyalty.member import NEW_MEMBER, Member
from loyalty.senders import hear, is_further, sender_of, sent_id
from tests.builders import NOON, a_program, an_activity
from tests.rules.folding import fold

HOUR = 3_600_000
POOL = "member-1"


def sent(sender: str, version: int, place: int = 0, *, at: int = NOON) -> Command:
    """Five points of another member, as its turn sends them."""
    attributes: dict[str, str | int] = {"points": 5, "source": "pool"}
    command_id = sent_id(sender, version, place)
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
    same_turn = outcome_of(late.member, sent("slow", 8, 1, at=NOON + 1))
    assert isinstance(same_turn, Decision)
    assert balance(same_turn.member) == balance(before) + 10

    for again in (sent("slow", 8, at=NOON + 1), sent("slow", 7)):
        assert isinstance(outcome_of(same_turn.member, again), Duplicate)


def test_the_first_that_comes_of_a_member_is_taken_however_late_it_is() -> None:
    before = a_busy_pool()
    first = outcome_of(before, sent("new", 1))

    assert isinstance(first, Decision)
    assert balance(first.member) == balance(before) + 5


@pytest.mark.parametrize(
    ("kind", "attributes"),
    [
        ("points.receive", {"points": 5}),
        ("points.receive", {"points": -5, "reward": True}),
        ("member.erase", {}),
    ],
)
def test_what_may_be_a_repeat_of_another_member_is_a_dead_letter(
    kind: str, attributes: dict[str, str | int]
) -> None:
    before = a_busy_pool([sent("slow", 7, 1)])
    repeat = Command("slow:7:0", POOL, kind, NOON, ENGINE, attributes)

    outcome = outcome_of(before, repeat)

    assert isinstance(outcome, Refusal)
    assert outcome.reason == "beyond-horizon"


def test_a_member_is_forgotten_by_whoever_took_it_in_however_late_that_says_so() -> (
    None
):
    ask = Command(sent_id("survivor", 9, 0), POOL, "member.erase", NOON, ENGINE, {})
    erased = outcome_of(a_busy_pool(), ask)

    assert isinstance(erased, Decision)
    assert (erased.refusal, balance(erased.member)) == ("", 0)


@pytest.mark.parametrize("seed", range(20))
def test_each_counts_once_in_any_order_of_senders_and_when_all_is_sent_again(
    seed: int,
) -> None:
    chance = random.Random(seed)
    lanes = [
        [sent(f"m{who}", n, p, at=NOON + 60 * n) for n, p in product(range(1, 30), (0, 1))]
        for who in range(8)
    ]  # fmt: skip
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


def test_of_more_senders_than_are_remembered_those_who_were_silent_are_held() -> None:
    crowd = [sent(f"m{n}", 1, at=NOON + n) for n in range(SENDERS_MAX + 2)]
    acts = [
        an_activity(f"act-{n}", occurred_at=NOON + HOUR + n)
        for n in range(RECENT_MAX + 1)
    ]
    pool = fold([*crowd, *acts], a_program()).member

    assert len(pool.merging.senders) == SENDERS_MAX
    assert pool.merging.senders_horizon_at == NOON + 1
    silent = outcome_of(pool, sent("m1", 2, at=NOON + 1))
    assert isinstance(silent, Refusal)
    unknown = outcome_of(pool, sent("unknown", 1, at=NOON + 2))
    assert isinstance(unknown, Decision)
    heard = outcome_of(pool, sent("m2", 2, at=NOON + 2))
    assert isinstance(heard, Decision)


def test_a_lower_number_that_comes_later_does_not_set_a_sender_back() -> None:
    # What a merged member passes on goes another way than what is sent at once.
    folded = fold([sent("m", 9), sent("m", 8)], a_program())

    assert folded.balance == 10
    assert [one[1:3] for one in folded.member.merging.senders] == [(9, 0)]


@pytest.mark.parametrize("name", ["m", "a:b:3", "ü" * 40, "long" * 40])
def test_an_id_says_who_sent_a_command_and_its_number(name: str) -> None:
    first, second = (sender_of(sent(name, 9, place)) for place in (9, 10))

    assert first is not None
    assert second is not None
    assert (first.digest, first[1:]) == (second.digest, (9, 9, NOON))
    assert is_further(hear(NEW_MEMBER.merging, first), second)
    assert not is_further(hear(NEW_MEMBER.merging, second), first)


@pytest.mark.parametrize(
    ("command_id", "actor"),
    [
        ("m:7:0", "desk"),
        ("m:7", ENGINE),
        ("m", ENGINE),
        ("m:x:0", ENGINE),
        ("m:7:", ENGINE),
        ("m:\u0667:0", ENGINE),
        ("m:-7:0", ENGINE),
    ],
)
def test_other_ids_name_no_sender(command_id: str, actor: str) -> None:
    command = Command(command_id, POOL, "points.receive", NOON, actor, {})

    assert sender_of(command) is None
