"""The marketer's and the approver's stories, in a real browser."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from playwright.sync_api import Page, expect

from jobs.backtesting.document import findings_document
from jobs.backtesting.running import Backtesting
from runtime.settings import Settings
from stores.backtests_contract import FINISHED, Advance
from stores.memory_backtests import MemoryBacktests
from tests.browser.conftest import Open, faults_of
from tests.browser.test_pages import overflows, picture
from tests.browser.town import DOCUMENT, NOW

SENTENCE = (
    "When a member orders in the app on Mondays and Tuesdays from 08:00 to 10:00, "
    "give 40 points, at most once a day."
)


def test_a_rule_goes_from_an_idea_to_being_paused(
    open_page: Open, tmp_path: Path
) -> None:
    page = open_page("/rules", role="marketer", name="Mia", may_complain=True)
    page.get_by_role("link", name="New rule").click()
    page.get_by_role("link", name="Points for each order").click()
    write_morning_app(page)
    expect(page.locator("#reading .sentence")).to_have_text(SENTENCE)
    assert faults_of(page) == []
    page.evaluate("scrollTo(0, 0)")
    picture(page, "rule-writing", tmp_path)
    page.get_by_role("button", name="Save as draft").click()

    expect(page.get_by_role("status")).to_contain_text("Saved as a draft")
    expect(page.locator(".sentence")).to_have_text(SENTENCE)
    page.locator("#submit-why").fill("mornings are quiet")
    page.get_by_role("button", name="Submit for approval").click()
    expect(page.locator("main")).to_contain_text("Submitted. Another person")

    other = open_page("/rules", role="approver", name="Ben")
    waits = other.locator(".waits")
    expect(waits).to_contain_text("mornings are quiet")
    picture(other, "rules-approver", tmp_path)
    waits.get_by_role("link", name="Look").click()
    other.get_by_role("button", name="Approve").click()
    expect(other.locator("main")).to_contain_text("Approved. It can be published now.")

    page.reload()
    page.get_by_role("button", name="Publish").click()
    expect(page.locator("main")).to_contain_text("Published. It judges orders")
    page.wait_for_timeout(1_500)
    page.reload()
    expect(page.locator(".rule-head .tag").first).to_have_text("Runs")
    step(page, "Pause")
    page.locator("#pause-why").fill("the app is down")
    page.locator("#pause-typed").fill("morning")
    page.locator("#pause-typed").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("type the rule's name")


def test_it_is_paused_when_its_name_is_typed(open_page: Open, tmp_path: Path) -> None:
    page = open_page("/rules/three-weeks", role="marketer", name="Mia")
    step(page, "Pause")
    page.locator("#pause-why").fill("the app is down")
    page.locator("#pause-typed").fill("three-weeks")
    page.locator("#pause-typed").press("Enter")

    expect(page.get_by_role("status")).to_contain_text("Paused")
    expect(page.locator(".audit li").first).to_contain_text("the app is down")
    picture(page, "rule-paused", tmp_path)
    step(page, "Resume")
    page.locator("#resume-why").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("It goes on.")


def test_who_wrote_a_rule_cannot_approve_it(open_page: Open) -> None:
    page = open_page("/new-rule?section=bonuses&kind=add", name="Ida")
    page.fill("#f-id", "own-praise")
    page.get_by_role("button", name="Save as draft").click()
    page.get_by_role("button", name="Submit for approval").click()

    expect(page.locator("#steps")).to_contain_text("another person approves it")
    assert page.get_by_role("button", name="Approve").count() == 0


def test_a_fault_stands_at_its_field_while_one_types(
    open_page: Open, tmp_path: Path
) -> None:
    page = open_page("/new-rule?section=earn&kind=visit", role="marketer")
    page.fill("#f-id", "late")
    page.fill("#f-points", "ten")
    page.fill("#f-tiers", "family, iron")

    expect(page.locator("#said-points")).to_have_text("expected a whole number")
    expect(page.locator("#said-tiers")).to_contain_text("iron")
    expect(page.locator("#reading")).to_contain_text("2 to put right")
    page.get_by_role("group", name="Ways to order").get_by_text("Kiosk").click()
    assert faults_of(page) == []
    assert not overflows(page)
    page.evaluate("scrollTo(0, 0)")
    picture(page, "rule-faults", tmp_path)

    page.fill("#f-points", "10")
    page.fill("#f-tiers", "family")
    expect(page.locator("#reading .sentence")).to_contain_text("a family member")
    expect(page.locator("#said-points")).to_be_empty()


def test_what_a_form_does_not_show_is_kept_and_text_becomes_fields(
    open_page: Open,
) -> None:
    page = open_page("/rules/shake-love/edit", role="marketer", name="Mia")
    page.get_by_role("button", name="As text").click()
    text = page.input_value("#text")
    page.fill("#text", text + "pending:\n  delay_days: 3\n")
    expect(page.locator("#reading .sentence")).to_contain_text("3 days")
    page.get_by_role("button", name="As fields").click()
    page.fill("#f-points", "30")
    page.get_by_role("button", name="Save as draft").click()

    expect(page.locator(".sentence")).to_contain_text("30 points")
    expect(page.locator(".sentence")).to_contain_text("3 days")
    expect(page.locator(".diff")).to_contain_text("pending")
    expect(page.locator(".diff tbody tr")).to_have_count(2)


def test_of_two_who_change_a_rule_the_second_is_told(open_page: Open) -> None:
    first = open_page("/rules/coffee-cup/edit", role="marketer", name="Mia")
    second = open_page(
        "/rules/coffee-cup/edit", role="marketer", name="Max", may_complain=True
    )
    for page, points in ((first, "2"), (second, "3")):
        page.fill("#f-points", points)
        page.get_by_role("button", name="Save as draft").click()

    expect(first.get_by_role("status")).to_contain_text("Saved as a draft")
    expect(second.get_by_role("alert")).to_contain_text("somebody changed this rule")
    assert second.input_value("#f-points") == "3"


def test_a_basket_is_tried_with_the_rule_and_without_it(
    open_page: Open, tmp_path: Path
) -> None:
    page = open_page("/new-rule?section=bonuses&kind=add", role="marketer")
    page.fill("#f-id", "sweet-tuesday")
    page.fill("#f-categories", "DESSERTS")
    page.get_by_label("Tue", exact=True).check()
    page.get_by_role("button", name="Save as draft").click()
    page.fill("#try-at", "2026-06-16T12:00")
    page.fill("#category-0", "DESSERTS")
    page.fill("#price-0", "6.50")
    page.get_by_role("button", name="Try", exact=True).click()

    tried = page.locator("#tried")
    expect(tried.get_by_role("row", name="sweet-tuesday")).to_contain_text("+50")
    expect(
        tried.get_by_role("row", name="shake-love").locator(".n").first
    ).to_have_text("25")
    page.evaluate("document.getElementById('trial').scrollIntoView()")
    picture(page, "rule-tried", tmp_path, full=False)
    assert faults_of(page) == []

    page.fill("#try-at", "2026-06-17T12:00")
    page.get_by_role("button", name="Try", exact=True).click()
    expect(tried).to_contain_text("This rule changes nothing for this basket.")
    expect(tried.locator(".own")).to_have_text("not at this time of the week")


def test_a_draft_is_tried_on_the_past(
    open_page: Open, backtests: MemoryBacktests, tmp_path: Path
) -> None:
    page = open_page("/rules/spend/edit", role="marketer", name="Mia")
    page.fill("#f-points", "12")
    page.get_by_role("button", name="Save as draft").click()
    page.fill("#past-from", "2017-01-01")
    page.fill("#past-until", "2017-02-28")
    page.select_option("#past-source", "retail")
    page.select_option("#past-sample", "10")
    page.get_by_role("button", name="Start the backtest").click()
    expect(page.locator("#backtest")).to_contain_text("It waits for its turn")
    picture(page, "backtest-waiting", tmp_path)
    with ThreadPoolExecutor(1) as aside:
        aside.submit(asyncio.run, worked_out(backtests)).result()

    expect(page.locator("canvas")).to_have_count(1)
    expect(page.locator("main")).to_contain_text("Members who gain")
    expect(page.get_by_role("row", name="spend")).to_be_visible()
    expect(page.locator(".page-head")).to_contain_text("Tue 28 Feb 2017")
    assert faults_of(page) == []
    picture(page, "backtest", tmp_path)
    page.get_by_role("link", name="Backtests").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    picture(page, "backtests", tmp_path)


async def worked_out(queue: MemoryBacktests) -> None:
    """Work out what waits, as the backtester does."""
    held = await queue.take("a-test", NOW)
    assert held is not None
    await queue.keep(held, Advance(1, 3, 0, 2), NOW)
    run = Backtesting(Settings(), held.request, DOCUMENT)
    ended = run.run(1, lambda _: None, None)
    found = json.dumps(findings_document(ended.findings, run.wallet))
    done = held._replace(status=FINISHED, finished_at=NOW, hash=ended.findings.hash)
    await queue.end(held, done, found.encode())


def write_morning_app(page: Page) -> None:
    """Fill in a rule that gives 40 points in the app on two mornings."""
    page.fill("#f-id", "morning-app")
    page.fill("#f-points", "40")
    page.get_by_label("Mon", exact=True).check()
    page.get_by_label("Tue", exact=True).check()
    page.fill("#f-day_from", "08:00")
    page.fill("#f-day_to", "10:00")
    page.get_by_label("App", exact=True).check()


def step(page: Page, name: str) -> None:
    """Open what a step asks for."""
    page.locator("#steps summary").get_by_text(name, exact=True).click()
