"""
The nodes of a formula: all that it can do.

A node is a tuple: the function here that works it out, then its operands, so
a formula is a plain value that can be compared, hashed and sent elsewhere.
Numbers are exact (numerator, denominator), the denominator positive and not
reduced: each operand is used once, so sizes add up and never explode, and a
greatest common divisor would cost more than it saves.
"""

from collections.abc import Mapping
from typing import Any, Final

from loyalty.limits import FORMULA_DIGITS_MAX

Ratio = tuple[int, int]
Tree = tuple[Any, ...]
Values = Mapping[str, Any]

OPERAND_MAX: Final = 10**FORMULA_DIGITS_MAX


def constant(node: Tree, _: Values) -> Any:
    """A number, text, true or false of the formula itself."""
    return node[1]


def number_named(node: Tree, values: Values) -> Ratio:
    """
    Number handed in: a whole one, or (numerator, denominator).

    Raises: KeyError when it is missing, no number, or beyond OPERAND_MAX.
    """
    value = values[node[1]]
    if type(value) is int:
        if -OPERAND_MAX <= value <= OPERAND_MAX:
            return value, 1
    elif type(value) is tuple and len(value) == 2:  # noqa: PLR2004 - a pair
        above, below = value
        if (
            type(above) is type(below) is int
            and -OPERAND_MAX <= above <= OPERAND_MAX
            and 0 < below <= OPERAND_MAX
        ):
            return above, below
    raise KeyError(node[1])


def text_named(node: Tree, values: Values) -> str:
    """Text handed in; KeyError when it is missing or no text."""
    value = values[node[1]]
    if type(value) is str:
        return value
    raise KeyError(node[1])


def boolean_named(node: Tree, values: Values) -> bool:
    """True or false handed in; KeyError when it is missing or neither."""
    value = values[node[1]]
    if type(value) is bool:
        return value
    raise KeyError(node[1])


def add(node: Tree, values: Values) -> Ratio:
    """Sum of two."""
    _, left, right = node
    a, b = left[0](left, values)
    c, d = right[0](right, values)
    return (a + c, b) if b == d else (a * d + c * b, b * d)


def subtract(node: Tree, values: Values) -> Ratio:
    """First less the second."""
    _, left, right = node
    a, b = left[0](left, values)
    c, d = right[0](right, values)
    return (a - c, b) if b == d else (a * d - c * b, b * d)


def multiply(node: Tree, values: Values) -> Ratio:
    """Product of two."""
    _, left, right = node
    a, b = left[0](left, values)
    c, d = right[0](right, values)
    return a * c, b * d


def divide(node: Tree, values: Values) -> Ratio:
    """First by the second; ZeroDivisionError when that is 0."""
    _, left, right = node
    a, b = left[0](left, values)
    c, d = right[0](right, values)
    if c == 0:
        raise ZeroDivisionError
    return (a * d, b * c) if c > 0 else (-a * d, -b * c)


def negate(node: Tree, values: Values) -> Ratio:
    """The number with the other sign."""
    a, b = node[1][0](node[1], values)
    return -a, b


def absolute(node: Tree, values: Values) -> Ratio:
    """The number without its sign."""
    a, b = node[1][0](node[1], values)
    return abs(a), b


def floor(node: Tree, values: Values) -> Ratio:
    """Largest whole number that is not more: -1.5 gives -2."""
    a, b = node[1][0](node[1], values)
    return a // b, 1


def ceil(node: Tree, values: Values) -> Ratio:
    """Smallest whole number that is not less: -1.5 gives -1."""
    a, b = node[1][0](node[1], values)
    return -(-a // b), 1


def nearest(node: Tree, values: Values) -> Ratio:
    """Nearest whole number, a half goes up: 1.5 gives 2, -1.5 gives -1."""
    a, b = node[1][0](node[1], values)
    return (2 * a + b) // (2 * b), 1


def least(node: Tree, values: Values) -> Ratio:
    """Smallest of several."""
    a, b = node[1][0](node[1], values)
    for operand in node[2:]:
        c, d = operand[0](operand, values)
        if c * b < a * d:
            a, b = c, d
    return a, b


def greatest(node: Tree, values: Values) -> Ratio:
    """Largest of several."""
    a, b = node[1][0](node[1], values)
    for operand in node[2:]:
        c, d = operand[0](operand, values)
        if c * b > a * d:
            a, b = c, d
    return a, b


def is_less(node: Tree, values: Values) -> bool:
    """Whether the first number is less than the second."""
    _, left, right = node
    a, b = left[0](left, values)
    c, d = right[0](right, values)
    return bool(a * d < c * b)


def is_at_most(node: Tree, values: Values) -> bool:
    """Whether the first number is not more than the second."""
    _, left, right = node
    a, b = left[0](left, values)
    c, d = right[0](right, values)
    return bool(a * d <= c * b)


def is_more(node: Tree, values: Values) -> bool:
    """Whether the first number is more than the second."""
    _, left, right = node
    a, b = left[0](left, values)
    c, d = right[0](right, values)
    return bool(a * d > c * b)


def is_at_least(node: Tree, values: Values) -> bool:
    """Whether the first number is not less than the second."""
    _, left, right = node
    a, b = left[0](left, values)
    c, d = right[0](right, values)
    return bool(a * d >= c * b)


def is_equal(node: Tree, values: Values) -> bool:
    """Whether two numbers are equal: 0.5 and 1/2 are."""
    _, left, right = node
    a, b = left[0](left, values)
    c, d = right[0](right, values)
    return bool(a * d == c * b)


def is_same(node: Tree, values: Values) -> bool:
    """Whether two texts, or two of true and false, are the same."""
    _, left, right = node
    return bool(left[0](left, values) == right[0](right, values))


def negation(node: Tree, values: Values) -> bool:
    """True for false, false for true."""
    return not node[1][0](node[1], values)


def both(node: Tree, values: Values) -> bool:
    """Whether both are true; the second is not looked at when the first is not."""
    _, left, right = node
    return bool(left[0](left, values) and right[0](right, values))


def either(node: Tree, values: Values) -> bool:
    """Whether one is true; the second is not looked at when the first is."""
    _, left, right = node
    return bool(left[0](left, values) or right[0](right, values))


def choose(node: Tree, values: Values) -> Any:
    """Second where the first is true, else the third; the other is not looked at."""
    _, condition, then, otherwise = node
    chosen = then if condition[0](condition, values) else otherwise
    return chosen[0](chosen, values)
