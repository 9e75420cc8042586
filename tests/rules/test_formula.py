"""Formulas: what they give, what is refused and where, and that nothing else happens."""

import pickle
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.formula import DOWN, NEAREST, UP, Formula, evaluate, parse
from loyalty.formula_parser import BOOLEAN, NUMBER, OPERATORS, RESERVED, TEXT
from loyalty.formula_text import FormulaFault
from loyalty.limits import (
    FORMULA_DENOMINATOR_MAX,
    FORMULA_LENGTH_MAX,
    FORMULA_NESTING_MAX,
    FORMULA_NODES_MAX,
    FORMULA_OPERAND_MAX,
    FORMULA_RESULT_MAX,
)

NAMES = {
    **dict.fromkeys(("price", "quantity", "subtotal", "visits"), NUMBER),
    **dict.fromkeys(("tier", "city"), TEXT),
    **dict.fromkeys(("first_order", "app"), BOOLEAN),
}
VALUES = {
    "price": (6_00, 100),
    "quantity": 3,
    "subtotal": 12_345,
    "visits": 0,
    "tier": "gold",
    "city": "Łódź",
    "first_order": True,
    "app": False,
}
FALLBACK = -7


def result_of(text: str, rounding: str = DOWN, *, scale: int = 1, **values: Any) -> int:
    return evaluate(
        parse(text, NAMES),
        VALUES | values,
        rounding=rounding,
        fallback=FALLBACK,
        scale=scale,
    )


@pytest.mark.parametrize(("price_minor", "points_minor"), [(6_00, 106), (10_00, 110)])
def test_a_hundredth_of_the_price_and_one(price_minor: int, points_minor: int) -> None:
    """EX-62, in minor units."""
    price = (price_minor, 100)

    found = result_of("(price * 0.01) + 1", scale=100, price=price)

    assert found == points_minor


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 3 - 2", 5),
        ("10 - (3 - 2)", 9),
        ("24 / 4 / 2", 3),
        ("24 / (4 / 2)", 12),
        ("24 / 4 * 2", 12),
        ("-2 * -3", 6),
        ("2 - -3", 5),
        ("0.1 + 0.2 + 0.7", 1),
        ("1 / 3 * 3", 1),
        ("min(subtotal / 100, 500)", 123),
        ("max(1, 2, 5 / 2) * 2", 5),
        ("min(3, 2.5, 4) * 2", 5),
        ("round(2.5)", 3),
        ("round(0 - 2.5)", -2),
        ("round(2.4)", 2),
        ("floor(-1.5)", -2),
        ("ceil(-1.5)", -1),
        ("floor(1.5) + ceil(1.5)", 3),
        ("abs(-4) + abs(4)", 8),
        ('if(tier == "gold", 2, 1) * quantity', 6),
        ("if(tier == 'silver', 2, 1) * quantity", 3),
        ('if(tier != "gold", 1, 5)', 5),
        ('if(city == "Łódź", 1, 0)', 1),
        ("if(first_order and not app, 10, 0)", 10),
        ("if(app or quantity >= 3, 10, 0)", 10),
        ("if(not app == first_order, 1, 2)", 1),
        ("if(app == false, 1, 2)", 1),
        ("if(true or false and false, 1, 2)", 1),
        ("if((true or false) and false, 1, 2)", 2),
        ("if(price < 6, 1, 2)", 2),
        ("if(price <= 6, 1, 2)", 1),
        ("if(price > 6, 1, 2)", 2),
        ("if(price >= 6, 1, 2)", 1),
        ("if(0.5 == 1 / 2, 1, 2)", 1),
        ("if(price != 6.00, 1, 2)", 2),
        ('if(if(app, "a", "b") == "b", 1, 2)', 1),
        ("if((1 < 2) == (2 < 3), 1, 2)", 1),
        (" \t\n 7 ", 7),
    ],
)
def test_a_formula_gives(text: str, expected: int) -> None:
    assert result_of(text) == expected


