"""Acceptance cases, returns (EX-42 to EX-49), each side of each policy."""

import pytest

from loyalty.events import OrderEvent, OrderLine, Refund, RefundLine
from tests.builders import REFUNDED_AT, a_line, an_order
from tests.rules.town import Town, at, built

PER_TEN = "earn: [{id: spend, points: 1, step_minor: 1000}]\nreturn_rounding: "
PER_ONE = "earn: [{id: spend, points: 1, step_minor: 100}]\n"


def a_line_return(
    order_id: str, lines: tuple[OrderLine, ...], **units: int
) -> OrderEvent:
    """Units of lines (`line_1=2`) given back."""
    back = tuple(
        RefundLine(name.removeprefix("line_"), count) for name, count in units.items()
    )
    name = f"{order_id}-{'-'.join(f'{n}{c}' for n, c in units.items())}"
    return an_order(
        order_id,
        lines=lines,
        kind="REFUNDED",
        event_id=name,
        occurred_at=REFUNDED_AT,
        refund=Refund(name, back, 0),
    )


@pytest.mark.parametrize(
    ("case", "rounding", "refund_minor", "left"),
    [
        ("EX-42 $1", "deduct_down", 1_00, 2),
        ("EX-42 $5", "deduct_down", 5_00, 2),
        ("EX-42 $9.99", "deduct_down", 9_99, 2),
        ("EX-42 $10", "deduct_down", 10_00, 1),
        ("EX-42 $19.99", "deduct_down", 19_99, 1),
        ("EX-42 $20", "deduct_down", 20_00, 0),
        ("EX-42 all of it", "deduct_down", 21_90, 0),
        ("EX-42 never more than earned", "deduct_down", 40_00, 0),
        ("the other policy: $1.90 leaves $20", "keep_down", 1_90, 2),
        ("the other policy: $1.91 leaves $19.99", "keep_down", 1_91, 1),
        ("the other policy: $5 leaves $16.90", "keep_down", 5_00, 1),
        ("the other policy: $11.90 leaves $10", "keep_down", 11_90, 1),
        ("the other policy: $11.91 leaves $9.99", "keep_down", 11_91, 0),
        ("by share: $10.94 of $21.90 is 0.99 points", "share_down", 10_94, 2),
        ("by share: half is 1 point", "share_down", 10_95, 1),
        ("by share: a cent is missing", "share_down", 21_89, 1),
        ("by share: all", "share_down", 21_90, 0),
    ],
)
def test_ex_42_a_refund_rounds_as_the_policy_says(
    case: str, rounding: str, refund_minor: int, left: int
) -> None:
    town = Town(built(PER_TEN + rounding))
    order = town.order(21_90, "2026-03-01")
    assert town.balance() == 2
    town.refund(order, refund_minor, "2026-03-02")

    assert town.balance() == left, case
    town.check_books()


@pytest.mark.parametrize(
    ("rounding", "parts_minor", "left"),
    [
        ("deduct_down", (5_00, 5_00), 1),
        ("deduct_down", (5_00, 4_99), 2),
        ("keep_down", (95, 95), 2),
        ("keep_down", (95, 96), 1),
        ("share_down", (5_47, 5_48), 1),
        ("share_down", (5_47, 5_47), 2),
    ],
)
def test_several_refunds_take_what_one_of_their_sum_would(
    rounding: str, parts_minor: tuple[int, ...], left: int
) -> None:
    town = Town(built(PER_TEN + rounding))
    order = town.order(21_90, "2026-03-01")
    for part in parts_minor:
        town.refund(order, part, "2026-03-02")

    assert town.balance() == left


D1_D2_D3 = (
    a_line(100_00, quantity=1, line_id="1"),
    a_line(200_00, quantity=2, line_id="2"),
    a_line(300_00, quantity=3, line_id="3"),
)


@pytest.mark.parametrize(
    ("case", "units", "left"),
    [
        ("EX-43 D1", {"line_1": 1}, 1_300),
        ("one of two D2", {"line_2": 1}, 1_200),
        ("two of three D3", {"line_3": 2}, 800),
        ("D1 and all D2", {"line_1": 1, "line_2": 2}, 900),
        ("more units than there were", {"line_1": 5}, 1_300),
        ("everything", {"line_1": 1, "line_2": 2, "line_3": 3}, 0),
    ],
)
def test_ex_43_units_of_lines_come_back(
    case: str, units: dict[str, int], left: int
) -> None:
    town = Town(built(PER_ONE))
    town.order(0, "2024-01-10", lines=D1_D2_D3, order_id="o")
    assert town.balance() == 1_400
    town.place(a_line_return("o", D1_D2_D3, **units))

    assert town.balance() == left, case
    town.check_books()


