"""Triggers and journeys written by keyboard, and a list of codes uploaded."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, faults_of
from tests.browser.test_pages import overflows, picture


def focused(page: Page) -> str:
    """Id of what has the focus."""
    return str(page.evaluate("document.activeElement.id"))


@pytest.mark.parametrize("width", [1360, 390])
def test_a_trigger_is_chosen_filled_in_and_becomes_a_ladder(
    open_page: Open, width: int, tmp_path: Path
) -> None:
    page = open_page("/new-rule", role="marketer", name="Mia", width=width)
    page.get_by_role("link", name="A message or gift on an occasion").click()
    page.get_by_role("link", name="Somebody stays away").click()
    rule_id = f"long-gone-{width}"
    page.fill("#f-id", rule_id)
    # Another occasion brings its own fields, and the focus stays where it was.
    page.select_option("#f-occasion", "birthday")
    expect(page.locator("#f-day_at")).to_have_value("10:00")
    expect(page.locator("#f-lapsed_days")).to_have_count(0)
    page.select_option("#f-occasion", "lapsed")
    page.locator("#f-lapsed_days").fill("45")
    page.locator("#f-message-template").fill("hello")
    page.get_by_label("At the hour at which the member mostly orders").check()
    page.locator("#f-message-habit_else").fill("12:00")
    page.locator("#f-message-habit_else").blur()
    expect(page.locator("#reading .sentence")).to_contain_text(
        "send hello by push and inbox at the member's own hour, or at 12:00"
    )
    expect(page.locator("#reading")).to_contain_text("hello: marketing")
    assert faults_of(page) == []
    assert not overflows(page)
    page.evaluate("scrollTo(0, 0)")
    picture(page, "trigger-writing" + "-phone" * (width < 1_000), tmp_path)
    page.get_by_role("button", name="Add a later step").press("Enter")
    expect(page.locator(".step-card")).to_have_count(2)
    page.locator("#f-steps-1-message-template").fill("hello")
    page.locator("#f-steps-1-step_points").fill("50")
    expect(page.locator("#words-1")).to_have_text(
        "in 7 days at 18:00 give 50 points and send hello by push and inbox"
    )
    page.locator("#f-steps-1-delay-delay_days").fill("soon")
    expect(page.locator("#said-steps-1-delay-delay_days")).to_have_text(
        "expected a whole number"
    )
    page.locator("#f-steps-1-delay-delay_days").fill("14")
    page.locator("#f-steps-1-delay-delay_days").blur()
    expect(page.locator("#said-steps-1-delay-delay_days")).to_be_empty()
    page.locator("#why").press("Enter")
    expect(page.locator(".sentence").first).to_contain_text("in 14 days at 18:00")
    page.goto(page.url.split("?")[0] + "/edit")
    expect(page.locator("#f-steps-0-message-template")).to_have_value("hello")


def test_a_journey_grows_step_by_step(open_page: Open, tmp_path: Path) -> None:
    page = open_page("/new-rule?section=journeys", role="marketer", name="Mia")
    page.fill("#f-id", "second-visit")
    page.locator("#f-steps-0-template").fill("hello")
    page.get_by_role("button", name="look", exact=True).press("Enter")
    expect(page.locator(".step-card")).to_have_count(3)
    expect(page.locator("#f-steps-2-step_kind")).to_have_value("branch")
    page.locator("#f-steps-2-step_id").fill("came-again")
    page.get_by_role("button", name="Look for something else too").click()
    expect(page.locator(".step-card .case")).to_have_count(2)
    page.get_by_role("button", name="Remove this way, 2").click()
    expect(page.locator(".step-card .case")).to_have_count(1)
    page.get_by_role("button", name="give", exact=True).click()
    page.locator("#f-steps-3-points").fill("30")
    page.get_by_role("button", name="Move step 4 give up").press("Enter")
    expect(page.locator("#f-steps-2-points")).to_have_value("30")
    page.locator("#f-priority").fill("5")
    page.locator("#f-priority").blur()
    expect(page.locator("#reading .sentence")).to_contain_text("give: give 30 points")
    expect(page.locator("#reading .verdict")).to_contain_text("It can be saved")
    assert faults_of(page) == []
    page.set_viewport_size({"width": 1360, "height": 1_300})
    page.locator("#group-steps").evaluate("one => one.scrollIntoView()")
    picture(page, "journey-writing", tmp_path, full=False)
    page.get_by_role("button", name="Save as draft").click()
    expect(page.get_by_role("status")).to_contain_text("Saved as a draft")
    expect(page.locator("main")).to_contain_text("came-again")


def test_a_document_survives_its_form_in_a_browser(open_page: Open) -> None:
    page = open_page("/rules/welcome/edit", role="marketer", name="Mia")
    before = page.locator("input[name=before]").input_value()
    page.get_by_role("button", name="Edit step 3 nudge").click()
    expect(page.locator("#f-steps-2-template")).to_have_value("come-back")
    page.get_by_role("button", name="Edit step 2 second").click()
    expect(page.locator("#f-steps-1-for-0-minimum")).to_have_value("5")

    assert page.locator("input[name=before]").input_value() == before


def test_a_list_is_uploaded_and_bad_lines_are_told(
    open_page: Open, tmp_path: Path
) -> None:
    page = open_page("/code-pools", role="marketer", name="Mia", may_complain=True)
    page.get_by_role("link", name="cinema").click()
    page.locator("#codes").fill("CINE-1201\nCINE-1202\ncine 1201\nÄ-7")
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("alert")).to_contain_text("2 lines to put right")
    expect(page.locator(".line-faults")).to_contain_text("is the same as line 1")
    assert faults_of(page) == []
    assert not overflows(page)
    picture(page, "code-pool-faults", tmp_path)
    file = tmp_path / "codes.csv"
    file.write_text("code\n" + "".join(f"CINE-{n}\n" for n in range(1_200, 1_320)))
    page.locator("#codes").fill("")
    page.locator("#file").set_input_files(file)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("status")).to_contain_text("120 codes were uploaded.")
    expect(page.locator("#first")).to_have_value("120")
    picture(page, "code-pool-uploaded", tmp_path)
