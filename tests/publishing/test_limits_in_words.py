"""What sentences say of waiting, of how long points live, and of a reward's stock."""

import pytest
import yaml

from loyalty.publishing.sentences import sentence


@pytest.mark.parametrize(
    ("pending", "expected"),
    [
        ("{delay_days: 5}", "usable after 5 days"),
        ("{delay_minutes: 30}", "usable after 30 minutes"),
        ("{delay_days: 5, delay_minutes: 30}", "usable after 5 days and 30 minutes"),
        ("{delay_days: 1, delay_minutes: 1}", "usable after 1 day and 1 minute"),
        ("{delay_days: 0, delay_minutes: 1}", "usable after 1 minute"),
        ("{delay_days: 1, delay_minutes: 0}", "usable after 1 day"),
        ("{dates: [01-01]}", "usable on the next of 01-01"),
    ],
)
def test_all_of_a_waiting_time_is_said(pending: str, expected: str) -> None:
    rule = {"kind": "visit", "points": 1, "pending": yaml.safe_load(pending)}

    assert sentence("earn", rule).endswith(f"give 1 point, {expected}.")


@pytest.mark.parametrize(
    ("expiry", "expected"),
    [
        ("kind: never", "which never end"),
        ("kind: rolling, amount: 30", "which end after 30 days"),
        ("kind: rolling, amount: 30, round_up_to: day", "which end after 30 days"),
        (
            "kind: rolling, amount: 1, unit: month, round_up_to: year",
            "which end after 1 month and the rest of that year",
        ),
        (
            "kind: rolling, amount: 0, round_up_to: quarter",
            "which end with the quarter that they come in",
        ),
        (
            "kind: sliding, amount: 6, unit: month",
            "which end after 6 months without activity",
        ),
        (
            "kind: sliding, amount: 6, unit: month, round_up_to: half",
            "which end after 6 months without activity and the rest of that half-year",
        ),
        (
            "kind: sliding, round_up_to: month",
            "which end with the month of the last activity",
        ),
        ("kind: calendar, dates: [03-31, 09-30]", "which end on 03-31 or 09-30"),
        (
            "kind: calendar, dates: [03-31, 09-30], minimum_days: 90",
            "which end on 03-31 or 09-30 at least 90 days later",
        ),
        (
            "kind: calendar, dates: [12-31], minimum_days: 1",
            "which end on 12-31 at least 1 day later",
        ),
        ("kind: calendar, dates: [12-31], minimum_days: 0", "which end on 12-31"),
    ],
)
def test_all_of_how_long_points_live_is_said(expiry: str, expected: str) -> None:
    rule = {"kind": "visit", "points": 1, "expiry": yaml.safe_load(f"{{{expiry}}}")}

    assert sentence("earn", rule).endswith(f"give 1 point, {expected}.")


@pytest.mark.parametrize(
    ("stock", "expected"),
    [
        ("{units: 500}", "from a stock of 500 in all"),
        ("{units: 1, period: none}", "from a stock of 1 in all"),
        ("{units: 1500, period: month}", "from a stock of 1,500 a month"),
        (
            "{units: 500, per_store: 40, period: day}",
            "from a stock of 500 a day, at most 40 of them in each store",
        ),
        ("{units: 500, per_store: 0, period: week}", "from a stock of 500 a week"),
    ],
)
def test_the_stock_of_a_reward_is_said(stock: str, expected: str) -> None:
    reward = {"name": "A mug", "cost_points": 90, "stock": yaml.safe_load(stock)}
    caps = [{"period": "day", "times": 1}]

    assert sentence("offers", reward) == (
        f'Let a member take "A mug" for 90 points, {expected}.'
    )
    assert sentence("offers", reward | {"caps": caps}).endswith(
        f"for 90 points, {expected}, at most once a day."
    )
