"""Rules of a programme told in words: what each gives, within which limits, when."""

from typing import Final, NamedTuple

from api.console.showing import Shown
from loyalty.benefits import Gift, NearReward, RewardOffer
from loyalty.budgets import NONE
from loyalty.conditions import ANY_LINE, Cap, LineMatch, When
from loyalty.limits import DAY_MS
from loyalty.program import Program
from loyalty.rules import (
    ACTIVITY,
    FORMULA,
    ITEMS,
    MULTIPLY,
    SPEND,
    BonusRule,
    ChallengeRule,
    EarnRule,
    StreakRule,
)
from loyalty.wallets import Tier, Wallet
from loyalty.windows import EVERY_DAY, DayPart

NAMES_SHOWN: Final = 4
MINUTES_OF_A_DAY: Final = 1_440
WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class ToldRule(NamedTuple):
    """A rule in words; empty texts say that nothing limits it."""

    name: str
    kind: str
    gives: str
    limits: str = ""
    schedule: str = ""


def told_rules(program: Program, shown: Shown) -> list[tuple[str, list[ToldRule]]]:
    """Every rule by group, in the program's own order."""
    tell = _Teller(shown)
    return [
        ("earn", [tell.earn(rule) for rule in program.earn_rules]),
        ("bonus", [tell.bonus(rule) for rule in program.bonus_rules]),
        (
            "games",
            [tell.streak(rule) for rule in program.streaks]
            + [tell.challenge(rule) for rule in program.challenges],
        ),
        ("rewards", [tell.reward(rule) for rule in program.offers]),
        ("triggers", [tell.trigger(rule) for rule in program.triggers]),
        ("gifts", [tell.gift(rule) for rule in program.gifts]),
        ("tiers", [tell.tier(tier) for tier in program.tiers]),
        ("wallets", [tell.wallet(wallet) for wallet in program.wallets]),
    ]


class _Teller:
    """Tells each kind of rule."""

    def __init__(self, shown: Shown) -> None:
        self._shown = shown

    def earn(self, rule: EarnRule) -> ToldRule:
        points = self._amount(rule.points, rule.wallet)
        lines = _lines(rule.match)
        gives = {
            SPEND: f"{points} for each {self._shown.money(rule.step_minor)} of {lines}",
            ITEMS: f"{points} for each unit of {lines}",
            FORMULA: f"what its formula comes to, of {lines}",
            ACTIVITY: f"{points} for {rule.activity}",
        }.get(rule.kind, f"{points} for an order with {lines}")
        least = self._least(rule.minimum_minor)
        return ToldRule(
            rule.rule_id, rule.kind, gives + least, self._caps(rule), _when(rule.when)
        )

    def bonus(self, rule: BonusRule) -> ToldRule:
        if rule.kind == MULTIPLY:
            gives = f"base points times {_factor(rule.factor_bp)}"
        else:
            gives = f"{self._amount(rule.points, rule.wallet)} more"
        if rule.match is not ANY_LINE:
            gives += f", on {_lines(rule.match)}"
        least = self._least(rule.minimum_minor)
        return ToldRule(
            rule.rule_id, rule.kind, gives + least, self._caps(rule), _when(rule.when)
        )

    def streak(self, rule: StreakRule) -> ToldRule:
        gives = (
            f"{self._amount(rule.points, rule.wallet)} for {rule.length} "
            f"{rule.period}s in a row with {_many(rule.orders_min, 'order')} each"
        )
        limits = "" if rule.repeats else "once in a streak"
        least = self._least(rule.minimum_minor)
        return ToldRule(rule.rule_id, "streak", gives + least, limits, _when(rule.when))

    def challenge(self, rule: ChallengeRule) -> ToldRule:
        target = (
            self._shown.money(rule.target)
            if rule.goal == SPEND
            else f"{rule.target} {rule.goal}"
        )
        prizes = [self._amount(rule.points, rule.wallet)] * bool(rule.points)
        prizes += [f"the badge {rule.badge}"] * bool(rule.badge)
        gives = f"{' and '.join(prizes)} for {target}"
        if rule.period:
            gives += f" in a {rule.period}"
        limits = ", ".join(
            ["for who joins"] * rule.opt_in + ["again and again"] * rule.repeats
        )
        return ToldRule(rule.rule_id, "challenge", gives, limits, _when(rule.when))

    def reward(self, rule: RewardOffer) -> ToldRule:
        gives = f"{rule.name} for {self._shown.number(rule.cost_points)} {rule.wallet}"
        gives += "".join(
            f", {self._shown.number(cost)} for {tier}"
            for tier, cost in rule.cost_by_tier
        )
        limits = self._told_caps(rule.per_member, "", 0)
        if rule.stock is not None:
            there = f"{self._shown.number(rule.stock.total)} in stock"
            if rule.stock.period != NONE:
                there += f" a {rule.stock.period}"
            limits = f"{limits}, {there}" if limits else there
        return ToldRule(rule.offer_id, "", gives, limits, _when(rule.when))

    def trigger(self, rule: NearReward) -> ToldRule:
        points = self._shown.number(rule.within_points)
        gives = f"tells when {points} points or fewer are missing for {rule.offer_id}"
        limits = f"once in {rule.cooldown_days} days"
        return ToldRule(rule.trigger_id, "near_reward", gives, limits)

    def gift(self, rule: Gift) -> ToldRule:
        gives = f"{self._amount(rule.points, rule.wallet)} each year"
        tiers = ", ".join(sorted(rule.tiers))
        return ToldRule(rule.rule_id, rule.kind, gives, tiers and f"tiers {tiers}")

    def tier(self, tier: Tier) -> ToldRule:
        gives = f"base points times {_factor(tier.earn_bp)}"
        reached = f"from {self._shown.number(tier.from_points)}"
        limits = f"{reached}, never lost" if tier.kept else reached
        return ToldRule(tier.name, "", gives, limits)

    def wallet(self, wallet: Wallet) -> ToldRule:
        expiry = wallet.expiry
        after = _many(expiry.amount, expiry.unit)
        lives = {
            "never": "never ends",
            "calendar": "ends on fixed days",
            "sliding": f"ends {after} after the last activity",
            "rolling": f"ends {after} after it was earned",
        }[expiry.kind]
        limits = self._told_caps(wallet.caps, "", 0)
        if wallet.balance_max:
            limits = f"at most {self._shown.number(wallet.balance_max)}"
        return ToldRule(wallet.name or wallet.wallet_id, wallet.unit, lives, limits)

    def _amount(self, count: int, wallet: str) -> str:
        """So many of a wallet, whose name is of many."""
        name = wallet[:-1] if count == 1 and wallet.endswith("s") else wallet
        return f"{self._shown.number(count)} {name}"

    def _least(self, minimum_minor: int) -> str:
        return f", from {self._shown.money(minimum_minor)}" if minimum_minor else ""

    def _caps(self, rule: EarnRule | BonusRule) -> str:
        return self._told_caps(rule.caps, rule.budget_id, rule.cooldown_ms)

    def _told_caps(
        self, caps: tuple[Cap, ...], budget_id: str, cooldown_ms: int
    ) -> str:
        told = []
        for cap in caps:
            if cap.points >= 0:
                told.append(f"{self._shown.number(cap.points)} points a {cap.period}")
            if cap.times >= 0:
                told.append(f"{_many(cap.times, 'time')} a {cap.period}")
        told += [f"budget {budget_id}"] * bool(budget_id)
        if cooldown_ms:
            told.append(f"once in {_many(-(-cooldown_ms // DAY_MS), 'day')}")
        return ", ".join(told)


