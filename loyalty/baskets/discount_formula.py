"""The formula of a discount: safe arithmetic over a unit or basket, in minor units."""

from collections.abc import Callable, Mapping

from loyalty.baskets.discounts import FORMULA_NAMES
from loyalty.conditions import NEAREST
from loyalty.document import Node
from loyalty.formula import evaluate, parse
from loyalty.formula_parser import NUMBER
from loyalty.formula_text import FormulaFault
from loyalty.limits import AMOUNT_MINOR_MAX

NAMES = dict.fromkeys(FORMULA_NAMES, NUMBER)


def discount_formula(node: Node) -> Callable[[Mapping[str, int]], int] | None:
    """
    Read `formula` and its `fallback_minor`; what is wrong is noted on the node.

    The result is rounded to the nearest minor unit, a half up; a missing value or
    a division by zero gives the fallback.
    """
    fallback = node.number("fallback_minor", default=0, maximum=AMOUNT_MINOR_MAX)
    try:
        formula = parse(str(node.raw("formula")), NAMES)
    except FormulaFault as fault:
        node.fault("formula", f"at {fault.position}: {fault.message}")
        return None

    def worth(values: Mapping[str, int]) -> int:
        return evaluate(formula, values, rounding=NEAREST, fallback=fallback)

    return worth
