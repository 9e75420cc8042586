"""Who may come in: attacks on tokens, scopes, and what a member's token sees."""

import hmac
import json
from typing import Any

import pytest
from joserfc.jwk import RSAKey

from api.access import TOKEN_LENGTH_MAX
from api.gate import SCOPES, Gate
from api.known_tokens import KNOWN_SECONDS
from api.token_keys import FRESH_SECONDS, KEEP_SECONDS_MAX, PAUSE_SECONDS
from tests.builders import NOON
from tests.routes.client import Client
from tests.routes.issuing import (
    ALL_SCOPES,
    ISSUER,
    LEEWAY_SECONDS,
    an_ec_key,
    an_rsa_key,
    encoded,
    signed,
)
from tests.routes.test_ingest import ORDER

NOW = NOON // 1000
MEMBER = "/v1/members/member-1"
OPEN = {"/health/live", "/health/ready"}
DAY_SECONDS = 86_400


@pytest.fixture
def client() -> Client:
    # A stream that is let in ends soon.
    made = Client(stream_seconds_max=0.05)
    made.hold_member()
    return made


def unsigned(client: Client, alg: Any) -> str:
    """Token that says it needs no signature."""
    header = {"alg": alg, "typ": "at+jwt", "kid": "rsa-1"}
    return f"{encoded(header)}.{encoded(client.tokens.claims())}."


def with_public_key_as_secret(client: Client, form: str) -> str:
    """Token signed with HS256 and what everybody knows of the RSA key."""
    key = an_rsa_key("rsa-1")
    public = (
        key.as_pem(private=False)
        if form == "pem"
        else json.dumps(key.as_dict(private=False)).encode()
    )
    header = {"alg": "HS256", "typ": "at+jwt", "kid": "rsa-1"}
    text = f"{encoded(header)}.{encoded(client.tokens.claims())}"
    return f"{text}.{encoded(hmac.digest(public, text.encode(), 'sha256'))}"


def with_own_key(client: Client, kid: str, **header: Any) -> str:
    """Token signed by a stranger, who says where the key is."""
    key = RSAKey.generate_key(2048)
    told = {name: key.as_dict(private=False) for name in header if name == "jwk"}
    said = {"alg": "RS256", "typ": "at+jwt", "kid": kid} | header | told
    return signed(said, client.tokens.claims(), key)


def tampered(client: Client, part: int) -> str:
    """Sound token of which one part was changed after it was signed."""
    parts = client.tokens.token(scope="members:read").split(".")
    parts[part] = {
        0: encoded({"alg": "ES256", "typ": "at+jwt", "kid": "ec-1", "x": 1}),
        1: encoded(client.tokens.claims(member_id="member-2")),
        2: encoded(bytes(64)),
    }[part]
    return ".".join(parts)


def of(**changes: Any) -> Any:
    """Attack by claims."""
    return lambda client: client.tokens.token(**changes)


def headed(**header: Any) -> Any:
    """Attack by the header."""
    return lambda client: client.tokens.token(header=header)


