"""The short way answers as the long one does, or leaves the answer to it."""

import asyncio
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.responses import JSONResponse

from api.responses import OfferOut, OffersOut, offer_out
from api.short_commands import BODY_BYTES_MAX
from api.short_reads import Wanted, page_of, view_of_document, wanted_by
from api.short_way import Heard, ShortWay
from api.throttle import Budgets
from loyalty.member import NEW_MEMBER
from loyalty.view import view_of
from loyalty.view_shapes import OfferView
from schemas.views import encode_view
from stores.member_views_contract import ViewWrite
from tests.builders import A_FULL_PROGRAM, NOON
from tests.routes.client import Client
from tests.routes.programs import EVERYTHING

OFFERS = "/v1/members/member-1/offers"
REDEMPTIONS = "/v1/members/member-1/redemptions"
JSON = "application/json"
# Means the same, and is none of the plain ones.
LONG_JSON = "application/json; charset=utf-8"
# They differ from one request to the next.
OWN = ("x-request-id", "ratelimit", "date")
OFFERED = tuple(
    OfferView(f"offer-{n}", f'"Füné" \\ {n}', n, NOON + n, ends_at, "why")
    for n, ends_at in enumerate((0, NOON - 1, NOON, NOON + 1, NOON + 86_400_000))
)


def a_client(**guarded: Any) -> Client:
    """Client of a member who has offers, one of them over; its token is known."""
    client = Client(EVERYTHING, **guarded)
    client.earn(271)
    stands = view_of("member-1", NEW_MEMBER, A_FULL_PROGRAM)
    hold(client, stands._replace(version=7, as_of=NOON, offers=OFFERED))
    client.call("GET", "/v1/members/member-1")
    return client


def hold(client: Client, view: Any) -> None:
    write = ViewWrite(view.member_id, view.version, encode_view(view))
    asyncio.run(client.views.put([write]))


def told(answer: httpx.Response) -> tuple[int, dict[str, str], bytes]:
    """All that is the same whenever it is asked."""
    headers = {n: v for n, v in answer.headers.items() if n not in OWN}
    return answer.status_code, headers, answer.content


def goes_short(client: Client, method: str, path: str, **options: Any) -> bool:
    """Whether a request is answered on the short way."""
    short: ShortWay = client.app.state.short
    taken: list[bool] = []

    class Watched(ShortWay):
        async def reply(self, scope: Any, heard: Heard) -> Any:
            reply = await short.reply(scope, heard)
            taken.append(reply is not None)
            return reply

    edge = client.app.build_middleware_stack()
    edge._short = Watched({}, verifier=None, turns=None)  # type: ignore[arg-type, attr-defined]
    kept, client.app.middleware_stack = client.app.middleware_stack, edge
    try:
        client.call(method, path, **options)
    finally:
        client.app.middleware_stack = kept
    return taken == [True]


READS: dict[str, tuple[str, dict[str, str], bool]] = {
    "all offers": (OFFERS, {}, True),
    "the first offer": (f"{OFFERS}?limit=1", {}, True),
    "the most that may be asked for": (f"{OFFERS}?limit=50", {}, True),
    "a version that is known": (OFFERS, {"if-none-match": '"7"'}, True),
    "a weak tag": (OFFERS, {"if-none-match": 'W/"7", "6"'}, True),
    "any version": (OFFERS, {"if-none-match": "*"}, True),
    "another version": (OFFERS, {"if-none-match": '"6"'}, True),
    "too few": (f"{OFFERS}?limit=0", {}, False),
    "too many": (f"{OFFERS}?limit=51", {}, False),
    "no number": (f"{OFFERS}?limit=all", {}, False),
    "some fields": (f"{OFFERS}?fields=offer_id,why", {}, True),
    "fields in another order": (f"{OFFERS}?fields=why,name,offer_id", {}, True),
    "a field twice": (f"{OFFERS}?fields=why,why", {}, True),
    "some fields of one offer": (f"{OFFERS}?fields=expires_at&limit=1", {}, True),
    "one offer's some fields": (f"{OFFERS}?limit=1&fields=cost_points", {}, True),
    "fields of a known version": (
        f"{OFFERS}?fields=why",
        {"if-none-match": '"7"'},
        True,
    ),
    "fields twice": (f"{OFFERS}?fields=why&fields=name", {}, False),
    "a limit twice": (f"{OFFERS}?limit=1&limit=2", {}, False),
    "no field": (f"{OFFERS}?fields=", {}, False),
    "a field of nothing": (f"{OFFERS}?fields=why,", {}, False),
    "a field of a field": (f"{OFFERS}?fields=why.not", {}, False),
    "fields with a space": (f"{OFFERS}?fields=why,%20name", {}, False),
    "fields that are not there": (f"{OFFERS}?fields=colour", {}, False),
    "no such member": ("/v1/members/nobody/offers", {}, False),
    "a member of odd name": ("/v1/members/m%C3%BCller/offers", {}, False),
    "a member of too long a name": (f"/v1/members/{'m' * 129}/offers", {}, False),
    "no token": (OFFERS, {"authorization": ""}, False),
    "a token that is none": (OFFERS, {"authorization": "Bearer a.b.c"}, False),
}


