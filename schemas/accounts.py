"""Accounts of budgets in the changelog: their keys and their bytes."""

from typing import Final

import msgspec

from loyalty.budget_books import Lease, Owner
from loyalty.budgets import (
    OWNER_PREFIX,
)
from schemas.framing import Framing, MalformedRecord

# As with checkpoints: member ids never begin with NUL.
KEY_PREFIX: Final = b"\x00"


def account_key(account_id: str) -> bytes:
    """Key of an account in the changelog."""
    return KEY_PREFIX + account_id.encode()


class AccountCodec:
    """Reads and writes owners and leases."""

    def __init__(self) -> None:
        """Compile the schema."""
        self._accounts = Framing("account_state")
        self._body = msgspec.msgpack.Encoder()
        self._owner = msgspec.msgpack.Decoder(Owner)
        self._lease = msgspec.msgpack.Decoder(Lease)

    def encode(self, account_id: str, account: Owner | Lease) -> bytes:
        """Write an account."""
        return self._accounts.encode(
            {
                "account_id": account_id,
                "version": account.version,
                "body": self._body.encode(account),
            }
        )

    def decode(self, value: bytes | None) -> tuple[str, Owner | Lease]:
        """
        Read an account and its id.

        Raises: MalformedRecord for bytes that are not one.
        """
        record = self._accounts.decode(value)
        account_id = record["account_id"]
        body = self._owner if account_id.startswith(OWNER_PREFIX) else self._lease
        try:
            return account_id, body.decode(record["body"])
        except msgspec.MsgspecError as error:
            raise MalformedRecord("undecodable", f"account: {error}") from error
