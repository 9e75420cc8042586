"""The demo's receiver keeps each message that is signed, once."""

import asyncio
import json
import urllib.error
import urllib.request
from ipaddress import ip_network
from pathlib import Path

import pytest

from delivery.signing import key_of, new_secret, signed_headers
from delivery.targets import TargetRefused, TargetRules, target_of
from delivery.web import SafeClient
from local.webhook_log import SETTINGS, WebhookLog, receiving

SECRET = new_secret()


def a_body(number: int) -> bytes:
    """What a push of the campaign `near` to a member is told as."""
    data = {"campaign_id": "near", "member_id": f"member-{number}"}
    return json.dumps({"type": "message.push", "data": data}).encode()


def post(log: WebhookLog, name: str, body: bytes, *, sent: bytes = b"") -> int:
    """Status of a body that is signed; `sent` is what goes instead."""
    headers = signed_headers(name, body, keys=(key_of(SECRET),), at_seconds=1)
    request = urllib.request.Request(
        log.url, data=sent or body, headers=headers, method="POST"
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status
    except urllib.error.HTTPError as refused:
        return refused.code


def test_what_is_signed_is_kept_once_and_what_is_not_never(tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"
    with receiving(file) as log:
        assert log is not None
        assert post(log, "msg_0", a_body(0)) == 401  # it knows no secret yet
        log.secret = SECRET
        assert [post(log, f"msg_{n}", a_body(n)) for n in (1, 2, 1)] == [204] * 3
        assert post(log, "msg_3", a_body(3), sent=a_body(4)) == 401
        assert dict(log.campaigns()) == {"near": 2}

    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [one["webhook_id"] for one in lines] == ["msg_1", "msg_2"]
    with receiving(file) as again:
        assert again is not None
        assert [one["member_id"] for one in again.messages()] == [
            "member-1",
            "member-2",
        ]


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "localhost", "[::1]", "10.0.0.1"]
)
def test_the_demo_opens_the_stack_to_no_other_address(host: str) -> None:
    """FAULTS G3 holds while the demo runs, too."""
    network = ip_network(SETTINGS["REGULARS_WEBHOOK_NETWORKS"])
    rules = TargetRules(allows_http=True, networks=(network,))

    async def check() -> None:
        client = SafeClient(rules, timeout_ms=1_000)
        try:
            await client.check(f"http://{host}:8000/")
        finally:
            await client.close()

    with pytest.raises(TargetRefused):
        asyncio.run(check())
    assert target_of("http://127.77.0.1:8000/", rules).port == 8_000
