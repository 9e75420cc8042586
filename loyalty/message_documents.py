"""Templates of messages, from their document."""

from typing import Final

from loyalty.document import Node
from loyalty.messages import CHANNELS, EMAIL, PURPOSES, ChannelText, MessageTemplate
from loyalty.reward_documents import id_of

TITLE_LENGTH_MAX: Final = 200
BODY_LENGTH_MAX: Final = 20_000


def message_template(node: Node) -> MessageTemplate:
    """Read a template: `texts` by channel, each with a title and a body."""
    template_id = id_of(node)
    purpose = node.choice("purpose", PURPOSES)
    texts = node.part("texts")
    read = tuple(_text(texts, channel) for channel in CHANNELS if texts.has(channel))
    texts.close()
    if not read:
        node.fault("texts", f"needs one of {', '.join(CHANNELS)}")
    return MessageTemplate(template_id, purpose, read)


def _text(texts: Node, channel: str) -> ChannelText:
    node = texts.part(channel)
    title = node.text("title", default="", maximum=TITLE_LENGTH_MAX)
    body = node.text("body", maximum=BODY_LENGTH_MAX)
    html = ""
    if channel == EMAIL:
        html = node.text("html", default="", maximum=BODY_LENGTH_MAX)
    node.close()
    return ChannelText(channel, title, body, html)
