"""A real Chromium before the console, over a town in a real ClickHouse."""

import asyncio
import os
import shutil
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlencode

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from api.app import create_app
from api.console.app import ConsoleParts
from api.console.ways import LOCAL, WayIn
from api.parts import Stores
from jobs.migrate_clickhouse import migrate
from local.ports import free_port
from local.stack import Stack
from loyalty.program import Program
from schemas.events import EventCodec
from stores.analytics import ClickHouseAnalytics
from stores.audiences import ClickHouseAudiences
from stores.clickhouse import connect
from stores.clickhouse_questions import ClickHouseQuestions
from stores.command_notes import MemoryCommandNotes
from stores.memory_backtests import MemoryBacktests
from stores.memory_campaigns import MemoryCampaigns
from stores.memory_code_lists import MemoryCodeLists
from stores.memory_identities import MemoryIdentities
from stores.memory_imports import MemoryImports
from stores.memory_member_views import MemoryMemberViews
from stores.memory_program_log import MemoryProgramLog
from stores.memory_rate_limits import MemoryRateLimits, SafeRateLimits
from stores.program_log_contract import LivePrograms
from stores.till_notes import MemoryTillNotes
from tests.browser.backdrop import (
    SETTINGS,
    a_log,
    some_deliveries,
    some_guards,
    some_letters,
    some_messages,
    some_views,
    some_workers,
)
from tests.browser.town import DOCUMENT, HOUR, NOW, Town
from tests.routes.engine import MemoryEngine

Result = TypeVar("Result")
AXE = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"
# A crowded machine is slow, and no story is about that.
expect.set_options(timeout=20_000)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
NO_BROWSER = "no Chromium on this machine: make browser installs one"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs servers."""
    for item in items:
        if Path(__file__).parent in Path(item.path).parents:
            item.add_marker("end_to_end")


def found_browser(play: Any) -> str | None:
    """Path of a Chromium: the system's, else Playwright's own."""
    own = play.chromium.executable_path
    system = next(filter(None, map(shutil.which, BROWSERS)), None)
    return system or (own if Path(own).exists() else None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; where there is none, tests are skipped, which CI does not allow."""
    with sync_playwright() as play:
        path = found_browser(play)
        if path is None:
            if os.environ.get("CI") == "true":
                pytest.fail(NO_BROWSER)
            pytest.skip(NO_BROWSER)
        made = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield made
        made.close()


@pytest.fixture(scope="session")
def backtests() -> MemoryBacktests:
    """Where backtests wait for whoever works them out."""
    return MemoryBacktests()


class Clock:
    """Goes on from the town's now, and as fast as a story wants."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._passed_ms = 0

    def __call__(self) -> float:
        """Seconds since 1970; publications come into force while a story goes on."""
        passed = time.monotonic() - self._started + self._passed_ms / 1_000
        return NOW / 1_000 + passed

    def now_ms(self) -> int:
        """Milliseconds since 1970."""
        return int(self() * 1_000)

    def let_days_pass(self, days: int) -> None:
        """Be so much later."""
        self._passed_ms += days * 24 * HOUR


class Chain(NamedTuple):
    """A console, and what stands behind it."""

    address: str
    clock: Clock
    program_log: MemoryProgramLog
    analytics: ClickHouseAnalytics
    campaigns: MemoryCampaigns

    @property
    def program(self) -> Program:
        """The program as it is published."""
        return LivePrograms(self.program_log).latest

    def tell(self, town: Town) -> None:
        """Tell of what was decided elsewhere."""
        aside(town.tell(self.analytics, MemoryMemberViews()))


@pytest.fixture(scope="session")
def clickhouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a ClickHouse."""
    stack = Stack(tmp_path_factory.mktemp("browser"))
    try:
        stack.start("clickhouse")
        yield stack.addresses()["clickhouse_url"]
    finally:
        stack.stop()


