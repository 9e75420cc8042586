"""A real Chromium before the console, over a town in a real ClickHouse."""

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from api.app import create_app
from api.console.app import ConsoleParts
from api.console.ways import LOCAL, WayIn
from api.parts import Stores
from jobs.migrate_clickhouse import migrate
from local.stack import Stack
from schemas.events import EventCodec
from schemas.state import DeadLetter
from schemas.topics import READERS
from stores.analytics import ClickHouseAnalytics
from stores.clickhouse import connect
from stores.clickhouse_questions import ClickHouseQuestions
from stores.command_notes import MemoryCommandNotes
from stores.log_watch import MemoryLogWatch, ReaderLag
from stores.memory_backtests import MemoryBacktests
from stores.memory_dead_letters import MemoryDeadLetters
from stores.memory_identities import MemoryIdentities
from stores.memory_imports import MemoryImports
from stores.memory_member_views import MemoryMemberViews
from stores.memory_program_log import MemoryProgramLog
from stores.memory_rate_limits import MemoryRateLimits, SafeRateLimits
from stores.program_log_contract import LivePrograms
from stores.saved_views import MemorySavedViews
from stores.till_notes import MemoryTillNotes
from tests.browser.town import DOCUMENT, HOUR, NOW, PROGRAM, Town, told
from tests.builders import an_order
from tests.routes.client import memory_deliveries
from tests.routes.engine import MemoryEngine

AXE = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"
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


def a_log() -> MemoryLogWatch:
    """A log with a little lag, and a record that could not be applied."""
    watch = MemoryLogWatch()
    watch.rows = tuple(
        ReaderLag(
            group, topic, tuple((n * 7 + len(topic)) % 3 for n in range(8)), 3_241
        )
        for group, topics in READERS.items()
        for topic in topics
    )
    reason, detail = "amount-out-of-range", "total_minor is -5, expected 0 or more"
    watch.letters = [
        DeadLetter("orders", 3, 812, reason, detail, NOW - 90_000, b"guest-017", b"x")
    ]
    return watch


@pytest.fixture(scope="session")
def backtests() -> MemoryBacktests:
    """Where backtests wait for whoever works them out."""
    return MemoryBacktests()


@pytest.fixture(scope="session")
def console(
    tmp_path_factory: pytest.TempPathFactory, backtests: MemoryBacktests
) -> Iterator[str]:
    """Address of a console over a town; commands are decided at once."""
    stack = Stack(tmp_path_factory.mktemp("browser"))
    try:
        stack.start("clickhouse")
        url = stack.addresses()["clickhouse_url"]
        migrate(connect(url), "regulars")
        yield from served(url, backtests)
    finally:
        stack.stop()


def served(url: str, backtests: MemoryBacktests) -> Iterator[str]:
    """Serve the console from a thread until the test session ends."""
    town, views = Town(), MemoryMemberViews()
    # Playwright has a loop of its own in this thread.
    with ThreadPoolExecutor(1) as aside:
        aside.submit(told, town, ClickHouseAnalytics(url, "regulars"), views).result()
    analytics = ClickHouseAnalytics(url, "regulars")
    engine = MemoryEngine(PROGRAM, views, analytics, recorded_at=NOW)
    engine.members = town.members
    started = time.monotonic()

    def clock() -> float:
        # Publications come into force while a story goes on.
        return NOW / 1_000 + time.monotonic() - started

    program_log = MemoryProgramLog(DOCUMENT, lambda: int(clock() * 1_000))
    app = create_app(
        Stores(
            views=views,
            feed=views.feed,
            analytics=analytics,
            questions=ClickHouseQuestions(url, "regulars"),
            publisher=engine,
            notes=MemoryCommandNotes(),
            backtests=backtests,
            program_log=program_log,
            limits=SafeRateLimits(MemoryRateLimits(clock), clock),
            identities=MemoryIdentities(clock),
            till_notes=MemoryTillNotes(),
            imports=MemoryImports(),
            dead_letters=some_letters(),
            saved_views=MemorySavedViews(),
            deliveries=memory_deliveries(),
        ),
        codec=EventCodec(),
        programs=LivePrograms(program_log),
        verifier=None,
        contact_key=None,
        console=ConsoleParts(a_log(), WayIn(LOCAL), told_settings=SETTINGS),
        clock=clock,
    )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}/console"
    server.should_exit = True
    thread.join(10)


def some_letters() -> MemoryDeadLetters:
    """Letters to work through: one that says something, one that cannot be read."""
    letters = MemoryDeadLetters()
    order = an_order("o-77", member_id="guest-002", occurred_at=NOW - HOUR)
    for value, reason, detail in (
        (EventCodec().encode_order(order), "order-conflict", "its total was 12.40"),
        (b"\x07 not a record", "wrong-magic", "expected c301 or 00 at the start"),
    ):
        letters.hold(
            1, DeadLetter("orders", 1, 42, reason, detail, NOW, b"guest-002", value)
        )
    return letters


SETTINGS = (
    ("REGULARS_APP_ID", "regulars"),
    ("REGULARS_PARTITIONS", "8"),
    ("REGULARS_CLICKHOUSE_DATABASE", "regulars"),
    ("REGULARS_CONSOLE_SECRET", "set"),
)
Open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, console: str) -> Iterator[Open]:
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
        page.set_default_timeout(20_000)
        if not may_complain:
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on(
                "console",
                lambda said: (
                    complaints.append(said.text) if said.type == "error" else None
                ),
            )
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