@pytest.mark.parametrize(
    ("case", "refund_minor", "left"),
    [
        ("EX-45 $75", 75_00, 25),
        ("EX-45 $74.99", 74_99, 26),
        ("EX-45 $75.01", 75_01, 25),
        ("EX-45 $99.99", 99_99, 1),
    ],
)
def test_ex_45_the_rest_is_kept(case: str, refund_minor: int, left: int) -> None:
    town = Town(built(PER_ONE))
    order = town.order(100_00, "2026-03-01")
    town.refund(order, refund_minor, "2026-03-02")

    assert town.balance() == left, case


def test_ex_47_one_line_and_later_another() -> None:
    lines = (
        a_line(40_00, line_id="1"),
        a_line(60_00, line_id="2"),
        a_line(20_00, line_id="3"),
    )
    town = Town(built(PER_ONE))
    town.order(0, "2024-01-10", lines=lines, order_id="o")
    town.place(a_line_return("o", lines, line_2=1))
    assert town.balance() == 60
    town.place(a_line_return("o", lines, line_3=1))
    assert town.balance() == 40
    town.place(a_line_return("o", lines, line_1=1))
    assert town.balance() == 0


@pytest.mark.parametrize(
    ("case", "earn_on", "order_minor", "with_points_minor", "balance"),
    [
        ("EX-49", "paid", 106_00, 50_00, 65),
        ("EX-49 the reported bug is the other policy", "price", 106_00, 50_00, 115),
        ("a cent less is paid", "paid", 105_99, 50_00, 64),
        ("a cent more with points", "paid", 106_00, 50_01, 64),
        ("all with points", "paid", 50_00, 50_00, 9),
        ("more than all", "paid", 50_00, 60_00, 9),
    ],
)
def test_ex_49_points_on_what_is_paid(
    case: str, earn_on: str, order_minor: int, with_points_minor: int, balance: int
) -> None:
    town = Town(
        built(PER_ONE + f"earn_on: {earn_on}\npayment: {{points: 1, minor: 100}}")
    )
    town.say("points.adjust", "2026-01-01", points=59)
    hold = town.say("points.reserve", "2026-01-02", points=50, command_id="hold-1")
    assert hold.refusal == ""
    paid = ("hold-1", with_points_minor)
    town.order(order_minor, "2026-01-02T00:01", order_id="o", paid=paid)
    town.say("points.confirm", "2026-01-02T00:02", reservation_id="hold-1")

    assert town.balance() == balance, case
    town.check_books()


def test_what_points_paid_is_shared_among_lines_to_the_cent() -> None:
    """10.00 of 30.01 by points: lines of 10.00, 10.00, 10.01 keep 20.01 in all."""
    document = """
earn_on: paid
earn:
  - {id: a, points: 1, step_minor: 1, match: {skus: [a]}}
  - {id: b, points: 1, step_minor: 1, match: {skus: [b]}}
  - {id: c, points: 1, step_minor: 1, match: {skus: [c]}}
"""
    lines = (
        a_line(10_00, sku="a", line_id="1"),
        a_line(10_00, sku="b", line_id="2"),
        a_line(10_01, sku="c", line_id="3"),
    )
    town = Town(built(document))
    town.order(0, "2026-01-02", lines=lines, paid=("hold", 10_00))

    assert [lot.points for lot in town.member().lots] == [6_67, 6_67, 6_67]
    assert town.balance() == 20_01


@pytest.mark.parametrize(
    ("case", "undo", "balance"),
    [
        ("a cancellation", "cancel", 59),
        ("a refund of what was paid", "refund", 59),
        ("a cent of it is kept", "partly", 9),
    ],
)
def test_burned_points_come_back_when_nothing_of_the_order_is_left(
    case: str, undo: str, balance: int
) -> None:
    town = Town(built(PER_ONE + "earn_on: paid\nexpiry_days: 30"))
    town.say("points.adjust", "2026-01-01", points=59)
    town.say("points.reserve", "2026-01-02", points=50, command_id="hold-1")
    town.order(60_00, "2026-01-02T00:01", order_id="o", paid=("hold-1", 50_00))
    town.say("points.confirm", "2026-01-02T00:02", reservation_id="hold-1")
    if undo == "cancel":
        town.cancel("o", "2026-01-05")
    else:
        town.refund("o", 10_00 if undo == "refund" else 9_99, "2026-01-05")

    kept = town.balance()
    assert kept == balance + (1 if undo == "partly" else 0), case
    if undo != "partly":
        # With the expiry that they had.
        assert {lot.expires_at for lot in town.member().lots} == {at("2026-02-01")}
    town.check_books()


