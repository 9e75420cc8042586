"""A message in the words that its receivers get, and the id that they know it by."""

import json
from hashlib import blake2b
from typing import Final

from delivery.rendering import TemplateFault, rendered
from loyalty.messages import ChannelText, Message
from loyalty.program import Program

PAYLOAD_BYTES_MAX: Final = 65_536
_TOLD: Final = (
    "message_id",
    "campaign_id",
    "channel",
    "purpose",
    "template_id",
    "created_at",
    "expires_at",
    "reason",
)


def webhook_id(member_id: str, name: str) -> str:
    """
    Id that receivers see: of a fixed form, and nothing can be read from it.

    `name` is the member's own: a trigger names its messages alike for all.
    """
    text = f"{member_id}\0{name}".encode()
    return f"msg_{blake2b(text, digest_size=16).hexdigest()}"


def body_of(message: Message, program: Program) -> str:
    """
    What receivers are told, as JSON without the member.

    `program` is the one that was in force when the message was decided.
    Raises: TemplateFault.
    """
    values = {value.name: value.value for value in message.values}
    words = rendered(_text(message, program), values)
    told = {name: getattr(message, name) for name in _TOLD}
    body = written(told | {"values": values} | words._asdict())
    if len(body.encode()) > PAYLOAD_BYTES_MAX:
        raise TemplateFault("body", f"more than {PAYLOAD_BYTES_MAX} bytes")
    return body


def written(data: dict[str, object]) -> str:
    """Data as the JSON that receivers get: from here on nobody writes it anew."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _text(message: Message, program: Program) -> ChannelText:
    for template in program.templates:
        if template.template_id == message.template_id:
            for text in template.texts:
                if text.channel == message.channel:
                    return text
    raise TemplateFault("", f"no text for {message.channel}")
