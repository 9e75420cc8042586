"""Pay with points at a till under kill -9 of the API and of the worker (D6)."""

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from regulars_client.api.commands import (
    adjust,
    confirm_reservation,
    release_reservation,
    reserve,
)
from regulars_client.api.events import post_order
from regulars_client.models import (
    AdjustmentIn,
    AppliedIn,
    CommandOut,
    ProblemOut,
    ReservationIn,
)

from local.stack import Stack
from tests.end_to_end.test_merge_story import Shop, a_client, a_line

PROGRAM = Path(__file__).parent / "loyalty.yaml"
SECONDS_MAX = 120.0
IS_LONG = os.environ.get("FAULTS") == "1"
GUESTS, KILLS = (60, 8) if IS_LONG else (10, 1)
FILLED, PAID = 100, 60
PARTS = ("worker", "redis-sink", "api")
START_SECONDS_MAX = 180.0
Act = Callable[[], CommandOut | ProblemOut | None]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """What pays with points: no ClickHouse, and a program with a little of all."""
    made = Stack(tmp_path_factory.mktemp("sagas"), say=print)
    known = os.environ.get("REGULARS_PROGRAM_FILE")
    os.environ["REGULARS_PROGRAM_FILE"] = str(PROGRAM)
    try:
        made.start("kafka")
        made.start("valkey")
        made.run_job("create-topics")
        for name in PARTS:
            made.start(name, wait=False)
        for name in PARTS:
            made.wait_until_ready(name, START_SECONDS_MAX)
        yield made
    finally:
        made.stop()
        os.environ.pop("REGULARS_PROGRAM_FILE")
        if known is not None:
            os.environ["REGULARS_PROGRAM_FILE"] = known


class Till:
    """A till that repeats what it asked, under its key, until it is told."""

    def __init__(self, shop: Shop, number: int) -> None:
        self.shop = shop
        self.member_id = f"guest-{shop.run}-{number}"
        self.order_id = f"check-{shop.run}-{number}"
        self.is_cancelled = number % 3 == 0
        self.client = a_client(shop.stack)

    def done(self, act: Act) -> dict[str, Any]:
        """What a command came to, whoever was killed meanwhile."""
        deadline = time.monotonic() + SECONDS_MAX
        while True:
            try:
                answer = act()
            except httpx.HTTPError:
                answer = None
            if isinstance(answer, CommandOut) and answer.status == "done":
                return answer.to_dict()["result"] or {}
            # Any other definite answer is a refusal: none of these may be refused.
            assert answer is None or answer.status in {"pending", 503}, answer
            assert time.monotonic() < deadline, answer
            time.sleep(0.1)

    def pay(self) -> str:
        """Set points aside, take the order, and keep or give back what was set aside."""
        body = AdjustmentIn(points=FILLED, reason="a start")
        self.done(
            lambda: adjust.sync(
                self.member_id,
                client=self.client,
                body=body,
                idempotency_key=f"fill-{self.member_id}",
            )
        )
        reserved = self.done(
            lambda: reserve.sync(
                self.member_id,
                client=self.client,
                body=ReservationIn(points=PAID),
                idempotency_key=f"reserve-{self.member_id}",
            )
        )
        reservation_id: str = reserved["reservation_id"]
        if not self.is_cancelled:
            self.capture(reservation_id)
        end = release_reservation if self.is_cancelled else confirm_reservation
        self.done(
            lambda: end.sync(
                reservation_id,
                client=self.client,
                idempotency_key=f"end-{self.member_id}",
            )
        )
        return reservation_id

    def capture(self, reservation_id: str) -> None:
        """Place the check that the points pay; its event counts once."""
        line = a_line("tea", "TEA", 1, 1)
        event = self.shop.event(self.order_id, self.member_id, [line])
        event.applied = [AppliedIn(reservation_id=reservation_id, amount_minor=1)]
        deadline = time.monotonic() + SECONDS_MAX
        while True:
            try:
                answer = post_order.sync_detailed(client=self.client, body=event)
            except httpx.HTTPError:
                answer = None
            if answer is not None and answer.status_code == 202:
                return
            assert answer is None or answer.status_code == 503, answer.content
            assert time.monotonic() < deadline, answer
            time.sleep(0.1)


@pytest.mark.timeout(900 + 60 * KILLS)
def test_points_paid_under_kill_nine_of_api_and_worker_are_paid_once_d6(
    stack: Stack,
) -> None:
    shop = Shop(stack)
    for number in range(GUESTS):
        member_id = Till(shop, number).member_id
        shop.order(f"first-{member_id}", member_id, a_line("tea", "TEA", 1, 1))
    for number in range(GUESTS):
        shop.member(Till(shop, number).member_id)
    tills = [Till(shop, number) for number in range(GUESTS)]
    with ThreadPoolExecutor(len(tills)) as threads:
        paying = [threads.submit(till.pay) for till in tills]
        for _ in range(KILLS):
            for victim in ("worker", "api"):
                time.sleep(0.2)
                stack.kill(victim)
                stack.start(victim, wait=False)
                stack.wait_until_ready(victim, START_SECONDS_MAX)
        paid = [one.result() for one in paying]

    stack.run_job("wait-until-idle", "--group", "redis-sink")
    assert len(set(paid)) == GUESTS
    for till in tills:
        left = FILLED if till.is_cancelled else FILLED - PAID
        seen = shop.member(till.member_id)
        # Twice filled or paid would be another balance, and a rest would be held.
        assert (seen.balance, seen.debt, seen.reservations) == (left, 0, [])
        assert seen.wallets[0].held == 0