ATTACKS: dict[str, Any] = {
    "E1-garbage": lambda _: "garbage",
    "E1-three-dots": lambda _: "...",
    "E1-empty": lambda _: "",
    "E1-not-json": lambda _: f"{encoded(b'{')}.e30.e30",
    "E1-header-a-list": lambda _: f"{encoded([])}.e30.e30",
    "E1-deep-header": lambda _: f"{encoded(b'[' * 4_000)}.e30.e30",
    "E1-json-form": lambda _: '{"payload":"e30","signatures":[]}',
    "E1-encrypted-form": lambda _: "e30.e30.e30.e30.e30",
    "E1-oversize": lambda _: "a" * TOKEN_LENGTH_MAX + ".a.a",
    "E1-oversize-but-sound": of(pad="x" * TOKEN_LENGTH_MAX),
    "E1-expired": of(exp=NOW - LEEWAY_SECONDS),
    "E1-no-exp": of(exp=None),
    "E1-exp-a-text": of(exp="never"),
    "E1-not-yet": of(nbf=NOW + LEEWAY_SECONDS + 1),
    "E1-nbf-a-text": of(nbf="now"),
    "E1-issued-later": of(iat=NOW + LEEWAY_SECONDS + 1),
    "E1-no-iat": of(iat=None),
    "alg-none": lambda client: unsigned(client, "none"),
    "alg-none-and-a-signature": lambda client: unsigned(client, "none") + "AA",
    "alg-noNE": lambda client: unsigned(client, "noNE") + "AA",
    "alg-empty": lambda client: unsigned(client, "") + "AA",
    "alg-a-list": lambda client: unsigned(client, ["none"]) + "AA",
    "alg-missing": lambda _: f"{encoded({'kid': 'ec-1'})}.e30.e30",
    "hs256-with-the-public-pem": lambda c: with_public_key_as_secret(c, "pem"),
    "hs256-with-the-public-jwk": lambda c: with_public_key_as_secret(c, "jwk"),
    "alg-not-allowed": lambda client: signed(
        {"alg": "PS256", "typ": "at+jwt", "kid": "rsa-1"},
        client.tokens.claims(),
        an_rsa_key("rsa-1"),
    ),
    "alg-of-another-key": lambda client: signed(
        {"alg": "ES256", "typ": "at+jwt", "kid": "rsa-1"},
        client.tokens.claims(),
        an_ec_key("ec-1"),
    ),
    "kid-of-another-key": headed(kid="ec-2"),
    "kid-missing": headed(kid=None),
    "kid-a-number": headed(kid=1),
    "kid-a-path": headed(kid="../../../dev/null"),
    "kid-sql": headed(kid="' UNION SELECT 'x"),
    "strangers-key": lambda client: with_own_key(client, "rsa-1"),
    "jwk": lambda client: with_own_key(client, "rsa-1", jwk={}),
    "jku": lambda c: with_own_key(c, "mine", jku="https://evil.test/jwks.json"),
    "x5u": lambda c: with_own_key(c, "mine", x5u="https://evil.test/cert.pem"),
    "crit": headed(crit=["exp"], exp=1),
    "crit-empty": headed(crit=[]),
    "typ-id-token": headed(typ="JWT"),
    "typ-missing": headed(typ=None),
    "typ-other": headed(typ="logout+jwt"),
    "iss-other": of(iss=ISSUER + "/"),
    "iss-missing": of(iss=None),
    "iss-a-list": of(iss=[ISSUER]),
    "aud-other": of(aud="another"),
    "aud-others": of(aud=["another", "regulars2"]),
    "aud-missing": of(aud=None),
    "aud-empty": of(aud=[]),
    "sub-missing": of(sub=None),
    "client-missing": of(client_id=None),
    "client-a-list": of(client_id=["till"]),
    "member-empty": of(member_id=""),
    "member-a-number": of(member_id=1),
    "member-false": of(member_id=False),
    "member-too-long": of(member_id="m" * 129),
    "scope-a-number": of(scope=1),
    "scope-of-lists": of(scope=[["members:read"]]),
    "header-changed": lambda client: tampered(client, 0),
    "claims-changed": lambda client: tampered(client, 1),
    "signature-changed": lambda client: tampered(client, 2),
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_a_token_that_is_not_sound_lets_nobody_in(client: Client, attack: Any) -> None:
    client.token = attack(client)

    answers = [
        client.call("GET", MEMBER),
        client.call("POST", "/v1/orders", json=ORDER),
        client.call("POST", "/v1/orders", content=b"{", headers={"content-type": "application/json"}),
    ]  # fmt: skip

    for answer in answers:
        assert answer.status_code == 401
        challenge = answer.headers["www-authenticate"]
        assert challenge.startswith('Bearer realm="regulars", error="invalid_token"')
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["type"] == "/problems/token-invalid"
        assert "Traceback" not in answer.text
    assert client.publisher.published == []


SOUND: dict[str, Any] = {
    "rs256": headed(alg="RS256", kid="rsa-1"),
    "long-typ": headed(typ="application/at+JWT"),
    "expires-within-the-leeway": of(exp=NOW - LEEWAY_SECONDS + 1),
    "begins-within-the-leeway": of(nbf=NOW + LEEWAY_SECONDS),
    "many-audiences": of(aud=["another", "regulars"]),
    "scp-a-list": of(scope=None, scp=["members:read"]),
    "scp-a-text": of(scope=None, scp="events:write members:read"),
    "azp": of(client_id=None, azp="web"),
    "unknown-header": headed(x5t="abc", extra="1"),
    "own-member": of(member_id="member-1"),
}


@pytest.mark.parametrize("make", SOUND.values(), ids=SOUND.keys())
def test_a_sound_token_is_taken(client: Client, make: Any) -> None:
    client.token = make(client)

    assert client.call("GET", MEMBER).status_code == 200


@pytest.mark.parametrize("typ", ["JWT", None])
def test_plain_tokens_are_taken_where_a_setting_says_so(
    client: Client, typ: str | None
) -> None:
    verifier = client.tokens.verifier(takes_plain_tokens=True)
    gate = next(one for one in client.app.user_middleware if one.cls is Gate)
    gate.kwargs["verifier"] = verifier
    client.token = client.tokens.token(header={"typ": typ})

    assert client.call("GET", MEMBER).status_code == 200


@pytest.mark.parametrize(
    "headers", [{}, {"authorization": "Basic YTpi"}, {"authorization": "token"}]
)
def test_who_brings_no_token_is_told_how_and_nothing_else(
    client: Client, headers: dict[str, str]
) -> None:
    client.token = None

    for path in (MEMBER, "/v1/members/nobody", "/v1/no-such-path"):
        answer = client.call("GET", path, headers=headers)

        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == 'Bearer realm="regulars"'
        assert answer.json()["type"] == "/problems/token-missing"


def test_a_token_in_the_address_is_none(client: Client) -> None:
    token, client.token = client.token, None

    assert client.call("GET", f"{MEMBER}?access_token={token}").status_code == 401


def operations(client: Client) -> list[tuple[str, str, dict[str, Any]]]:
    """Method, path and description of all there is."""
    paths = client.call("GET", "/openapi.json").json()["paths"]
    return [
        (method.upper(), path, operation)
        for path, methods in paths.items()
        for method, operation in methods.items()
    ]


def a_path(path: str, member_id: str) -> str:
    """Path with something in its places."""
    command_id = "api-" + "0" * 32
    return (
        path.replace("{member_id}", member_id)
        .replace("{command_id}", command_id)
        .replace("{reservation_id}", "bm8")
        .replace("{challenge_id}", "c")
    )


def test_every_operation_says_its_scopes_and_asks_for_them(client: Client) -> None:
    known = operations(client)
    # A link to unsubscribe carries its own signature.
    guarded = [one for one in known if one[1] not in {*OPEN, "/unsubscribe/{token}"}]

    assert {path for _, path, _ in known} >= OPEN
    assert len(guarded) > 20
    for method, path, operation in guarded:
        needed = {scope for need in operation["security"] for scope in need["bearer"]}
        assert needed
        assert needed <= SCOPES.keys()
        assert {"401", "403"} <= operation["responses"].keys()
        client.token = client.tokens.token(scope=" ".join(SCOPES.keys() - needed))
        answer = client.call(method, a_path(path, "member-1"), json={})
        assert answer.status_code == 403, (method, path)
        challenge = answer.headers["www-authenticate"]
        assert 'error="insufficient_scope"' in challenge
        assert answer.json()["type"] == "/problems/insufficient-scope"
        for scope in needed:
            client.token = client.tokens.token(scope=scope)
            answer = client.call(method, a_path(path, "member-1"), json={})
            assert answer.status_code not in (401, 403), (method, path, scope)


def test_scopes_are_described_where_openapi_describes_security(client: Client) -> None:
    document = client.call("GET", "/openapi.json").json()
    scheme = document["components"]["securitySchemes"]["bearer"]

    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    assert all(f"`{scope}`" in scheme["description"] for scope in SCOPES)


def test_health_metrics_and_the_description_need_no_token(client: Client) -> None:
    client.token = None

    for path in (*OPEN, "/metrics", "/openapi.json"):
        assert client.call("GET", path).status_code == 200


BODIES = {
    "reservations": {"points": 1},
    "redemptions": {"points": 1},
    "adjustments": {"points": 1, "reason": "r"},
    "transfers": {"to": "member-1", "points": 1},
    "void": {"command_id": "api-" + "0" * 32},
    "reinstatements": {},
    "{member_id}": {"segments": ["a"]},
    "pool": {"pool_id": "p"},
    "consents": {"channel": "push", "given": True, "source": "app"},
}


def test_e5_a_members_token_finds_others_as_absent_as_nobody(client: Client) -> None:
    client.ask("POST", "/v1/members", "enrol-2", member_id="member-2")
    client.token = client.tokens.token(member_id="member-1")
    before = len(client.publisher.published)
    named = [one for one in operations(client) if "{member_id}" in one[1]]

    assert len(named) > 12
    for method, path, _ in named:
        body = BODIES.get(path.rpartition("/")[2], {})
        answers = [
            client.ask(method, a_path(path, member_id), "k", **body)
            for member_id in ("member-2", "nobody")
        ]
        said = [
            answer.text.replace(member_id, "?")
            for answer, member_id in zip(answers, ("member-2", "nobody"), strict=True)
        ]
        statuses = [answer.status_code for answer in answers]
        desk = path.rpartition("/")[2] in ("adjustments", "void", "reinstatements")
        desk = desk or "/merges" in path
        assert statuses == [403 if desk else 404] * 2, (method, path)
        assert said[0] == said[1]
    assert len(client.publisher.published) == before


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/orders", ORDER | {"member_id": "member-2"}),
        (
            "/v1/activity",
            {"event_id": "e", "member_id": "member-2", "type": "checkin", "occurred_at": NOON},
        ),
        ("/v1/estimates", {"order": ORDER | {"member_id": "member-2"}}),
        ("/v1/members", {"member_id": "member-2"}),
    ],
)  # fmt: skip
def test_e5_a_members_token_speaks_for_nobody_else_in_a_body(
    client: Client, path: str, body: dict[str, Any]
) -> None:
    client.token = client.tokens.token(member_id="member-1")
    answer = client.ask("POST", path, **body)

    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems/member-not-found"
    assert client.publisher.published == []


