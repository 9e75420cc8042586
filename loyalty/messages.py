"""Messages to members, and the templates that say what stands in them."""

from typing import Final, NamedTuple

INBOX: Final = "inbox"
PUSH: Final = "push"
EMAIL: Final = "email"
SMS: Final = "sms"
WEBHOOK: Final = "webhook"
CHANNELS: Final = (INBOX, PUSH, EMAIL, SMS, WEBHOOK)

# What a member may refuse, and what belongs to an order or the account.
MARKETING: Final = "marketing"
SERVICE: Final = "service"
PURPOSES: Final = (MARKETING, SERVICE)


class MessageValue(NamedTuple):
    """What stands for one name of a template."""

    name: str
    value: str


class Message(NamedTuple):
    """
    One message that goes out on one channel; times in ms since 1970.

    `message_id` is the same in each replay: a receiver that has seen it may
    leave it. `campaign_id` is the trigger or journey that sends it. It is not
    sent any more from `expires_at` on, 0 is never.
    """

    message_id: str
    campaign_id: str
    channel: str
    purpose: str
    template_id: str
    values: tuple[MessageValue, ...]
    created_at: int
    expires_at: int = 0
    reason: str = ""


class ChannelText(NamedTuple):
    """
    What a template says on one channel; all may hold names in double braces.

    `html` is the other form of an e-mail's body, empty for one made of the text.
    """

    channel: str
    title: str
    body: str
    html: str = ""


class MessageTemplate(NamedTuple):
    """What messages say, on each channel that they may go out on."""

    template_id: str
    purpose: str
    texts: tuple[ChannelText, ...]

    @property
    def channels(self) -> tuple[str, ...]:
        """Channels that it has a text for, in the document's order."""
        return tuple(text.channel for text in self.texts)
