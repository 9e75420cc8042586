"""From the text of a formula to its tree, all types checked on the way."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from loyalty import formula_nodes as nodes
from loyalty.formula_nodes import Tree
from loyalty.formula_text import (
    DECIMAL,
    END,
    QUOTED,
    SIGN,
    WORD,
    FormulaFault,
    Token,
    tokens_of,
)
from loyalty.limits import FORMULA_NESTING_MAX, FORMULA_NODES_MAX

NUMBER: Final = "number"
TEXT: Final = "text"
BOOLEAN: Final = "boolean"


class _Typed(NamedTuple):
    type: str
    node: Tree


class _Operator(NamedTuple):
    """An operator between two: how strongly it binds, what it takes and gives."""

    binding: int
    takes: str
    gives: str
    work: Callable[[Tree, nodes.Values], Any]


_LOOSEST: Final = 0
_NOT_BINDING: Final = 3
_COMPARISON: Final = 4
_SIGN_BINDING: Final = 7
_ANY: Final = "any"
OPERATORS: Final = {
    "or": _Operator(1, BOOLEAN, BOOLEAN, nodes.either),
    "and": _Operator(2, BOOLEAN, BOOLEAN, nodes.both),
    "==": _Operator(_COMPARISON, _ANY, BOOLEAN, nodes.is_equal),
    "!=": _Operator(_COMPARISON, _ANY, BOOLEAN, nodes.is_equal),
    "<": _Operator(_COMPARISON, NUMBER, BOOLEAN, nodes.is_less),
    "<=": _Operator(_COMPARISON, NUMBER, BOOLEAN, nodes.is_at_most),
    ">": _Operator(_COMPARISON, NUMBER, BOOLEAN, nodes.is_more),
    ">=": _Operator(_COMPARISON, NUMBER, BOOLEAN, nodes.is_at_least),
    "+": _Operator(5, NUMBER, NUMBER, nodes.total),
    "-": _Operator(5, NUMBER, NUMBER, nodes.total),
    "*": _Operator(6, NUMBER, NUMBER, nodes.product),
    "/": _Operator(6, NUMBER, NUMBER, nodes.product),
}
_OF_ONE: Final = {
    "round": nodes.nearest,
    "floor": nodes.floor,
    "ceil": nodes.ceil,
    "abs": nodes.absolute,
}
_OF_SEVERAL: Final = {"min": nodes.least, "max": nodes.greatest}
_FUNCTIONS: Final = {*_OF_ONE, *_OF_SEVERAL, "if"}
_CHAINS: Final = {nodes.total, nodes.product}
# What a formula's own words are; a name cannot be one of them.
RESERVED: Final = frozenset({*_FUNCTIONS, "and", "or", "not", "true", "false"})


def tree_of(text: str, names: Mapping[str, str]) -> tuple[Tree, dict[str, str]]:
    """
    Tree of a formula, and the names it asks for with their types.

    Raises: FormulaFault.
    """
    parser = _Parser(tokens_of(text), names)
    result = parser.expression(_LOOSEST)
    rest = parser.token
    if rest.kind != END:
        raise FormulaFault(rest.position, f"{rest.text!r} was not expected here")
    if result.type != NUMBER:
        raise FormulaFault(0, f"gives a {result.type}, expected a number")
    return result.node, parser.operands


class _Parser:
    """A Pratt parser: an operator takes what binds more strongly than itself."""

    def __init__(self, tokens: list[Token], names: Mapping[str, str]) -> None:
        self._tokens = tokens
        self._names = names
        self._index = 0
        self._open = 0
        self._count = 0
        self.operands: dict[str, str] = {}

    @property
    def token(self) -> Token:
        """Token that is next."""
        return self._tokens[self._index]

    def expression(self, binding: int) -> _Typed:
        """Read what binds more strongly than `binding`."""
        left = self._operand()
        compared = False
        while True:
            token = self.token
            operator = None if token.kind == QUOTED else OPERATORS.get(token.text)
            if operator is None or operator.binding <= binding:
                return left
            if compared and operator.binding == _COMPARISON:
                raise FormulaFault(token.position, "comparisons cannot be chained")
            compared = operator.binding == _COMPARISON
            self._index += 1
            right = self.expression(operator.binding)
            left = self._between(token, left, right)

    def _between(self, token: Token, left: _Typed, right: _Typed) -> _Typed:
        operator = OPERATORS[token.text]
        takes = left.type if operator.takes == _ANY else operator.takes
        for side in (left, right):
            self._expect_type(token, side, takes)
        work = operator.work
        if work in _CHAINS:
            chain = _chain(left.node, work, right.node, goes_on=token.text in "+*")
            return _Typed(operator.gives, self._node(token, *chain))
        if work is nodes.is_equal and takes != NUMBER:
            work = nodes.is_same
        node = self._node(token, work, left.node, right.node)
        if token.text == "!=":
            node = self._node(token, nodes.negation, node)
        return _Typed(operator.gives, node)

    def _operand(self) -> _Typed:
        token = self.token
        self._index += 1
        if token.kind == DECIMAL:
            return _Typed(NUMBER, self._node(token, nodes.constant, _ratio(token.text)))
        if token.kind == QUOTED:
            return _Typed(TEXT, self._node(token, nodes.constant, token.text))
        if token.kind == WORD:
            return self._word(token)
        if token.text == "-":
            number = self._nested(token, _SIGN_BINDING)
            self._expect_type(token, number, NUMBER)
            return _Typed(NUMBER, self._node(token, nodes.negate, number.node))
        if token.text == "(":
            inner = self._nested(token, _LOOSEST)
            self._expect(")")
            return inner
        found = repr(token.text) if token.kind == SIGN else "the end"
        raise FormulaFault(token.position, f"expected a value, found {found}")

    def _word(self, token: Token) -> _Typed:
        word = token.text
        if word in {"true", "false"}:
            node = self._node(token, nodes.constant, word == "true")
            return _Typed(BOOLEAN, node)
        if word == "not":
            inner = self._nested(token, _NOT_BINDING)
            self._expect_type(token, inner, BOOLEAN)
            return _Typed(BOOLEAN, self._node(token, nodes.negation, inner.node))
        if word in _FUNCTIONS:
            return self._call(token)
        if word in RESERVED or word not in self._names:
            raise FormulaFault(token.position, f"there is no value {word!r}")
        self.operands[word] = self._names[word]
        return _Typed(self._names[word], self._node(token, nodes.named, word))

    def _call(self, token: Token) -> _Typed:
        self._expect("(")
        given = [self._nested(token, _LOOSEST)]
        while self._is_next(","):
            given.append(self._nested(token, _LOOSEST))
        self._expect(")")
        if token.text == "if":
            return self._choice(token, given)
        several = token.text in _OF_SEVERAL
        if (len(given) < 2) if several else (len(given) != 1):  # noqa: PLR2004
            wanted = "2 values or more" if several else "1 value"
            raise FormulaFault(token.position, f"{token.text} takes {wanted}")
        for one in given:
            self._expect_type(token, one, NUMBER)
        work = _OF_SEVERAL[token.text] if several else _OF_ONE[token.text]
        return _Typed(NUMBER, self._node(token, work, *(one.node for one in given)))

    def _choice(self, token: Token, given: list[_Typed]) -> _Typed:
        if len(given) != 3:  # noqa: PLR2004
            raise FormulaFault(token.position, "if takes 3 values")
        condition, then, otherwise = given
        self._expect_type(token, condition, BOOLEAN)
        self._expect_type(token, otherwise, then.type)
        node = self._node(token, nodes.choose, *(one.node for one in given))
        return _Typed(then.type, node)

    def _nested(self, token: Token, binding: int) -> _Typed:
        self._open += 1
        if self._open > FORMULA_NESTING_MAX:
            message = f"is nested more than {FORMULA_NESTING_MAX} deep"
            raise FormulaFault(token.position, message)
        inner = self.expression(binding)
        self._open -= 1
        return inner

    def _node(self, token: Token, *parts: Any) -> Tree:
        self._count += 1
        if self._count > FORMULA_NODES_MAX:
            message = f"has more than {FORMULA_NODES_MAX} parts"
            raise FormulaFault(token.position, message)
        return parts

    def _expect(self, sign: str) -> None:
        if not self._is_next(sign):
            raise FormulaFault(self.token.position, f"expected {sign!r}")

    def _is_next(self, sign: str) -> bool:
        """Step over a sign if it is the next token."""
        if self.token.kind != SIGN or self.token.text != sign:
            return False
        self._index += 1
        return True

    @staticmethod
    def _expect_type(token: Token, given: _Typed, wanted: str) -> None:
        if given.type != wanted:
            message = f"{token.text!r} takes a {wanted}, found a {given.type}"
            raise FormulaFault(token.position, message)


def _chain(left: Tree, work: Any, right: Tree, *, goes_on: bool) -> Tree:
    """
    Sum or product with one more operand, flat however long it gets.

    Exact arithmetic gives the same whichever way it is grouped.
    """
    before = left[1] if left[0] is work else ((True, left),)
    return (work, (*before, (goes_on, right)))


def _ratio(decimal: str) -> nodes.Ratio:
    whole, _, part = decimal.partition(".")
    return int(whole + part), 10 ** len(part)