@pytest.mark.parametrize(
    ("text", "down", "nearest", "up"),
    [
        ("2.4", 2, 2, 3),
        ("2.5", 2, 3, 3),
        ("2.6", 2, 3, 3),
        ("3", 3, 3, 3),
        ("-2.4", -3, -2, -2),
        ("-2.5", -3, -2, -2),
        ("-2.6", -3, -3, -2),
    ],
)
def test_the_result_is_rounded_once(
    text: str, down: int, nearest: int, up: int
) -> None:
    rounded = [result_of(text, rounding) for rounding in (DOWN, NEAREST, UP)]

    assert rounded == [down, nearest, up]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        pytest.param("price", {"price": None}, id="nothing"),
        pytest.param("price", {"price": 1.5}, id="a float is not exact"),
        pytest.param("price", {"price": True}, id="true is no number"),
        pytest.param("price", {"price": "1"}, id="a text is no number"),
        pytest.param("price", {"price": (1, 0)}, id="over 0"),
        pytest.param("price", {"price": (1, -1)}, id="over less than 0"),
        pytest.param("price", {"price": (1, 2, 3)}, id="three numbers"),
        pytest.param("price", {"price": (1, 2.0)}, id="over a float"),
        pytest.param("price", {"price": FORMULA_OPERAND_MAX + 1}, id="too large"),
        pytest.param("price", {"price": -FORMULA_OPERAND_MAX - 1}, id="too small"),
        pytest.param(
            "price", {"price": (1, FORMULA_DENOMINATOR_MAX + 1)}, id="too fine"
        ),
        pytest.param('if(tier == "gold", 1, 2)', {"tier": 5}, id="a number is no text"),
        pytest.param("if(app, 1, 2)", {"app": 1}, id="a number is no truth"),
        pytest.param("1 / visits", {}, id="division by 0"),
        pytest.param("subtotal / (quantity - 3)", {}, id="by what turns out 0"),
        pytest.param(f"{FORMULA_RESULT_MAX - 1} + 2", {}, id="above the range"),
        pytest.param(f"-{FORMULA_RESULT_MAX - 1} - 2", {}, id="below the range"),
    ],
)
def test_what_cannot_be_worked_out_gives_the_fallback(
    text: str, values: dict[str, Any]
) -> None:
    """VY6: a formula needs a fallback for a missing operand."""
    assert result_of(text, **values) == FALLBACK


def test_a_missing_operand_gives_the_fallback() -> None:
    formula = parse("price + 1", NAMES)

    assert evaluate(formula, {}, rounding=DOWN, fallback=FALLBACK) == FALLBACK


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("if(visits > 0, subtotal / visits, 5)", 5),
        ("if(visits == 0 or 1 / visits > 1, 1, 2)", 1),
        ("if(visits != 0 and 1 / visits > 1, 1, 2)", 2),
    ],
)
def test_what_is_not_chosen_is_not_looked_at(text: str, expected: int) -> None:
    assert result_of(text) == expected


def test_the_largest_results_are_in_the_range() -> None:
    largest = FORMULA_RESULT_MAX

    assert result_of("price", price=largest) == largest
    assert result_of("-price", price=largest) == -largest


