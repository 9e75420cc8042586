"""Campaigns on the console: a draft, its size, its start by another, its progress."""

import asyncio
from typing import Any

import pytest

from loyalty.program_document import program_from
from stores import campaign_steps as steps
from stores.campaigns_contract import Going, Progress
from tests.builders import NOON
from tests.routes.client import Client
from tests.routes.desk import Visitor
from tests.routes.test_campaigns import DOCUMENT, MEMBERS

FORM = {
    "name": "Come and see!",
    "trigger": "spring-hello",
    "kind": "all",
    "tier": "gold",
    "segment": "loyal",
    "days": "60",
    "ids": "",
    "starts": "",
    "ends": "",
    "rate": "100",
    "ramp": "0",
}
CAMPAIGN = "/campaigns/come-and-see-20240115-120000"


@pytest.fixture
def client() -> Client:
    made = Client(program_from(DOCUMENT), DOCUMENT)
    made.audiences.known = dict(MEMBERS)
    return made


@pytest.fixture
def mia(client: Client) -> Visitor:
    return Visitor(client).sign_in("marketer", "Mia")


@pytest.fixture
def ben(client: Client) -> Visitor:
    return Visitor(client).sign_in("approver", "Ben")


def written(mia: Visitor, **more: str) -> Any:
    return mia.send("/new-campaign", "/new-campaign", **(FORM | more))


def test_a_draft_is_written_and_says_what_it_does_and_for_how_many(
    mia: Visitor,
) -> None:
    assert "No campaign yet" in mia.get("/campaigns").text
    answer = written(mia, kind="tier", tier="base", rate="1")
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"] == f"/console{CAMPAIGN}"

    page = mia.get(CAMPAIGN).text
    assert "Sets spring-hello going for members of tier base" in page
    assert "Today that is 2 members, about 2 seconds." in page
    assert "You wrote it, so another person starts it." in page
    assert "/steps/start" not in page
    assert "Come and see!" in mia.get("/campaigns").text


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"trigger": "opened"}, "What it says: "),
        ({"rate": "0"}, "Members a second: "),
        ({"rate": "many"}, "Members a second: "),
        ({"kind": "idle", "days": ""}, "Days without an order: "),
        ({"kind": ""}, "Whom it is for: "),
        ({"kind": "list", "ids": " "}, "A list has 1 to 50,000"),
        ({"kind": "list", "ids": "x" * 129}, "A list has 1 to 50,000"),
        ({"starts": "soon"}, "The time makes no sense."),
        ({"ends": "2020-01-01T00:00"}, "Ends at the latest: "),
    ],
)
def test_a_form_that_is_wrong_says_so_and_keeps_what_was_written(
    mia: Visitor, change: dict[str, str], told: str
) -> None:
    answer = written(mia, **change)

    assert answer.status_code == 422
    assert told in answer.text
    assert 'value="Come and see!"' in answer.text
    assert "No campaign yet" in mia.get("/campaigns").text


def test_the_size_of_an_audience_comes_while_the_form_is_filled_in(
    mia: Visitor,
) -> None:
    def count(query: str) -> str:
        return mia.get(f"/campaign-count?{query}").text

    assert "3 members, about 3 seconds" in count("kind=all&rate=1&ramp=0")
    assert "1 members" in count("kind=idle&days=30&rate=1&ramp=0")
    assert "Counted when the draft is kept" in count("kind=list&rate=1&ramp=0")
    assert "Days without an order: " in count("kind=idle&days=x&rate=1&ramp=0")
    assert "Members a second: " in count("kind=all&rate=9999&ramp=0")


def test_a_list_of_ones_own_is_pasted(mia: Visitor, client: Client) -> None:
    answer = written(mia, kind="list", ids="ann, bob\nstranger ann")
    page = mia.get(answer.headers["location"].removeprefix("/console")).text

    assert "a list of members" in page
    assert "Today that is 2 members" in page
    assert "1 ids of the list are no members." in page
    assert client.publisher.published == []


def test_another_person_starts_it_by_typing_its_id(mia: Visitor, ben: Visitor) -> None:
    written(mia)
    name = CAMPAIGN.rpartition("/")[2]
    wrong = ben.send(f"{CAMPAIGN}/steps/start", CAMPAIGN, typed="yes")
    assert wrong.status_code == 200
    assert f"Type {name} to be sure." in wrong.text
    assert "Draft" in wrong.text

    right = ben.send(f"{CAMPAIGN}/steps/start", CAMPAIGN, typed=name)
    assert right.status_code == 303
    page = mia.get(CAMPAIGN).text
    assert "Scheduled" in page
    assert "<strong>Ben</strong> started it" in page


def test_who_wrote_it_cannot_start_it_past_the_page_either(client: Client) -> None:
    all_of_it = Visitor(client).sign_in("everything", "Ada")
    written(all_of_it)
    name = CAMPAIGN.rpartition("/")[2]
    answer = all_of_it.send(
        f"{CAMPAIGN}/steps/start", "/campaigns", typed=name, revision="1"
    )

    assert "does not start it" in answer.text
    assert "Draft" in all_of_it.get(CAMPAIGN).text


