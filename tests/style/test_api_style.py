"""The API keeps its own rules, and what it promised in the last release."""

import asyncio
import json
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.life_cycle import Leaving, LifeCycle, mark_leaving
from tests.routes.client import Client
from tests.style.breaking import Comparison
from tests.style.linting import RULES

DOCS = Path(__file__).parents[2] / "docs"
RELEASED = json.loads((DOCS / "openapi" / "released.json").read_text())
CLIENT = Client()
NOW: dict[str, Any] = CLIENT.call("GET", "/openapi.json").json()
PATH = "/v1/members/{member_id}"
MEMBER = "/v1/members/member-1"
OLD = Leaving(
    datetime(2026, 12, 1, tzinfo=UTC),
    datetime(2027, 12, 1, tzinfo=UTC),
    "https://docs.test/api-versions",
)
LEAVING = {("GET", PATH): OLD}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_api_keeps_the_rule(rule: Any) -> None:
    assert list(rule(NOW)) == []


def test_every_rule_is_in_the_guide() -> None:
    text = (DOCS / "api-style.md").read_text()

    assert [
        r for r in RULES if f"| {r.__name__.split('_')[0].upper()} |" not in text
    ] == []


def _changed(*steps: Any, **values: Any) -> dict[str, Any]:
    """Document with values set, or taken away (None), at a place."""
    document = deepcopy(NOW)
    place: Any = document
    for step in steps:
        place = place[step]
    for name, value in values.items():
        if value is None:
            del place[name]
        else:
            place[name] = value
    return document


GET_MEMBER = ("paths", PATH, "get")
ORDER = ("components", "schemas", "OrderIn")
MEMBER_OUT = ("components", "schemas", "MemberOut")
TEXT = {"type": "string"}


@pytest.mark.parametrize(
    ("rule", "document"),
    [
        (0, _changed("paths", **{"/v2/members": {}})),
        (0, _changed("paths", **{"/v1/memberList": {}})),
        (0, _changed("paths", **{"/v1/members/": {}})),
        (0, _changed("paths", **{"/v1/members/{memberId}": {}})),
        (1, _changed(*MEMBER_OUT, "properties", memberId=TEXT)),
        (1, _changed(*GET_MEMBER, parameters=[{"in": "query", "name": "pageSize", "schema": {}}])),
        (2, _changed(*MEMBER_OUT, "properties", discount=TEXT)),
        (2, _changed(*MEMBER_OUT, "properties", created_date=TEXT)),
        (3, _changed(*GET_MEMBER, description=None)),
        (3, _changed(*GET_MEMBER, tags=[])),
        (3, _changed(*GET_MEMBER, operationId="list_offers_v1_members__member_id__offers_get")),
        (4, _changed(*GET_MEMBER, security=None)),
        (4, _changed(*GET_MEMBER, "responses", **{"401": None})),
        (5, _changed(*GET_MEMBER, "responses", "404", content={"application/json": {}})),
        (5, _changed(*GET_MEMBER, "responses", **{"503": None})),
        (6, _changed("components", "schemas", "OffersOut", "properties", next_cursor=None)),
        (7, _changed(*MEMBER_OUT, examples=None)),
        (8, _changed("paths", "/v1/members", "post", parameters=[])),
        (9, _changed(*GET_MEMBER, deprecated=True)),
    ],
)  # fmt: skip
def test_each_rule_can_be_broken(rule: int, document: dict[str, Any]) -> None:
    assert list(RULES[rule](document))


def test_nothing_breaks_a_client_of_the_last_release() -> None:
    assert list(Comparison(RELEASED, NOW).breaks()) == []


