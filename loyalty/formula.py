"""
Formulas of points and discounts: a text that a person writes, worked out safely.

`parse` turns it into a tree of the few things that `formula_nodes` can do and
checks all types; nothing of it is ever run as Python. `docs/time.md` has the
language and its rounding.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from loyalty.formula_nodes import Tree
from loyalty.formula_parser import BOOLEAN, NUMBER, TEXT, tree_of
from loyalty.formula_text import FormulaFault
from loyalty.limits import FORMULA_RESULT_MAX

__all__ = ["BOOLEAN", "NUMBER", "TEXT", "Formula", "FormulaFault", "evaluate", "parse"]

# The same words as `loyalty.program` uses, which is to import this module.
DOWN: Final = "down"
NEAREST: Final = "nearest"
UP: Final = "up"


class Formula(NamedTuple):
    """A formula that is sound: its text, its tree and the names it asks for."""

    text: str
    tree: Tree
    operands: frozenset[str]


def parse(text: str, names: Mapping[str, str]) -> Formula:
    """
    Read a formula; `names` says which names it may use, and the type of each.

    Raises: FormulaFault for anything that is not a formula with a number as
    its result, or is over a limit (docs/limits.md).
    """
    tree, operands = tree_of(text, names)
    return Formula(text, tree, operands)


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
    minus infinity), `nearest` (a half up) or `up`: 100 gives minor units. It
    is `fallback` when an operand that is needed is missing or of another type,
    when something is divided by 0, or beyond FORMULA_RESULT_MAX.
    """
    tree = formula.tree
    try:
        above, below = tree[0](tree, values)
    except (KeyError, ZeroDivisionError):
        return fallback
    above *= scale
    if rounding == DOWN:
        result = above // below
    elif rounding == UP:
        result = -(-above // below)
    else:
        result = (2 * above + below) // (2 * below)
    if -FORMULA_RESULT_MAX <= result <= FORMULA_RESULT_MAX:
        return int(result)
    return fallback
