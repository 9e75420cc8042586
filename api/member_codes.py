"""Short codes that a member shows at a till: new each minute, worthless after two."""

import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from typing import Final, NamedTuple

from api.problems import Unavailable
from loyalty.limits import ID_LENGTH_MAX
from stores.identities_contract import Identities, LiveCode

WINDOW_SECONDS: Final = 60
# What is shown in the last second of a window must reach the till.
WINDOWS_GOOD: Final = 2
DIGITS: Final = 8
TRIES_MAX: Final = 8
QR_PREFIX: Final = "RG1."
CODE_LENGTH_MAX: Final = 800
_MAC_BYTES: Final = 16
_CODE: Final = re.compile(rf"\d{{{DIGITS}}}", re.ASCII)


class ShownCode(NamedTuple):
    """Digits to be typed, a text for a QR code, and until when (s since 1970)."""

    digits: str
    qr: str
    renew_at: int
    ends_at: int


class MemberCodes:
    """
    Makes codes and tells whose they are.

    The QR text holds the member and is verified by its MAC alone. Eight digits
    cannot hold a member: while they are shown, and no longer, the store knows
    whose they are.
    """

    def __init__(self, key: bytes, identities: Identities) -> None:
        """`key` signs; whoever has it can make codes of anybody."""
        self._key = key
        self._identities = identities

    async def show(self, member_id: str, now: float) -> ShownCode:
        """
        Code of a member, the same all through a window.

        Raises: Unavailable if so many codes are shown that none is free.
        """
        window = int(now) // WINDOW_SECONDS
        begun_at = window * WINDOW_SECONDS
        code = LiveCode(member_id, window)
        ends_at = begun_at + WINDOW_SECONDS * WINDOWS_GOOD
        for number in range(TRIES_MAX):
            digits = self._digits(code, number)
            if await self._identities.show_code(digits, code, ends_at - int(now)):
                renew_at = begun_at + WINDOW_SECONDS
                return ShownCode(digits, self._qr(code), renew_at, ends_at)
        raise Unavailable("no code is free just now")

    async def whose(self, text: str, now: float) -> LiveCode | None:
        """Code that digits or a QR text stand for; None if it is none, or over."""
        if text.startswith(QR_PREFIX):
            code = self._read(text)
        elif _CODE.fullmatch(text):
            code = await self._identities.find_code(text)
        else:
            return None
        age = int(now) // WINDOW_SECONDS - code.window if code is not None else -1
        # Another machine's clock may be a little ahead.
        return code if -1 <= age < WINDOWS_GOOD else None

    async def use(self, code: LiveCode, till: str) -> bool:
        """Bind a code to a till's check; False if it is bound to another."""
        mark = hmac.digest(self._key, _text("use", code, 0), sha256).hex()
        seconds = WINDOW_SECONDS * (WINDOWS_GOOD + 1)
        return await self._identities.use_code(mark, till, seconds)

    def _digits(self, code: LiveCode, number: int) -> str:
        mac = hmac.digest(self._key, _text("digits", code, number), sha256)
        # 64 bits: how far 10^8 does not divide them favours no code by a billionth.
        return str(int.from_bytes(mac[:8], "big") % 10**DIGITS).zfill(DIGITS)

    def _qr(self, code: LiveCode) -> str:
        name = urlsafe_b64encode(code.member_id.encode()).decode().rstrip("=")
        mac = hmac.digest(self._key, _text("qr", code, 0), sha256)[:_MAC_BYTES]
        return f"{QR_PREFIX}{code.window}.{name}.{mac.hex()}"

    def _read(self, text: str) -> LiveCode | None:
        try:
            _, window, name, _ = text.split(".")
            member_id = urlsafe_b64decode(name + "=" * (-len(name) % 4)).decode()
            code = LiveCode(member_id, int(window))
        except ValueError:
            return None
        if not 0 < len(member_id) <= ID_LENGTH_MAX or code.window < 0:
            return None
        # Made anew and compared whole: nothing of what was sent is believed.
        is_ours = hmac.compare_digest(self._qr(code).encode(), text.encode())
        return code if is_ours else None


def _text(use: str, code: LiveCode, number: int) -> bytes:
    return f"{use}:{code.window}:{number}:{code.member_id}".encode()
