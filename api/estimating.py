"""What an order would do, by running the rules themselves on a copy of the member."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from api.rule_doubts import Asked, Doubt, doubt_of, limits_of
from loyalty.benefits import RewardOffer
from loyalty.decide import decide
from loyalty.decision import EARN, Decision, Duplicate
from loyalty.events import Command, InvalidEvent, OrderEvent, Tick
from loyalty.member import Member
from loyalty.program import Program, Programs
from loyalty.view import view_of
from loyalty.view_shapes import MemberView

# No command of a client can have this id.
TRIAL_ID: Final = "\0trial"


class RuleGain(NamedTuple):
    """
    What one rule gives for an order.

    `pending` is not usable at once, `claimed` waits for a budget; `uncapped` is
    what it would be without any caps, `limits` says which of them took something.
    """

    rule_id: str
    wallet: str
    points: int
    pending: int
    claimed: int
    uncapped: int
    limits: tuple[str, ...]


class WalletGain(NamedTuple):
    """What an order does to a wallet, debts and what is redeemed by itself included."""

    wallet: str
    earned: int
    pending: int
    balance_before: int
    balance_after: int


class Trial(NamedTuple):
    """Whether a reward could be taken; `reason` is the engine's code if not."""

    reward: RewardOffer
    cost: int
    balance: int
    reason: str
    detail: str


class Estimate(NamedTuple):
    """What an order would do to a member."""

    gains: tuple[RuleGain, ...]
    doubts: tuple[Doubt, ...]
    wallets: tuple[WalletGain, ...]
    before: MemberView
    after: MemberView
    why: str
    member: Member


class Estimator:
    """Runs `decide` on members that are read, and changes none."""

    def __init__(self, programs: Programs) -> None:
        """Say by which rules."""
        self._programs = programs
        self._uncapped: dict[tuple[int, int], Program] = {}

    def order(self, member: Member, order: OrderEvent) -> Estimate:
        """
        What an order would do now.

        Raises: InvalidEvent for one that the engine would not take.
        """
        member_id = order.member_id
        program = self._programs.at(order.occurred_at)
        decision = _decided(member, order, self._programs)
        free = _decided(member, order, self._without_caps(program))
        before = decide(
            member, Tick(order.occurred_at), self._programs, member_id=member_id
        )
        assert isinstance(before, Decision), "a tick is always applied"
        asked = Asked(order, program, before.member, decision.member)
        gains, doubts = _sorted_out(asked, decision, free)
        shown = self._programs.latest
        views = [view_of(member_id, d.member, shown) for d in (before, decision)]
        wallets = _wallets(order.order_id, decision, before=views[0], after=views[1])
        return Estimate(
            gains,
            doubts,
            wallets,
            views[0],
            views[1],
            decision.why,
            decision.member,
        )

    def rewards(
        self,
        member: Member,
        member_id: str,
        *,
        at: int,
        ids: Sequence[str] | None = None,
    ) -> tuple[Trial, ...]:
        """Whether each reward, or each of those named, could be taken at a time."""
        come = decide(member, Tick(at), self._programs, member_id=member_id)
        assert isinstance(come, Decision), "a tick is always applied"
        program = self._programs.at(come.member.clock_at)
        view = view_of(member_id, come.member, program)
        balances = {wallet.wallet_id: wallet.balance for wallet in view.wallets}
        trials = []
        for reward in program.offers:
            if ids is not None and reward.offer_id not in ids:
                continue
            command = Command(
                TRIAL_ID,
                member_id,
                "points.redeem",
                at,
                "app",
                {"reward_id": reward.offer_id},
            )
            tried = decide(come.member, command, self._programs, member_id=member_id)
            assert isinstance(tried, Decision), "the id is nobody's"
            detail = str((tried.result or {}).get("detail", ""))
            trials.append(
                Trial(
                    reward,
                    reward.cost_for(view.tier),
                    balances[reward.wallet],
                    tried.refusal,
                    detail,
                )
            )
        return tuple(trials)

    def _without_caps(self, program: Program) -> Program:
        """Program in which nothing is capped and nothing cools down."""
        key = (program.effective_from, program.version)
        known = self._uncapped.get(key)
        if known is None:
            known = self._uncapped[key] = replace(
                program,
                earn_rules=tuple(
                    rule._replace(caps=(), cooldown_ms=0) for rule in program.earn_rules
                ),
                bonus_rules=tuple(
                    rule._replace(caps=(), cooldown_ms=0)
                    for rule in program.bonus_rules
                ),
                wallets=tuple(
                    wallet._replace(caps=(), balance_max=0)
                    for wallet in program.wallets
                ),
            )
        return known


