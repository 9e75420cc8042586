"""Acceptance cases, caps, budgets and duplicates (EX-26, EX-75 to EX-77)."""

import pytest

from tests.rules.town import Town, at, built


def capped(caps: str, more: str = "") -> Town:
    return Town(
        built(f"earn: [{{id: s, points: 1, step_minor: 100, caps: [{caps}]}}]\n" + more)
    )


@pytest.mark.parametrize(
    ("case", "cap", "earlier", "then", "given"),
    [
        ("EX-26 trimmed", "period: day, points: 100", 80, 50, 20),
        ("EX-26 one point is left", "period: day, points: 100", 99, 50, 1),
        ("EX-26 nothing is left", "period: day, points: 100", 100, 50, 0),
        ("EX-26 it fits exactly", "period: day, points: 100", 80, 20, 20),
        ("rejected whole", "period: day, points: 100, over: reject", 80, 21, 0),
        ("rejected only above", "period: day, points: 100, over: reject", 80, 20, 20),
        ("a transaction", "period: transaction, points: 30", 30, 31, 30),
        ("rejected", "period: transaction, points: 30, over: reject", 30, 31, 0),
        ("once", "period: day, times: 1", 10, 10, 0),
        ("twice", "period: day, times: 2", 10, 10, 10),
        ("no points at all", "period: forever, points: 100", 100, 1, 0),
    ],
)
def test_ex_26_a_cap_trims_or_rejects(
    case: str, cap: str, earlier: int, then: int, given: int
) -> None:
    town = capped(f"{{{cap}}}")
    town.order(earlier * 100, "2026-03-04T08:00")
    before = town.balance()
    town.order(then * 100, "2026-03-04T09:00")

    assert town.balance() - before == given, case


@pytest.mark.parametrize(
    ("case", "period", "first", "second", "is_same"),
    [
        ("a day", "day", "2026-03-04T00:00", "2026-03-04T23:59", True),
        ("the next", "day", "2026-03-04T23:59", "2026-03-05T00:00", False),
        ("a week ends on Sunday", "week", "2026-03-02", "2026-03-08T23:59", True),
        ("and begins on Monday", "week", "2026-03-08T23:59", "2026-03-09", False),
        ("ISO week 53", "week", "2026-12-28", "2027-01-03", True),
        ("a month", "month", "2026-02-01", "2026-02-28T23:59", True),
        ("the next month", "month", "2026-02-28T23:59", "2026-03-01", False),
        ("a leap day", "month", "2024-02-29", "2024-03-01", False),
        ("a quarter", "quarter", "2026-01-01", "2026-03-31T23:59", True),
        ("the next quarter", "quarter", "2026-03-31", "2026-04-01", False),
        ("a half", "half", "2026-01-01", "2026-06-30", True),
        ("the next half", "half", "2026-06-30", "2026-07-01", False),
        ("a year", "year", "2026-01-01", "2026-12-31T23:59", True),
        ("the next year", "year", "2026-12-31T23:59", "2027-01-01", False),
        ("for ever", "forever", "2026-01-01", "2029-01-01", True),
    ],
)
def test_periods_of_caps(
    case: str, period: str, first: str, second: str, is_same: bool
) -> None:
    town = capped(f"{{period: {period}, points: 10}}")
    town.order(10_00, first)
    town.order(10_00, second)

    assert town.balance() == (10 if is_same else 20), case


ZONES = """
time_zone: Europe/Berlin
member_time_zones: [America/New_York]
"""


@pytest.mark.parametrize(
    ("case", "clock", "first", "second", "is_same"),
    [
        # 05:30 and 06:30 in Berlin are 23:30 and 00:30 in New York.
        ("program zone", "program", "2026-01-10T04:30", "2026-01-10T05:30", True),
        ("member zone", "member", "2026-01-10T04:30", "2026-01-10T05:30", False),
        ("member zone, a day", "member", "2026-01-10T05:00", "2026-01-11T04:59", True),
        ("its midnight", "member", "2026-01-11T04:59", "2026-01-11T05:00", False),
        ("program midnight", "program", "2026-01-10T22:59", "2026-01-10T23:00", False),
        ("not the member's", "member", "2026-01-10T22:59", "2026-01-10T23:00", True),
        # 8 March 2026 has 23 hours in New York.
        ("a short day", "member", "2026-03-08T05:00", "2026-03-09T03:59", True),
        ("after a short day", "member", "2026-03-09T03:59", "2026-03-09T04:00", False),
    ],
)
def test_a_day_cap_by_whose_clock(
    case: str, clock: str, first: str, second: str, is_same: bool
) -> None:
    town = capped(f"{{period: day, points: 10, clock: {clock}}}", ZONES)
    town.say("member.update", "2026-01-01", time_zone="America/New_York")
    town.order(10_00, first)
    town.order(10_00, second)

    assert town.balance() == (10 if is_same else 20), case


def test_a_member_without_a_zone_has_the_programs_day() -> None:
    town = capped("{period: day, points: 10, clock: member}", ZONES)
    town.order(10_00, "2026-01-10T22:59")
    town.order(10_00, "2026-01-10T23:00")

    assert town.balance() == 20


def test_an_order_that_comes_late_counts_by_the_zone_of_its_own_time() -> None:
    town = capped("{period: day, points: 10, clock: member}", ZONES)
    town.order(10_00, "2026-01-10T22:59")
    town.say("member.update", "2026-01-12", time_zone="America/New_York")
    town.order(10_00, "2026-01-10T23:00")

    assert town.balance() == 20
    town.check_books()


