"""The list of rules: figures come by themselves, and nothing moves when they do."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Open, faults_of
from tests.browser.test_pages import SHIFT_MAX, overflows, picture, shift_of

AT_LAST = "Reached and given:"


def figures_of(page: Page, rule_id: str) -> list[str]:
    """Cells of a rule's row."""
    row = page.locator(".rules tbody tr", has=page.get_by_role("link", name=rule_id))
    return row.locator("td").all_inner_texts()


@pytest.mark.parametrize("width", [1360, 390])
def test_rules_tell_reach_cost_and_budget(
    open_page: Open, width: int, tmp_path: Path
) -> None:
    page = open_page("/rules", role="marketer", name="Mia", width=width)
    expect(page.get_by_text(AT_LAST)).to_be_visible()
    _, reached, given, budget, _ = figures_of(page, "app-orders")

    assert "times" in reached
    assert "worth $" in given
    assert "of 10,000" in budget
    assert not overflows(page)
    assert shift_of(page) < SHIFT_MAX
    assert faults_of(page) == []
    if width < 1_000:  # the wide one is among all pages
        picture(page, "rules-phone", tmp_path)


def test_rules_stand_when_figures_do_not_come(open_page: Open) -> None:
    page = open_page("/saved", role="marketer", may_complain=True)

    def broken(route: Route) -> None:
        route.fulfill(status=500, body="no")

    page.route("**/rule-figures?*", broken)
    page.goto(page.url.replace("/saved", "/rules"))

    expect(page.get_by_text("cannot be told now")).to_be_visible()
    expect(page.get_by_role("link", name="app-orders")).to_be_visible()
    assert faults_of(page) == []
