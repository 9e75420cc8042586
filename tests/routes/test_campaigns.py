"""Campaigns over HTTP: written, started by another, followed, paused, stopped."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from loyalty.campaigns import WAKE
from loyalty.limits import DAY_MS
from loyalty.program_document import program_from
from stores import campaign_steps as steps
from stores.audiences_contract import SEGMENTS
from stores.campaigns_contract import ACTIVE_MAX, Going, Progress
from stores.memory_audiences import Known
from tests.builders import NOON
from tests.routes.client import Client

PATH = "/v1/campaigns"
DOCUMENT: dict[str, Any] = {
    "program": "garden",
    "version": 1,
    "currency": "USD",
    "earn": [{"id": "spend", "kind": "spend", "points": 1, "step_minor": 100}],
    "tiers": [
        {"id": "base", "name": "Base", "from_points": 0},
        {"id": "gold", "name": "Gold", "from_points": 100},
    ],
    "triggers": [
        {"id": "spring-hello", "kind": "activity", "activity": "campaign.spring"},
        {"id": "opened", "kind": "activity", "activity": "app.opened"},
    ],
}
BODY: dict[str, Any] = {
    "campaign_id": "spring-2026",
    "name": "Come and see",
    "trigger": "spring-hello",
    "audience": {"kind": "all"},
}
PLAN = {name: value for name, value in BODY.items() if name != "campaign_id"}
MEMBERS = {
    "ann": Known("gold", "champions", NOON - DAY_MS),
    "bob": Known("base", "asleep", NOON - 90 * DAY_MS),
    "cy": Known("base"),
}


@pytest.fixture
def client() -> Client:
    made = Client(program_from(DOCUMENT), DOCUMENT)
    made.audiences.known = dict(MEMBERS)
    return made


class People:
    """Two people, each of whom asks in their own name."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def ask(
        self,
        who: str,
        method: str,
        path: str = "",
        body: Any = None,
        **headers: str,
    ) -> httpx.Response:
        token = self.client.tokens.token(sub=who)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.call(
            method,
            PATH + path,
            headers={"authorization": f"Bearer {token}", **sent},
            **({} if body is None else {"json": body}),
        )

    def started(self, name: str = "spring-2026", **more: Any) -> dict[str, Any]:
        written = self.ask("ana", "POST", "", BODY | more | {"campaign_id": name})
        assert written.status_code == 201, written.text
        answer = self.ask("bea", "POST", f"/{name}/start")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture
def people(client: Client) -> People:
    return People(client)


def faults(answer: httpx.Response) -> set[str]:
    return {one["pointer"] for one in answer.json()["errors"]}


def test_a_campaign_is_written_and_read_as_a_draft(people: People) -> None:
    answer = people.ask("ana", "POST", "", BODY)
    read = people.ask("cid", "GET", "/spring-2026")

    assert answer.status_code == 201
    assert answer.headers["location"] == "/v1/campaigns/spring-2026"
    assert answer.headers["etag"] == read.headers["etag"] == '"1"'
    told = read.json()
    assert told == answer.json()
    assert (told["state"], told["activity"]) == ("draft", "campaign.spring")
    assert told["written_by"] == "ana"
    assert told["progress"] == {
        "audience": 0,
        "sent": 0,
        "left": 0,
        "refused": 0,
        "seconds_left": 0,
    }


def test_the_same_campaign_again_is_that_one_and_another_of_its_id_is_refused(
    people: People,
) -> None:
    people.ask("ana", "POST", "", BODY)
    again = people.ask("ana", "POST", "", BODY)
    by_another = people.ask("eve", "POST", "", BODY)
    other = people.ask("ana", "POST", "", BODY | {"name": "Other"})

    assert again.status_code == 201
    for answer in (by_another, other):
        assert answer.status_code == 409
        assert answer.json()["type"] == "/problems/campaign-exists"


