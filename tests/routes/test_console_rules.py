"""Rules on the console: written, approved by another, published, stopped."""

import pytest

from api.console.told_rules import STEPS
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
    answer = visitor.send("/rules/new", "/rules/new", section="earn", document=DRAFT)
    assert answer.headers["location"] == "/console/rules/extra", answer.text
    assert client.program_log.snapshot.publishing.rule("extra") is not None


def step(visitor: Visitor, name: str, **fields: str) -> int:
    """Status of a step."""
    path = f"/rules/extra/{name}"
    return visitor.send(path, "/rules/extra", **fields).status_code


def test_a_rule_is_told_in_a_sentence(client: Client) -> None:
    page = as_(client, "analyst", "Ann").get("/rules").text

    assert "give 1 point for each whole 1.00 USD" in page
    assert "Write a rule" not in page


def test_a_rule_lives_from_draft_to_end(client: Client) -> None:
    mia, otto = as_(client, "marketer", "Mia"), as_(client, "approver", "Otto")
    written(client, mia)

    assert step(mia, "submit") == 303
    assert step(otto, "reject", why="too much") == 303
    assert step(mia, "submit") == 303
    assert step(otto, "approve") == 303
    assert step(mia, "publish") == 303
    client.now_seconds += 3_600
    assert step(mia, "pause", confirmed="extra") == 303
    assert step(otto, "resume") == 303
    assert step(otto, "end", confirmed="extra") == 303
    page = mia.get("/rules/extra").text
    assert "too much" in page
    assert "local:Otto" in page
    assert "Write another version" not in page


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
@pytest.mark.parametrize("name", STEPS)
def test_a_step_needs_its_right(
    client: Client, role: str, may: set[str], name: str
) -> None:
    visitor = as_(client, role, "Somebody")
    csrf = visitor.get("/rules").text.split('name="csrf" value="')[1].split('"')[0]
    answer = visitor.post(f"/rules/spend/{name}", csrf=csrf, revision="0")

    assert (answer.status_code == 403) == (name not in may)


@pytest.mark.parametrize("path", ["/rules/new", "/rules/spend/edit"])
def test_only_marketers_write(client: Client, path: str) -> None:
    approver = as_(client, "approver", "Otto")

    assert approver.get(path).status_code == 403
    assert as_(client, "marketer", "Mia").get(path).status_code == 200


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ("points: 5", "a rule needs an id"),
        ("id: [", "this is not YAML"),
        ("just words", "a rule has names and values"),
        ("id: spend\npoints: 1\nstep_minor: 100", "there is a rule"),
        ("id: odd\npoints: many\nstep_minor: 100", "/rule/points"),
        ("id: odd\npoints: 1\nstep_minor: 100\n<b>: 1", "&lt;b&gt;"),
    ],
)
def test_what_is_wrong_with_a_draft_is_told_and_the_draft_kept(
    client: Client, document: str, fault: str
) -> None:
    mia = as_(client, "marketer", "Mia")
    answer = mia.send("/rules/new", "/rules/new", section="earn", document=document)

    assert answer.status_code in (409, 422)
    assert fault in answer.text
    assert document.splitlines()[0] in answer.text


def test_of_two_who_saw_the_same_the_first_is_taken(client: Client) -> None:
    mia, max_ = as_(client, "marketer", "Mia"), as_(client, "marketer", "Max")
    written(client, mia)
    stale = max_.get("/rules/extra").text.split('name="revision" value="')[1][0]
    changed = DRAFT.replace("5", "6")
    path = "/rules/extra/edit"
    assert mia.send(path, path, document=changed).status_code == 303

    answer = max_.send(path, path, document=changed, revision=stale)
    assert answer.status_code == 412
    assert "revision" in answer.text


def test_a_pause_is_typed_first(client: Client) -> None:
    mia, otto = as_(client, "marketer", "Mia"), as_(client, "approver", "Otto")
    written(client, mia)
    step(mia, "submit")
    step(otto, "approve")
    step(mia, "publish")

    assert step(mia, "pause", confirmed="spend") == 422
    assert step(mia, "pause") == 422
    assert step(mia, "nothing") == 400
