"""Rewards, gifts, referrals and payment of a program, from its document."""

from typing import Final

from loyalty.award_documents import caps, minimum_minor
from loyalty.benefits import (
    BIRTHDAY,
    AutoRedeem,
    Gift,
    PointsPayment,
    Referral,
    RewardOffer,
)
from loyalty.budgets import NONE, STOCK_PREFIX, Budget, stock_of
from loyalty.condition_documents import Context, condition
from loyalty.document import Node
from loyalty.limits import (
    BUDGET_UNITS_MAX,
    DAY_MS,
    ID_LENGTH_MAX,
    POINTS_MAX,
    WINDOW_DAYS_MAX,
)
from loyalty.periods import DAY, MONTH, WEEK
from loyalty.rules import (
    POINTS,
)
from loyalty.wallets import ANNIVERSARY

RULE_POINTS_MAX: Final = 1_000_000
MINUTE_MS: Final = 60_000


def reward_offer(node: Node, context: Context) -> RewardOffer:
    """Read a reward of the catalogue."""
    offer_id = id_of(node)
    costs = node.part("cost_by_tier")
    by_tier = tuple(
        (tier, costs.number(tier, minimum=1, maximum=POINTS_MAX))
        for tier in costs.keys()  # noqa: SIM118 - a node is no mapping
    )
    costs.close()
    stock = _stock(node.part("stock"), offer_id) if node.has("stock") else None
    return RewardOffer(
        offer_id,
        node.text("name"),
        node.number("cost_points", minimum=1, maximum=POINTS_MAX),
        wallet=node.text("wallet", default=POINTS),
        cost_by_tier=by_tier,
        when=condition(node.part("when"), context),
        per_member=caps(node, f"reward/{offer_id}"),
        stock=stock,
        hold_ms=node.number("hold_minutes", minimum=1, default=15, maximum=10_080)
        * MINUTE_MS,
    )


def _stock(node: Node, offer_id: str) -> Budget:
    """Read how many units of a reward there are, in each period and store."""
    read = Budget(
        stock_of(offer_id),
        node.number("units", minimum=1, maximum=BUDGET_UNITS_MAX),
        per_store=node.number("per_store", default=0, maximum=BUDGET_UNITS_MAX) or None,
        period=node.choice("period", (NONE, DAY, WEEK, MONTH)),
        edge=NONE,
    )
    if len(read.budget_id) > ID_LENGTH_MAX:
        most = ID_LENGTH_MAX - len(STOCK_PREFIX)
        node.fault("", f"the id of a reward with a stock has at most {most} characters")
    node.close()
    return read


def auto_redeem(node: Node) -> AutoRedeem:
    """Read what is redeemed by itself at a threshold."""
    return AutoRedeem(
        id_of(node),
        wallet=node.text("wallet", default=POINTS),
        every=node.number("every", minimum=1, maximum=POINTS_MAX),
        into=node.text("into"),
        amount=node.number("amount", minimum=1, default=1, maximum=RULE_POINTS_MAX),
        runs_per_day_max=node.number(
            "runs_per_day_max", minimum=1, default=25, maximum=1_000
        ),
    )


def gift(node: Node) -> Gift:
    """Read a yearly gift."""
    return Gift(
        id_of(node),
        node.choice("kind", (BIRTHDAY, ANNIVERSARY)),
        node.number("points", minimum=1, maximum=RULE_POINTS_MAX),
        wallet=node.text("wallet", default=POINTS),
        tiers=node.names("tiers"),
    )


def referral(node: Node) -> Referral:
    """Read what both sides of a referral get."""
    read = Referral(
        id_of(node),
        node.number("referrer_points", minimum=1, maximum=RULE_POINTS_MAX),
        node.number("referee_points", default=0, maximum=RULE_POINTS_MAX),
        minimum_minor=minimum_minor(node),
        within_ms=node.number("within_days", default=0, maximum=WINDOW_DAYS_MAX)
        * DAY_MS,
        wallet=node.text("wallet", default=POINTS),
    )
    node.close()
    return read


def points_payment(node: Node) -> PointsPayment:
    """Read what points are worth at the till."""
    read = PointsPayment(
        node.number("points", minimum=1, maximum=RULE_POINTS_MAX),
        node.number("minor", minimum=1, default=1, maximum=RULE_POINTS_MAX),
        node.text("wallet", default=POINTS),
    )
    node.close()
    return read


def id_of(node: Node) -> str:
    """Read an id; a lot's id joins it with "/", so that it may hold none."""
    rule_id = node.text("id")
    if "/" in rule_id or "#" in rule_id:
        node.fault("id", "may not hold / or #")
    return rule_id
