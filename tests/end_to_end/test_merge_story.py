"""A guest becomes a member, on real servers, through the typed client; and kill -9."""

import os
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from regulars_client import AuthenticatedClient
from regulars_client.api.commands import (
    adjust,
    enrol_member,
    get_command,
    merge_members,
    redeem,
    unmerge_members,
)
from regulars_client.api.events import post_order
from regulars_client.api.members import get_member, list_explanations, list_ledger
from regulars_client.models import (
    AdjustmentIn,
    CommandOut,
    EnrolIn,
    EntryOut,
    ExplanationsOut,
    LedgerOut,
    LineIn,
    MemberOut,
    MergeIn,
    OrderIn,
    ProblemOut,
    RedemptionIn,
    RefundIn,
    RefundLineIn,
)

from local.stack import Stack
from tests.end_to_end.settled import wait_until_idle
from tests.end_to_end.signing import ALL_SCOPES

PROGRAM = Path(__file__).parent / "loyalty.yaml"
SECONDS_MAX = 60.0
_T = TypeVar("_T")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack that runs a program with a little of everything."""
    made = Stack(tmp_path_factory.mktemp("merging"), say=print)
    known = os.environ.get("REGULARS_PROGRAM_FILE")
    os.environ["REGULARS_PROGRAM_FILE"] = str(PROGRAM)
    try:
        made.start_all()
        yield made
    finally:
        made.stop()
        os.environ.pop("REGULARS_PROGRAM_FILE")
        if known is not None:
            os.environ["REGULARS_PROGRAM_FILE"] = known


class Shop:
    """What apps, kiosks, tills and the service desk do, through the typed client."""

    def __init__(self, stack: Stack, *, kills: bool = False) -> None:
        self.stack = stack
        self.kills = kills
        self.run = uuid.uuid4().hex[:8]
        self.client = a_client(stack)

    def step(self, act: Callable[[], _T]) -> _T:
        """Do something, perhaps while the worker is dead."""
        if not self.kills:
            return act()
        self.stack.kill("worker")
        done = act()
        self.stack.start("worker")
        return done

    def decided(self, answer: CommandOut | ProblemOut | None) -> CommandOut:
        """Command once it is decided, and done."""
        deadline = time.monotonic() + SECONDS_MAX
        while isinstance(answer, CommandOut) and answer.status == "pending":
            assert time.monotonic() < deadline, answer
            time.sleep(0.1)
            answer = get_command.sync(answer.command_id, client=self.client)
        assert isinstance(answer, CommandOut), answer
        return answer

    def enrol(self, member_id: str) -> CommandOut:
        """Sign somebody up."""
        return self.decided(
            self.step(
                lambda: enrol_member.sync(
                    client=self.client,
                    body=EnrolIn(member_id=member_id),
                    idempotency_key=f"enrol-{self.run}",
                )
            )
        )

    def merge(self, member_id: str, from_member_id: str) -> CommandOut:
        """Let a member be part of another, who signed up."""
        return self.decided(
            self.step(
                lambda: merge_members.sync(
                    member_id,
                    client=self.client,
                    body=MergeIn(from_member_id=from_member_id, reason="signed up"),
                    idempotency_key=f"merge-{self.run}",
                )
            )
        )

    def redeem(self, member_id: str, reward_id: str) -> CommandOut:
        """Take a reward at the till."""
        return self.decided(
            self.step(
                lambda: redeem.sync(
                    member_id,
                    client=self.client,
                    body=RedemptionIn(reward_id=reward_id),
                    idempotency_key=f"redeem-{self.run}",
                )
            )
        )

    def order(self, order_id: str, member_id: str, *lines: LineIn) -> None:
        """Place an order."""
        self.post(self.event(order_id, member_id, lines))

    def give_back(self, order_id: str, member_id: str, line_id: str, key: str) -> None:
        """Return one unit of a line, under the id of a member."""
        event = self.event(order_id, member_id, (), key=key)
        event.kind = "REFUNDED"
        line = RefundLineIn(line_id=line_id, quantity=1)
        event.refund = RefundIn(refund_id=key, lines=[line], amount_minor=15_00)
        self.post(event)

    def event(
        self, order_id: str, member_id: str, lines: Any, *, key: str = "placed"
    ) -> OrderIn:
        total = sum(line.quantity * line.unit_price_minor for line in lines)
        return OrderIn(
            event_id=f"{order_id}-{key}",
            order_id=order_id,
            member_id=member_id,
            occurred_at=int(time.time() * 1_000),
            store_id="store-1",
            currency="USD",
            lines=list(lines),
            total_minor=total,
            subtotal_minor=total,
        )

    def post(self, event: OrderIn) -> None:
        """Send an event, as often as it takes: its id is the same."""
        answer = self.step(
            lambda: post_order.sync_detailed(client=self.client, body=event)
        )
        assert answer.status_code == 202, answer.content

    def member(
        self, member_id: str, holds: Callable[[MemberOut], bool] = lambda _: True
    ) -> MemberOut:
        """Member once something holds of it."""
        deadline = time.monotonic() + SECONDS_MAX
        while True:
            found = get_member.sync(member_id, client=self.client)
            if isinstance(found, MemberOut) and holds(found):
                return found
            assert time.monotonic() < deadline, found
            time.sleep(0.05)

    def entries(self, member_id: str) -> list[EntryOut]:
        """Ledger of a member's points, oldest first."""
        page = list_ledger.sync(member_id, client=self.client, wallet="points")
        assert isinstance(page, LedgerOut), page
        return page.items[::-1]

    def whys(self, member_id: str) -> list[str]:
        """Why each decision about a member is what it is, oldest first."""
        page = list_explanations.sync(member_id, client=self.client)
        assert isinstance(page, ExplanationsOut), page
        return [one.why for one in page.items[::-1]]


