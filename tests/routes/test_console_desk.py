"""Who the guest is, by whatever they say: at the console's service desk."""

import asyncio

import pytest

from streams.agents.redis_sink import RedisWriter
from tests.routes.client import READER, Client
from tests.routes.desk import Visitor, hidden_fields

CONTACTS = {
    "phone": "+15550100199",
    "email": "ann@example.com",
    "card": "AB1234",
}
GUEST_PHONE = "+15550100777"


@pytest.fixture
def client() -> Client:
    made = Client()
    made.ask("POST", "/v1/members", key="ann", member_id="ann")
    made.ask("PATCH", "/v1/members/ann", key="reach", **CONTACTS)
    return made


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("ann", id="id"),
        pytest.param(" ann ", id="id-with-spaces"),
        pytest.param("+1 (555) 010-0199", id="phone"),
        pytest.param("Ann@Example.com", id="email"),
        pytest.param("ab 12-34", id="card"),
    ],
)
def test_a_guest_is_found_by_what_they_say(client: Client, said: str) -> None:
    visitor = Visitor(client).sign_in("service")
    answer = visitor.send("/members", "/members", q=said)

    assert answer.status_code == 303
    assert answer.headers["location"] == "/console/members/ann"


def test_a_guest_is_found_by_the_code_that_the_app_shows(client: Client) -> None:
    shown = client.call("GET", "/v1/members/ann/code").json()
    visitor = Visitor(client).sign_in("service")

    for code in (shown["code"], shown["qr"]):
        answer = visitor.send("/members", "/members", q=code)
        assert answer.headers["location"] == "/console/members/ann"


@pytest.mark.parametrize(
    "said", ["+15550100200", "bob@example.com", "nobody", "12345678", "x" * 300]
)
def test_whom_nobody_knows_is_said_to_be_nobody(client: Client, said: str) -> None:
    answer = Visitor(client).sign_in("service").send("/members", "/members", q=said)

    assert answer.status_code == 404
    assert "Nobody is known by" in answer.text


def test_without_a_key_for_contacts_ids_still_find(client: Client) -> None:
    keyless = Client(contact_key=None)
    keyless.hold_member()
    visitor = Visitor(keyless).sign_in("service")

    found = visitor.send("/members", "/members", q="member-1")
    unknown = visitor.send("/members", "/members", q="+15550100199")

    assert found.headers["location"] == "/console/members/member-1"
    assert unknown.status_code == 404


def test_the_desk_merges_two_who_are_one_person(client: Client) -> None:
    client.ask("POST", "/v1/members", key="ann-again", member_id="ann-again")
    visitor = Visitor(client).sign_in("service", "Ada")
    fields = {"from": "ann-again", "reason": "signed up twice"}
    answer = visitor.send("/members/ann/merge", "/members/ann", **fields)

    assert answer.status_code == 303
    [sent] = [one for one in client.publisher.published if "member.merge" in str(one)]
    assert "signed up twice (Ada)" in str(sent)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        pytest.param(
            {"from": "bob", "reason": "x"}, "no other member bob", id="no-such"
        ),
        pytest.param(
            {"from": "ann", "reason": "x"}, "no other member ann", id="itself"
        ),
        pytest.param({"from": "ann-again"}, "A reason is needed", id="no-reason"),
    ],
)
def test_a_merge_that_makes_no_sense_is_not_sent(
    client: Client, fields: dict[str, str], said: str
) -> None:
    client.ask("POST", "/v1/members", key="ann-again", member_id="ann-again")
    before = len(client.publisher.published)
    visitor = Visitor(client).sign_in("service")
    answer = visitor.send("/members/ann/merge", "/members/ann", **fields)

    assert said in answer.text
    assert len(client.publisher.published) == before


def test_the_desk_parts_two_who_were_merged_by_mistake(client: Client) -> None:
    client.ask("POST", "/v1/members", key="bob", member_id="bob")
    client.ask("POST", "/v1/members/ann/merges", key="merge", from_member_id="bob")
    visitor = Visitor(client).sign_in("service")
    page = visitor.get("/members/ann").text
    assert "Part bob" in page
    assert "Can be parted until" in page

    path, fields = "/members/ann/unmerge", {"from": "bob", "reason": "mother, son"}
    slip = visitor.send(path, "/members/ann", typed="ann", **fields)
    assert "Nothing was done" in slip.text
    done = visitor.send(path, "/members/ann", typed="bob", **fields)

    told = visitor.get(done.headers["location"].removeprefix("/console")).text
    assert "bob is itself again, 0 points go back: mother, son (Ada)" in told
    assert "Part bob" not in told


