"""The life of a rule over HTTP: who may do what, and what is answered."""

from typing import Any

import httpx
import pytest

from tests.builders import NOON
from tests.routes.client import A_DOCUMENT, Client

RULE: dict[str, Any] = {
    "id": "noon",
    "kind": "add",
    "points": 50,
    "caps": [{"period": "day", "times": 1}],
}


class Marketing(Client):
    """Two people at the desk: ana writes, ben approves."""

    def ask_as(
        self, author: str, method: str, path: str, body: Any = None, **headers: str
    ) -> httpx.Response:
        """Answer to somebody's request."""
        options: dict[str, Any] = {} if body is None else {"json": body}
        if method == "POST" and body is None:
            options = {"json": {}}
        sent = {"authorization": f"Bearer {self.tokens.token(sub=author)}"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.call(method, f"/v1{path}", headers=sent, **options)

    def write(self, **changed: Any) -> httpx.Response:
        """A new rule of ana's."""
        body = {"section": "bonuses", "rule": RULE | changed, "why": "quiet at noon"}
        return self.ask_as("ana", "POST", "/rules", body)

    def step(self, name: str, author: str = "ana", **body: Any) -> httpx.Response:
        """A step of the rule."""
        return self.ask_as(author, "POST", f"/rules/noon/{name}", body)

    def publish(self) -> httpx.Response:
        """Write, submit, approve and publish the rule."""
        self.write()
        self.step("submit")
        self.step("approve", "ben")
        return self.step("publish")


@pytest.fixture
def desk() -> Marketing:
    """A desk with the small program."""
    return Marketing()


def test_a_rule_goes_through_its_life(desk: Marketing) -> None:
    made = desk.write()
    answers = [made, desk.step("submit"), desk.step("approve", "ben")]
    answers += [desk.step("publish"), desk.step("pause"), desk.step("resume")]
    answers += [desk.step("end")]

    assert [a.status_code for a in answers] == [201, 200, 200, 200, 200, 200, 200]
    states = ["draft", "submitted", "approved", "scheduled", "paused"]
    assert [a.json()["state"] for a in answers] == [*states, "scheduled", "ended"]
    assert [a.headers["etag"] for a in answers] == [f'"{n}"' for n in range(1, 8)]
    assert made.headers["location"] == "/v1/rules/noon"


def test_a_rule_says_what_it_does(desk: Marketing) -> None:
    out = desk.write(match={"categories": ["burgers"]}, when={"tiers": ["gold"]})

    assert out.json()["text"] == (
        "When a gold member buys something from burgers, give 50 points on top, "
        "at most once a day."
    )
    assert out.json()["findings"] == []


def test_doubts_are_told_and_keep_nobody(desk: Marketing) -> None:
    out = desk.write(caps=[])

    assert out.status_code == 201
    assert [(f["code"], f["pointer"]) for f in out.json()["findings"]] == [
        ("no-cap", "/rule/caps")
    ]


@pytest.mark.parametrize(
    ("changed", "pointers"),
    [
        ({"points": 0}, ["/rule/points"]),
        ({"colour": "red"}, ["/rule/colour"]),
        ({"when": {"tiers": ["iron"]}}, ["/rule/when/tiers"]),
        ({"id": "a/b"}, ["/rule/id"]),
        ({"id": ""}, ["/rule/id"]),
        ({"id": 7}, ["/rule/id"]),
        ({"id": None}, ["/rule/id"]),
        ({"points": float("inf")}, None),
        ({"wallet": "gems", "caps": 3}, ["/rule/caps", "/rule/wallet"]),
        ({"when": {"stores": ["x" * 70_000]}}, ["/rule"]),
        ({"budget": "none"}, ["/rule/budget"]),
    ],
)
def test_a_rule_that_is_not_sound_is_refused(
    desk: Marketing, changed: dict[str, Any], pointers: list[str] | None
) -> None:
    if pointers is None:
        text = '{"section": "bonuses", "rule": {"id": "noon", "points": Infinity}}'
        headers = {"content-type": "application/json"}
        answer = desk.call("POST", "/v1/rules", content=text, headers=headers)
        assert answer.status_code == 422
        return
    answer = desk.write(**changed)

    assert answer.status_code == 422
    assert sorted(e["pointer"] for e in answer.json()["errors"]) == pointers
    assert desk.call("GET", "/v1/rules/noon").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"section": "wallets", "rule": RULE},
        {"section": "bonuses"},
        {"section": "bonuses", "rule": []},
        {"section": "bonuses", "rule": RULE, "state": "published"},
        {"section": "bonuses", "rule": RULE, "why": "x" * 1_025},
    ],
)
def test_a_body_of_another_form_is_refused(desk: Marketing, body: Any) -> None:
    answer = desk.ask_as("ana", "POST", "/rules", body)

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/invalid-request"