def a_client(stack: Stack) -> AuthenticatedClient:
    token = stack.issuer.token(ALL_SCOPES, subject="end-to-end", seconds=3_600)
    url = stack.addresses()["api_url"]
    return AuthenticatedClient(url, token=token, timeout=httpx.Timeout(20))


def a_line(line_id: str, category: str, quantity: int, price_minor: int) -> LineIn:
    return LineIn(
        line_id=line_id,
        sku=line_id,
        category=category,
        quantity=quantity,
        unit_price_minor=price_minor,
    )


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kills", [False, True], ids=["in peace", "kill -9"])
def test_a_guest_signs_up_merges_redeems_and_returns(
    stack: Stack, *, kills: bool
) -> None:
    shop = Shop(stack, kills=kills)
    guest, ann = f"guest-{shop.run}", f"ann-{shop.run}"
    kiosk, app = f"kiosk-{shop.run}", f"app-{shop.run}"

    # At the kiosk: 10 for coffee, 30 for cakes, 60 for sandwiches; two stamps.
    lines = (
        a_line("flat-white", "COFFEE", 2, 5_00),
        a_line("cake", "FOOD", 2, 15_00),
        a_line("sandwich", "FOOD", 6, 10_00),
    )
    shop.order(kiosk, guest, *lines)
    shop.member(guest, lambda seen: seen.balance == 100)

    # In the app.
    shop.enrol(ann)
    shop.order(app, ann, a_line("salad", "FOOD", 8, 10_00))
    shop.member(ann, lambda seen: seen.balance == 80)

    # The two are one.
    merged = shop.merge(ann, guest)
    assert merged.status == "done"
    one = shop.member(ann, lambda seen: seen.balance == 180)
    assert one.merged == [guest]
    assert {w.wallet_id: w.balance for w in one.wallets}["stamps"] == 2
    gone = get_member.sync_detailed(guest, client=shop.client)
    assert gone.status_code == 410
    assert isinstance(gone.parsed, ProblemOut)
    assert gone.parsed.additional_properties["merged_into"] == ann

    # At the till.
    assert shop.redeem(ann, "free-coffee").status == "done"
    shop.member(ann, lambda seen: seen.balance == 30)

    # One cake comes back with the kiosk's receipt, the other one with the app.
    shop.give_back(kiosk, guest, "cake", f"back-1-{shop.run}")
    shop.member(ann, lambda seen: seen.balance == 15)
    shop.give_back(kiosk, ann, "cake", f"back-2-{shop.run}")
    shop.member(ann, lambda seen: seen.balance == 0)

    wait_until_idle(stack)
    of_guest, of_ann = shop.entries(guest), shop.entries(ann)
    merge_id = merged.command_id
    assert [(e.kind, e.points) for e in of_guest] == [("EARN", 100), ("MERGE", -100)]
    assert [(e.kind, e.points) for e in of_ann] == [
        ("EARN", 80),
        ("MERGE", 100),
        *[(e.kind, e.points) for e in of_ann if e.kind == "BURN"],
        ("REVERSE", -15),
        ("REVERSE", -15),
    ]
    assert sum(e.points for e in of_ann) == 0
    came = [e for e in of_ann if e.kind == "MERGE"]
    assert [(e.reference, e.order_id) for e in came] == [(merge_id, kiosk)]
    assert f"merged into {ann}" in shop.whys(guest)
    assert f"100 points with {guest}" in shop.whys(ann)


