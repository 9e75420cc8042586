"""FAULTS G5: signatures that the Standard Webhooks library verifies, and only those."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from delivery.sealing import DeliveryKey, NotSealed
from delivery.signing import SecretInvalid, key_of, new_secret, signed_headers

BODY = b'{"type":"ping"}'
OLD, NEW = new_secret(), new_secret()


def now() -> int:
    return int(datetime.now(UTC).timestamp())


def test_the_example_of_the_guide_verifies_and_refuses() -> None:
    page = (Path(__file__).parents[2] / "docs" / "delivery.md").read_text()
    code = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    assert code is not None
    names: dict[str, Any] = {}
    exec(code[1], names)  # noqa: S102 - our own page
    headers = signed_headers(
        "msg_1", BODY, keys=[key_of(NEW), key_of(OLD)], at_seconds=now()
    )
    late = signed_headers("msg_1", BODY, keys=[key_of(NEW)], at_seconds=now() - 301)

    assert names["verify"](OLD, headers, BODY)
    assert names["verify"](NEW, headers, BODY)
    assert not names["verify"](NEW, headers, BODY + b" ")
    assert not names["verify"](new_secret(), headers, BODY)
    assert not names["verify"](NEW, late, BODY)


@pytest.mark.parametrize("secret", [OLD, NEW], ids=["old key", "new key"])
def test_during_a_rotation_both_keys_verify(secret: str) -> None:
    headers = signed_headers(
        "msg_1", BODY, keys=[key_of(NEW), key_of(OLD)], at_seconds=now()
    )

    assert len(headers["webhook-signature"].split(" ")) == 2
    assert Webhook(secret).verify(BODY, headers) == {"type": "ping"}


@pytest.mark.parametrize("part", ["body", "webhook-id", "webhook-timestamp"])
def test_a_changed_byte_is_found(part: str) -> None:
    headers = signed_headers("msg_1", BODY, keys=[key_of(NEW)], at_seconds=now())
    body = BODY.replace(b"ping", b"pong") if part == "body" else BODY
    if part != "body":
        last = "2" if headers[part][-1] != "2" else "3"
        headers[part] = headers[part][:-1] + last

    with pytest.raises(WebhookVerificationError):
        Webhook(NEW).verify(body, headers)


def test_what_is_ten_minutes_old_is_refused_by_receivers() -> None:
    headers = signed_headers("msg_1", BODY, keys=[key_of(NEW)], at_seconds=now() - 600)

    with pytest.raises(WebhookVerificationError):
        Webhook(NEW).verify(BODY, headers)


@pytest.mark.parametrize("secret", ["whsec_", "whsec_AAAA", "x" * 50, "whsec_%%%%"])
def test_a_secret_that_is_none_is_refused(secret: str) -> None:
    with pytest.raises(SecretInvalid):
        key_of(secret)


def test_what_is_sealed_is_read_with_its_key_only() -> None:
    sealed = DeliveryKey("k" * 32).seal(NEW)

    assert NEW not in sealed
    assert DeliveryKey("k" * 32).unseal(sealed) == NEW
    with pytest.raises(NotSealed):
        DeliveryKey("x" * 32).unseal(sealed)


def test_a_link_is_signed_by_the_key_alone() -> None:
    key = DeliveryKey("k" * 32)

    assert key.is_signed("ann:marketing", key.sign_link("ann:marketing"))
    assert not key.is_signed("bob:marketing", key.sign_link("ann:marketing"))
    assert not key.is_signed("ann", DeliveryKey("x" * 32).sign_link("ann"))
