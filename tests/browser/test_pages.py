"""Every page: drawn, reachable, light, dark and narrow, and its picture."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, faults_of

BYTES_MAX = 200_000
PHONE = 390
# A picture is looked at, not scrolled.
HEIGHT_MAX = 1_300
PAGES = {
    "overview": "/overview",
    "liability": "/liability",
    "retention": "/retention",
    "segments": "/segments",
    "offers": "/offers?days=90",
    "journeys": "/journeys?days=365",
    "rule-results": "/rule-results",
    "tiers": "/tiers?days=90",
    "stores": "/stores",
    "stores-compared": "/stores?days=90&store=broadway&store=airport&franchise=hilltop",
    "overview-store": "/overview?days=90&franchise=riverside&channel=APP",
    "experiments-running": "/experiments?days=14",
    "signals": "/signals?days=90",
    "rows": "/rows/segment_members?segment=champions",
    "saved": "/saved",
    "desk": "/members",
    "member": "/members/guest-002",
    "rules": "/rules",
    "rule": "/rules/happy-hour",
    "journey": "/rules/welcome",
    "calendar": "/rule-calendar",
    "backtests-none": "/rules/happy-hour/backtests",
    "campaigns-none": "/campaigns",
    "campaign-new": "/new-campaign",
    "new-rule": "/new-rule",
    "rule-form": "/rules/happy-hour/edit",
    "rule-text": "/new-rule?section=gifts&kind=text",
    "new-trigger": "/new-rule?section=triggers",
    "trigger-form": "/new-rule?section=triggers&kind=win_back",
    "sequence-form": "/new-rule?section=triggers&kind=sequence",
    "journey-form": "/rules/welcome/edit",
    "code-pools": "/code-pools",
    "code-pool": "/code-pools/cinema",
    "template-writing": "/new-rule?section=templates",
    "codes": "/new-rule?section=code_pools&kind=generated",
    "sql-empty": "/sql",
    "deliveries": "/deliveries",
    "operations": "/operations",
    "letters": "/operations/letters",
    "letter": "/operations/letters/1-0",
}
# On a phone every page is looked at in the dark, but for those whose picture is light.
NARROW = ("overview", "member", "stores", "journey-form", "code-pool")
DARK = (*NARROW, "offers", "sql-empty", "trigger-form")
PICTURED_DARK = ("overview", "member", "offers", "journey-form")
# What Google calls good is 0.1.
SHIFT_MAX = 0.05


def picture(page: Page, name: str, tmp_path: Path, *, full: bool = True) -> None:
    """Keep a picture: for the documentation when SCREENSHOTS names a folder."""
    folder = Path(os.environ.get("SCREENSHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    page.wait_for_timeout(200)
    width = page.evaluate("window.innerWidth")
    height = page.evaluate("document.documentElement.scrollHeight")
    clip = {"x": 0, "y": 0, "width": width, "height": min(height, HEIGHT_MAX)}
    page.screenshot(
        path=folder / f"{name}.png",
        full_page=full,
        clip=clip if full else None,  # type: ignore[arg-type] # a typed dict
    )


def overflows(page: Page) -> bool:
    """Whether somebody has to scroll sideways."""
    return bool(
        page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    )


def shift_of(page: Page) -> float:
    """How much of the page moved by itself while it came."""
    moved = page.evaluate(
        "new Promise(done => { let sum = 0; new PerformanceObserver(list => {"
        " for (const one of list.getEntries()) sum += one.value; })"
        ".observe({type: 'layout-shift', buffered: true});"
        " setTimeout(() => done(sum), 50); })"
    )
    return float(moved)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_sound_and_small(open_page: Open, name: str, tmp_path: Path) -> None:
    page = open_page(PAGES[name])
    # What comes by itself is a part of the page.
    expect(page.locator("[aria-busy]")).to_have_count(0)
    weight = page.evaluate(
        "[performance.getEntriesByType('navigation')[0],"
        " ...performance.getEntriesByType('resource')]"
        ".reduce((sum, one) => sum + one.decodedBodySize, 0)"
    )

    assert page.url.endswith(PAGES[name])
    assert page.locator("main h1").count() == 1
    assert page.locator("nav a[aria-current=page]").count() == 1
    assert faults_of(page) == []
    assert weight < BYTES_MAX
    assert shift_of(page) < SHIFT_MAX
    picture(page, name, tmp_path)


@pytest.mark.parametrize("name", DARK)
def test_a_page_is_sound_in_the_dark(
    open_page: Open, name: str, tmp_path: Path
) -> None:
    page = open_page(PAGES[name], scheme="dark")

    assert faults_of(page) == []
    if name in PICTURED_DARK:
        picture(page, f"{name}-dark", tmp_path)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_a_phone(open_page: Open, name: str, tmp_path: Path) -> None:
    scheme = "light" if name in NARROW else "dark"
    page = open_page(PAGES[name], width=PHONE, scheme=scheme)

    assert not overflows(page)
    assert faults_of(page) == []
    if name in NARROW:
        picture(page, f"{name}-phone", tmp_path, full=False)


def test_the_door_is_sound(
    open_page: Open, console: str, browser, tmp_path: Path
) -> None:
    context = browser.new_context(viewport={"width": 1360, "height": 900})
    page = context.new_page()
    page.goto(f"{console}/overview")

    assert page.url.endswith("/console/sign-in?next=/console/overview")
    assert faults_of(page) == []
    picture(page, "sign-in", tmp_path)
    context.close()


@pytest.mark.parametrize(
    "path", ["/rows/order_rows?store=nowhere", "/rules/no-such-rule", "/stores?days=1"]
)
def test_emptiness_and_mistakes_are_told(open_page: Open, path: str) -> None:
    page = open_page(path, may_complain=True)

    assert page.locator("main h1").count() == 1
    assert len(page.locator("main").inner_text()) > 40
    assert faults_of(page) == []
