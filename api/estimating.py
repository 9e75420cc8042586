"""What an order would do, by running the rules themselves on a copy of the member."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from api.discounting import basket_of
from api.distances import Distance, distance_of
from api.gains import RuleGain, WalletGain, sorted_out, wallet_gains
from api.rule_doubts import Asked, Doubt
from loyalty.baskets.result import BasketResult
from loyalty.benefits import RewardOffer
from loyalty.decide import decide
from loyalty.decision import Decision, Duplicate, Refusal
from loyalty.events import Command, InvalidEvent, OrderEvent, Tick
from loyalty.fencing import Fence
from loyalty.member import Member
from loyalty.program import Program, Programs
from loyalty.view import view_of
from loyalty.view_shapes import MemberView

# No command of a client can have this id.
TRIAL_ID: Final = "\0trial"
UNCAPPED_MAX: Final = 16
# As the engine: a rule that fails is left out.
FENCED: Final = Fence(decide)


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
    distances: Mapping[str, Distance]
    wallets: tuple[WalletGain, ...]
    before: MemberView
    after: MemberView
    why: str
    member: Member
    basket: BasketResult | None
    program: Program


class Estimator:
    """Runs `decide` on members that are read, and changes none."""

    def __init__(self, programs: Programs) -> None:
        """Say by which rules."""
        self._programs = programs
        # By identity: what is published beside a version may take its number.
        self._uncapped: dict[int, tuple[Program, Program]] = {}

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
        gains, doubts = sorted_out(asked, decision, free)
        stood = view_of(member_id, before.member, program)
        stands = view_of(member_id, decision.member, program)
        wallets = wallet_gains(order.order_id, decision, before=stood, after=stands)
        return Estimate(
            gains,
            doubts,
            _distances(asked, doubts),
            wallets,
            stood,
            stands,
            decision.why,
            decision.member,
            basket_of(order, before.member, program),
            program,
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
            trials.append(
                Trial(
                    reward,
                    reward.cost_for(view.tier),
                    balances[reward.wallet],
                    *_why_not(tried),
                )
            )
        return tuple(trials)

    def _without_caps(self, program: Program) -> Program:
        """Program in which nothing is capped and nothing cools down."""
        known = self._uncapped.get(id(program))
        if known is None or known[0] is not program:
            if len(self._uncapped) >= UNCAPPED_MAX:
                self._uncapped.clear()
            free = replace(
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
            known = self._uncapped[id(program)] = (program, free)
        return known[1]


def _distances(asked: Asked, doubts: Sequence[Doubt]) -> dict[str, Distance]:
    rules = asked.program.rules
    found = {
        doubt.rule_id: distance_of(asked, rules[doubt.rule_id], doubt)
        for doubt in doubts
    }
    return {rule_id: one for rule_id, one in found.items() if one is not None}


def _why_not(tried: Decision | Duplicate | Refusal) -> tuple[str, str]:
    """Reason and words for which a trial came to nothing, empty if it came to be."""
    assert isinstance(tried, Decision), "the id is nobody's"
    return tried.refusal, str((tried.result or {}).get("detail", ""))


def _decided(member: Member, order: OrderEvent, programs: Programs) -> Decision:
    decision = FENCED(member, order, programs, member_id=order.member_id)
    if isinstance(decision, Decision):
        return decision
    if isinstance(decision, Duplicate):
        raise InvalidEvent("order-known", decision.detail)
    raise InvalidEvent(decision.reason, decision.detail)