def test_whoever_wrote_it_does_not_start_it_and_another_does(people: People) -> None:
    people.ask("ana", "POST", "", BODY)
    own = people.ask("ana", "POST", "/spring-2026/start")
    other = people.ask("bea", "POST", "/spring-2026/start")

    assert own.status_code == 403
    assert own.json()["type"] == "/problems/self-approval"
    assert other.status_code == 200
    told = other.json()
    assert (told["state"], told["approved_by"]) == ("scheduled", "bea")
    assert told["steps"][-1] == {
        "at": "2024-01-15T12:00:00.000Z",
        "by": "bea",
        "what": "started",
    }
    assert told["starts_at"] == "2024-01-15T12:00:00.000Z"


def test_whoever_changed_it_last_does_not_start_it_either(people: People) -> None:
    people.ask("ana", "POST", "", BODY)
    unseen = people.ask("bea", "PUT", "/spring-2026", PLAN)
    stale = people.ask("bea", "PUT", "/spring-2026", PLAN, if_match='"9"')
    written = people.ask("bea", "PUT", "/spring-2026", PLAN, if_match='"1"')
    answer = people.ask("bea", "POST", "/spring-2026/start")

    assert (unseen.status_code, stale.status_code) == (428, 412)
    assert written.status_code == 200
    assert written.headers["etag"] == '"2"'
    assert answer.json()["type"] == "/problems/self-approval"
    assert people.ask("ana", "POST", "/spring-2026/start").status_code == 200


def test_what_was_started_does_not_change_and_a_step_sees_what_was_seen(
    people: People,
) -> None:
    people.started()
    written = people.ask("ana", "PUT", "/spring-2026", PLAN, if_match="*")
    stale = people.ask("ana", "POST", "/spring-2026/pause", if_match='"1"')
    again = people.ask("bea", "POST", "/spring-2026/start")

    assert written.json()["type"] == "/problems/campaign-not-now"
    assert stale.json()["type"] == "/problems/campaign-stale"
    assert again.json()["type"] == "/problems/campaign-not-now"
    assert "scheduled" in again.json()["detail"]


def test_it_is_paused_goes_on_and_is_stopped_for_good(people: People) -> None:
    people.started()
    states = [
        people.ask("ana", "POST", f"/spring-2026/{step}").json()["state"]
        for step in ("pause", "resume", "stop")
    ]
    after = people.ask("ana", "POST", "/spring-2026/resume")

    assert states == ["paused", "scheduled", "stopped"]
    assert after.status_code == 409


def test_progress_is_told_and_leaves_the_etag_alone(
    people: People, client: Client
) -> None:
    people.started(rate_per_second=5)

    async def run() -> None:
        store, name = client.campaigns, "spring-2026"
        await store.change(name, lambda one: steps.taken(one, "us", NOON))
        frozen = Progress("s", 30, 2)
        going = Going("m", 10, NOON)
        await store.change(name, lambda one: steps.frozen(one, "us", frozen, now=NOON))
        await store.change(name, lambda one: steps.going(one, "us", going, now=NOON))
        await store.change(name, lambda one: steps.confirmed(one, "us", going))

    asyncio.run(run())
    answer = people.ask("ana", "GET", "/spring-2026")

    assert answer.json()["state"] == "running"
    assert answer.json()["progress"] == {
        "audience": 30,
        "sent": 10,
        "left": 20,
        "refused": 2,
        "seconds_left": 4,
    }
    assert answer.headers["etag"] == '"2"'