def test_nesting_without_end_is_refused(desk: Marketing) -> None:
    deep = '{"section": "bonuses", "rule": {"id": "noon", "when": %s%s}}'
    text = deep % ('{"a":' * 50_000, "1" + "}" * 50_000)
    headers = {"content-type": "application/json"}

    answer = desk.call("POST", "/v1/rules", content=text, headers=headers)

    assert answer.status_code == 422


@pytest.mark.parametrize(
    "when",
    [
        '{"stores": ["\\ud800"]}',
        '{"a":' * 900 + "1" + "}" * 900,
        '"' + "9" * 9000 + '"',
    ],
    ids=["half-a-character", "nested", "long"],
)
def test_what_cannot_be_kept_is_refused(desk: Marketing, when: str) -> None:
    rule = '{"id": "noon", "kind": "add", "points": 5, "when": ' + when + "}"
    text = '{"section": "bonuses", "rule": ' + rule + "}"
    headers = {"content-type": "application/json"}
    answer = desk.call("POST", "/v1/rules", content=text, headers=headers)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] in {
        "/rule",
        "/rule/when",
        "/rule/when/a",
    }


def test_a_step_needs_no_body_and_takes_none_but_json(desk: Marketing) -> None:
    desk.write()
    headers = {"authorization": f"Bearer {desk.tokens.token(sub='ana')}"}
    form = desk.call("POST", "/v1/rules/noon/submit", data={"a": "b"}, headers=headers)
    bare = desk.call("POST", "/v1/rules/noon/submit", headers=headers)
    desk.step("approve", "ben")
    answers = [
        desk.call("POST", f"/v1/rules/noon/{step}", headers=headers)
        for step in ("publish", "pause", "resume", "end")
    ]

    assert (form.status_code, bare.status_code) == (415, 200)
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200]


@pytest.mark.parametrize("rule_id", ["noon", "spend"])
def test_an_id_is_had_once(desk: Marketing, rule_id: str) -> None:
    desk.write()
    answer = desk.write(id=rule_id)

    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/rule-exists"


def test_nobody_approves_what_they_wrote(desk: Marketing) -> None:
    desk.write()
    desk.step("submit", "ben")
    answers = [desk.step("approve", author) for author in ("ana", "ben", "cal")]

    assert [a.status_code for a in answers] == [403, 403, 200]
    assert answers[0].json()["type"] == "/problems/self-approval"


def test_an_edit_needs_the_revision_that_was_seen(desk: Marketing) -> None:
    desk.write()
    body = {"rule": RULE | {"points": 75}}
    answers = [
        desk.ask_as("ana", "PUT", "/rules/noon", body),
        desk.ask_as("ana", "PUT", "/rules/noon", body, if_match='"0"'),
        desk.ask_as("ana", "PUT", "/rules/noon", body, if_match='"1"'),
        desk.ask_as("ben", "PUT", "/rules/noon", body, if_match='"1"'),
    ]

    assert [a.status_code for a in answers] == [428, 412, 200, 412]
    assert answers[2].json()["newest_version"] == 2


