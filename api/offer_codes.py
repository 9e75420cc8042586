"""Codes of pools as people see them: made from their numbers, or looked up."""

import hmac
from hashlib import sha256
from typing import Final

from api.code_problems import CodesConflict
from api.contacts import ContactKey
from api.problems import IdentityNotKept
from loyalty.code_pools import GENERATED, UPLOADED, CodePool
from loyalty.code_steps import plain
from loyalty.program import Program
from loyalty.view_shapes import PersonalView
from stores.code_lists_contract import CodeEntry, CodeLists, CodePlace

# Crockford's: without what is taken for something else.
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # pragma: allowlist secret
LENGTH: Final = 16
GROUP: Final = 4
# Of 80 bits of a code, those that tell its number; a guess is one in 2^60.
NUMBER_BITS: Final = 20
NUMBER_MASK: Final = (1 << NUMBER_BITS) - 1
TAG_BITS: Final = LENGTH * 5 - NUMBER_BITS
_READ_AS: Final = str.maketrans("OIL", "011")


class OfferCodes:
    """
    What the number of a code reads like, and back.

    A generated code is its number under a key, with a tag (as in SIV): whoever has
    many of them can make no other. An uploaded one is looked up.
    """

    def __init__(self, lists: CodeLists, key: ContactKey | None) -> None:
        """Say where uploaded codes are; without a key none can be generated."""
        self.lists = lists
        self._key = None if key is None else key.offer_codes

    async def upload(self, pool: CodePool, first: int, codes: list[str]) -> list[int]:
        """
        Let codes have the numbers of a pool from `first` on, all or none.

        Returns the places of those that are in the way of others. Raises:
        CodesConflict for a pool that has no list, or too many; StoreUnavailable.
        """
        if pool.kind != UPLOADED:
            detail = f"the codes of {pool.pool_id!r} are generated"
            raise CodesConflict(detail, errors=[])
        if first + len(codes) > pool.codes:
            fault = {"pointer": "/codes", "detail": f"the pool has {pool.codes} codes"}
            raise CodesConflict("more codes than the pool has", errors=[fault])
        entries = [CodeEntry(code, plain(code)) for code in codes]
        return await self.lists.add(pool.pool_id, first, entries)

    async def shown(self, pool: CodePool, numbers: list[int]) -> list[str | None]:
        """
        Codes of some numbers; None for one that is not uploaded yet.

        Raises: IdentityNotKept without a key, StoreUnavailable.
        """
        if pool.kind == GENERATED:
            return [self._made(pool.pool_id, number) for number in numbers]
        return await self.lists.codes_of(pool.pool_id, numbers)

    async def of_offers(
        self, held: list[PersonalView], program: Program
    ) -> dict[str, str | None]:
        """
        Codes of a member's offers, by offer; raises StoreUnavailable.

        Where no key is kept, none of those that are generated.
        """
        found: dict[str, str | None] = {}
        for one in held:
            pool = program.pool_by_id.get(one.pool_id)
            is_readable = pool is not None and (
                self._key is not None or pool.kind != GENERATED
            )
            if pool is not None and is_readable and one.number >= 0:
                (found[one.offer_id],) = await self.shown(pool, [one.number])
        return found

    async def place_of(self, code: str, program: Program) -> CodePlace | None:
        """
        Pool and number of a code, None for what is none; raises StoreUnavailable.

        Uploaded codes come first: their list says exactly which there are.
        """
        said = plain(code)
        found = await self.lists.find(said)
        if found is not None and found.pool_id in program.pool_by_id:
            return found
        for pool in program.code_pools if self._key else ():
            number = self._read(pool.pool_id, said) if pool.kind == GENERATED else -1
            if 0 <= number < pool.codes:
                return CodePlace(pool.pool_id, number)
        return None

    def _made(self, pool_id: str, number: int) -> str:
        tag = self._tag(pool_id, number)
        value = tag << NUMBER_BITS | (number ^ self._mask(pool_id, tag))
        digits = [
            ALPHABET[value >> 5 * place & 31] for place in reversed(range(LENGTH))
        ]
        text = "".join(digits)
        return "-".join(text[at : at + GROUP] for at in range(0, LENGTH, GROUP))

    def _read(self, pool_id: str, said: str) -> int:
        """Number of a code of a pool, -1 for what is none of it."""
        text = said.translate(_READ_AS)
        if len(text) != LENGTH or not set(text) <= set(ALPHABET):
            return -1
        value = 0
        for letter in text:
            value = value << 5 | ALPHABET.index(letter)
        tag = value >> NUMBER_BITS
        number = (value & NUMBER_MASK) ^ self._mask(pool_id, tag)
        known = self._tag(pool_id, number).to_bytes(8, "big")
        return number if hmac.compare_digest(known, tag.to_bytes(8, "big")) else -1

    def _tag(self, pool_id: str, number: int) -> int:
        return self._bits(f"tag/{number}/{pool_id}") >> 64 - TAG_BITS

    def _mask(self, pool_id: str, tag: int) -> int:
        return self._bits(f"mask/{tag}/{pool_id}") & NUMBER_MASK

    def _bits(self, text: str) -> int:
        if self._key is None:
            raise IdentityNotKept("set REGULARS_IDENTITY_KEY to make codes")
        return int.from_bytes(hmac.digest(self._key, text.encode(), sha256)[:8], "big")
