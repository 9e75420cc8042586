"""A program with a little of everything, for the API's own tests."""

from loyalty.benefits import (
    AutoRedeem,
    PointsPayment,
    Referral,
    RewardOffer,
    TransferPolicy,
)
from loyalty.conditions import Cap, LineMatch, Pending, When
from loyalty.expiry import ROLLING, Expiry
from loyalty.rules import ADD, BonusRule, ChallengeRule, EarnRule, StreakRule
from loyalty.wallets import Tier, Wallet
from tests.builders import DAY, a_program, spend

FOOD = LineMatch(categories=frozenset({"food"}))

EVERYTHING = a_program(
    spend()._replace(caps=(Cap("spend#1", "day", points=500),)),
    EarnRule("stamp", "item", 1, match=FOOD, wallet="stamps"),
    EarnRule("late", "visit", 7, pending=Pending(delay_ms=DAY), minimum_minor=50_00),
    EarnRule("web-only", "visit", 3, when=When(channels=frozenset({"WEB"}))),
    EarnRule("drinks", "item", 5, match=LineMatch(categories=frozenset({"drinks"}))),
    EarnRule("gold-only", "visit", 9, when=When(tiers=frozenset({"gold"}))),
    EarnRule("step", "spend", 1, step_minor=1_000_000),
    EarnRule("review", "activity", 20, activity="review.submitted"),
    EarnRule("slow", "visit", 4, cooldown_ms=DAY),
    wallets=(
        Wallet("points", "Points", expiry=Expiry(ROLLING, 30), reinstate_days=30),
        Wallet("stamps", "Stamps", balance_max=100),
    ),
    bonus_rules=(
        BonusRule("basket", ADD, points=25, minimum_minor=100_00),
        BonusRule("third", ADD, points=11, when=When(order_number=3)),
    ),
    streaks=(StreakRule("weekly", "week", 3, 50),),
    challenges=(
        ChallengeRule("month", "spend", 1_000_00, badge="big", opt_in=True),
        ChallengeRule("orders", "orders", 5, points=10),
    ),
    tiers=(Tier("base", "Base", 0), Tier("gold", "Gold", 1_000)),
    offers=(
        RewardOffer("coffee", "Coffee", 40, cost_by_tier=(("gold", 30),)),
        RewardOffer("meal", "Meal", 200),
        RewardOffer("lounge", "Lounge", 10, when=When(tiers=frozenset({"gold"}))),
    ),
    auto_redeem=(AutoRedeem("card", "stamps", 10, "points", 100),),
    transfers=TransferPolicy(points_max=1_000, per_day_max=1_000),
    referral=Referral("friends", 30, 15),
    payment=PointsPayment(points=2, minor=1),
)