@pytest.mark.parametrize(
    ("path", "headers", "is_short"), READS.values(), ids=READS.keys()
)
def test_a_read_is_answered_alike_on_both_ways(
    path: str, headers: dict[str, str], is_short: bool
) -> None:
    client = a_client()
    longer = f"{path}{'&' if '?' in path else '?'}long=1"

    assert goes_short(client, "GET", path, headers=headers) is is_short
    assert not goes_short(client, "GET", longer, headers=headers)
    assert told(client.call("GET", path, headers=headers)) == told(
        client.call("GET", longer, headers=headers)
    )


TOKENS: dict[str, tuple[dict[str, Any], int, bool]] = {
    "a member's own": ({"member_id": "member-1"}, 200, True),
    "another member's": ({"member_id": "member-2"}, 404, False),
    "without the scope": ({"scope": "points:write"}, 403, False),
}


@pytest.mark.parametrize(
    ("claims", "status", "is_short"), TOKENS.values(), ids=TOKENS.keys()
)
def test_a_token_reaches_as_far_on_both_ways(
    claims: dict[str, Any], status: int, is_short: bool
) -> None:
    client = a_client()
    client.token = client.tokens.token(**claims)
    answer = client.call("GET", OFFERS)

    assert answer.status_code == status
    assert goes_short(client, "GET", OFFERS) is is_short
    assert told(answer) == told(client.call("GET", f"{OFFERS}?long=1"))


def test_a_token_that_is_over_is_not_taken_on_the_short_way() -> None:
    client = a_client()
    client.token = client.tokens.token(exp=int(client.now_seconds) + 20)
    statuses = [client.call("GET", OFFERS).status_code for _ in range(2)]
    client.now_seconds += 51

    assert statuses == [200, 200]
    assert client.call("GET", OFFERS).status_code == 401


def test_a_member_who_is_part_of_another_goes_the_long_way() -> None:
    client = a_client()
    view = view_of("member-1", NEW_MEMBER, A_FULL_PROGRAM)
    hold(client, view._replace(version=8, merged_into="member-9"))

    assert client.call("GET", OFFERS).status_code == 410
    assert not goes_short(client, "GET", OFFERS)


def test_redis_that_is_away_is_told_alike_on_both_ways() -> None:
    client = a_client()
    client.views.is_available = False
    short, long = (client.call("GET", OFFERS + more) for more in ("", "?long=1"))

    assert short.status_code == 503
    assert told(short) == told(long)
    assert goes_short(client, "GET", OFFERS)


def test_what_is_read_tells_its_age_on_both_ways() -> None:
    client = a_client()
    client.program_log.silent_seconds = 9.0
    short, long = (client.call("GET", OFFERS + more) for more in ("", "?long=1"))

    assert short.headers["age"] == "9"
    assert told(short) == told(long)


def test_turns_are_counted_once_on_whichever_way() -> None:
    client = a_client(budgets=Budgets(client_reads=5))
    paths = ("", "?long=1", "?fields=why", "")
    answers = [client.call("GET", OFFERS + more) for more in paths]
    left = [answer.headers["ratelimit"].split(";")[1] for answer in answers]
    refused = [client.call("GET", OFFERS + more) for more in ("", "?long=1")]

    assert left == ["r=3", "r=2", "r=1", "r=0"]
    assert [answer.status_code for answer in refused] == [429, 429]
    assert told(refused[0]) == told(refused[1])


def test_a_page_of_another_origin_is_answered_on_the_long_way() -> None:
    client = a_client(origins=("https://app.test",))
    headers = {"origin": "https://app.test"}
    answer = client.call("GET", OFFERS, headers=headers)

    assert answer.headers["access-control-allow-origin"] == "https://app.test"
    assert goes_short(client, "GET", OFFERS)
    assert not goes_short(client, "GET", OFFERS, headers=headers)


def test_both_ways_are_counted_as_one_route() -> None:
    client = a_client()
    before = _counted(client)
    client.call("GET", OFFERS)
    client.call("GET", f"{OFFERS}?long=1")

    assert _counted(client) == before + 2


def _counted(client: Client) -> float:
    line = 'regulars_requests_total{method="GET",route="/v1/members/{member_id}/offers",status="200"}'
    found = [
        float(one.rpartition(" ")[2])
        for one in client.call("GET", "/metrics").text.splitlines()
        if one.startswith(line)
    ]
    return sum(found)


