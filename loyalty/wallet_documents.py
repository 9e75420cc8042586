"""Wallets, tiers, budgets and transfers from a program's document."""

from loyalty.award_documents import caps
from loyalty.benefits import KEPT, RESET, TransferPolicy
from loyalty.budgets import PARTIAL, Budget
from loyalty.condition_documents import basis_points
from loyalty.conditions import REJECT, TRIM
from loyalty.document import Node
from loyalty.expiry import ROLLING as ROLLING_EXPIRY
from loyalty.expiry import Expiry
from loyalty.limits import (
    BUDGET_UNITS_MAX,
    DAY_MS,
    POINTS_MAX,
    WALLETS_MAX,
    WINDOW_DAYS_MAX,
)
from loyalty.periods import DAY, HALF, MONTH, QUARTER, WEEK, YEAR
from loyalty.rules import POINTS
from loyalty.time_documents import duration, expiry
from loyalty.wallets import (
    ANNIVERSARY,
    BASIS_BALANCE,
    BASIS_SPEND,
    BASIS_VISITS,
    CALENDAR,
    DEBT,
    FLOOR,
    FULL,
    LIFETIME,
    MINOR,
    NEXT_PERIOD,
    NO_EXPIRY,
    NONE,
    NOW,
    OLDEST,
    ONE_STEP,
    ROLLING,
    SOONEST_EXPIRY,
    UNLIMITED,
    Tier,
    TierPolicy,
    Wallet,
)


def wallets_of(node: Node) -> tuple[Wallet, ...]:
    """Read the wallets, or the one that the short form means."""
    wallets = node.each("wallets", _wallet, WALLETS_MAX)
    if wallets:
        for name in ("expiry_days", "expiry"):
            if node.raw(name) is not None:
                node.fault(name, "belongs to a wallet when there are wallets")
        return wallets
    return (Wallet(POINTS, "Points", expiry=_short_expiry(node)),)


def _short_expiry(node: Node) -> Expiry:
    days = node.number("expiry_days", default=0, maximum=36_500)
    if node.has("expiry"):
        return expiry(node.part("expiry"))
    return Expiry(ROLLING_EXPIRY, days) if days else NO_EXPIRY


def _wallet(node: Node) -> Wallet:
    wallet_id = node.text("id")
    return Wallet(
        wallet_id,
        node.text("name", default=wallet_id),
        unit=node.choice("unit", (POINTS, MINOR)),
        expiry=_short_expiry(node),
        burn_order=node.choice("burn_order", (SOONEST_EXPIRY, OLDEST)),
        below_zero=node.choice("below_zero", (FLOOR, DEBT, UNLIMITED)),
        balance_max=node.number("balance_max", default=0, maximum=POINTS_MAX),
        over=node.choice("over", (TRIM, REJECT)),
        caps=caps(node, f"wallet/{wallet_id}"),
        reinstate_days=node.number(
            "reinstate_days", default=0, maximum=WINDOW_DAYS_MAX
        ),
        warn_ms=node.number("warn_days", default=0, maximum=WINDOW_DAYS_MAX) * DAY_MS,
    )


def tier(node: Node) -> Tier:
    """Read a level."""
    from_points = node.number("from_points", maximum=POINTS_MAX)
    return Tier(
        node.text("id"),
        node.text("name"),
        from_points,
        earn_bp=basis_points(node, "earn_factor", default="1", maximum=1_000_000),
        kept=node.flag("kept"),
    )


def tier_policy_of(node: Node) -> TierPolicy:
    """Read how tiers come and go."""
    days = node.number(
        "tier_window_days", minimum=1, default=365, maximum=WINDOW_DAYS_MAX
    )
    part = node.part("tier_policy")
    bases = (POINTS, BASIS_SPEND, BASIS_VISITS, BASIS_BALANCE)
    windows = (ROLLING, CALENDAR, ANNIVERSARY, LIFETIME)
    policy = TierPolicy(
        basis=part.choice("basis", bases),
        window=part.choice("window", windows),
        window_days=part.number(
            "window_days", minimum=1, default=days, maximum=WINDOW_DAYS_MAX
        ),
        period=part.choice("period", (YEAR, DAY, WEEK, MONTH, QUARTER, HALF)),
        upgrade=part.choice("upgrade", (NOW, NEXT_PERIOD)),
        downgrade=part.choice("downgrade", (FULL, ONE_STEP, NONE)),
        valid=duration(part.part("valid")) if part.has("valid") else None,
    )
    part.close()
    return policy


def budget(node: Node) -> Budget:
    """Read how much may be given away."""
    total = node.number("total", minimum=1, maximum=BUDGET_UNITS_MAX)
    per_store = node.number("per_store", default=0, maximum=BUDGET_UNITS_MAX)
    return Budget(
        node.text("id"),
        total,
        per_store=per_store or None,
        period=node.choice("period", (NONE, DAY, WEEK, MONTH)),
        edge=node.choice("edge", (PARTIAL, NONE)),
    )


def transfers(node: Node) -> TransferPolicy:
    """Read what members may give one another."""
    policy = TransferPolicy(
        points_min=node.number("points_min", minimum=1, default=1),
        points_max=node.number("points_max", minimum=1, default=100_000),
        per_day_max=node.number("per_day_max", minimum=1, default=100_000),
        expiry=node.choice("expiry", (RESET, KEPT)),
    )
    node.close()
    return policy