def _lines(match: LineMatch) -> str:
    """Which lines a rule looks at."""
    wanted = [*match.categories, *match.skus, *match.labels]
    unwanted = [
        *match.excluded_categories,
        *match.excluded_skus,
        *match.excluded_labels,
    ]
    text = _names(wanted) if wanted else "everything"
    return f"{text} but {_names(unwanted)}" if unwanted else text


def _names(names: list[str]) -> str:
    known = sorted(names)
    more = len(known) - NAMES_SHOWN
    text = ", ".join(known[:NAMES_SHOWN])
    return f"{text} and {more} more" if more > 0 else text


def _when(when: When) -> str:
    """When and for whom a rule holds, empty for always and everybody."""
    told = [_day_part(part) for part in when.window.parts]
    told += [f"{len(when.window.starts)} occasions"] * bool(when.window.starts)
    told += [f"stores {_names([*when.stores])}"] * bool(when.stores)
    told += [f"by {_names([*when.channels]).lower()}"] * bool(when.channels)
    told += [f"tiers {_names([*when.tiers])}"] * bool(when.tiers)
    told += [f"segments {_names([*when.segments])}"] * bool(when.segments)
    told += [f"order number {when.order_number}"] * bool(when.order_number)
    told += [f"every {when.every_order}. order"] * bool(when.every_order)
    return "; ".join(told)


def _day_part(part: DayPart) -> str:
    days = (
        "daily"
        if part.weekdays == EVERY_DAY
        else ", ".join(WEEKDAYS[day - 1] for day in sorted(part.weekdays))
    )
    whole = part.from_minute == 0 and part.to_minute == MINUTES_OF_A_DAY
    if whole or part.from_minute == part.to_minute:
        return days
    return f"{days} {_clock(part.from_minute)}-{_clock(part.to_minute)}"


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _many(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def _factor(basis_points: int) -> str:
    whole, rest = divmod(basis_points, 10_000)
    return f"{whole}.{rest:04}".rstrip("0").rstrip(".")