def test_progress_moves_by_itself_until_it_is_over(
    mia: Visitor, ben: Visitor, client: Client
) -> None:
    written(mia)
    name = CAMPAIGN.rpartition("/")[2]
    ben.send(f"{CAMPAIGN}/steps/start", CAMPAIGN, typed=name)
    store = client.campaigns

    async def run() -> None:
        await store.change(name, lambda one: steps.taken(one, "us", NOON))
        frozen, going = Progress("s", 2_000), Going("m", 500, NOON)
        await store.change(name, lambda one: steps.frozen(one, "us", frozen, now=NOON))
        await store.change(name, lambda one: steps.going(one, "us", going, now=NOON))
        await store.change(name, lambda one: steps.confirmed(one, "us", going))

    asyncio.run(run())
    part = mia.get(f"{CAMPAIGN}/progress").text
    assert 'hx-trigger="every 1s"' in part
    assert 'max="2000" value="500"' in part
    assert "about 15 seconds left" in part

    mia.send(f"{CAMPAIGN}/steps/pause", CAMPAIGN)
    assert "hx-trigger" not in mia.get(f"{CAMPAIGN}/progress").text
    mia.send(f"{CAMPAIGN}/steps/stop", CAMPAIGN)
    page = mia.get(CAMPAIGN).text
    assert "What came of it" in page
    assert "/console/rules/spring-hello" in page
    assert "It is over; nothing more follows." in page


def test_whoever_may_only_read_sees_and_does_nothing(
    mia: Visitor, client: Client
) -> None:
    written(mia)
    analyst = Visitor(client).sign_in("analyst", "Ana")
    page = analyst.get(CAMPAIGN).text
    answer = analyst.send(f"{CAMPAIGN}/steps/stop", "/saved")

    assert "not start or stop them" in page
    assert answer.status_code == 403
    assert analyst.send("/wake", "/saved", rate="5", once="x").status_code == 403
    assert analyst.get("/new-campaign").status_code == 403
    assert 'id="wake"' not in analyst.get("/campaigns").text


def test_everybody_is_looked_at_by_one_button_and_a_second_press_is_the_same(
    ben: Visitor, client: Client
) -> None:
    assert "this lets the engine look at" in ben.get("/campaigns").text.lower()
    first = ben.send("/wake", "/campaigns", rate="50", once="press")
    again = ben.send("/wake", "/campaigns", rate="50", once="press")
    wrong = ben.send("/wake", "/campaigns", rate="0", once="other")

    assert first.status_code == 303
    assert again.headers["location"] == first.headers["location"]
    assert wrong.status_code == 422
    page = ben.get(first.headers["location"].removeprefix("/console")).text
    assert "It says nothing itself." in page
    assert len(asyncio.run(client.campaigns.due(NOON))) == 1


def test_without_a_trigger_that_waits_the_form_says_how_to_get_one() -> None:
    page = Visitor(Client()).sign_in("marketer").get("/new-campaign").text

    assert "First write what it says" in page
    assert "new-rule?section=triggers" in page


def changed(who: Visitor, **more: str) -> Any:
    return who.send(f"{CAMPAIGN}/draft", f"{CAMPAIGN}/draft", **(FORM | more))


def test_a_draft_is_changed_and_whoever_changed_it_last_does_not_start_it(
    mia: Visitor, ben: Visitor, client: Client
) -> None:
    eve = Visitor(client).sign_in("everything", "Eve")
    written(mia, kind="idle", days="30", starts="2024-02-01T09:30", rate="7")
    form = eve.get(f"{CAMPAIGN}/draft").text
    assert 'value="Come and see!"' in form
    assert 'value="idle" checked' in form.replace("  ", " ")
    assert 'value="2024-02-01T09:30"' in form
    assert 'value="7"' in form

    answer = changed(eve, name="Come, do!", kind="tier", tier="base")

    assert answer.headers["location"] == f"/console{CAMPAIGN}"
    page = eve.get(CAMPAIGN).text
    assert "Come, do!" in page
    assert "going for members of tier base" in page
    assert "You wrote it, so another person starts it." in page
    assert "/steps/start" in ben.get(CAMPAIGN).text
    assert f"{CAMPAIGN}/draft" not in ben.get(CAMPAIGN).text


def test_a_change_that_is_wrong_or_late_says_so_and_changes_nothing(
    mia: Visitor,
) -> None:
    written(mia)
    wrong = changed(mia, rate="0", name="Lost")
    assert wrong.status_code == 422
    assert "Members a second: " in wrong.text
    assert 'value="Lost"' in wrong.text

    late = changed(mia, revision="7", name="Lost")
    assert late.status_code == 422
    assert "Lost" not in mia.get(CAMPAIGN).text


def test_a_list_stays_unless_another_is_written(mia: Visitor) -> None:
    written(mia, kind="list", ids="ann bob")
    assert "Empty keeps the list as it is." in mia.get(f"{CAMPAIGN}/draft").text

    changed(mia, kind="list", name="Renamed")
    assert "Today that is 2 members" in mia.get(CAMPAIGN).text
    changed(mia, kind="list", ids="ann")
    assert "Today that is 1 members" in mia.get(CAMPAIGN).text


def test_what_has_been_started_is_changed_no_more(mia: Visitor, ben: Visitor) -> None:
    written(mia)
    ben.send(f"{CAMPAIGN}/steps/start", CAMPAIGN, typed=CAMPAIGN.rpartition("/")[2])

    assert mia.get(f"{CAMPAIGN}/draft").status_code == 409
    assert f"{CAMPAIGN}/draft" not in mia.get(CAMPAIGN).text