def test_e5_a_reservation_of_another_is_no_reservation(client: Client) -> None:
    client.earn(20, member_id="member-2")
    made = client.ask("POST", "/v1/members/member-2/reservations", points=1).json()
    reserved = made["result"]["reservation_id"]
    client.token = client.tokens.token(member_id="member-1")
    answers = [
        client.ask(method, f"/v1/reservations/{one}{end}", "k")
        for method, end in (("POST", "/confirm"), ("DELETE", ""))
        for one in (reserved, "bm8")
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.json()["detail"] for answer in answers}) == 1
    client.token = client.tokens.token(member_id="member-2")
    freed = client.ask("DELETE", f"/v1/reservations/{reserved}", "k2")
    assert freed.status_code == 200


def test_a_members_token_enrols_its_own_member(client: Client) -> None:
    client.token = client.tokens.token(member_id="newcomer")
    answer = client.call(
        "POST", "/v1/members", json={}, headers={"idempotency-key": "k"}
    )

    assert answer.status_code == 201
    assert answer.json()["member_id"] == "newcomer"


@pytest.mark.parametrize(
    "changes",
    [{"client_id": "another"}, {"member_id": "member-2"}],
    ids=["client", "member"],
)
def test_a_command_is_known_to_whoever_sent_it_only(
    client: Client, changes: dict[str, str]
) -> None:
    client.earn(20)
    sent = client.ask("POST", f"{MEMBER}/redemptions", points=1).json()
    path = f"/v1/commands/{sent['command_id']}"
    known = client.call("GET", path)
    client.token = client.tokens.token(**changes)
    unknown = client.call("GET", path)
    never = client.call("GET", "/v1/commands/api-" + "0" * 32)

    assert known.status_code == 200
    assert unknown.status_code == never.status_code == 404
    assert unknown.json()["type"] == never.json()["type"]


