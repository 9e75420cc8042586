"""What others may see of a member: the projection that apps and analysts read."""

from typing import Final

from loyalty.member import Member, State, balance_of, debt_of
from loyalty.offers import usable_until, why
from loyalty.personal_views import personal_views, withheld_views
from loyalty.program import Program
from loyalty.tier_outlook import next_tier, projected_tier, tier_value
from loyalty.view_shapes import (
    ChallengeView,
    ConsentView,
    LotView,
    MemberView,
    OfferView,
    ReservationView,
    StreakView,
    WalletView,
)
from loyalty.wallets import UNLIMITED, Wallet

# No lot ends then; 0 is never.
_NO_TIME: Final = -1


def view_of(member_id: str, member: Member, program: Program) -> MemberView:
    """Project a member: lots by expiry, offers best (dearest) first."""
    state = member.state
    wallets = tuple(_wallet_view(state, wallet) for wallet in program.wallets)
    first = wallets[0]
    in_window = tier_value(state.earned_days, program, first.balance)
    above = next_tier(in_window, program) if program.tiers else None
    falls_to, falls_at, to_stay = projected_tier(state, program)
    return MemberView(
        member_id,
        member.version,
        member.clock_at,
        first.balance,
        first.pending,
        first.debt,
        state.tier,
        in_window,
        state.tier_until,
        above.tier_id if above else None,
        above.from_points - in_window if above else 0,
        falls_to,
        falls_at,
        to_stay,
        first.lots,
        _offers_best_first(member, program) if member.offers else (),
        wallets,
        _streaks(state, program) if state.streaks else (),
        _challenges(state, program) if program.challenges else (),
        tuple(badge.badge for badge in state.badges),
        tuple(
            ReservationView(h.hold_id, h.wallet, h.points, h.expires_at, h.reward_id)
            for h in state.holds
            if not h.waits
        ),
        _consents(member) if member.engagement else (),
        member.merging.into,
        tuple(one.member_id for one in member.merging.links if one.merged_at),
        personal_views(member, program) if member.personal else (),
        withheld_views(member, program)
        if program.offers or program.personal_offers
        else (),
    )


def _consents(member: Member) -> tuple[ConsentView, ...]:
    engagement = member.engagement
    assert engagement is not None, "asked only of who has one"
    return tuple([ConsentView(*consent) for consent in engagement.consents])


def _wallet_view(state: State, wallet: Wallet) -> WalletView:
    wallet_id = wallet.wallet_id
    lots: list[LotView] = []
    balance = ending = 0
    ends_at = _NO_TIME
    for lot in state.lots:
        if lot.wallet != wallet_id:
            continue
        # Lots stand in the order of their ends: those that end together, together.
        if lot.expires_at != ends_at:
            if ends_at != _NO_TIME:
                lots.append(LotView(ending, ends_at))
            ends_at, ending = lot.expires_at, 0
        ending += lot.points
        balance += lot.points
    if ends_at != _NO_TIME:
        lots.append(LotView(ending, ends_at))
    debt = debt_of(state, wallet_id) if state.debts else 0
    if wallet.below_zero == UNLIMITED:
        # Overdrawn: the balance itself is below 0, and nothing stands beside it.
        balance, debt = balance - debt, 0
    return WalletView(
        wallet_id,
        wallet.name,
        wallet.unit,
        balance,
        sum(w.lot.points for w in state.pending if w.lot.wallet == wallet_id),
        sum(h.points for h in state.holds if h.wallet == wallet_id),
        debt,
        tuple(lots),
    )


def _offers_best_first(member: Member, program: Program) -> tuple[OfferView, ...]:
    rules = {rule.offer_id: rule for rule in program.offers}
    state = member.state
    views = []
    for offer in member.offers:
        rule = rules.get(offer.offer_id)
        if rule is None:
            continue
        cost = rule.cost_for(state.tier)
        balance = balance_of(state.lots, rule.wallet)
        views.append(
            OfferView(
                rule.offer_id,
                rule.name,
                cost,
                offer.granted_at,
                usable_until(rule, state.lots, cost),
                why(rule, balance, cost),
                rule.wallet,
            )
        )
    return tuple(sorted(views, key=lambda view: (-view.cost_points, view.offer_id)))


def _streaks(state: State, program: Program) -> tuple[StreakView, ...]:
    rules = {rule.rule_id: rule for rule in program.streaks}
    return tuple(
        StreakView(
            one.rule_id,
            one.length,
            rules[one.rule_id].length,
            one.orders,
            rules[one.rule_id].orders_min,
        )
        for one in state.streaks
        if one.rule_id in rules
    )


def _challenges(state: State, program: Program) -> tuple[ChallengeView, ...]:
    known = {one.rule_id: one for one in state.challenges}
    views = []
    for rule in program.challenges:
        one = known.get(rule.rule_id)
        joined = one is not None or not rule.opt_in
        progress, completed = (one.progress, one.completed) if one else (0, 0)
        views.append(
            ChallengeView(
                rule.rule_id, rule.goal, progress, rule.target, completed, joined
            )
        )
    return tuple(views)
