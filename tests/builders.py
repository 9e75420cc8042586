"""Values for tests: each builder gives a sound one, and takes what a test is about."""

from typing import Any

from loyalty.benefits import RewardOffer
from loyalty.conditions import ANY_LINE, LineMatch
from loyalty.engagement.rules import near_reward
from loyalty.events import (
    CANCELLED,
    ITEM,
    PLACED,
    REFUNDED,
    ActivityEvent,
    Command,
    OrderEvent,
    OrderLine,
    Refund,
)
from loyalty.expiry import ROLLING, Expiry
from loyalty.limits import DAY_MS
from loyalty.program import Program
from loyalty.rules import EarnRule
from loyalty.wallets import NO_EXPIRY, Tier, TierPolicy, Wallet

# 2024-01-15 12:00 UTC, a Monday.
NOON = 1_705_320_000_000
DAY = DAY_MS
# When returns happen unless a test says so: the day after.
REFUNDED_AT = NOON + DAY


def a_line(
    unit_price_minor: int = 10_00,
    *,
    quantity: int = 1,
    sku: str = "burger",
    category: str = "food",
    labels: tuple[str, ...] = (),
    discount_minor: int = 0,
    tax_minor: int = 0,
    kind: str = ITEM,
    line_id: str = "1",
) -> OrderLine:
    """One line, a burger of $10.00."""
    return OrderLine(
        line_id,
        sku,
        category,
        labels,
        quantity,
        unit_price_minor,
        discount_minor,
        tax_minor,
        kind,
    )


def an_order(
    order_id: str = "order-1",
    *,
    lines: tuple[OrderLine, ...] | None = None,
    subtotal_minor: int = 10_00,
    occurred_at: int = NOON,
    kind: str = PLACED,
    event_id: str = "",
    member_id: str = "member-1",
    currency: str = "USD",
    refund: Refund | None = None,
) -> OrderEvent:
    """An order placed, of one line that is worth the subtotal unless lines are given."""
    if lines is None:
        lines = (a_line(subtotal_minor),)
    subtotal = sum(
        line.quantity * line.unit_price_minor - line.discount_minor for line in lines
    )
    tax = sum(line.tax_minor for line in lines)
    return OrderEvent(
        event_id or f"{order_id}-{kind.lower()}-{occurred_at}",
        order_id,
        member_id,
        kind,
        occurred_at,
        "store-1",
        "APP",
        currency,
        lines,
        subtotal + tax,
        subtotal,
        tax,
        (),
        refund,
        {},
        None,
    )


def a_refund(
    order_id: str = "order-1",
    *,
    amount_minor: int,
    refund_id: str = "refund-1",
    occurred_at: int = NOON + DAY,
    member_id: str = "member-1",
) -> OrderEvent:
    """A refund of an order."""
    return an_order(
        order_id,
        kind=REFUNDED,
        event_id=f"{order_id}-{refund_id}",
        occurred_at=occurred_at,
        member_id=member_id,
        refund=Refund(refund_id, (), amount_minor),
    )


def a_cancellation(
    order_id: str = "order-1", *, occurred_at: int = NOON + DAY
) -> OrderEvent:
    """A cancellation of an order."""
    return an_order(order_id, kind=CANCELLED, occurred_at=occurred_at)


def an_activity(
    event_id: str = "act-1", *, occurred_at: int = NOON, member_id: str = "member-1"
) -> ActivityEvent:
    """A menu viewed."""
    return ActivityEvent(
        event_id, member_id, "menu.viewed", occurred_at, None, None, {}
    )


def an_adjustment(
    points: int, *, command_id: str = "command-1", occurred_at: int = NOON
) -> Command:
    """A correction by the service desk."""
    attributes = {"points": points, "reason": "goodwill"}
    return Command(
        command_id, "member-1", "points.adjust", occurred_at, "desk", attributes
    )


def spend(
    points: int = 1,
    *,
    step_minor: int = 1_00,
    rounding: str = "down",
    minimum_minor: int = 0,
    match: LineMatch | None = None,
    rule_id: str = "spend",
) -> EarnRule:
    """Points for money: one for each whole dollar."""
    return EarnRule(
        rule_id,
        "spend",
        points,
        step_minor,
        rounding,
        minimum_minor,
        match or ANY_LINE,
    )


def a_wallet(expiry_days: int = 0, **fields: Any) -> Wallet:
    """The wallet of points."""
    expiry = Expiry(ROLLING, expiry_days) if expiry_days else NO_EXPIRY
    return Wallet("points", "Points", **{"expiry": expiry} | fields)


def a_program(*earn_rules: EarnRule, **fields: Any) -> Program:
    """A program of one point a dollar unless rules are given."""
    wallet = a_wallet(fields.pop("expiry_days", 0))
    policy = TierPolicy(window_days=fields.pop("tier_window_days", 90))
    return Program(
        **{
            "program_id": "test",
            "version": 1,
            "effective_from": 0,
            "currency": "USD",
            "earn_rules": earn_rules or (spend(),),
            "wallets": (wallet,),
            "tier_policy": policy,
        }
        | fields
    )


A_FULL_PROGRAM = a_program(
    spend(),
    EarnRule("coffee", "item", 5, match=LineMatch(categories=frozenset({"coffee"}))),
    EarnRule("visit", "visit", 10, minimum_minor=50_00),
    expiry_days=30,
    return_window_days=20,
    tiers=(
        Tier("base", "Base", 0),
        Tier("silver", "Silver", 50),
        Tier("gold", "Gold", 150),
    ),
    tier_window_days=25,
    offers=(RewardOffer("coffee", "Coffee", 40), RewardOffer("meal", "Meal", 200)),
    triggers=(near_reward("near-meal", "meal", 50, cooldown_ms=7 * DAY_MS),),
)