@pytest.mark.parametrize(
    ("text", "position", "part"),
    [
        ("", 0, "found the end"),
        ("1 +", 3, "found the end"),
        ("1 2", 2, "not expected"),
        ("(1", 2, "expected ')'"),
        ("1)", 1, "not expected"),
        ("*", 0, "expected a value"),
        ("price ** 2", 7, "expected a value"),
        ("price ^ 2", 6, "no meaning"),
        ("price.real", 5, "no meaning"),
        ("price[0]", 5, "no meaning"),
        ("__import__('os')", 0, "no value '__import__'"),
        ("pow(2, 3)", 0, "no value 'pow'"),
        ("lambda", 0, "no value 'lambda'"),
        ("rice", 0, "no value 'rice'"),
        ("Price", 0, "no value 'Price'"),
        ("рrice", 0, "no meaning"),  # noqa: RUF001 - a Cyrillic letter
        ("1 % 2", 2, "no meaning"),
        ("1 = 2", 2, "no meaning"),
        ("1.", 1, "digits are missing"),
        (".5", 0, "no meaning"),
        ("1e3", 1, "a letter follows"),
        ("0x10", 1, "a letter follows"),
        ("1_000", 1, "a letter follows"),
        ("²", 0, "no meaning"),
        ("1234567890123", 0, "at most 12 digits"),
        ('"gold', 0, "not closed"),
        ('"gold"', 0, "gives a text"),
        ("1 < 2", 0, "gives a boolean"),
        ("1 < 2 < 3", 6, "cannot be chained"),
        ("app == app == app", 11, "cannot be chained"),
        ("tier + 1", 5, "takes a number, found a text"),
        ("1 + app", 2, "takes a number, found a boolean"),
        ('if(tier < "z", 1, 2)', 8, "takes a number"),
        ("if(tier == 1, 1, 2)", 8, "takes a text, found a number"),
        ("if(1, 2, 3)", 0, "takes a boolean"),
        ("if(app, 1, tier)", 0, "takes a number, found a text"),
        ("if(app, 1)", 0, "takes 3 values"),
        ("if app", 3, "expected '('"),
        ("min(1)", 0, "2 values or more"),
        ("min(1, tier)", 0, "takes a number"),
        ("floor(1, 2)", 0, "takes 1 value"),
        ("floor()", 6, "expected a value"),
        ("not 1", 0, "takes a boolean"),
        ("-app", 0, "takes a number"),
        ("1 and true", 2, "takes a boolean"),
        ("and", 0, "no value 'and'"),
        ("1\x00", 1, "no meaning"),
    ],
)
def test_a_fault_says_where_and_what(text: str, position: int, part: str) -> None:
    with pytest.raises(FormulaFault) as caught:
        parse(text, NAMES)

    assert caught.value.position == position
    assert part in caught.value.message


@pytest.mark.parametrize(
    ("text", "one_more"),
    [
        pytest.param(
            "1".rjust(FORMULA_LENGTH_MAX),
            "1".rjust(FORMULA_LENGTH_MAX + 1),
            id="characters",
        ),
        pytest.param(
            "(" * FORMULA_NESTING_MAX + "1" + ")" * FORMULA_NESTING_MAX,
            "(" * (FORMULA_NESTING_MAX + 1) + "1" + ")" * (FORMULA_NESTING_MAX + 1),
            id="parentheses",
        ),
        pytest.param(
            "-" * FORMULA_NESTING_MAX + "1",
            "-" * (FORMULA_NESTING_MAX + 1) + "1",
            id="signs",
        ),
        pytest.param(
            "min(" + ",".join("1" * (FORMULA_NODES_MAX - 1)) + ")",
            "min(" + ",".join("1" * FORMULA_NODES_MAX) + ")",
            id="parts",
        ),
        pytest.param("123456.789012", "123456.7890123", id="digits"),
    ],
)
def test_a_limit_holds_to_the_last(text: str, one_more: str) -> None:
    assert isinstance(parse(text, NAMES), Formula)
    with pytest.raises(FormulaFault):
        parse(one_more, NAMES)


def test_every_word_and_operator_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "time.md").read_text()

    assert [one for one in (*RESERVED, *OPERATORS) if f"`{one}`" not in page] == []


def test_a_formula_is_a_plain_value() -> None:
    formula = parse("min(price / 3, 2) * quantity", NAMES)

    assert formula == parse("min(price / 3, 2) * quantity", NAMES)
    assert hash(formula) == hash(parse("min(price / 3, 2) * quantity", NAMES))
    assert pickle.loads(pickle.dumps(formula)) == formula  # noqa: S301 - our own
    assert formula.operands == (("price", NUMBER), ("quantity", NUMBER))


