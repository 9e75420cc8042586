"""What is remembered of a member for messages; `limits` says how much of each."""

from typing import Final, NamedTuple

from loyalty.messages import MessageValue


class Waiting(NamedTuple):
    """
    A step of a trigger that is due later, or messages of one that has fired.

    `channels` is empty until the step fires; then it names those that are still
    to be sent, `held_for` why they wait, and `expires_at` until when. The occasion
    arose at `occurred_at`, about `subject`: an order, an offer, a tier. A journey's
    is judged by the program that was in force at `follows_at`.
    """

    due_at: int
    trigger_id: str
    occasion: str
    step: int
    occurred_at: int
    subject: str = ""
    values: tuple[MessageValue, ...] = ()
    channels: tuple[str, ...] = ()
    expires_at: int = 0
    held_for: str = ""
    follows_at: int = 0


class Mark(NamedTuple):
    """
    How far a trigger is with a member.

    `occasion` is the latest that arose (a time, a year, a count). Of a sequence,
    the latest times of what comes first, then, and of what ends it.
    """

    trigger_id: str
    occasion: int = 0
    first_at: int = 0
    then_at: int = 0
    without_at: int = 0


class Sent(NamedTuple):
    """
    A message that counts for caps: for those on all, or for its `sender`'s own.

    One that counts for both is there twice.
    """

    at: int
    channel: str
    purpose: str
    sender: str = ""


class Consent(NamedTuple):
    """
    What a member said last about messages of a purpose on a channel.

    `source` and `text_version` prove it: where it was said, and to which words.
    """

    channel: str
    purpose: str
    given: bool
    at: int
    source: str = ""
    text_version: str = ""


class Engagement(NamedTuple):
    """
    What triggers need to know: habits, what waits, what was sent, what is allowed.

    `order_ats` are the latest orders' times, ascending; `store_id` is where the
    latest was placed. `habit` counts orders by local hour, one byte each.
    """

    order_ats: tuple[int, ...] = ()
    store_id: str = ""
    habit: bytes = b""
    waiting: tuple[Waiting, ...] = ()
    marks: tuple[Mark, ...] = ()
    sent: tuple[Sent, ...] = ()
    consents: tuple[Consent, ...] = ()


NOTHING_YET: Final = Engagement()