def test_d3_the_same_key_of_another_client_is_another_key(client: Client) -> None:
    client.earn(20)
    sent = []
    for one in ("till", "app"):
        client.token = client.tokens.token(client_id=one)
        sent.append(client.ask("POST", f"{MEMBER}/redemptions", "same", points=1))
        again = client.ask("POST", f"{MEMBER}/redemptions", "same", points=1)
        assert again.headers["idempotency-replayed"] == "true"
        assert again.json()["command_id"] == sent[-1].json()["command_id"]

    assert [answer.status_code for answer in sent] == [200, 200]
    assert sent[0].json()["command_id"] != sent[1].json()["command_id"]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, 200),
        ({"scope": "members:write"}, 409),
        ({"member_id": "member-1"}, 409),
    ],
    ids=["desk", "app", "member"],
)
def test_only_the_service_desk_corrects_a_birthday(
    client: Client, changes: dict[str, str], status: int
) -> None:
    client.earn(20)
    first = client.ask("PATCH", MEMBER, "first", birthday="05-17")
    client.token = client.tokens.token(**changes)
    second = client.ask("PATCH", MEMBER, "second", birthday="05-18")

    assert first.status_code == 200
    assert second.status_code == status


def test_without_access_everybody_on_this_machine_may_do_all() -> None:
    client = Client(asks_for_tokens=False)
    client.hold_member()
    client.token = None

    assert client.call("GET", MEMBER).status_code == 200
    adjusted = client.ask("POST", f"{MEMBER}/adjustments", points=1, reason="r")
    assert adjusted.status_code != 401


