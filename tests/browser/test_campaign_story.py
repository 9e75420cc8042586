"""A campaign from the idea to what it brought, in a real browser."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import httpx
import pytest
from playwright.sync_api import Page, expect

from jobs.migrate_clickhouse import migrate
from loyalty.experiments import TREATED, arm_of
from stores.clickhouse import connect
from stores.memory_backtests import MemoryBacktests
from tests.browser.conftest import Chain, Open, aside, faults_of, served
from tests.browser.test_pages import picture
from tests.browser.test_rule_stories import worked_out
from tests.browser.town import HOUR, NOW, Town

RULE = "sweet-month"
SENTENCE = "give 60 points on top"
# Enough for intervals that hold however often somebody looks.
MEMBERS = 320
DAYS = 14


@pytest.fixture
def chain(clickhouse: str, backtests: MemoryBacktests) -> Iterator[Chain]:
    """A chain without members, whose clock can be moved."""
    migrate(connect(clickhouse), "campaign")
    with served(clickhouse, "campaign", backtests, town=Town(guests=0)) as made:
        yield made


def test_a_campaign_goes_from_the_idea_to_what_it_brought(
    open_page: Open, chain: Chain, backtests: MemoryBacktests, tmp_path: Path
) -> None:
    mia = open_page("/new-rule?section=bonuses&kind=add", name="Mia", at=chain.address)
    write_campaign(mia)
    expect(mia.locator("#reading .sentence")).to_contain_text("held out for 40 %")
    mia.get_by_role("button", name="Save as draft").click()
    try_on_a_basket(mia)
    try_on_the_past(mia, backtests, chain)
    mia.locator("#submit-why").fill("more visits in the quiet half of the month")
    mia.get_by_role("button", name="Submit for approval").click()
    expect(mia.locator("#steps")).to_contain_text("another person approves it")
    refused = approve_all_the_same(mia)
    assert refused == 403

    ben = open_page("/rules", role="approver", name="Ben", at=chain.address)
    ben.locator(".waits").get_by_role("link", name="Look").click()
    ben.get_by_role("button", name="Approve").click()
    expect(ben.locator("main")).to_contain_text("Approved. It can be published now.")
    mia.reload()
    mia.get_by_role("button", name="Publish").click()
    expect(mia.locator("main")).to_contain_text("Published. It judges orders")
    mia.wait_for_timeout(1_200)

    member_id = order_over_http(chain)
    desk = open_page(f"/members/{member_id}", role="service", at=chain.address)
    expect(desk.locator(".event").first).to_contain_text(RULE)

    live_on(chain)
    chain.clock.let_days_pass(2 * DAYS + 1)
    ann = open_page(f"/experiments?days={DAYS}", role="analyst", at=chain.address)
    result = ann.locator("section.card", has=ann.get_by_role("heading", name=RULE))
    expect(result.get_by_role("row", name=TREATED)).to_contain_text("higher")
    expect(result.locator(".findings")).to_contain_text("more in 14 days than those in")
    expect(result.locator("svg.interval")).to_have_count(1)
    assert faults_of(ann) == []
    picture(ann, "experiments", tmp_path)


def write_campaign(page: Page) -> None:
    """Sixty points more for each order, for six of ten members."""
    page.fill("#f-id", RULE)
    page.fill("#f-points", "60")
    page.fill("#f-holdout", "40")
    expect(page.locator("#reading .sentence")).to_contain_text(SENTENCE)


def try_on_a_basket(page: Page) -> None:
    """See what it gives for one order."""
    page.fill("#price-0", "12.00")
    page.get_by_role("button", name="Try", exact=True).click()
    expect(page.locator("#tried").get_by_role("row", name=RULE)).to_be_visible()


def try_on_the_past(page: Page, backtests: MemoryBacktests, chain: Chain) -> None:
    """See what it would have cost in two weeks, and come back."""
    page.fill("#past-from", "2017-01-01")
    page.fill("#past-until", "2017-01-14")
    page.select_option("#past-source", "retail")
    page.select_option("#past-sample", "10")
    page.get_by_role("button", name="Start the backtest").click()
    expect(page.locator("#backtest")).to_contain_text("It waits for its turn")
    worked_out_aside(backtests)
    expect(page.locator("main")).to_contain_text("Members who gain")
    page.goto(f"{chain.address}/rules/{RULE}")


def approve_all_the_same(page: Page) -> int:
    """Send what the page offers to others only; the status of the answer."""
    fields = ("csrf", "revision")
    form = {
        name: page.locator(f"main input[name={name}]").first.get_attribute("value")
        for name in fields
    }
    address = page.url.split("?")[0].split("#")[0]
    sent = {name: str(value) for name, value in form.items()} | {"version": "1"}
    return page.request.post(f"{address}/steps/approve", form=sent).status


def worked_out_aside(backtests: MemoryBacktests) -> None:
    """Do the backtester's part."""
    aside(worked_out(backtests))


def order_over_http(chain: Chain) -> str:
    """A till sends an order of somebody who gets the campaign; whose it was."""
    member_id = next(name for name in members() if is_treated(chain, name))
    line = {
        "line_id": "1",
        "sku": "latte",
        "category": "COFFEE",
        "quantity": 1,
        "unit_price_minor": 900,
    }
    order = {
        "event_id": "till-1",
        "order_id": "till-1",
        "member_id": member_id,
        "occurred_at": chain.clock.now_ms(),
        "store_id": "harbour",
        "currency": "USD",
        "lines": [line],
        "total_minor": 900,
        "subtotal_minor": 900,
    }
    address = chain.address.removesuffix("/console")
    assert httpx.post(f"{address}/v1/orders", json=order, timeout=60).status_code == 202
    return member_id


def live_on(chain: Chain) -> None:
    """Two weeks of everybody else: who gets more comes more often."""
    town, random = Town(guests=0, program=chain.program), Random(11)
    for member_id in members()[10:]:
        first = NOW + random.randrange(12, 4 * 24) * HOUR
        visits = random.choice((5, 6, 7) if is_treated(chain, member_id) else (1, 2, 3))
        for number in range(visits):
            town.order(member_id, first + number * 40 * HOUR)
    chain.tell(town)


def members() -> list[str]:
    """Everybody."""
    return [f"guest-{number:03}" for number in range(MEMBERS)]


def is_treated(chain: Chain, member_id: str) -> bool:
    """Whether somebody gets the campaign, by the program that is published."""
    [rule] = [one for one in chain.program.bonus_rules if one.rule_id == RULE]
    assert rule.trial is not None
    return arm_of(member_id, rule.trial).arm_id == TREATED
