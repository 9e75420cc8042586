"""Rules on the console: written, approved by another, published, stopped."""

import html

import pytest

from api.console.routes.rules import KINDS
from tests.routes.client import Client
from tests.routes.desk import Visitor

DRAFT = "id: extra\npoints: 5\nstep_minor: 100\n"


@pytest.fixture
def client() -> Client:
    return Client()


def as_(client: Client, role: str, name: str) -> Visitor:
    """Somebody of a role, by name."""
    return Visitor(client).sign_in(role, name)


def written(client: Client, visitor: Visitor) -> None:
    """Let somebody write a rule."""
    page = "/new-rule?section=earn&kind=text"
    answer = visitor.send("/new-rule", page, text=DRAFT)
    expected = "/console/rules/extra?done=drafted"
    assert answer.headers["location"] == expected, answer.text
    assert client.program_log.snapshot.publishing.rule("extra") is not None


def step(visitor: Visitor, name: str, **fields: str) -> int:
    """Status of a step; its version is the newest."""
    path = f"/rules/extra/steps/{name}"
    said = {"version": "1"} | fields
    return visitor.send(path, "/rules/extra", **said).status_code


def published(client: Client, mia: Visitor, otto: Visitor) -> None:
    """Let a rule come into force."""
    written(client, mia)
    steps = [step(mia, "submit"), step(otto, "approve"), step(mia, "publish")]
    assert steps == [303, 303, 303]
    client.now_seconds += 3_600


def test_a_rule_is_told_in_a_sentence(client: Client) -> None:
    page = as_(client, "analyst", "Ann").get("/rules").text

    assert "give 1 point for each whole 1.00 USD" in page
    assert "New rule" not in page


def test_a_rule_lives_from_draft_to_end(client: Client) -> None:
    mia, otto = as_(client, "marketer", "Mia"), as_(client, "approver", "Otto")
    written(client, mia)

    assert step(mia, "submit", why="spring") == 303
    assert "spring" in otto.get("/rules").text
    assert step(otto, "reject", why="too much") == 303
    assert step(mia, "submit") == 303
    assert step(otto, "approve") == 303
    assert step(mia, "publish") == 303
    client.now_seconds += 3_600
    sure = {"typed": "extra", "why": "enough"}
    assert step(mia, "pause", **sure) == 303
    assert step(otto, "resume") == 303
    assert step(otto, "end", **sure) == 303
    page = mia.get("/rules/extra").text
    assert "too much" in page
    assert "Otto" in page
    assert 'href="/console/rules/extra/edit"' not in page


def test_nobody_approves_their_own_rule(client: Client) -> None:
    ada = as_(client, "everything", "Ada")
    written(client, ada)
    step(ada, "submit")

    assert step(ada, "approve") == 403
    rule = client.program_log.snapshot.publishing.rule("extra")
    assert rule is not None
    assert rule.versions[-1].status == "submitted"


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("marketer", {"submit", "publish", "pause", "resume", "end"}),
        ("approver", {"approve", "reject", "publish", "pause", "resume", "end"}),
        ("analyst", set()),
        ("operator", set()),
    ],
)
@pytest.mark.parametrize("name", KINDS)
def test_a_step_needs_its_right(
    client: Client, role: str, may: set[str], name: str
) -> None:
    visitor = as_(client, role, "Somebody")
    csrf = visitor.get("/rules").text.split('name="csrf" value="')[1].split('"')[0]
    path = f"/rules/spend/steps/{name}"
    answer = visitor.post(path, csrf=csrf, revision="0")

    assert (answer.status_code == 403) == (name not in may)


def test_a_step_needs_the_token_of_its_session(client: Client) -> None:
    mia = as_(client, "marketer", "Mia")
    sent = {"revision": "0", "typed": "spend", "why": "because"}
    answer = mia.post("/rules/spend/steps/pause", **sent)

    assert answer.status_code == 400
    assert client.program_log.records == []