def test_publishing_at_a_revision_that_is_over_is_refused(desk: Marketing) -> None:
    desk.write()
    desk.step("submit")
    desk.step("approve", "ben")
    answers = [
        desk.ask_as("ana", "POST", "/rules/noon/publish", {}, if_match=tag)
        for tag in ('"2"', '"3"')
    ]

    assert [a.status_code for a in answers] == [412, 200]


def test_an_edit_of_a_published_version_is_another_version(desk: Marketing) -> None:
    desk.publish()
    body = {"rule": RULE | {"points": 75}}
    refused = desk.ask_as(
        "ana", "PUT", "/rules/noon", body | {"version": 1}, if_match="*"
    )
    written = desk.ask_as("ana", "PUT", "/rules/noon", body, if_match="*")

    assert (refused.status_code, written.status_code) == (409, 200)
    out = written.json()
    assert (out["running_version"], out["newest_version"]) == (1, 2)
    assert (out["newest_status"], out["rule"]["points"]) == ("draft", 75)


def test_what_is_submitted_cannot_be_edited(desk: Marketing) -> None:
    desk.write()
    desk.step("submit")
    answer = desk.ask_as("ana", "PUT", "/rules/noon", {"rule": RULE}, if_match="*")

    assert answer.status_code == 409


def test_an_id_cannot_change(desk: Marketing) -> None:
    desk.write()
    body = {"rule": RULE | {"id": "night"}}
    answer = desk.ask_as("ana", "PUT", "/rules/noon", body, if_match="*")

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/rule/id"


def test_a_rejection_says_why(desk: Marketing) -> None:
    desk.write()
    desk.step("submit")
    answers = [
        desk.step("reject", "ben"),
        desk.step("reject", "ben", why="50 is too much"),
    ]

    assert [a.status_code for a in answers] == [422, 200]
    assert answers[1].json()["state"] == "draft"


def test_publishing_into_the_past_is_refused(desk: Marketing) -> None:
    desk.write()
    desk.step("submit")
    desk.step("approve", "ben")
    answer = desk.step("publish", effective_from="2020-01-01T00:00:00Z")

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/effective_from"


def test_versions_differences_and_the_audit_log_can_be_read(desk: Marketing) -> None:
    desk.publish()
    body = {"rule": RULE | {"points": 75}, "why": "more"}
    desk.ask_as("ana", "PUT", "/rules/noon", body, if_match="*")

    versions = desk.call("GET", "/v1/rules/noon/versions").json()["items"]
    diff = desk.call("GET", "/v1/rules/noon/versions/2/diff").json()
    same = desk.call("GET", "/v1/rules/noon/versions/2/diff?against=2").json()
    audit = desk.call("GET", "/v1/rules/noon/audit?limit=2").json()
    rest = desk.call(
        "GET", f"/v1/rules/noon/audit?cursor={audit['next_cursor']}"
    ).json()

    assert [(v["version"], v["status"]) for v in versions] == [
        (2, "draft"),
        (1, "approved"),
    ]
    assert versions[1]["approved_by"] == "ben"
    assert diff["changes"] == [{"pointer": "/points", "before": 50, "after": 75}]
    assert same["changes"] == []
    assert [(s["kind"], s["author"]) for s in audit["items"]] == [
        ("drafted", "ana"),
        ("published", "ana"),
    ]
    assert audit["items"][0]["why"] == "more"
    assert [s["kind"] for s in rest["items"]] == ["approved", "submitted", "drafted"]


@pytest.mark.parametrize(
    "path",
    ["/none", "/none/versions", "/none/audit", "/noon/versions/9/diff"],
)
def test_what_is_not_there_is_not_found(desk: Marketing, path: str) -> None:
    desk.write()
    answer = desk.call("GET", f"/v1/rules{path}")

    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems/rule-not-found"