def _decided(member: Member, order: OrderEvent, programs: Programs) -> Decision:
    decision = decide(member, order, programs, member_id=order.member_id)
    if isinstance(decision, Decision):
        return decision
    if isinstance(decision, Duplicate):
        raise InvalidEvent("order-known", decision.detail)
    raise InvalidEvent(decision.reason, decision.detail)


def _sorted_out(
    asked: Asked, decision: Decision, free: Decision
) -> tuple[tuple[RuleGain, ...], tuple[Doubt, ...]]:
    """Rules that give something, and why the others do not."""
    given, uncapped = _by_rule(asked, decision), _by_rule(asked, free)
    gains, doubts = [], []
    for rule in asked.program.rules.values():
        usable, pending, claimed = given.get(rule.rule_id, (0, 0, 0))
        wanted = sum(uncapped.get(rule.rule_id, (0, 0, 0)))
        total = usable + pending + claimed
        limits = limits_of(asked, rule, wanted) if total < wanted else ()
        if total:
            gains.append(
                RuleGain(
                    rule.rule_id,
                    rule.wallet,
                    usable,
                    pending,
                    claimed,
                    max(wanted, total),
                    limits,
                )
            )
        else:
            doubts.append(doubt_of(asked, rule, limits))
    gains += _others(asked, given)
    return tuple(gains), tuple(doubts)


def _others(asked: Asked, given: dict[str, tuple[int, int, int]]) -> list[RuleGain]:
    """Points for the order by what is no order rule: a referral."""
    wallet = asked.program.referral.wallet if asked.program.referral else ""
    return [
        RuleGain(rule_id, wallet, points, 0, 0, points, ())
        for rule_id, (points, _, _) in given.items()
        if rule_id not in asked.program.rules and points
    ]


def _by_rule(asked: Asked, decision: Decision) -> dict[str, tuple[int, int, int]]:
    """Points of the order by rule: usable, pending, claimed of a budget."""
    found: dict[str, list[int]] = {}

    def add(rule_id: str, place: int, points: int) -> None:
        found.setdefault(rule_id, [0, 0, 0])[place] += points

    order_id = asked.order.order_id
    for entry in decision.entries:
        if entry.kind == EARN and entry.order_id == order_id:
            add(entry.rule_id, 0, entry.points)
    for waiting in decision.member.state.pending:
        if waiting.lot.order_id == order_id:
            add(waiting.lot.rule_id, 1, waiting.lot.points)
    for claim in decision.claims:
        if claim.order_id == order_id:
            add(claim.rule_id, 2, claim.desired)
    return {name: (a, b, c) for name, (a, b, c) in found.items()}


def _wallets(
    order_id: str, decision: Decision, *, before: MemberView, after: MemberView
) -> tuple[WalletGain, ...]:
    stood = {wallet.wallet_id: wallet.balance for wallet in before.wallets}
    return tuple(
        WalletGain(
            wallet.wallet_id,
            sum(
                entry.points
                for entry in decision.entries
                if entry.kind == EARN
                and entry.order_id == order_id
                and entry.wallet == wallet.wallet_id
            ),
            sum(
                waiting.lot.points
                for waiting in decision.member.state.pending
                if waiting.lot.order_id == order_id
                and waiting.lot.wallet == wallet.wallet_id
            ),
            stood[wallet.wallet_id],
            wallet.balance,
        )
        for wallet in after.wallets
    )
