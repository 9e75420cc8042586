"""Programs that use much of the rules at once, and seeded lives of a member."""

from random import Random
from typing import Final

from loyalty.benefits import AutoRedeem, RewardOffer
from loyalty.conditions import Bought, Cap, LineMatch, Pending, When
from loyalty.events import ADJUSTED, CANCELLED, MemberEvent, Refund, RefundLine
from loyalty.expiry import ROLLING, SLIDING, Expiry
from loyalty.histories import history_id
from loyalty.program import KEEP_DOWN, Program
from loyalty.rules import (
    BonusRule,
    ChallengeRule,
    EarnRule,
    StreakRule,
)
from loyalty.wallets import DEBT, OLDEST, UNLIMITED, Tier, TierPolicy, Wallet
from tests.builders import (
    DAY,
    NOON,
    a_line,
    a_program,
    an_activity,
    an_adjustment,
    an_order,
    spend,
)

COFFEE: Final = LineMatch(categories=frozenset({"coffee"}))
CUPS: Final = history_id(COFFEE)
NO_CUP: Final = Bought(COFFEE, CUPS, times_max=0)
TWO_CUPS: Final = Bought(COFFEE, CUPS, times_min=2, within_ms=14 * DAY)
TIERS: Final = (
    Tier("base", "Base", 0),
    Tier("silver", "Silver", 60, earn_bp=12_500),
    Tier("gold", "Gold", 150, earn_bp=15_000, kept=True),
)
EARN: Final = (
    spend(),
    EarnRule("coffee", "item", 5, match=COFFEE, caps=(Cap("coffee#1", "day", 15),)),
    EarnRule("visit", "visit", 10, minimum_minor=20_00, cooldown_ms=DAY // 2),
    EarnRule("stamp", "item", 1, match=COFFEE, wallet="stamps"),
    EarnRule("late", "visit", 3, pending=Pending(delay_ms=DAY), minimum_minor=15_00),
    EarnRule("view", "activity", 2, activity="menu.viewed"),
    EarnRule("joined", "segment", 4, segment="student"),
    EarnRule("first cup", "visit", 1, match=COFFEE, when=When(bought=(NO_CUP,))),
)
BONUSES: Final = (
    BonusRule("double", "multiply", 20_000, match=COFFEE),
    BonusRule("third", "add", points=7, when=When(every_order=3)),
    BonusRule("again", "add", points=1, when=When(bought=(TWO_CUPS,))),
    BonusRule("silver", "add", points=1, when=When(tiers=frozenset({"silver"}))),
)


def a_rich_program(**fields: object) -> Program:
    """A program with rules of every kind, tiers with rates, and two wallets."""
    points = Wallet("points", expiry=Expiry(ROLLING, 20), caps=(CAP,))
    stamps = Wallet("stamps", expiry=Expiry(SLIDING, 9), burn_order=OLDEST)
    return a_program(
        *EARN,
        **{
            "bonus_rules": BONUSES,
            "wallets": (points, stamps, Wallet("rewards")),
            "streaks": (StreakRule("week", "week", 2, 11, badge="steady"),),
            "challenges": (
                ChallengeRule("five", "orders", 5, 40, badge="five"),
                ChallengeRule("cups", "units", 4, 6, match=COFFEE, repeats=True),
            ),
            "tiers": TIERS,
            "tier_policy": TierPolicy(window_days=15),
            "auto_redeem": (AutoRedeem("tenth", "stamps", 6, "rewards"),),
            "offers": (RewardOffer("coffee", "Coffee", 40),),
            "return_window_days": 400,
        }
        | fields,
    )


CAP: Final = Cap("wallet/points#1", "week", 120)
RICH: Final = a_rich_program()
OWING: Final = a_rich_program(
    wallets=(
        Wallet("points", below_zero=DEBT, burn_order=OLDEST, balance_max=150),
        Wallet("stamps", below_zero=UNLIMITED),
        Wallet("rewards", expiry=Expiry(ROLLING, 3)),
    ),
    return_rounding=KEEP_DOWN,
    tier_policy=TierPolicy(basis="spend", window="calendar", period="month"),
    bonus_conflict="best",
)
PROGRAMS: Final = {"rich": RICH, "owing": OWING}


def a_life(random: Random, *, commands: bool) -> list[MemberEvent]:
    """Orders, returns, acts (and commands) of one member over some weeks, by time."""
    events: list[MemberEvent] = []
    at = NOON
    for number in range(random.randrange(3, 12)):
        at += random.randrange(1, 5 * DAY)
        events += _order(random, number, at)
        if random.random() < 0.3:
            events.append(an_activity(f"act-{number}", occurred_at=at + 7))
        if commands and random.random() < 0.4:
            command = an_adjustment(
                random.choice((-30, -5, 20)),
                command_id=f"c-{number}",
                occurred_at=at + 9,
            )
            if random.random() < 0.5:
                command = command._replace(
                    type="points.redeem",
                    attributes={"points": random.choice((25, 60, 90))},
                )
            events.append(command)
    return events


def _order(random: Random, number: int, at: int) -> list[MemberEvent]:
    lines = tuple(
        a_line(
            random.randrange(1_00, 25_00),
            quantity=random.randrange(1, 4),
            category=random.choice(("food", "coffee")),
            line_id=str(place),
        )
        for place in range(random.randrange(1, 4))
    )
    order = an_order(f"order-{number}", lines=lines, occurred_at=at)
    events: list[MemberEvent] = [order]
    if random.random() < 0.35:
        line = random.choice(lines)
        by_line = (RefundLine(line.line_id, random.randrange(1, line.quantity + 1)),)
        refund = Refund(
            f"refund-{number}",
            by_line if random.random() < 0.5 else (),
            random.randrange(order.subtotal_minor + 1),
        )
        events.append(
            order._replace(
                kind="REFUNDED",
                event_id=f"refund-{number}",
                occurred_at=at + random.randrange(4 * DAY),
                refund=refund,
            )
        )
    if random.random() < 0.15:
        events.append(
            order._replace(
                kind=CANCELLED, event_id=f"cancel-{number}", occurred_at=at + DAY
            )
        )
    if random.random() < 0.1:
        fewer = order._replace(lines=lines[:1], kind=ADJUSTED, event_id=f"adj-{number}")
        worth = lines[0].quantity * lines[0].unit_price_minor
        events.append(fewer._replace(subtotal_minor=worth, occurred_at=at + 5))
    return events
