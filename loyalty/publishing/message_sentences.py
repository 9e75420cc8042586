"""What a template says, in a sentence for people."""

from collections.abc import Mapping
from typing import Any, Final

from loyalty.engagement.rules import COUNTED, EXEMPT
from loyalty.frequency import ROLLING
from loyalty.messages import EMAIL, INBOX, PURPOSES, PUSH, SMS, WEBHOOK
from loyalty.publishing.changes import Document
from loyalty.publishing.earning_sentences import ended
from loyalty.publishing.words import counted, listed

WORDS_MAX: Final = 60
BY: Final = {
    INBOX: "in the inbox",
    PUSH: "by push",
    EMAIL: "by e-mail",
    SMS: "by SMS",
    WEBHOOK: "by webhook",
}
PAST_CAPS: Final = {
    COUNTED: " past all caps, which count it",
    EXEMPT: " past all caps, uncounted",
}


def template_sentence(rule: Document, _: str) -> str:
    """Purpose and channels of a template, and how it begins."""
    texts = rule.get("texts") or {}
    ways = listed([BY[channel] for channel in texts if channel in BY])
    first: Document = next(iter(texts.values()), {})
    words = str(first.get("title") or first.get("body") or "")
    if len(words) > WORDS_MAX:
        words = words[: WORDS_MAX - 1] + "…"
    purpose = rule.get("purpose") or PURPOSES[0]
    return ended(f'A {purpose} message {ways}: "{words}"')


def cap_words(message: Mapping[str, Any]) -> str:
    """How caps apply to a message, where that is not simply that they hold it."""
    words = PAST_CAPS.get(message.get("frequency", ""), "")
    own: Mapping[str, Any] = message.get("own_frequency") or {}
    if not own:
        return words
    if own.get("kind") == ROLLING:
        span = f"in any {counted(own.get('days', 1), 'day')}"
    else:
        span = f"a {own.get('period', 'day')}"
    return f"{words}, at most {counted(own.get('times', 1), 'time')} {span}"
