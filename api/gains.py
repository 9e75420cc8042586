"""What a decision about an order gave, by rule and by wallet."""

from typing import NamedTuple

from api.rule_doubts import Asked, Doubt, doubt_of, limits_of
from loyalty.decision import EARN, Decision
from loyalty.experiments import arm_of, is_variant, variant_id
from loyalty.histories import HistoryRule
from loyalty.program import Program
from loyalty.rules import OrderRule
from loyalty.view_shapes import MemberView


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


def sorted_out(
    asked: Asked, decision: Decision, free: Decision
) -> tuple[tuple[RuleGain, ...], tuple[Doubt, ...]]:
    """Rules that give something, and why the others do not."""
    given, uncapped = _by_rule(asked, decision), _by_rule(asked, free)
    gains, doubts = [], []
    for rule in rules_of(asked.order.member_id, asked.program):
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


def rules_of(member_id: str, program: Program) -> list[OrderRule]:
    """Rules as a member's arms get them; those that the arm has not are among them."""
    found: list[OrderRule] = []
    for rule in program.rules.values():
        if is_variant(rule.rule_id) or isinstance(rule, HistoryRule):
            continue
        arm = None if rule.trial is None else arm_of(member_id, rule.trial)
        if arm is not None and arm.is_other:
            found.append(program.rules[variant_id(rule.rule_id, arm.arm_id)])
        else:
            found.append(rule)
    return found


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


def wallet_gains(
    order_id: str, decision: Decision, *, before: MemberView, after: MemberView
) -> tuple[WalletGain, ...]:
    """What an order earns in each wallet, and the balances around it."""
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