WORDS = [
    "and",
    "or",
    "not",
    "if(",
    "min(",
    "round(",
    "abs(",
    "true",
    "false",
    "<=",
    "==",
    "!=",
    "1",
    "0",
    "0.25",
    "'gold'",
]
PIECES = st.one_of(
    st.sampled_from([*NAMES, *WORDS, *"+-*/()<>,.' "]), st.text(max_size=3)
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_a_text_is_a_formula_or_a_fault_inside_it(text: str) -> None:
    fault, found = _parsed(text)

    assert 0 <= (fault.position if fault else 0) <= len(text)
    assert abs(found) <= FORMULA_RESULT_MAX


def _parsed(text: str) -> tuple[FormulaFault | None, int]:
    try:
        formula = parse(text, NAMES)
    except FormulaFault as fault:
        return fault, 0
    return None, evaluate(formula, VALUES, rounding=DOWN, fallback=0)


Oracle = tuple[str, Any]


def _decimal(value: Decimal) -> Oracle:
    return f"{value:f}", Fraction(value)


def _between(parts: tuple[Oracle, str, Oracle]) -> Oracle:
    (left, a), sign, (right, b) = parts
    text = f"({left} {sign} {right})"
    if a is None or b is None or (sign == "/" and b == 0):
        return text, None
    return text, {"+": a + b, "-": a - b, "*": a * b, "/": a / (b or 1)}[sign]


def _grown(numbers: st.SearchStrategy[Oracle]) -> st.SearchStrategy[Oracle]:
    def chosen(parts: tuple[Oracle, str, Oracle, Oracle, Oracle]) -> Oracle:
        (left, a), sign, (right, b), (then, c), (otherwise, d) = parts
        text = f"if({left} {sign} {right}, {then}, {otherwise})"
        if a is None or b is None:
            return text, None
        holds = {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}
        return text, c if (holds | {"==": a == b, "!=": a != b})[sign] else d

    def one(parts: tuple[str, Oracle]) -> Oracle:
        name, (text, a) = parts
        works = {
            "floor": floor,
            "ceil": ceil,
            "abs": abs,
            "round": lambda number: floor(number + Fraction(1, 2)),
        }
        return f"{name}({text})", None if a is None else Fraction(works[name](a))

    def several(parts: tuple[str, list[Oracle]]) -> Oracle:
        name, given_ = parts
        numbers_ = [number for _, number in given_]
        text = f"{name}({', '.join(text for text, _ in given_)})"
        if None in numbers_:
            return text, None
        return text, {"min": min, "max": max}[name](numbers_)

    signs = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
    return st.one_of(
        st.tuples(numbers, st.sampled_from("+-*/"), numbers).map(_between),
        st.tuples(numbers, signs, numbers, numbers, numbers).map(chosen),
        st.tuples(st.sampled_from(["floor", "ceil", "abs", "round"]), numbers).map(one),
        st.tuples(
            st.sampled_from(["min", "max"]), st.lists(numbers, min_size=2, max_size=4)
        ).map(several),
        numbers.map(lambda one: (f"-{one[0]}", None if one[1] is None else -one[1])),
    )


leaves = st.one_of(
    st.decimals(0, 9_999, places=2).map(_decimal),
    st.sampled_from(
        [
            ("price", Fraction(6)),
            ("quantity", Fraction(3)),
            ("subtotal", Fraction(12_345)),
            ("visits", Fraction(0)),
        ]
    ),
)


@given(
    st.recursive(leaves, _grown, max_leaves=20).filter(
        lambda one: len(one[0]) <= FORMULA_LENGTH_MAX
    ),
    st.sampled_from([DOWN, NEAREST, UP]),
)
def test_a_formula_gives_what_fractions_give(one: Oracle, rounding: str) -> None:
    text, number = one
    found = result_of(text, rounding)

    if number is None:
        assert found == FALLBACK
        return
    works = {DOWN: floor, UP: ceil, NEAREST: lambda n: floor(n + Fraction(1, 2))}
    expected = works[rounding](number)
    in_range = abs(expected) <= FORMULA_RESULT_MAX
    assert found == (expected if in_range else FALLBACK)