@pytest.mark.parametrize(
    ("document", "told"),
    [
        (_changed("paths", **{PATH: None}), "GET /v1/members/{member_id}: is gone"),
        (_changed("paths", PATH, get=None), "GET /v1/members/{member_id}: is gone"),
        (_changed(*GET_MEMBER, "responses", **{"200": None}), "no longer answers 200"),
        (_changed(*GET_MEMBER, parameters=[]), "no longer takes query fields"),
        (
            _changed(*GET_MEMBER, parameters=[*NOW["paths"][PATH]["get"]["parameters"], {"in": "query", "name": "zone", "required": True, "schema": TEXT}]),
            "query zone is needed now",
        ),
        (_changed(*GET_MEMBER, security=[{"bearer": ["privacy:write"]}]), "members:read is no longer enough"),
        (_changed(*MEMBER_OUT, "properties", balance=None), "200.balance: is gone"),
        (_changed(*MEMBER_OUT, "properties", balance=TEXT), "integer was promised, now string"),
        (_changed(*MEMBER_OUT, required=["member_id"]), "balance: is no longer promised"),
        (_changed(*MEMBER_OUT, "properties", tier={"anyOf": [TEXT, {"type": "null"}]}), "string was promised"),
        (_changed(*ORDER, required=[*NOW["components"]["schemas"]["OrderIn"]["required"], "trace"]), "trace: is needed now"),
        (_changed(*ORDER, "properties", tax_minor=None), "tax_minor: is gone"),
        (_changed(*ORDER, "properties", "kind", enum=["PLACED", "ADJUSTED"]), "'REFUNDED' is no longer taken"),
        (_changed(*ORDER, "properties", "store_id", maxLength=64), "maxLength is 64 now"),
        (_changed(*ORDER, "properties", "lines", minItems=1), "minItems is 1 now"),
        (_changed(*ORDER, "properties", "currency", pattern="^USD$"), "another pattern"),
        (_changed("components", "schemas", "LineIn", "properties", sku={"type": "integer"}), "string was taken, now integer"),
        (_changed("paths", "/v1/orders", "post", "requestBody", content={}), "no longer takes application/json"),
    ],
)  # fmt: skip
def test_what_breaks_a_client_is_found(document: dict[str, Any], told: str) -> None:
    assert any(told in fault for fault in Comparison(NOW, document).breaks())


@pytest.mark.parametrize(
    "document",
    [
        NOW,
        _changed("paths", **{"/v1/new": {"get": {"responses": {}}}}),
        _changed(*MEMBER_OUT, "properties", new=TEXT),
        _changed(*ORDER, "properties", new=TEXT),
        _changed(*ORDER, "properties", "store_id", maxLength=256),
        _changed(*ORDER, required=["order_id"]),
    ],
)
def test_what_only_adds_breaks_nobody(document: dict[str, Any]) -> None:
    assert list(Comparison(NOW, document).breaks()) == []


@pytest.mark.parametrize(
    ("path", "status"), [(MEMBER, 200), ("/v1/members/nobody", 404)]
)
def test_an_operation_that_will_go_says_so_in_every_answer(
    path: str, status: int
) -> None:
    CLIENT.hold_member()

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(LifeCycle(CLIENT.app, LEAVING))
        async with httpx.AsyncClient(transport=transport, base_url="http://t") as http:
            return await http.get(path, headers=CLIENT.headers())

    answer = asyncio.run(ask())

    assert answer.status_code == status
    assert answer.headers["deprecation"] == "@1796083200"
    assert answer.headers["sunset"] == "Wed, 01 Dec 2027 00:00:00 GMT"
    assert 'rel="deprecation"' in answer.headers["link"]


def test_one_that_stays_says_nothing() -> None:
    answer = CLIENT.call("GET", "/v1/members/member-1/offers")

    assert not {"deprecation", "sunset"} & answer.headers.keys()


def test_openapi_says_which_operations_will_go() -> None:
    document = deepcopy(NOW)
    mark_leaving(document, LEAVING)

    assert document["paths"][PATH]["get"]["x-sunset"] == "2027-12-01"
    assert document["paths"][PATH]["get"]["deprecated"] is True
    assert [list(rule(document)) for rule in RULES] == [[] for _ in RULES]
