"""What the demo says to members: to a webhook of this machine, and to inboxes."""

import json
import time
import urllib.error
import urllib.request
from typing import Any, Final

from local.stack import Stack
from local.webhook_log import WebhookLog

SCOPES: Final = "webhooks:write delivery:write members:read"
NAME: Final = "the demo's log"
# Pushes wait while the year is replayed: both want the same two cores.
HOLD: Final = "/v1/delivery/stops/channel:push"
SECONDS_MIN, SECONDS_MAX = 1.0, 15.0
SHOWN_MAX: Final = 3


class DemoMessages:
    """Registers the log as an endpoint, lets pushes go, and shows what came."""

    def __init__(self, stack: Stack, log: WebhookLog | None) -> None:
        """`log` is None on a machine that cannot have one."""
        self._stack = stack
        self._log = log

    def listen(self) -> None:
        """Register the log in place of an earlier one, and hold pushes back."""
        if self._log is None:
            return
        try:
            for one in self._call("GET", "/v1/webhooks")["items"]:
                if one["description"] == NAME:
                    self._call("DELETE", f"/v1/webhooks/{one['id']}")
            made = self._call(
                "POST",
                "/v1/webhooks",
                {
                    "url": self._log.url,
                    "event_types": ["message.push"],
                    "description": NAME,
                },
            )
            self._log.secret = made["secret"]
            self._call("PUT", HOLD, {"reason": "the year is replayed first"})
        except OSError:
            # A stack that `make up` started may send to nobody inside.
            self._log = None

    def show(self) -> None:
        """Let pushes go; print what came to the log, and one member's inbox."""
        if self._log is None:
            return
        self._start()
        started, before = time.monotonic(), len(self._log.messages())
        seconds = 0.0
        while seconds < SECONDS_MAX and (seconds < SECONDS_MIN or self._waiting()):
            time.sleep(0.2)
            seconds = time.monotonic() - started
        messages = self._log.messages()
        if not messages:
            return
        told = ", ".join(f"{who} {n:,}" for who, n in self._log.campaigns().items())
        rate = (len(messages) - before) / seconds
        print(f"\n  webhook log         {told}")
        print(f"                      {rate:,.0f} a second, signed, each id once")
        print(f"                      {self._log.file}")
        for one in messages[-SHOWN_MAX:]:
            print(f"    {_day(one)}  {one['member_id']}: {one['title']}. {one['body']}")
        self._show_inbox(messages)

    def _show_inbox(self, messages: list[dict[str, Any]]) -> None:
        """Print the inbox of the last who was told something there, too."""
        for one in reversed(messages[-200:]):
            member_id = one["member_id"]
            items = self._call("GET", f"/v1/members/{member_id}/inbox")["items"]
            if items:
                print(f"\n  {member_id}'s inbox")
                for item in items[:SHOWN_MAX]:
                    print(f"    {item['title']}. {item['body']}")
                return

    def _start(self) -> None:
        try:
            self._call("DELETE", HOLD)
        except urllib.error.HTTPError:
            # It was started before.
            return

    def _waiting(self) -> int:
        lanes = self._call("GET", "/v1/delivery")["lanes"]
        return sum(lane["waiting"] for lane in lanes)

    def _call(self, method: str, path: str, body: object = None) -> Any:
        token = self._stack.issuer.token(SCOPES, subject="demo")
        request = urllib.request.Request(
            self._stack.addresses()["api_url"] + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {token}",
                "Content-Type": "application/json",
            },
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read() or b"null")


def _day(message: dict[str, Any]) -> str:
    """Day (UTC) on which a message was said."""
    return time.strftime("%Y-%m-%d", time.gmtime(message["created_at"] / 1_000))
