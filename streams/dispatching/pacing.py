"""Bounds of a dispatcher: how many attempts at once, and how long one may be."""

from typing import NamedTuple

from stores.outbox_contract import MAIL_TARGET
from streams.dispatching.attempts import LADDER_MS


class Pacing(NamedTuple):
    """
    Bounds of a dispatcher: attempts at once to a target, and how long one may be.

    A lease is longer than an attempt and its record: what is still under way when it
    ends is sent a second time. `mail_lease_ms` is that of e-mails.
    """

    concurrency: int = 16
    lease_ms: int = 60_000
    mail_lease_ms: int = 900_000
    ladder_ms: tuple[int, ...] = LADDER_MS

    def lease_of(self, target: str) -> int:
        """How long a target's deliveries are whose attempt it is, in ms."""
        return self.mail_lease_ms if target == MAIL_TARGET else self.lease_ms