@pytest.mark.parametrize(
    ("case", "days", "balance"),
    [
        ("the third day is the same", ["04", "06"], 10),
        ("the fourth begins anew", ["04", "07"], 20),
        ("counted from the first award", ["04", "06", "07", "09", "10"], 30),
        ("nothing in between", ["04", "20"], 20),
    ],
)
def test_a_cap_over_every_three_calendar_days(
    case: str, days: list[str], balance: int
) -> None:
    town = capped("{period: day, every: 3, points: 10}")
    for day in days:
        town.order(10_00, f"2026-03-{day}T12:00")

    assert town.balance() == balance, case


@pytest.mark.parametrize(
    ("case", "minute", "balance"),
    [("cooling", 59, 10), ("over to the minute", 60, 20)],
)
def test_a_cooldown(case: str, minute: int, balance: int) -> None:
    town = Town(built("earn: [{id: v, kind: visit, points: 10, cooldown_minutes: 60}]"))
    town.order(1, "2026-03-04T08:00")
    when = at("2026-03-04T08:00") + minute * 60_000
    from_then = f"2026-03-04T{8 + minute // 60:02}:{minute % 60:02}"
    assert at(from_then) == when
    town.order(1, from_then)

    assert town.balance() == balance, case


@pytest.mark.parametrize(
    ("case", "wallet", "orders", "balance"),
    [
        ("trimmed to the largest balance", "balance_max: 100", [80, 50], 100),
        ("exactly full", "balance_max: 100", [80, 20], 100),
        ("rejected", "balance_max: 100, over: reject", [80, 21], 80),
        ("a day", "caps: [{period: day, points: 60}]", [40, 40], 60),
        (
            "two rules of one order",
            "caps: [{period: transaction, points: 60}]",
            [59],
            60,
        ),
        ("each order anew", "caps: [{period: transaction, points: 60}]", [59, 59], 120),
    ],
)
def test_caps_of_a_wallet_hold_over_all_rules(
    case: str, wallet: str, orders: list[int], balance: int
) -> None:
    document = f"""
wallets: [{{id: points, {wallet}}}]
earn:
  - {{id: s, points: 1, step_minor: 100}}
  - {{id: two, points: 2, step_minor: 100, match: {{skus: [none]}}}}
  - {{id: more, kind: visit, points: 10, when: {{order_number: 1}}}}
"""
    if "transaction" not in wallet:
        document = document.replace("kind: visit", "kind: visit, match: {skus: [none]}")
    else:
        document = document.replace(", when: {order_number: 1}", "")
    town = Town(built(document))
    for number, amount in enumerate(orders):
        town.order(amount * 100, f"2026-03-04T1{number}:00")

    assert town.balance() == balance, case


def test_pending_points_count_towards_the_largest_balance() -> None:
    town = Town(
        built("""
wallets: [{id: points, balance_max: 100}]
earn: [{id: s, points: 1, step_minor: 100, pending: {delay_days: 5}}]
""")
    )
    town.order(80_00, "2026-03-01")
    town.order(80_00, "2026-03-02")
    town.tick("2026-03-20")

    assert town.balance() == 100


CAMPAIGN = """
budgets: [{id: campaign, total: %d, edge: %s}]
earn:
  - id: s
    points: 1
    step_minor: 100
    budget: campaign
    caps: [{period: forever, points: 100}]
"""


@pytest.mark.parametrize("partitions", [1, 3])
def test_ex_75_a_campaign_cap_and_a_member_cap(partitions: int) -> None:
    town = Town(built(CAMPAIGN % (1_000, "partial")), partitions=partitions)
    names = [f"guest-{n}" for n in range(12)]
    for number in range(4):
        for name in names:
            town.order(40_00, f"2026-03-0{number + 1}T12:00", member_id=name)

    balances = [town.balance(member_id=name) for name in names]
    assert sum(balances) == 1_000
    assert max(balances) == 100
    assert sum(1 for one in balances if one) >= 10


def test_ex_75_a_cancelled_award_returns_its_units() -> None:
    town = Town(built(CAMPAIGN % (100, "partial")))
    town.order(60_00, "2026-03-01", order_id="first")
    town.order(60_00, "2026-03-01", member_id="member-2")
    assert (town.balance(), town.balance(member_id="member-2")) == (60, 40)
    town.cancel("first", "2026-03-02")
    assert town.balance() == 0
    town.order(70_00, "2026-03-03", member_id="member-3")
    assert town.balance(member_id="member-3") == 60


@pytest.mark.parametrize(
    ("case", "total", "edge", "award", "value"),
    [
        ("EX-76 partial", 30, "partial", 50, 30),
        ("EX-76 none", 30, "none", 50, 0),
        ("EX-76 it fits exactly", 50, "none", 50, 50),
        ("EX-76 one short", 49, "none", 50, 0),
        ("EX-76 one short, partial", 49, "partial", 50, 49),
    ],
)
def test_ex_76_at_the_edge_of_a_budget(
    case: str, total: int, edge: str, award: int, value: int
) -> None:
    town = Town(built(CAMPAIGN % (total, edge)))
    town.order(award * 100, "2026-03-01")

    assert town.balance() == value, case


def test_ex_77_one_of_twenty_parallel_gifts_succeeds() -> None:
    town = Town(built("transfers: {}\nearn: []"))
    town.say("points.adjust", "2026-03-01", points=100)
    refusals = [
        town.say("points.transfer", "2026-03-02", to="friend", points=100).refusal
        for _ in range(20)
    ]

    assert sorted(refusals) == ["", *["insufficient-points"] * 19]
    assert town.balance() == 0
    assert town.balance(member_id="friend") == 100
    town.check_books()