@pytest.mark.parametrize("path", ["/new-rule", "/rules/spend/edit"])
def test_only_marketers_write(client: Client, path: str) -> None:
    approver = as_(client, "approver", "Otto")

    assert approver.get(path).status_code == 403
    assert as_(client, "marketer", "Mia").get(path).status_code == 200


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("points: 5", "is no text"),
        ("id: [", "is neither YAML nor JSON"),
        ("just words", "is neither YAML nor JSON"),
        ("a: &a [1]\nid: *a", "is neither YAML nor JSON"),
        ("id: spend\npoints: 1\nstep_minor: 100", "there is a rule"),
        ("id: odd\npoints: many\nstep_minor: 100", "<code>points</code>"),
        ("id: odd\npoints: 1\nstep_minor: 100\n<b>: 1", "&lt;b&gt;"),
    ],
)
def test_what_is_wrong_with_a_draft_is_told_and_the_draft_kept(
    client: Client, text: str, fault: str
) -> None:
    mia = as_(client, "marketer", "Mia")
    page = "/new-rule?section=earn&kind=text"
    answer = mia.send("/new-rule", page, text=text)

    assert answer.status_code in (409, 422)
    assert fault in answer.text
    assert html.escape(text.splitlines()[0]) in answer.text


def test_of_two_who_saw_the_same_the_first_is_taken(client: Client) -> None:
    mia, max_ = as_(client, "marketer", "Mia"), as_(client, "marketer", "Max")
    written(client, mia)
    path, changed = "/rules/extra/edit", {"mode": "text", "text": DRAFT + "kind: spend"}
    assert mia.send(path, path, **changed).status_code == 303

    answer = max_.send(path, path, **changed, revision="1")
    assert answer.status_code == 412
    assert "somebody changed this rule" in answer.text
    assert 'name="revision" value="2"' in answer.text


def test_a_pause_is_typed_first_and_says_why(client: Client) -> None:
    mia, otto = as_(client, "marketer", "Mia"), as_(client, "approver", "Otto")
    published(client, mia, otto)

    assert step(mia, "pause", typed="spend", why="enough") == 422
    assert step(mia, "pause", typed="extra") == 422
    assert step(mia, "pause", why="enough") == 422
    assert step(mia, "nothing") == 409


@pytest.mark.parametrize(
    ("sent", "status"),
    [("2026-13-01T10:00", 422), ("soon", 422), ("1999-01-01T00:00", 422)],
)
def test_a_time_that_makes_no_sense_or_is_over_publishes_nothing(
    client: Client, sent: str, status: int
) -> None:
    mia, otto = as_(client, "marketer", "Mia"), as_(client, "approver", "Otto")
    written(client, mia)
    step(mia, "submit")
    step(otto, "approve")

    assert step(mia, "publish", **{"from": sent}) == status


def test_what_is_scheduled_is_told_beforehand(client: Client) -> None:
    mia, otto = as_(client, "marketer", "Mia"), as_(client, "approver", "Otto")
    written(client, mia)
    step(mia, "submit")
    step(otto, "approve")
    assert step(mia, "publish", **{"from": "2099-01-01T10:00"}) == 303

    page = mia.get("/rules?state=scheduled").text
    assert "1 Jan 2099, 10:00" in page
    assert page.count("/console/rules/extra") >= 2
    assert "/console/rules/spend" not in page


def test_fields_change_what_they_show_and_keep_the_rest(client: Client) -> None:
    mia = as_(client, "marketer", "Mia")
    path = "/rules/spend/edit"
    sent = {"f.points": "3", "f.minimum": "12.50", "f.tiers": "gold", "f.days": ""}
    answer = mia.send(path, path, **sent, **{"f.days.mon": "1"})

    assert answer.status_code == 303, answer.text
    rule = client.program_log.snapshot.publishing.rule("spend")
    assert rule is not None
    assert rule.versions[-1].document == {
        "id": "spend",
        "points": 3,
        "step_minor": 100,
        "minimum_minor": 1250,
        "when": {"tiers": ["gold"], "schedule": {"day_parts": [{"days": ["mon"]}]}},
    }
