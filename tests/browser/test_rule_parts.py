"""A rule that holds in cases and is tried in arms, written by keyboard in a browser."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, faults_of
from tests.browser.test_pages import overflows, picture


def focused(page: Page) -> str:
    """Name of the field that has the focus."""
    return str(page.evaluate("document.activeElement.name ?? ''"))


@pytest.mark.parametrize("width", [1360, 390])
def test_cases_nest_and_arms_are_compared(
    open_page: Open, width: int, tmp_path: Path
) -> None:
    page = open_page("/new-rule?section=bonuses&kind=add", role="marketer", width=width)
    rule_id = f"quiet-hours-{width}"
    page.fill("#f-id", rule_id)
    page.fill("#f-points", "15")
    page.get_by_role("button", name="any of…").press("Enter")
    expect(page.locator(".case")).to_have_count(2)
    # Whoever asked for cases writes on in the last of them.
    assert focused(page) == "f.when-any_of-1-segments"
    page.keyboard.type("vip")
    page.locator("#f-when-any_of-0-stores").fill("harbour")
    first = page.get_by_role("group", name="Case 1", exact=True)
    first.get_by_role("button", name="none of…").press("Enter")
    expect(page.locator(".case .case")).to_have_count(1)
    inner = page.get_by_role("group", name="None of these cases")
    inner.get_by_role("group", name="Days", exact=True).get_by_text("Sat").click()
    expect(page.locator("#reading .sentence")).to_contain_text(
        "either (at harbour but not on Saturdays) or for a member of vip"
    )
    page.get_by_role("button", name="Try arms against each other").press("Enter")
    expect(page.get_by_role("group", name="Arm 2")).to_be_visible()
    assert focused(page) == "f.experiment"
    page.get_by_role("button", name="Add an arm").press("Enter")
    expect(page.locator("#said-experiment-arms-2-arm")).not_to_be_empty()
    page.locator("#f-experiment-arms-1-percent").fill("25")
    page.locator("#f-experiment-arms-2-percent").fill("25")
    page.locator("#f-experiment-arms-2-arm").fill("more")
    page.locator("#f-experiment-arms-2-arm_points").fill("30")
    expect(page.locator("#reading .sentence")).to_contain_text(
        "25 % more with 30 points"
    )
    assert faults_of(page) == []
    assert not overflows(page)
    page.set_viewport_size({"width": width, "height": 1_300})
    for part in ("cases", "arms"):
        page.locator(f"#group-{part}").evaluate("one => one.scrollIntoView()")
        name = f"rule-{part}" if width > 1_000 else f"rule-{part}-phone"
        picture(page, name, tmp_path, full=False)
    page.locator("#why").press("Enter")
    expect(page.locator(".sentence").first).to_contain_text("either (at harbour")
    page.goto(page.url.split("?")[0] + "/edit")
    page.get_by_role(
        "button", name="Remove this case, 2 of: Any of these cases"
    ).click()
    expect(page.locator("#f-when-any_of-1-segments")).to_have_count(0)
    expect(page.locator("#f-when-any_of-0-stores")).to_have_value("harbour")
