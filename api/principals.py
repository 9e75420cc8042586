"""Who a request is made for."""

from typing import NamedTuple


class Principal(NamedTuple):
    """
    Who a request is made for.

    `member_id` is set for a token of one member: it sees and acts on that one only.
    """

    subject: str
    client_id: str
    scopes: frozenset[str]
    member_id: str | None = None

    def sees(self, member_id: str) -> bool:
        """Whether a member is there at all for this principal."""
        return self.member_id is None or self.member_id == member_id
