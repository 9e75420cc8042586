"""A campaign in a real browser: from the form to its end, by two people."""

import asyncio
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from jobs.campaigning.running import CampaignRun, Reach
from jobs.migrate_clickhouse import migrate
from schemas.events import EventCodec
from stores import campaign_steps as steps
from stores.audiences import ClickHouseAudiences
from stores.clickhouse import connect
from stores.memory_backtests import MemoryBacktests
from stores.publisher import MemoryPublisher
from tests.browser.conftest import Chain, Open, aside, faults_of, served
from tests.browser.test_pages import PHONE, overflows, picture
from tests.browser.town import Town

DATABASE = "told"
NAME = "Shake week, for those who stayed away"
WAITS = re.compile(r"[\d,]+ members, about [\d,]+ (seconds|minutes)")


@pytest.fixture
def chain(clickhouse: str, backtests: MemoryBacktests) -> Iterator[Chain]:
    """A chain with its guests, and no campaign so far."""
    migrate(connect(clickhouse), DATABASE)
    with served(clickhouse, DATABASE, backtests, town=Town()) as made:
        yield made


def test_a_campaign_goes_from_the_form_to_its_end(
    open_page: Open, chain: Chain, clickhouse: str, tmp_path: Path
) -> None:
    mia = open_page("/campaigns", name="Mia", at=chain.address)
    mia.get_by_role("link", name="New campaign").click()
    expect(mia.locator("#count")).to_contain_text(WAITS)
    everybody = mia.locator("#count").inner_text()
    mia.fill("#name", NAME)
    mia.get_by_role("radio", name="Who stayed away").check()
    mia.fill("#days", "20")
    mia.fill("#rate", "5")
    expect(mia.locator("#count")).not_to_contain_text(everybody)
    expect(mia.locator("#count")).to_contain_text(WAITS)
    assert faults_of(mia) == []
    picture(mia, "campaign-writing", tmp_path)
    mia.get_by_role("button", name="Keep as a draft").click()
    expect(mia.locator("h1")).to_have_text(NAME)
    expect(mia.locator("main")).to_contain_text("another person starts it")
    mia.get_by_role("link", name="Change it").click()
    expect(mia.get_by_role("radio", name="Who stayed away")).to_be_checked()
    expect(mia.locator("#days")).to_have_value("20")
    expect(mia.locator("#count")).to_contain_text(WAITS)
    assert faults_of(mia) == []
    mia.fill("#days", "21")
    mia.get_by_role("button", name="Keep the change").click()
    expect(mia.locator("main")).to_contain_text("not ordered for 21 days")

    ben = open_page("/campaigns", role="approver", name="Ben", at=chain.address)
    ben.get_by_role("link", name=NAME).click()
    name = ben.url.rpartition("/")[2]
    ben.fill("#start-typed", name)
    ben.get_by_role("button", name="Start it").click()
    expect(ben.locator("#campaign")).to_contain_text("Scheduled")

    # The page moves by itself: nobody loads it again.
    runner = Runner(chain, name)
    aside(runner.run(clickhouse, strides=6))
    expect(ben.locator("#campaign")).to_contain_text("Running", timeout=8_000)
    expect(ben.locator("progress")).to_have_attribute("value", re.compile(r"[1-9]"))
    assert faults_of(ben) == []
    picture(ben, "campaign", tmp_path)
    ben.get_by_role("button", name="Pause").click()
    expect(ben.locator("#campaign")).to_contain_text("Paused")
    ben.get_by_role("button", name="Go on").click()
    expect(ben.locator("#campaign")).to_contain_text("Running")
    aside(runner.run(clickhouse, strides=100_000))
    expect(ben.locator("#campaign")).to_contain_text("Done", timeout=8_000)

    ben.reload()
    expect(ben.locator("main")).to_contain_text("What came of it")
    assert runner.told == runner.audience
    assert_sound_everywhere(open_page, chain, name, tmp_path)


def assert_sound_everywhere(
    open_page: Open, chain: Chain, name: str, tmp_path: Path
) -> None:
    """Both pages in the light, in the dark and on a phone."""
    for path, title in (("/campaigns", "campaigns"), (f"/campaigns/{name}", "one")):
        light: Page = open_page(path, at=chain.address)
        assert faults_of(light) == []
        dark: Page = open_page(path, scheme="dark", at=chain.address)
        assert faults_of(dark) == []
        picture(dark, f"campaign-{title}-dark", tmp_path)
        phone: Page = open_page(path, width=PHONE, at=chain.address)
        assert not overflows(phone)
        assert faults_of(phone) == []
        if title == "campaigns":
            picture(light, title, tmp_path)
            picture(phone, f"{title}-phone", tmp_path, full=False)


class Runner:
    """Does the part of `run-campaigns`, a few strides at a time."""

    def __init__(self, chain: Chain, name: str) -> None:
        self._chain = chain
        self._name = name
        self._log = MemoryPublisher()
        self.audience = 0

    @property
    def told(self) -> int:
        """How many members the log holds an act for."""
        return len({key for _, key, _ in self._log.published})

    async def run(self, clickhouse: str, *, strides: int) -> None:
        """Take the campaign and go so many strides, or to its end."""
        chain, lease = self._chain, f"runner-{strides}"
        held = await chain.campaigns.change(
            self._name,
            lambda one: steps.taken(one, lease, chain.clock.now_ms()),
        )
        assert held is not None
        stopping = asyncio.Event()
        audiences = ClickHouseAudiences(clickhouse, DATABASE)
        reach = Reach(
            chain.campaigns,
            audiences,
            _Counting(self._log, stopping, strides),
            EventCodec(),
            chain.clock.now_ms,
            self._program,
        )
        await CampaignRun(held, reach, stopping).run()
        await audiences.close()
        found = await chain.campaigns.find(self._name)
        assert found is not None
        self.audience = found.progress.audience
        if strides < self.audience and not found.is_over:
            # As if it still ran: the page shows what it shows then.
            await chain.campaigns.change(
                self._name, lambda one: one._replace(lease=lease)
            )

    async def _program(self) -> Mapping[str, Any]:
        return self._chain.program_log.snapshot.publishing.latest_document


class _Counting(MemoryPublisher):
    """A log that ends a run after so many records."""

    def __init__(
        self, log: MemoryPublisher, stopping: asyncio.Event, most: int
    ) -> None:
        super().__init__()
        self.published = log.published
        self._stopping = stopping
        self._until = len(log.published) + most

    async def publish(self, topic: str, *, key: bytes, value: bytes) -> Any:
        """Keep a record, and end the run with the last one."""
        placed = await super().publish(topic, key=key, value=value)
        if len(self.published) >= self._until:
            self._stopping.set()
        return placed