@pytest.mark.parametrize(
    ("change", "pointers"),
    [
        pytest.param({"trigger": "nobody"}, {"/trigger"}, id="no such trigger"),
        pytest.param({"trigger": "opened"}, {"/trigger"}, id="it waits for members"),
        pytest.param(
            {"audience": {"kind": "tier", "name": "tin"}},
            {"/audience/name"},
            id="no such tier",
        ),
        pytest.param(
            {"audience": {"kind": "tier"}}, {"/audience/name"}, id="a tier of no name"
        ),
        pytest.param(
            {"audience": {"kind": "segment", "name": "x"}},
            {"/audience/name"},
            id="no such segment",
        ),
        pytest.param(
            {"audience": {"kind": "list", "name": "mine"}},
            {"/audience/name"},
            id="no list",
        ),
        pytest.param(
            {"audience": {"kind": "idle"}}, {"/audience/days"}, id="idle for how long"
        ),
        pytest.param(
            {"audience": {"kind": "all", "name": "x", "days": 3}},
            {"/audience/name", "/audience/days"},
            id="everybody has neither",
        ),
        pytest.param(
            {"starts_at": NOON + 366 * DAY_MS}, {"/starts_at"}, id="too far ahead"
        ),
        pytest.param({"starts_at": -5}, {"/starts_at"}, id="before 1970"),
        pytest.param({"ends_at": NOON}, {"/ends_at"}, id="over already"),
        pytest.param(
            {"starts_at": NOON + 20, "ends_at": NOON + 10},
            {"/ends_at"},
            id="ends before it begins",
        ),
        pytest.param(
            {"trigger": "x", "ends_at": 5, "audience": {"kind": "idle"}},
            {"/trigger", "/ends_at", "/audience/days"},
            id="all of it at once",
        ),
    ],
)
def test_what_could_not_be_sent_is_refused_with_a_pointer_to_each_fault(
    people: People, change: dict[str, Any], pointers: set[str]
) -> None:
    answer = people.ask("ana", "POST", "", BODY | change)

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/campaign-invalid"
    assert faults(answer) == pointers
    assert people.ask("ana", "GET", "/spring-2026").status_code == 404


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"campaign_id": "Spring"}, "/campaign_id"),
        ({"campaign_id": "-x"}, "/campaign_id"),
        ({"campaign_id": "x" * 65}, "/campaign_id"),
        ({"name": ""}, "/name"),
        ({"rate_per_second": 0}, "/rate_per_second"),
        ({"rate_per_second": 5_001}, "/rate_per_second"),
        ({"rate_per_second": 1.5}, "/rate_per_second"),
        ({"rate_per_second": "9"}, "/rate_per_second"),
        ({"ramp_seconds": -1}, "/ramp_seconds"),
        ({"audience": {"kind": "friends"}}, "/audience/kind"),
        ({"audience": {"kind": "idle", "days": 0}}, "/audience/days"),
        ({"audience": None}, "/audience"),
        ({"starts_at": "tomorrow"}, "/starts_at"),
        ({"colour": "red"}, "/colour"),
    ],
)
def test_what_is_not_of_the_form_is_refused(
    people: People, change: dict[str, Any], pointer: str
) -> None:
    answer = people.ask("ana", "POST", "", BODY | change)

    assert answer.json()["type"] == "/problems/invalid-request"
    assert faults(answer) == {pointer}


@pytest.mark.parametrize(
    ("audience", "members"),
    [
        ({"kind": "all"}, 3),
        ({"kind": "tier", "name": "base"}, 2),
        ({"kind": "segment", "name": "champions"}, 1),
        ({"kind": "idle", "days": 30}, 1),
        ({"kind": "list", "name": "l-" + "0" * 32}, 0),
    ],
)
def test_an_audience_is_counted_before_anybody_is_sent_to(
    people: People, audience: dict[str, Any], members: int
) -> None:
    body = {"audience": audience, "rate_per_second": 1}
    answer = people.ask("ana", "POST", "/counts", body)

    assert answer.json() == {"members": members, "refused": 0, "seconds": members}
    assert len(SEGMENTS) == 8


def test_a_list_is_taken_row_by_row_and_tells_what_it_left_out(
    people: People, client: Client
) -> None:
    rows = [
        '{"member_id": "ann"}',
        "no row",
        '{"member_id": "stranger"}',
        '{"member": "bob"}',
        '{"member_id": "\\u0000x"}',
        '{"member_id": 7}',
        '{"member_id": "ann"}',
    ]
    options = {
        "content": "\n".join(rows),
        "headers": {"content-type": "application/x-ndjson"},
    }
    answer = client.call("POST", f"{PATH}/lists", **options)
    again = client.call("POST", f"{PATH}/lists", **options)

    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert again.json() == told
    assert (told["taken"], told["refused"]) == (3, 4)
    assert [one["row"] for one in told["faults"]] == [2, 4, 5, 6]
    audience = {"kind": "list", "name": told["list_id"]}
    count = people.ask("ana", "POST", "/counts", {"audience": audience})
    assert count.json() == {"members": 1, "refused": 1, "seconds": 1}


