"""However merges meet orders, returns and repeats: no point is lost or doubled."""

from collections import Counter
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.conditions import Pending
from loyalty.decision import Decision, Refusal
from loyalty.member import balance_of
from loyalty.rules import EarnRule
from loyalty.wallets import DEBT, Wallet
from tests.builders import DAY, NOON, a_cancellation, a_program, a_refund, an_order
from tests.merging.company import Company

IDS = ("guest", "app", "card")
MINUTE = 60_000
# One point for each dollar at once, and five a visit that come a day later; what
# was used and then taken back is owed, so that every point can be followed.
PROGRAM = a_program(
    EarnRule("spend", "spend", 1, 1_00),
    EarnRule("later", "spend", 1, 1_00, pending=Pending(delay_ms=DAY)),
    wallets=(Wallet("points", below_zero=DEBT),),
    return_window_days=365,
    unmerge_days=30,
)


class Story:
    """A seeded story of three members, and what all their points must come to."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.company = Company(PROGRAM, self.random, repeats=0.2)
        self.dollars: dict[str, int] = {}
        self.keeper: dict[str, str] = {}
        self.at = NOON
        for number in range(self.random.randrange(4, 30)):
            self.at += self.random.randrange(DAY)
            self._act(number)
            for _ in range(self.random.randrange(4)):
                self.company.step()
        self.company.settle()

    def _act(self, number: int) -> None:
        act = self.random.random()
        member_id = self.random.choice(IDS)
        if act < 0.35:
            self._order(f"order-{number}", member_id)
        elif act < 0.55 and self.dollars:
            self._return(f"refund-{number}", self.random.choice(sorted(self.dollars)))
        elif act < 0.7:
            kind = self.random.choice(("points.redeem", "points.reserve"))
            points = self.random.randrange(1, 30)
            self.company.ask(member_id, kind, self.at, points=points)
        elif act < 0.85:
            other = self.random.choice(IDS)
            self.company.ask(member_id, "member.merge", self.at, from_=other)
        else:
            merged = [
                (survivor, link.member_id)
                for survivor, member in sorted(self.company.members.items())
                for link in member.merging.links
                if link.merged_at
            ]
            pair = self.random.choice([*merged, (member_id, self.random.choice(IDS))])
            self.company.ask(pair[0], "member.unmerge", self.at, from_=pair[1])

    def _order(self, order_id: str, member_id: str) -> None:
        dollars = self.random.randrange(1, 50)
        self.dollars[order_id] = dollars
        # Some come late, perhaps from before a merge.
        at = self.at - self.random.choice((0, 0, MINUTE, 2 * DAY))
        order = an_order(
            order_id,
            subtotal_minor=dollars * 1_00,
            occurred_at=max(at, NOON),
            member_id=member_id,
        )
        self.keeper[order_id] = member_id
        self.company.send(member_id, order)

    def _return(self, refund_id: str, order_id: str) -> None:
        member_id = self._returner(order_id)
        if self.random.random() < 0.2:
            event = a_cancellation(order_id, occurred_at=self.at)
            self.dollars[order_id] = 0
            self.company.send(member_id, event._replace(member_id=member_id))
            return
        dollars = self.random.randrange(self.dollars[order_id] + 1)
        self.dollars[order_id] -= dollars
        refund = a_refund(
            order_id,
            amount_minor=dollars * 1_00,
            refund_id=refund_id,
            occurred_at=self.at,
            member_id=member_id,
        )
        self.company.send(member_id, refund)

    def _returner(self, order_id: str) -> str:
        """Under whose id a return is sent: of whoever can know of the order."""
        knowing = [
            member_id
            for member_id, member in sorted(self.company.members.items())
            if member.merging.keeper_of(order_id)
        ]
        return self.random.choice([self.keeper[order_id], *knowing])

    @property
    def expected(self) -> int:
        """Two points for each dollar that was kept, less what was used."""
        used = sum(
            int((done.result or {})["points"])
            for command_id, done in self.company.results.items()
            if "points.redeem" in command_id and not done.refusal
        )
        return 2 * sum(self.dollars.values()) - used


@given(st.integers(0, 10**9))
@settings(max_examples=300, deadline=None)
def test_points_of_all_members_come_to_what_was_earned_less_what_was_used(
    seed: int,
) -> None:
    story = Story(seed)

    refused = [one for _, _, one in story.company.outcomes if isinstance(one, Refusal)]
    assert refused == []
    assert story.company.worth() == story.expected


@given(st.integers(0, 10**9))
@settings(max_examples=150, deadline=None)
def test_ledgers_say_what_the_balances_are_and_no_entry_comes_twice(seed: int) -> None:
    company = Story(seed).company

    ids = Counter(one.entry_id for all_ in company.entries.values() for one in all_)
    assert not ids or max(ids.values()) == 1
    for member_id, member in company.members.items():
        entries = company.entries.get(member_id, [])
        assert sum(one.points for one in entries) == balance_of(member.lots)


@given(st.integers(0, 10**9))
@settings(max_examples=150, deadline=None)
def test_who_is_part_of_another_has_nothing_and_pointers_have_an_end(seed: int) -> None:
    members = Story(seed).company.members

    for member_id, member in members.items():
        seen = {member_id}
        into = member.merging.into
        if into:
            assert (member.lots, member.state.pending, member.state.debts) == (
                (),
                (),
                (),
            )
            assert members[into].merging.link(member_id).merged_at
        while into:
            assert into not in seen
            seen.add(into)
            into = members[into].merging.into


def test_stories_do_merge_and_part() -> None:
    done = Counter()
    for seed in range(40):
        for _, event, outcome in Story(seed).company.outcomes:
            if isinstance(outcome, Decision) and not outcome.refusal:
                done[getattr(event, "type", "order")] += 1

    assert done["merge.close"] > 10
    assert done["member.unmerge"] > 3