def test_after_its_time_a_merge_is_not_offered_to_be_undone(client: Client) -> None:
    client.ask("POST", "/v1/members", key="bob", member_id="bob")
    client.ask("POST", "/v1/members/ann/merges", key="merge", from_member_id="bob")
    client.now_seconds += 31 * 86_400
    page = Visitor(client).sign_in("service").get("/members/ann").text

    assert "Also known as" in page
    assert "Part bob" not in page


def test_the_desk_forgets_a_member_once_the_id_is_typed(client: Client) -> None:
    visitor = Visitor(client).sign_in("service")
    path = "/members/ann/erase"
    slip = visitor.send(path, "/members/ann", typed="anna", reason="by letter")
    assert slip.status_code == 422
    assert "Nothing was done" in slip.text
    bare = visitor.send(path, "/members/ann", typed="ann", reason=" ")
    assert "A reason is needed" in bare.text
    assert visitor.get("/members/ann").status_code == 200

    done = visitor.send(path, "/members/ann", typed="ann", reason="by letter" * 20)

    assert "ann is forgotten" in done.text
    told = client.call("GET", "/v1/members/ann/explanations").json()["items"][0]
    assert told["why"].startswith("forgotten, 0 points with the member: by letter")
    assert told["why"].endswith(f"{('by letter' * 20)[:80]} (Ada)")
    again = visitor.send("/members", "/members", q=CONTACTS["phone"])
    assert again.status_code == 404


def a_guest_in_ann(client: Client) -> None:
    """Let a guest, with a phone, become part of another guest, and that one of ann."""
    for member_id, phone in ("guest-7", GUEST_PHONE), ("guest-8", ""):
        client.ask("POST", "/v1/members", key=member_id, member_id=member_id)
        if phone:
            path = f"/v1/members/{member_id}"
            client.ask("PATCH", path, key=f"reach-{member_id}", phone=phone)
    path = "/v1/members/guest-8/merges"
    client.ask("POST", path, key="one", from_member_id="guest-7")
    path = "/v1/members/ann/merges"
    client.ask("POST", path, key="two", from_member_id="guest-8")


def who_enrols(client: Client, phone: str) -> int:
    body = {"member_id": "new", "phone": phone}
    return client.ask("POST", "/v1/members", key="new", **body).status_code


def test_whoever_was_merged_is_forgotten_with_all_contacts(client: Client) -> None:
    a_guest_in_ann(client)
    visitor = Visitor(client).sign_in("service")
    assert who_enrols(client, GUEST_PHONE) == 409
    path = "/members/ann/erase"
    visitor.send(path, "/members/ann", typed="ann", reason="by letter")

    found = visitor.send("/members", "/members", q=GUEST_PHONE)
    assert found.status_code == 404
    assert who_enrols(client, GUEST_PHONE) == 201


def test_an_erasure_that_is_not_decided_yet_is_asked_for_again_once(
    client: Client,
) -> None:
    a_guest_in_ann(client)
    client.publisher.writer = RedisWriter(client.views, client.identities, READER)
    visitor = Visitor(client).sign_in("service", "Ada")
    path = "/members/ann/erase"
    client.publisher.is_paused = True
    before = len(client.publisher.published)
    pending = visitor.send(path, "/members/ann", typed="ann", reason="a letter & more")
    assert "has not answered yet whether ann is forgotten" in pending.text
    still = visitor.post(path, **hidden_fields(pending.text))
    assert "Ask again" in still.text
    client.publisher.is_paused = False
    asyncio.run(client.publisher.catch_up())

    # Nobody asks again, and all contacts are gone.
    assert who_enrols(client, GUEST_PHONE) == 201
    done = visitor.post(path, **hidden_fields(still.text))
    assert "ann is forgotten" in done.text
    assert "Ask again" not in done.text
    sent = [str(one) for one in client.publisher.published[before:]]
    assert all("a letter & more (Ada)" in one for one in sent if "member.erase" in one)
    told = client.call("GET", "/v1/members/ann/explanations").json()["items"]
    assert [one["event_kind"] for one in told].count("member.erase") == 1


@pytest.mark.parametrize("role", ["analyst", "marketer", "operator"])
def test_nobody_but_the_desk_forgets_a_member(client: Client, role: str) -> None:
    visitor = Visitor(client).sign_in(role)
    answer = visitor.send("/members/ann/erase", "/overview", typed="ann")

    assert answer.status_code == 403
    kept = Visitor(client).sign_in("service").get("/members/ann")
    assert kept.status_code == 200
