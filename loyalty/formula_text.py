"""The text of a formula, cut into words, numbers, quoted texts and signs."""

from typing import Final, NamedTuple

from loyalty.limits import FORMULA_DIGITS_MAX, FORMULA_LENGTH_MAX

# Kinds of a token.
WORD: Final = "word"
DECIMAL: Final = "decimal"
QUOTED: Final = "quoted"
SIGN: Final = "sign"
END: Final = "end"

# ASCII only: a Cyrillic letter that looks like a Latin one is another name.
_LETTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")
_DIGITS: Final = frozenset("0123456789")
_NAME: Final = _LETTERS | _DIGITS
_BLANKS: Final = frozenset(" \t\r\n")
_QUOTES: Final = frozenset("\"'")
# The longer first: `<` is also the start of `<=`.
_SIGNS: Final = (*("<=", ">=", "==", "!="), *"<>+-*/(),")


class FormulaFault(ValueError):
    """A text that is no formula: what is wrong, and at which character (from 0)."""

    def __init__(self, position: int, message: str) -> None:
        """Keep both apart, and say them together."""
        super().__init__(f"at character {position}: {message}")
        self.position = position
        self.message = message


class Token(NamedTuple):
    """One piece of a text; a quoted one is kept without its quotes."""

    position: int
    kind: str
    text: str


def tokens_of(text: str) -> list[Token]:
    """
    Cut a text; the last token is END, after the text.

    Raises: FormulaFault.
    """
    if len(text) > FORMULA_LENGTH_MAX:
        message = f"has {len(text)} characters, at most {FORMULA_LENGTH_MAX}"
        raise FormulaFault(FORMULA_LENGTH_MAX, message)
    tokens = []
    position = 0
    while position < len(text):
        if text[position] in _BLANKS:
            position += 1
            continue
        token, position = _token_at(text, position)
        tokens.append(token)
    tokens.append(Token(len(text), END, ""))
    return tokens


def _token_at(text: str, start: int) -> tuple[Token, int]:
    """Token that starts at a character, and where it ends."""
    first = text[start]
    if first in _LETTERS:
        end = _end_of(text, start, _NAME)
        return Token(start, WORD, text[start:end]), end
    if first in _DIGITS:
        return _decimal_at(text, start)
    if first in _QUOTES:
        end = text.find(first, start + 1)
        if end < 0:
            raise FormulaFault(start, "this quote is not closed")
        return Token(start, QUOTED, text[start + 1 : end]), end + 1
    for sign in _SIGNS:
        if text.startswith(sign, start):
            return Token(start, SIGN, sign), start + len(sign)
    raise FormulaFault(start, f"{first!r} has no meaning here")


def _decimal_at(text: str, start: int) -> tuple[Token, int]:
    end = _end_of(text, start, _DIGITS)
    if text.startswith(".", end):
        whole = end
        end = _end_of(text, whole + 1, _DIGITS)
        if end == whole + 1:
            raise FormulaFault(whole, "digits are missing after the point")
    if end < len(text) and text[end] in _LETTERS:
        raise FormulaFault(end, "a number ends where a letter follows")
    if len(text[start:end].replace(".", "")) > FORMULA_DIGITS_MAX:
        message = f"a number has at most {FORMULA_DIGITS_MAX} digits"
        raise FormulaFault(start, message)
    return Token(start, DECIMAL, text[start:end]), end


def _end_of(text: str, start: int, characters: frozenset[str]) -> int:
    end = start
    while end < len(text) and text[end] in characters:
        end += 1
    return end