BELOW = "wallets: [{id: points, below_zero: %s}]\n" + PER_ONE


@pytest.mark.parametrize(
    ("case", "below", "used", "balance", "debt", "after_next"),
    [
        ("stops at 0", "floor", 60, 0, 0, 30),
        ("owed", "debt", 60, 0, 60, 0),
        ("owed, less than comes next", "debt", 20, 0, 20, 10),
        ("owed, as much as comes next", "debt", 30, 0, 30, 0),
        ("owed, one less", "debt", 29, 0, 29, 1),
        ("negative", "unlimited", 60, 0, 60, 0),
        ("nothing was used", "floor", 0, 0, 0, 30),
    ],
)
def test_a_refund_of_points_that_were_used(
    case: str, below: str, used: int, balance: int, debt: int, after_next: int
) -> None:
    town = Town(built(BELOW % below))
    order = town.order(100_00, "2026-03-01")
    if used:
        town.say("points.redeem", "2026-03-02", points=used)
    town.refund(order, 100_00, "2026-03-03")

    assert (town.balance(), town.debt()) == (balance, debt), case
    town.check_books()
    town.order(30_00, "2026-03-04")
    assert town.balance() == after_next
    assert town.debt() == max(debt - 30, 0)
    town.check_books()


def test_an_unlimited_balance_is_shown_below_zero() -> None:
    town = Town(built(BELOW % "unlimited"))
    order = town.order(100_00, "2026-03-01")
    town.say("points.redeem", "2026-03-02", points=60)
    town.refund(order, 100_00, "2026-03-03")

    assert town.entries["member-1"][-1].balance_after == -60


@pytest.mark.parametrize(
    ("case", "refund_minor", "points"),
    [
        ("a visit stays above its minimum", 10_00, 10),
        ("to the cent", 30_00, 10),
        ("below its minimum it is none", 30_01, 0),
    ],
)
def test_a_visit_is_lost_only_below_its_minimum(
    case: str, refund_minor: int, points: int
) -> None:
    document = "earn: [{id: visit, kind: visit, points: 10, minimum_minor: 2000}]"
    town = Town(built(document))
    order = town.order(50_00, "2026-03-01")
    town.refund(order, refund_minor, "2026-03-02")

    assert town.balance() == points, case


@pytest.mark.parametrize(
    ("case", "rounding", "refund_minor", "points"),
    [
        ("a formula loses its share", "deduct_down", 50_00, 50),
        ("rounded down in the member's favour", "deduct_down", 50_50, 50),
        ("a formula keeps its share", "keep_down", 50_50, 49),
    ],
)
def test_a_formula_gives_back_its_share(
    case: str, rounding: str, refund_minor: int, points: int
) -> None:
    document = f"""
return_rounding: {rounding}
earn: [{{id: f, kind: formula, formula: amount / 100}}]
"""
    town = Town(built(document))
    order = town.order(100_00, "2026-03-01")
    assert town.balance() == 100
    town.refund(order, refund_minor, "2026-03-02")

    assert town.balance() == points, case


@pytest.mark.parametrize(
    ("case", "bonus", "refund_minor", "left"),
    [
        ("x3 of the rest", "kind: multiply, factor: 3", 5_00, 15),
        ("x1.5 of 5 drops the half again", "kind: multiply, factor: 1.5", 5_00, 7),
        ("an addition stays with the order", "kind: add, points: 7", 5_00, 12),
        ("until nothing of it is left", "kind: add, points: 7", 10_00, 0),
    ],
)
def test_a_return_and_bonuses(
    case: str, bonus: str, refund_minor: int, left: int
) -> None:
    town = Town(built(PER_ONE + f"bonuses: [{{id: b, {bonus}}}]"))
    order = town.order(10_00, "2026-03-01")
    town.refund(order, refund_minor, "2026-03-02")

    assert town.balance() == left, case