def test_a_key_that_is_not_known_is_asked_for_but_not_at_every_request(
    client: Client,
) -> None:
    client.call("GET", MEMBER)
    client.token = client.tokens.token(header={"kid": "ec-2"})
    statuses = [client.call("GET", MEMBER).status_code for _ in range(20)]

    assert set(statuses) == {401}
    assert client.tokens.fetches == 1
    client.now_seconds += PAUSE_SECONDS + 1
    statuses = [client.call("GET", MEMBER).status_code for _ in range(20)]
    assert client.tokens.fetches == 2


def test_a_rotated_key_comes_and_a_withdrawn_one_goes(client: Client) -> None:
    old = client.token
    client.call("GET", MEMBER)
    client.tokens.keys = [an_ec_key("ec-2")]
    header = {"alg": "ES256", "typ": "at+jwt", "kid": "ec-2"}
    client.token = signed(header, client.tokens.claims(), an_ec_key("ec-2"))
    client.now_seconds += PAUSE_SECONDS + 1

    assert client.call("GET", MEMBER).status_code == 200
    client.now_seconds += KNOWN_SECONDS
    client.token = old
    assert client.call("GET", MEMBER).status_code == 401


def test_all_scopes_are_those_of_the_end_to_end_tests() -> None:
    from tests.end_to_end.signing import ALL_SCOPES as SAID

    assert set(SAID.split()) == set(ALL_SCOPES.split())


def test_the_times_of_keys_are_in_order() -> None:
    assert PAUSE_SECONDS < FRESH_SECONDS < KEEP_SECONDS_MAX
