"""Stories of those who work with the console, in a real browser."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open, faults_of
from tests.browser.test_pages import picture

GUEST = "guest-003"


def test_the_desk_finds_a_member_puts_something_right_and_takes_it_back(
    open_page: Open,
) -> None:
    page = open_page("/members", role="service")
    page.keyboard.press("/")
    page.keyboard.type(GUEST)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(GUEST)
    before = balance(page)

    page.fill("#points", "250")
    page.fill("#reason", "cold soup")
    page.click("#adjust button")

    expect(page.get_by_role("status")).to_contain_text(
        "adjusted by 250: cold soup (Ada)"
    )
    assert balance(page) == before + 250
    event = page.locator(".event").first
    expect(event).to_contain_text("Adjusted by the desk")
    expect(event).to_contain_text("+250 Points adjusted")

    event.locator("summary").click()
    event.get_by_role("button").click()

    expect(page.get_by_role("status")).to_contain_text("Done")
    assert balance(page) == before
    assert faults_of(page) == []


def test_the_desk_sends_a_message_again_that_did_not_come(open_page: Open) -> None:
    page = open_page("/members/guest-002", role="service")
    lost = page.locator("#messages li", has_text="answered 503")
    lost.get_by_text("Send again").click()
    lost.get_by_label("Reason").fill("the app was new")
    lost.get_by_role("button", name="Send it again").click()

    expect(page.get_by_role("status")).to_contain_text("sent again in a moment")
    assert faults_of(page) == []
    page.locator("#messages li", has_text="answered 503").get_by_text(
        "Send again"
    ).click()
    page.locator("#messages").get_by_label("Reason").first.fill("clicked twice")
    page.get_by_role("button", name="Send it again").first.click()

    expect(page.get_by_role("status")).to_contain_text("sent again already")


def test_the_desk_merges_two_members_and_parts_them_again(open_page: Open) -> None:
    page = open_page("/members/guest-130", role="service")
    page.locator("#merge summary").click()
    page.fill("#merge-from", "guest-131")
    page.fill("#merge-reason", "two cards")
    page.locator("#merge").get_by_role("button").click()
    expect(page.get_by_text("Also known as")).to_be_visible()

    page.locator("#unmerge summary").click()
    page.fill("#unmerge-reason-1", "mother and daughter")
    page.fill("#unmerge-typed-1", "guest-131")
    assert faults_of(page) == []
    page.get_by_role("button", name="Part guest-131").click()

    expect(page.get_by_role("status")).to_contain_text("mother and daughter (Ada)")
    expect(page.locator("#unmerge")).to_have_count(0)


def test_what_the_engine_refuses_is_told_with_its_reason(open_page: Open) -> None:
    page = open_page(f"/members/{GUEST}", role="service")
    page.fill("#points", "-9999999")
    page.fill("#reason", "too much")
    page.click("#adjust button")

    told = "Refused, nothing was done: 9999999 points asked for"
    expect(page.get_by_role("alert")).to_contain_text(told)


def test_earlier_events_come_without_a_new_page(open_page: Open) -> None:
    page = open_page("/members/guest-002", role="service")
    # Of the 25 latest, time that passed and changed nothing is left out.
    shown = page.locator(".event").count()
    assert 0 < shown <= 25

    page.get_by_text("Show earlier").click()
    expect(page.locator(".event")).not_to_have_count(shown)

    heads = page.locator(".event time").evaluate_all(
        "all => all.map(one => one.dateTime)"
    )
    assert heads == sorted(heads, reverse=True)


def test_an_analyst_goes_from_a_segment_to_its_members_and_asks_in_sql(
    open_page: Open, tmp_path: Path
) -> None:
    page = open_page("/segments", role="analyst")
    page.get_by_role("link", name="Champions").click()
    expect(page.locator("h1")).to_have_text("Members of the segment")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    lines = download.value.path().read_text().splitlines()
    assert lines[0].startswith("member_id,orders,value_minor")
    assert len(lines) - 1 == page.locator("tbody tr").count()

    page.get_by_role("link", name="Ask in SQL").click()
    page.get_by_role("button", name="Run").click()
    expect(page.locator("tbody tr").first).to_be_visible()
    picture(page, "sql", tmp_path)
    page.fill("#statement", "SELECT count() AS members FROM members")
    page.locator("#statement").press("Control+Enter")
    expect(page.locator("tbody td")).to_have_text("140")

    assert faults_of(page) == []


def test_sql_only_reads(open_page: Open) -> None:
    page = open_page("/sql", role="analyst", may_complain=True)
    page.fill("#statement", "DROP TABLE ledger_rows")
    page.get_by_role("button", name="Run").click()

    expect(page.get_by_role("alert")).to_contain_text("readonly mode")
    assert page.input_value("#statement") == "DROP TABLE ledger_rows"


@pytest.mark.parametrize(
    ("role", "sees", "not_for"),
    [
        ("marketer", ["Overview", "Rules"], "/operations"),
        ("service", ["Service desk"], "/overview"),
        ("analyst", ["Overview", "Service desk", "Ask in SQL"], "/operations"),
        ("operator", ["Rules", "Operations"], "/members/guest-002"),
    ],
)
def test_whoever_may_not_see_a_page_is_told_so(
    open_page: Open, role: str, sees: list[str], not_for: str
) -> None:
    page = open_page(not_for, role=role, may_complain=True)
    links = page.locator("nav a").all_inner_texts()

    expect(page.locator("h1")).to_have_text("This is not yours to see")
    assert set(sees) <= set(links)
    assert faults_of(page) == []


def test_the_keyboard_reaches_the_page_and_its_charts_data(open_page: Open) -> None:
    page = open_page("/overview")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    summary = page.locator("details.data summary").first
    summary.focus()
    page.keyboard.press("Enter")

    expect(page.locator("details.data table").first).to_be_visible()


def test_the_theme_is_kept(open_page: Open) -> None:
    page = open_page("/overview")
    page.locator("[data-action=theme]").click()
    page.reload()

    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_a_chart_is_drawn_and_can_be_taken_along(open_page: Open) -> None:
    page = open_page("/overview")
    figure = page.locator("figure[data-chart]").first
    expect(figure.locator("canvas")).to_have_count(1)
    with page.expect_download() as download:
        figure.get_by_role("button", name="PNG").click()

    assert download.value.path().read_bytes()[:4] == b"\x89PNG"


def test_figures_of_today_are_asked_for_again(open_page: Open) -> None:
    page = open_page("/overview?days=1")
    expect(page.get_by_role("link", name="Today")).to_have_attribute(
        "aria-current", "true"
    )
    with page.expect_response("**/overview/figures?*") as answered:
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    assert answered.value.status == 200
    expect(page.locator("[data-refresh*=figures] .tile")).to_have_count(8)
    latency = page.locator("[data-refresh*=latency] .tile")
    expect(latency.first).to_contain_text("99 of 100 within")
    expect(latency).to_have_count(2)
    expect(page.locator("figure[data-chart]")).to_have_count(0)
    assert faults_of(page) == []


def test_on_a_phone_the_menu_opens(open_page: Open) -> None:
    page = open_page("/overview", width=390)
    link = page.get_by_role("link", name="Liability")
    expect(link).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    link.click()

    expect(page.locator("h1")).to_have_text("Liability and breakage")


def balance(page) -> int:
    """Points at the top of a member's page."""
    text = page.locator(".tile.lead .figure").inner_text()
    return int(re.sub(r"\D", "", text))