texts = st.text(max_size=20)
times = st.integers(0, 4_102_444_800_000)
offers = st.builds(
    OfferView, texts, texts, st.integers(0, 2**53), times, times, texts, texts
)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(offers, max_size=4).map(tuple),
    times,
    st.lists(st.sampled_from([*OfferOut.model_fields]), min_size=1, max_size=4),
)
def test_offers_are_written_byte_for_byte_as_their_shape_is(
    offered: tuple[OfferView, ...], as_of: int, names: list[str]
) -> None:
    view = view_of("member-1", NEW_MEMBER, A_FULL_PROGRAM)
    view = view._replace(as_of=as_of, offers=offered)
    usable = [one for one in offered if not 0 < one.expires_at <= as_of]
    page = OffersOut(items=[offer_out(one) for one in usable], next_cursor=None)

    fields = "fields=" + ",".join(names)
    document = page.model_dump(mode="json")
    items = document["items"]
    parts = [{n: one[n] for n in one if n in names} for one in items]

    held = view_of_document(encode_view(view))
    short, sparse = page_of(held, Wanted()), page_of(held, wanted_by(fields.encode()))

    assert short == page.model_dump_json().encode()
    assert sparse == JSONResponse(document | {"items": parts}).body


COMMANDS: dict[str, tuple[bytes, dict[str, str], int, bool]] = {
    "points": (b'{"points":10}', {}, 200, True),
    "a reward": (b'{"reward_id":"coffee"}', {}, 200, True),
    "where and how": (b'{"points":1,"store_id":"s","channel":"APP"}', {}, 200, True),
    "more than there is": (b'{"points":999999}', {}, 409, True),
    "a reward that is not": (b'{"reward_id":"none"}', {}, 422, True),
    "no key": (b'{"points":1}', {"idempotency-key": ""}, 400, True),
    "too long a key": (b'{"points":1}', {"idempotency-key": "k" * 300}, 400, True),
    "neither points nor reward": (b"{}", {}, 422, False),
    "both": (b'{"points":1,"reward_id":"coffee"}', {}, 422, False),
    "half a point": (b'{"points":1.5}', {}, 422, False),
    "a number beyond all": (b'{"points":' + b"9" * 5_000 + b"}", {}, 422, False),
    "an unknown field": (b'{"points":1,"colour":"red"}', {}, 422, False),
    "the same field twice": (b'{"points":1,"points":2}', {}, 200, True),
    "no JSON": (b'{"points":', {}, 422, False),
    "nothing": (b"", {}, 422, False),
    "a list": (b"[]", {}, 422, False),
    "too deep": (b"[" * 4_000, {}, 422, False),
    "blanks": (b" " * BODY_BYTES_MAX + b'{"points":1}', {}, 200, False),
    "another type": (b'{"points":1}', {"content-type": "text/plain"}, 415, False),
}


def redeemed(
    client: Client, body: bytes, headers: dict[str, str], *, kind: str = JSON
) -> httpx.Response:
    named = {"content-type": kind, "idempotency-key": "key-1"} | headers
    if headers.get("content-type"):
        named["content-type"] = headers["content-type"] + kind.removeprefix(JSON)
    return client.call("POST", REDEMPTIONS, content=body, headers=named)


@pytest.mark.parametrize(
    ("body", "headers", "status", "is_short"), COMMANDS.values(), ids=COMMANDS.keys()
)
def test_a_redemption_is_answered_alike_on_both_ways(
    body: bytes, headers: dict[str, str], status: int, is_short: bool
) -> None:
    one, other = a_client(), a_client()
    short = redeemed(one, body, headers)
    again = redeemed(one, body, headers)
    plain = {"content-type": JSON, "idempotency-key": "key-1"} | headers

    assert short.status_code == status
    assert told(short) == told(redeemed(other, body, headers, kind=LONG_JSON))
    assert told(again) == told(redeemed(other, body, headers, kind=LONG_JSON))
    assert goes_short(one, "POST", REDEMPTIONS, content=body, headers=plain) is is_short


@pytest.mark.parametrize("kinds", [(JSON, LONG_JSON), (LONG_JSON, JSON)])
def test_a_repeat_is_known_on_the_other_way(kinds: tuple[str, str]) -> None:
    client = a_client()
    first, again = (redeemed(client, b'{"points":10}', {}, kind=kind) for kind in kinds)
    reused = redeemed(client, b'{"points":11}', {}, kind=kinds[1])

    assert first.json() == again.json()
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert reused.json()["type"] == "/problems/idempotency-key-reused"


def test_what_is_not_decided_yet_is_told_alike_on_both_ways() -> None:
    one, other = a_client(), a_client()
    one.publisher.is_paused = other.publisher.is_paused = True
    short = redeemed(one, b'{"points":10}', {})

    assert short.status_code == 202
    assert short.headers["location"].startswith("/v1/commands/api-")
    assert told(short) == told(redeemed(other, b'{"points":10}', {}, kind=LONG_JSON))


@pytest.mark.parametrize("away", ["views", "notes", "publisher"])
def test_a_store_that_is_away_is_told_alike_on_both_ways(away: str) -> None:
    client = a_client()
    getattr(client, away).is_available = False
    short, long = (
        redeemed(client, b'{"points":10}', {}, kind=kind) for kind in (JSON, LONG_JSON)
    )

    assert short.status_code == 503
    assert told(short) == told(long)
