"""
Formulas of points and discounts: a text that a person writes, worked out safely.

`parse` turns it into a tree of the few things that `formula_nodes` can do and
checks all types; nothing of it is ever run as Python. `docs/program-rules.md`
has the language and its rounding.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from loyalty import formula_nodes as nodes
from loyalty.formula_nodes import Tree
from loyalty.formula_parser import BOOLEAN, NUMBER, TEXT, tree_of
from loyalty.formula_text import FormulaFault
from loyalty.limits import (
    FORMULA_DENOMINATOR_MAX,
    FORMULA_OPERAND_MAX,
    FORMULA_RESULT_MAX,
)

__all__ = ["BOOLEAN", "NUMBER", "TEXT", "Formula", "FormulaFault", "evaluate", "parse"]

# The same words as `loyalty.program` uses, which is to import this module.
DOWN: Final = "down"
NEAREST: Final = "nearest"
UP: Final = "up"

_TYPES: Final = {TEXT: str, BOOLEAN: bool}


class Formula(NamedTuple):
    """A formula that is sound; `operands` are the names it asks for, with types."""

    text: str
    tree: Tree
    operands: tuple[tuple[str, str], ...]


def parse(text: str, names: Mapping[str, str]) -> Formula:
    """
    Read a formula; `names` says which names it may use, and the type of each.

    Raises: FormulaFault for anything that is not a formula with a number as
    its result, or is over a limit (docs/limits.md).
    """
    tree, operands = tree_of(text, names)
    return Formula(text, tree, tuple(sorted(operands.items())))


def evaluate(
    formula: Formula,
    values: Mapping[str, Any],
    *,
    rounding: str,
    fallback: int,
    scale: int = 1,
) -> int:
    """
    Work out a formula, exactly, and round once, at the end.

    A number in `values` is a whole one or a (numerator, denominator): a price
    of 6.00 is (600, 100). The result times `scale` is rounded `down` (towards
    minus infinity), `nearest` (a half up) or `up`: scale 100 gives cents. It
    is `fallback` when an operand that is needed is missing, of another type or
    over its limit, when something is divided by 0, or beyond
    FORMULA_RESULT_MAX.
    """
    tree = formula.tree
    try:
        above, below = tree[0](tree, _sound(formula, values))
    except (KeyError, ZeroDivisionError):
        return fallback
    result = rounded(above * scale, below, rounding)
    in_range = -FORMULA_RESULT_MAX <= result <= FORMULA_RESULT_MAX
    return result if in_range else fallback


def rounded(above: int, below: int, rounding: str) -> int:
    """Whole number for a ratio: `down`, `nearest` (a half up) or `up`; below > 0."""
    if rounding == DOWN:
        return above // below
    if rounding == UP:
        return -(-above // below)
    return (2 * above + below) // (2 * below)


def divides_by_zero(tree: Tree) -> bool:
    """Whether a formula divides by a constant 0 somewhere."""
    if tree[0] is nodes.product:
        for is_factor, operand in tree[1]:
            is_zero = operand[0] is nodes.constant and operand[1][0] == 0
            if is_zero and not is_factor:
                return True
    parts = [part for part in tree[1:] if isinstance(part, tuple)]
    if tree[0] in (nodes.product, nodes.total):
        parts = [operand for _, operand in tree[1]]
    elif tree[0] in (nodes.constant, nodes.named):
        parts = []
    return any(divides_by_zero(part) for part in parts)


def _sound(formula: Formula, values: Mapping[str, Any]) -> dict[str, Any]:
    """Operands of a formula that are there, of their type and within limits."""
    sound: dict[str, Any] = {}
    for name, kind in formula.operands:
        value = values.get(name)
        if kind != NUMBER:
            if type(value) is _TYPES[kind]:
                sound[name] = value
        # Not isinstance: true and false are no numbers.
        elif type(value) is int:
            if -FORMULA_OPERAND_MAX <= value <= FORMULA_OPERAND_MAX:
                sound[name] = value, 1
        elif _is_ratio(value):
            sound[name] = value
    return sound


def _is_ratio(value: object) -> bool:
    if type(value) is not tuple or len(value) != 2:  # noqa: PLR2004 - a pair
        return False
    above, below = value
    return (
        type(above) is type(below) is int
        and -FORMULA_OPERAND_MAX <= above <= FORMULA_OPERAND_MAX
        and 0 < below <= FORMULA_DENOMINATOR_MAX
    )
