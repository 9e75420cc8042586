"""What a template says, in a sentence for people."""

from typing import Final

from loyalty.messages import EMAIL, INBOX, PUSH, SMS, WEBHOOK
from loyalty.publishing.changes import Document
from loyalty.publishing.earning_sentences import ended
from loyalty.publishing.words import listed

WORDS_MAX: Final = 60
BY: Final = {
    INBOX: "in the inbox",
    PUSH: "by push",
    EMAIL: "by e-mail",
    SMS: "by SMS",
    WEBHOOK: "by webhook",
}


def template_sentence(rule: Document, _: str) -> str:
    """Purpose and channels of a template, and how it begins."""
    texts = rule.get("texts") or {}
    ways = listed([BY[channel] for channel in texts if channel in BY])
    first: Document = next(iter(texts.values()), {})
    words = str(first.get("title") or first.get("body") or "")
    if len(words) > WORDS_MAX:
        words = words[: WORDS_MAX - 1] + "…"
    return ended(f'A {rule.get("purpose")} message {ways}: "{words}"')
