"""Who a till's guest is, by whatever the guest showed or said."""

from typing import Final

from api.contacts import ContactInvalid, ContactKey
from api.member_codes import MemberCodes
from api.pos_requests import IdentifyIn, Kind
from api.problems import IdentityNotKept
from api.till_orders import digest_of
from stores.identities_contract import Identities

# What a text without an @ may be, if it is no code.
CONTACTS: Final[tuple[Kind, ...]] = ("phone", "card")


class Rejected(Exception):
    """A till's transaction that cannot be; `reason` is a stable code."""

    def __init__(self, reason: str, detail: str) -> None:
        """Keep the stable code beside the sentence for people."""
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


class Identification:
    """Finds members by contacts and codes, if there is a key for digests."""

    def __init__(self, identities: Identities, key: ContactKey | None) -> None:
        """Without a key members are known by their ids only."""
        self.identities = identities
        self._key = key
        self._codes = None if key is None else MemberCodes(key.codes, identities)

    @property
    def key(self) -> ContactKey:
        """
        What makes digests.

        Raises: IdentityNotKept.
        """
        if self._key is None:
            raise IdentityNotKept("REGULARS_IDENTITY_KEY is not set")
        return self._key

    @property
    def codes(self) -> MemberCodes:
        """
        Members' codes.

        Raises: IdentityNotKept.
        """
        if self._codes is None:
            raise IdentityNotKept("REGULARS_IDENTITY_KEY is not set")
        return self._codes

    def likeness(self, text: str) -> str:
        """Digest of what was sent: under the key, for it may hold a contact."""
        # Without a key no contact is ever taken, and there is nothing to guess.
        return digest_of(text) if self._key is None else self._key.likeness(text)

    async def member_of(self, said: IdentifyIn, *, till: str, now: float) -> str:
        """
        Id of the member who is meant, perhaps of one who is not there.

        A code is used up by the check that `till` names; empty only looks.
        Raises: Rejected, IdentityNotKept; StoreUnavailable.
        """
        if said.by == "member_id":
            return said.value
        if said.by == "code":
            return await self._member_of_code(said.value, till=till, now=now)
        try:
            digest = self.key.digest(said.by, said.value)
        except ContactInvalid as invalid:
            raise Rejected("contact-invalid", str(invalid)) from invalid
        member_id = await self.identities.find(digest)
        if member_id is None:
            raise Rejected("member-unknown", f"no member has this {said.by}")
        return member_id

    async def recognise(self, text: str, *, now: float) -> str | None:
        """
        Id of the member whose contact or code a text is, whichever it may be.

        Raises: StoreUnavailable.
        """
        kinds: tuple[Kind, ...] = ("email",) if "@" in text else ("code", *CONTACTS)
        for kind in kinds if self._key is not None and text else ():
            said = IdentifyIn(by=kind, value=text)
            try:
                return await self.member_of(said, till="", now=now)
            except Rejected:
                continue
        return None

    async def _member_of_code(self, text: str, *, till: str, now: float) -> str:
        code = await self.codes.whose(text.strip(), now)
        if code is None:
            raise Rejected("code-not-valid", "the code is none of ours, or over")
        if till and not await self.codes.use(code, till):
            raise Rejected("code-used", "the code was used for another check")
        return code.member_id