def test_rules_of_the_file_are_there_before_anybody_wrote_one(desk: Marketing) -> None:
    out = desk.call("GET", "/v1/rules").json()["items"]

    assert [(r["id"], r["state"], r["running_version"]) for r in out] == [
        ("spend", "published", 0)
    ]
    assert out[0]["text"] == (
        "When a member spends money, give 1 point for each whole 1.00 USD."
    )


def test_rules_are_listed_by_id_a_page_at_a_time(desk: Marketing) -> None:
    for name in ("c", "a", "b"):
        desk.write(id=name)
    first = desk.call("GET", "/v1/rules?limit=2&section=bonuses").json()
    second = desk.call(
        "GET", f"/v1/rules?limit=2&section=bonuses&cursor={first['next_cursor']}"
    ).json()

    assert [r["id"] for r in first["items"]] == ["a", "b"]
    assert [r["id"] for r in second["items"]] == ["c"]
    assert second["next_cursor"] is None
    drafts = desk.call("GET", "/v1/rules?state=draft").json()["items"]
    assert [r["id"] for r in drafts] == ["a", "b", "c"]


def test_the_program_is_told_with_its_versions(desk: Marketing) -> None:
    desk.publish()
    now = desk.call("GET", "/v1/program").json()
    desk.now_seconds += 2
    later = desk.call("GET", "/v1/program").json()

    assert now["version"] == 1
    assert "bonuses" not in now["document"]
    assert later["version"] == 2
    assert later["document"]["bonuses"] == [RULE]
    assert [(v["version"], v["rule_id"]) for v in later["versions"]] == [
        (2, "noon"),
        (1, None),
    ]


@pytest.mark.parametrize(
    ("version", "status", "bonuses"),
    [(1, 200, None), (2, 200, [RULE]), (3, 404, None), (0, 422, None)],
)
def test_the_program_of_a_version_can_be_read(
    desk: Marketing, version: int, status: int, bonuses: Any
) -> None:
    desk.publish()
    answer = desk.call("GET", f"/v1/program?version={version}")

    assert answer.status_code == status
    if status == 200:
        assert answer.json()["version"] == version
        assert answer.json()["document"].get("bonuses") == bonuses


def test_a_draft_is_tried_on_an_order_before_anybody_is_judged_by_it(
    desk: Marketing,
) -> None:
    desk.write()
    order = {
        "event_id": "e1",
        "order_id": "o1",
        "member_id": "member-1",
        "occurred_at": NOON,
        "store_id": "s",
        "currency": "USD",
        "lines": [
            {
                "line_id": "1",
                "sku": "soup",
                "category": "food",
                "quantity": 1,
                "unit_price_minor": 10_00,
            }
        ],
        "total_minor": 10_00,
        "subtotal_minor": 10_00,
    }
    path = "/rules/noon/simulations"
    answer = desk.ask_as("ana", "POST", path, {"order": order})
    none = desk.ask_as("ana", "POST", path, {"order": order, "version": 0})
    missing = desk.ask_as("ana", "POST", path, {"order": order, "version": 9})

    assert answer.status_code == 200, answer.text
    gives = {
        side: {one["rule_id"]: one["points"] for one in answer.json()[side]["rules"]}
        for side in ("current", "candidate")
    }
    assert gives["candidate"]["noon"] == 50
    assert "noon" not in gives["current"]
    assert (none.status_code, missing.status_code) == (422, 404)


def test_a_log_that_is_away_is_503_and_nothing_is_written(desk: Marketing) -> None:
    desk.program_log.is_available = False
    answer = desk.write()

    assert answer.status_code == 503
    assert desk.program_log.records == []


def test_a_rule_of_the_file_can_be_paused(desk: Marketing) -> None:
    answer = desk.ask_as("ana", "POST", "/rules/spend/pause", {"why": "for a test"})
    desk.now_seconds += 2
    document = desk.call("GET", "/v1/program").json()["document"]

    assert answer.status_code == 200
    assert document["earn"] == []
    assert A_DOCUMENT["earn"]
