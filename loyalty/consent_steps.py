"""What members allow: messages of a purpose on a channel, said with a proof."""

from loyalty.asked import Asked, Refused
from loyalty.engagement.memory import Memory
from loyalty.engagement.remembered import Consent
from loyalty.messages import CHANNELS, MARKETING, PURPOSES


def set_consent(asked: Asked) -> str:
    """
    Note what the member said last about a channel and a purpose.

    What was said earlier and comes later changes nothing. One is kept of each
    channel and purpose; every one stays in the history, as the command's result.
    """
    channel = _one_of(asked, "channel", CHANNELS)
    purpose = _one_of(asked, "purpose", PURPOSES, default=MARKETING)
    if not asked.has("given"):
        raise Refused("command-invalid", "given must be true or false")
    given = asked.flag("given")
    said = Consent(
        channel,
        purpose,
        given,
        asked.command.occurred_at,
        asked.text("source"),
        asked.text("text_version", ""),
    )
    memory = Memory(asked.turn.engagement)
    known = [
        one
        for one in memory.consents
        if (one.channel, one.purpose) == (channel, purpose)
    ]
    is_latest = not known or known[0].at <= said.at
    if is_latest:
        others = [one for one in memory.consents if one not in known]
        memory.consents = tuple(sorted((*others, said)))
        asked.turn.engagement = memory.close()
    asked.turn.result = {
        "channel": channel,
        "purpose": purpose,
        "given": given,
        "at": said.at,
        "source": said.source,
        "text_version": said.text_version,
        "is_latest": is_latest,
    }
    word = "given" if given else "withdrawn"
    return f"consent to {purpose} by {channel} {word}"


def _one_of(
    asked: Asked, name: str, choices: tuple[str, ...], *, default: str | None = None
) -> str:
    value = asked.text(name, default)
    if value not in choices:
        raise Refused("command-invalid", f"{name} must be one of {', '.join(choices)}")
    return value