def test_a_list_may_be_a_spreadsheet_and_nothing_else(client: Client) -> None:
    sheet = client.call(
        "POST",
        f"{PATH}/lists",
        content="member_id\nann\n\nbob\n",
        headers={"content-type": "text/csv; charset=utf-8"},
    )
    other = client.call("POST", f"{PATH}/lists", json={"member_id": "ann"})

    assert (sheet.json()["taken"], sheet.json()["refused"]) == (2, 0)
    assert other.status_code == 415


def test_all_members_are_looked_at_once_for_a_key_without_a_second_person(
    people: People, client: Client
) -> None:
    keyless = people.ask("bea", "POST", "/wakes", {"rate_per_second": 50})
    first = people.ask("bea", "POST", "/wakes", {}, idempotency_key="k")
    again = people.ask("bea", "POST", "/wakes", {}, idempotency_key="k")
    other = people.ask("bea", "POST", "/wakes", {}, idempotency_key="l")

    assert keyless.status_code == 400
    assert first.status_code == 202
    told = first.json()
    assert (told["kind"], told["state"], told["activity"]) == (
        WAKE[9:],
        "scheduled",
        WAKE,
    )
    assert told["audience"]["kind"] == "all"
    assert again.json() == told
    assert again.headers["idempotency-replayed"] == "true"
    assert other.json()["campaign_id"] != told["campaign_id"]
    due = asyncio.run(client.campaigns.due(NOON))
    assert len(due) == 2


def test_so_many_are_under_way_and_no_more(people: People) -> None:
    for number in range(ACTIVE_MAX):
        body: dict[str, Any] = {}
        people.ask("bea", "POST", "/wakes", body, idempotency_key=f"k-{number}")
    people.ask("ana", "POST", "", BODY)
    start = people.ask("bea", "POST", "/spring-2026/start")
    wake = people.ask("bea", "POST", "/wakes", {}, idempotency_key="one-more")

    for answer in (start, wake):
        assert answer.status_code == 429
        assert answer.json()["type"] == "/problems/too-many-campaigns"


def test_campaigns_are_listed_page_by_page(people: People, client: Client) -> None:
    for number in range(5):
        client.now_seconds += number % 2
        people.ask("ana", "POST", "", BODY | {"campaign_id": f"c-{number}"})
    seen: list[str] = []
    cursor = ""
    while True:
        page = people.ask("ana", "GET", f"?limit=2{cursor}").json()
        seen += [one["campaign_id"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"

    assert seen == ["c-4", "c-3", "c-2", "c-1", "c-0"]
    wrong = people.ask("ana", "GET", "?cursor=nobody")
    assert wrong.status_code == 422


def test_nobody_outside_sends_the_act_of_a_campaign(client: Client) -> None:
    act = {
        "event_id": "a-1",
        "member_id": "member-1",
        "type": "campaign.spring",
        "occurred_at": NOON,
    }
    client.token = client.tokens.token(member_id="member-1")
    answer = client.call("POST", "/v1/activity", json=act)

    assert answer.status_code == 422
    assert answer.json()["reason"] == "type-reserved"
    assert client.publisher.published == []


def test_a_store_that_is_away_is_told(people: People, client: Client) -> None:
    people.ask("ana", "POST", "", BODY)
    client.campaigns.is_available = client.audiences.is_available = False
    answers = [
        people.ask("ana", "GET", "/spring-2026"),
        people.ask("ana", "GET"),
        people.ask("ana", "POST", "/spring-2026/stop"),
        people.ask("ana", "POST", "/counts", {"audience": {"kind": "all"}}),
    ]

    assert [answer.status_code for answer in answers] == [503] * 4
    assert json.loads(answers[0].text)["type"] == "/problems/unavailable"