@pytest.fixture(scope="session")
def console(clickhouse: str, backtests: MemoryBacktests) -> Iterator[str]:
    """Address of a console over a town; commands are decided at once."""
    migrate(connect(clickhouse), "regulars")
    town = Town()
    told = some_messages(town, "guest-002")
    with served(clickhouse, "regulars", backtests, town=town) as chain:
        aside(chain.analytics.insert_deliveries(told, token="told"))
        yield chain.address


def aside(work: Coroutine[Any, Any, Result]) -> Result:
    """Run to its end: Playwright has a loop of its own in this thread."""
    with ThreadPoolExecutor(1) as other:
        return other.submit(asyncio.run, work).result()


@contextmanager
def served(
    url: str, database: str, backtests: MemoryBacktests, *, town: Town
) -> Iterator[Chain]:
    """Serve the console from a thread."""
    views, clock, campaigns = MemoryMemberViews(), Clock(), MemoryCampaigns()
    aside(town.tell(ClickHouseAnalytics(url, database), views))
    analytics = ClickHouseAnalytics(url, database)
    program_log = MemoryProgramLog(DOCUMENT, clock.now_ms)
    programs = LivePrograms(program_log)
    engine = MemoryEngine(lambda: programs.latest, views, analytics, recorded_at=NOW)
    engine.members = town.members
    app = create_app(
        Stores(
            views=views,
            feed=views.feed,
            result_bell=views.result_bell,
            analytics=analytics,
            questions=ClickHouseQuestions(url, database),
            publisher=engine,
            notes=MemoryCommandNotes(),
            backtests=backtests,
            campaigns=campaigns,
            audiences=ClickHouseAudiences(url, database),
            program_log=program_log,
            limits=SafeRateLimits(MemoryRateLimits(clock), clock),
            identities=MemoryIdentities(clock),
            till_notes=MemoryTillNotes(),
            imports=MemoryImports(),
            dead_letters=some_letters(),
            saved_views=aside(some_views("local:Ada")),
            worker_reports=aside(some_workers()),
            deliveries=aside(some_deliveries()),
            code_lists=MemoryCodeLists(),
        ),
        codec=EventCodec(),
        programs=programs,
        guards=some_guards(),
        verifier=None,
        contact_key=None,
        console=ConsoleParts(a_log(), WayIn(LOCAL), told_settings=SETTINGS),
        clock=clock,
    )
    port = free_port()
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield Chain(
        f"http://127.0.0.1:{port}/console",
        clock,
        program_log,
        ClickHouseAnalytics(url, database),
        campaigns,
    )
    server.should_exit = True
    thread.join(10)


Open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Open]:
    """Open a page as somebody of a role; what the browser complains of fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(
        path: str = "/",
        *,
        role: str = "everything",
        name: str = "Ada",
        scheme: str = "light",
        width: int = 1360,
        may_complain: bool = False,
        at: str = "",
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,  # type: ignore[arg-type] # a literal
            locale="en-US",
            timezone_id="America/New_York",
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        if not may_complain:
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on(
                "console",
                lambda said: (
                    complaints.append(said.text) if said.type == "error" else None
                ),
            )
        # Whoever brings a console of its own needs no town.
        console = at or request.getfixturevalue("console")
        page.goto(f"{console}/sign-in?{urlencode({'next': f'/console{path}'})}")
        page.check(f"input[value={role}]")
        page.fill("#name", name)
        page.click("button.main")
        page.wait_for_load_state("load")
        page.evaluate("document.fonts.ready")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def faults_of(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.2 A and AA, with the first place of each."""
    page.evaluate(AXE.read_text())
    found = page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa',"
        " 'wcag22aa', 'best-practice']})"
    )
    return [
        f"{one['id']}: {one['help']} {one['nodes'][0]['target']} "
        f"{one['nodes'][0]['html'][:160]}"
        for one in found["violations"]
    ]
