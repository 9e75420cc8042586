"""Clients of the API that ask until something definite is said."""

import time
from collections.abc import Callable
from typing import NamedTuple

import httpx

# What is said of a command that is not decided, or was not taken: send it again.
UNDECIDED = {202, 408, 429, 503, 504}
SETTLED_SECONDS_MAX = 900.0


class Till(NamedTuple):
    """One client, with one member of its own."""

    http: httpx.Client
    member_id: str

    def read(self) -> httpx.Response:
        return self.http.get(f"/v1/members/{self.member_id}")

    def ask(self, path: str, key: str, **body: object) -> httpx.Response:
        """Ask once for something."""
        return self.http.post(
            f"/v1/members{path}", json=body, headers={"idempotency-key": key}
        )

    def redeem(self, key: str) -> httpx.Response:
        """Ask once for a point."""
        return self.ask(f"/{self.member_id}/redemptions", key, points=1)

    def redeem_for_sure(self, key: str) -> tuple[httpx.Response, int]:
        """Ask under one key until something definite is said; and how often."""
        return for_sure(lambda: self.redeem(key))

    def fill(self, points: int) -> None:
        """Make the member, who has points from then on."""
        name = self.member_id
        enrolled, _ = for_sure(lambda: self.ask("", f"enrol-{name}", member_id=name))
        assert enrolled.status_code in (200, 201), enrolled.text
        path = f"/{name}/adjustments"
        filled, _ = for_sure(
            lambda: self.ask(path, f"fill-{name}", points=points, reason="r")
        )
        assert filled.status_code == 200, filled.text


def for_sure(ask: Callable[[], httpx.Response]) -> tuple[httpx.Response, int]:
    """The first definite answer, and how often it was asked for."""
    deadline = time.monotonic() + SETTLED_SECONDS_MAX
    asked = 0
    while True:
        asked += 1
        try:
            answer = ask()
        except httpx.TransportError as failed:
            said = str(failed)
        else:
            if answer.status_code not in UNDECIDED:
                return answer, asked
            said = answer.text
        assert time.monotonic() < deadline, said
        time.sleep(0.5)
