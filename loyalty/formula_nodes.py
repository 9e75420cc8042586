"""
The nodes of a formula: all that it can do.

A node is a tuple: the function here that works it out, then its operands, so
a formula is a plain value that can be compared, hashed and sent elsewhere.
Numbers are exact (numerator, denominator), the denominator positive and not
reduced: each operand is used once, so sizes add up and never explode, and a
greatest common divisor would cost more than it saves.
"""

from collections.abc import Mapping
from typing import Any

Ratio = tuple[int, int]
Tree = tuple[Any, ...]
Values = Mapping[str, Any]


def constant(node: Tree, _: Values) -> Any:
    """A number, text, true or false of the formula itself."""
    return node[1]


def named(node: Tree, values: Values) -> Any:
    """What was handed in under a name; KeyError when it was not, or is unsound."""
    return values[node[1]]


def total(node: Tree, values: Values) -> Ratio:
    """Sum of several, each with whether it is added or taken away."""
    a, b = 0, 1
    for is_added, operand in node[1]:
        work = operand[0]
        # Most are leaves, and a call would cost more than the sum.
        if work is named:
            c, d = values[operand[1]]
        elif work is constant:
            c, d = operand[1]
        else:
            c, d = work(operand, values)
        if b != d:
            a, b, c = a * d, b * d, c * b
        a = a + c if is_added else a - c
    return a, b


def product(node: Tree, values: Values) -> Ratio:
    """Product of several, each a factor or a divisor; ZeroDivisionError for 0."""
    a, b = 1, 1
    for is_factor, operand in node[1]:
        work = operand[0]
        if work is named:
            c, d = values[operand[1]]
        elif work is constant:
            c, d = operand[1]
        else:
            c, d = work(operand, values)
        if is_factor:
            a, b = a * c, b * d
        elif c > 0:
            a, b = a * d, b * c
        elif c < 0:
            a, b = -a * d, -b * c
        else:
            raise ZeroDivisionError
    return a, b


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
