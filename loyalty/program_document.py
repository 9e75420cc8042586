"""A program from a plain document, as YAML or JSON gives it, with every fault named."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from loyalty.benefits import KEPT, RESET, Store, TransferPolicy
from loyalty.budgets import PARTIAL, Budget
from loyalty.condition_documents import (
    Calendars,
    Context,
    basis_points,
    caps,
)
from loyalty.conditions import REJECT, TRIM
from loyalty.document import Fault, InvalidProgram, Node
from loyalty.expiry import ROLLING as ROLLING_EXPIRY
from loyalty.expiry import Expiry
from loyalty.limits import (
    BUDGET_UNITS_MAX,
    BUDGETS_MAX,
    DAY_MS,
    EARN_RULES_MAX,
    OFFERS_MAX,
    POINTS_MAX,
    STORES_MAX,
    TIERS_MAX,
    TRIGGERS_MAX,
    WALLETS_MAX,
    WINDOW_DAYS_MAX,
    ZONES_MAX,
)
from loyalty.periods import DAY, HALF, MONTH, QUARTER, WEEK, YEAR
from loyalty.program import (
    AFTER_TAX,
    BEFORE_TAX,
    DEDUCT_DOWN,
    KEEP_DOWN,
    PAID,
    PRICE,
    SHARE_DOWN,
    Program,
)
from loyalty.program_checks import faults_between
from loyalty.rule_documents import (
    auto_redeem,
    bonus_rule,
    challenge_rule,
    earn_rule,
    gift,
    near_reward,
    points_payment,
    referral,
    reward_offer,
    streak_rule,
)
from loyalty.rules import BEST, FIRST, MAX, NEWEST, POINTS, SUM
from loyalty.time_documents import duration, expiry, moment
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
from loyalty.windows import Window
from loyalty.zones import UTC, Zone

_T = TypeVar("_T")


class UtcOnly:
    """Calendars of a program that names neither zones nor recurrences."""

    def zone(self, name: str) -> Zone:
        """UTC; raises ValueError for any other name."""
        if name != UTC.name:
            raise ValueError(f"there is no time zone {name!r} here")
        return UTC

    def recurrence(self, start: str, minutes: int, rule: str) -> Window:
        """Nothing: raises ValueError."""
        raise ValueError(f"{rule!r} at {start} for {minutes} minutes needs the edge")


UTC_ONLY: Final = UtcOnly()


def program_from(
    document: Mapping[str, Any], calendars: Calendars = UTC_ONLY
) -> Program:
    """
    Build a program from its document; `docs/program-rules.md` describes the form.

    Raises: InvalidProgram with a pointer to each fault.
    """
    faults: list[Fault] = []
    node = Node(document, "", faults)
    zones = _zones(node, calendars)
    zone = zones[node.text("time_zone", default=UTC.name)]
    context = Context(calendars, zone)
    program = Program(
        program_id=node.text("program"),
        version=node.number("version", minimum=1, default=1),
        effective_from=_effective_from(node, zone),
        currency=node.text("currency"),
        zone=zone,
        zones=zones,
        stores=_stores(node, zones),
        conflict=node.choice("conflict", (SUM, MAX, FIRST)),
        bonus_conflict=node.choice("bonus_conflict", (SUM, BEST, NEWEST)),
        tax_basis=node.choice("tax_basis", (BEFORE_TAX, AFTER_TAX)),
        earn_on=node.choice("earn_on", (PRICE, PAID)),
        prices_include_tax=node.flag("prices_include_tax"),
        return_window_days=node.number(
            "return_window_days", minimum=1, default=60, maximum=WINDOW_DAYS_MAX
        ),
        return_rounding=node.choice(
            "return_rounding", (DEDUCT_DOWN, KEEP_DOWN, SHARE_DOWN)
        ),
        wallets=_wallets(node),
        earn_rules=node.each("earn", _with(earn_rule, context), EARN_RULES_MAX),
        bonus_rules=node.each("bonuses", _with(bonus_rule, context), EARN_RULES_MAX),
        streaks=node.each("streaks", _with(streak_rule, context), TRIGGERS_MAX),
        challenges=node.each(
            "challenges", _with(challenge_rule, context), TRIGGERS_MAX
        ),
        tiers=node.each("tiers", _tier, TIERS_MAX),
        tier_policy=_tier_policy(node),
        offers=node.each("offers", _with(reward_offer, context), OFFERS_MAX),
        auto_redeem=node.each("auto_redeem", auto_redeem, WALLETS_MAX),
        triggers=node.each("triggers", near_reward, TRIGGERS_MAX),
        gifts=node.each("gifts", gift, TRIGGERS_MAX),
        budgets=node.each("budgets", _budget, BUDGETS_MAX),
        referral=referral(node.part("referral")) if node.has("referral") else None,
        transfers=_transfers(node.part("transfers")) if node.has("transfers") else None,
        payment=points_payment(node.part("payment")) if node.has("payment") else None,
    )
    node.close()
    faults.extend(faults_between(program))
    if faults:
        raise InvalidProgram(faults)
    return program


def _with(
    read: Callable[[Node, Context], _T], context: Context
) -> Callable[[Node], _T]:
    return lambda node: read(node, context)


def _effective_from(node: Node, zone: Zone) -> int:
    if node.has("effective_from"):
        return moment(node, "effective_from", zone)
    return node.number("effective_from_ms", default=0)


def _zones(node: Node, calendars: Calendars) -> dict[str, Zone]:
    """Every zone that the document names; an unknown one is a fault, and UTC."""
    named = {"/time_zone": node.text("time_zone", default=UTC.name)}
    zones = {UTC.name: UTC}
    for number, name in enumerate(sorted(node.names("member_time_zones"))[:ZONES_MAX]):
        named[f"/member_time_zones/{number}"] = name
    stores = node.raw("stores")
    for number, store in enumerate(stores if isinstance(stores, list) else []):
        if isinstance(store, Mapping) and isinstance(store.get("time_zone"), str):
            named[f"/stores/{number}/time_zone"] = store["time_zone"]
    for pointer, name in named.items():
        if name in zones:
            continue
        try:
            zones[name] = calendars.zone(name)
        except ValueError as error:
            node.fault(pointer[1:], str(error))
            zones[name] = UTC
    return zones


def _stores(node: Node, zones: Mapping[str, Zone]) -> tuple[Store, ...]:
    default = node.text("time_zone", default=UTC.name)

    def store(one: Node) -> Store:
        zone = one.text("time_zone", default=default)
        known = zone if zone in zones else UTC.name
        return Store(one.text("id"), known, one.text("area", default=""))

    return node.each("stores", store, STORES_MAX)


def _wallets(node: Node) -> tuple[Wallet, ...]:
    wallets = node.each("wallets", _wallet, WALLETS_MAX)
    if wallets:
        if node.has("expiry_days") or node.has("expiry"):
            node.fault("expiry", "belongs to a wallet when there are wallets")
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


def _tier(node: Node) -> Tier:
    from_points = node.number("from_points", maximum=POINTS_MAX)
    return Tier(
        node.text("id"),
        node.text("name"),
        from_points,
        earn_bp=basis_points(node, "earn_factor", default="1", maximum=1_000_000),
        kept=node.flag("kept"),
    )


def _tier_policy(node: Node) -> TierPolicy:
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


def _budget(node: Node) -> Budget:
    total = node.number("total", minimum=1, maximum=BUDGET_UNITS_MAX)
    per_store = node.number("per_store", default=0, maximum=BUDGET_UNITS_MAX)
    return Budget(
        node.text("id"),
        total,
        per_store=per_store or None,
        period=node.choice("period", (NONE, DAY, WEEK, MONTH)),
        edge=node.choice("edge", (PARTIAL, NONE)),
    )


def _transfers(node: Node) -> TransferPolicy:
    policy = TransferPolicy(
        points_min=node.number("points_min", minimum=1, default=1),
        points_max=node.number("points_max", minimum=1, default=100_000),
        per_day_max=node.number("per_day_max", minimum=1, default=100_000),
        expiry=node.choice("expiry", (RESET, KEPT)),
    )
    node.close()
    return policy
