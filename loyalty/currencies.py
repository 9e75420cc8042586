"""Codes of currencies, by their form: which there are is the program's to say."""

from typing import Final

# Codes that were sound when they were first met: every order asks, and nothing changes
# what a text is.
_SOUND: Final[set[str]] = set()
_SOUND_MAX: Final = 512
CODE_LETTERS: Final = 3


def is_currency(code: str) -> bool:
    """Whether a text is formed as ISO 4217 forms its codes."""
    if code in _SOUND:
        return True
    if len(code) != CODE_LETTERS or not (code.isascii() and code.isupper()):
        return False
    if len(_SOUND) < _SOUND_MAX:
        _SOUND.add(code)
    return True