@pytest.mark.timeout(300)
def test_merges_under_kill_nine_of_the_worker_lose_and_double_nothing(
    stack: Stack,
) -> None:
    shop = Shop(stack)
    pairs = [(f"from-{shop.run}-{n}", f"to-{shop.run}-{n}") for n in range(12)]
    for number, (source, survivor) in enumerate(pairs):
        for member_id in (source, survivor):
            line = a_line("salad", "FOOD", 1, (number + 1) * 1_00)
            shop.order(f"order-{member_id}", member_id, line)
    for pair in pairs:
        for member_id in pair:
            shop.member(member_id)

    def ask(number: int) -> CommandOut | ProblemOut | None:
        source, survivor = pairs[number]
        return merge_members.sync(
            survivor,
            client=shop.client,
            body=MergeIn(from_member_id=source),
            idempotency_key=f"merge-{shop.run}-{number}",
        )

    def undo(number: int) -> CommandOut | ProblemOut | None:
        source, survivor = pairs[number]
        return unmerge_members.sync(
            survivor,
            source,
            client=shop.client,
            idempotency_key=f"unmerge-{shop.run}-{number}",
        )

    for act in (ask, undo):
        with ThreadPoolExecutor(len(pairs)) as threads:
            asked = [threads.submit(act, number) for number in range(len(pairs))]
            time.sleep(0.15)
            stack.kill("worker")
            stack.start("worker")
            for one in asked:
                assert shop.decided(one.result()).status == "done"
        wait_until_idle(stack)
        for number, (source, survivor) in enumerate(pairs):
            whole = 2 * (number + 1) if act is ask else number + 1
            shop.member(survivor, lambda seen, whole=whole: seen.balance == whole)
            if act is undo:
                shop.member(source, lambda seen, whole=whole: seen.balance == whole)
    assert stack.run_job("verify").count(" equal\n") == 8


@pytest.mark.timeout(300)
def test_commands_under_kill_nine_of_the_api_have_one_effect_each(
    stack: Stack,
) -> None:
    shop = Shop(stack)
    ann = f"ann-{shop.run}"
    shop.order(f"order-{shop.run}", ann, a_line("salad", "FOOD", 10, 10_00))
    shop.member(ann, lambda seen: seen.balance == 100)
    count = 40

    def ask(number: int) -> CommandOut | ProblemOut | None:
        return adjust.sync(
            ann,
            client=a_client(stack),
            body=AdjustmentIn(points=1, reason="kill -9"),
            idempotency_key=f"adjust-{shop.run}-{number}",
        )

    def ask_until_told(number: int) -> CommandOut:
        """Send the same request again until there is an answer."""
        deadline = time.monotonic() + SECONDS_MAX
        while True:
            try:
                answer = ask(number)
            except httpx.HTTPError:
                answer = None
            if isinstance(answer, CommandOut):
                return answer
            assert time.monotonic() < deadline, answer
            time.sleep(0.1)

    with ThreadPoolExecutor(8) as threads:
        asked = [threads.submit(ask_until_told, number) for number in range(count)]
        for _ in range(2):
            time.sleep(0.3)
            stack.kill("api")
            stack.start("api")
        answers = [one.result() for one in asked]
    shop.client = a_client(stack)
    decided = [shop.decided(answer) for answer in answers]

    assert {one.status for one in decided} == {"done"}
    assert len({one.command_id for one in decided}) == count
    wait_until_idle(stack)
    assert shop.member(ann).balance == 100 + count
    adjusted = [e for e in shop.entries(ann) if e.kind == "ADJUST"]
    assert len(adjusted) == count
