"""Links out of e-mails: signed, so that nobody can unsubscribe another."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final, NamedTuple

from delivery.sealing import DeliveryKey

TOKEN_LENGTH_MAX: Final = 1_000


class Unsubscription(NamedTuple):
    """Who wants no more of what; the message that the link was in."""

    member_id: str
    purpose: str
    message_id: str


def token_of(wish: Unsubscription, key: DeliveryKey) -> str:
    """Token of a link."""
    text = "\0".join(wish)
    body = urlsafe_b64encode(text.encode()).decode().rstrip("=")
    return f"{body}.{key.sign_link(body)}"


def wish_of(token: str, key: DeliveryKey) -> Unsubscription | None:
    """What a token asks for, None for one that we did not sign."""
    body, _, signature = token.partition(".")
    if len(token) > TOKEN_LENGTH_MAX or not key.is_signed(body, signature):
        return None
    text = urlsafe_b64decode(body + "=" * (-len(body) % 4)).decode()
    return Unsubscription(*text.split("\0"))
