"""Signing in by OpenID Connect, against an issuer that listens on this machine."""

import json
import threading
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from api.access import TokenRules, Verifier
from api.console.oidc import Client as OidcSettings
from api.console.oidc import OidcClient
from api.console.ways import OIDC, WayIn
from api.token_keys import KeyRing, discovered_keys
from tests.routes.client import Client
from tests.routes.desk import Visitor
from tests.routes.issuing import AUDIENCE, an_ec_key, signed

MARKETER = "openid analytics:read rules:read rules:write"


class Issuer:
    """An issuer: what it says can be changed; it remembers what it was asked."""

    def __init__(self, port: int, now: float) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.now = int(now)
        self.claims: dict[str, Any] = {}
        self.configuration: dict[str, Any] = {}
        self.token_answer: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {"sub": "u-1", "name": "Ada Lovelace"}
        self.status = 200
        self.forms: list[dict[str, str]] = []

    def answer(self, path: str, body: str) -> tuple[int, dict[str, Any]]:
        """What a path says."""
        if path == "/.well-known/openid-configuration":
            return 200, self.configured()
        if path == "/keys":
            return 200, {"keys": [an_ec_key("ec-1").as_dict(private=False)]}
        if path == "/userinfo":
            return 200, self.userinfo
        self.forms.append(dict(parse_qsl(body)))
        return self.status, {"access_token": self.token()} | self.token_answer

    def configured(self) -> dict[str, Any]:
        """OpenID configuration."""
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/keys",
        } | self.configuration

    def token(self) -> str:
        """Access token of somebody."""
        claims = {
            "iss": self.address,
            "aud": AUDIENCE,
            "sub": "u-1",
            "client_id": "console",
            "scope": MARKETER,
            "iat": self.now,
            "exp": self.now + 600,
        } | self.claims
        header = {"alg": "ES256", "typ": "at+jwt", "kid": "ec-1"}
        return signed(header, claims, an_ec_key("ec-1"))


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    """An issuer that listens."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.do_POST()

        def do_POST(self) -> None:
            length = int(self.headers.get("content-length", 0))
            status, told = made.answer(self.path, self.rfile.read(length).decode())
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = Issuer(server.server_port, Client().now_seconds)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
def visitor(issuer: Issuer) -> Visitor:
    """Somebody before a console whose people the issuer knows."""
    rules = TokenRules(issuer.address, AUDIENCE, frozenset({"ES256"}), 30)
    keys = KeyRing(discovered_keys(issuer.address))
    verifier = Verifier(rules, keys, lambda: issuer.now)
    settings = OidcSettings(
        issuer.address, AUDIENCE, "console", "hush", "https://loyalty.example"
    )
    way = WayIn(OIDC, OidcClient(settings, verifier))
    return Visitor(Client(way_in=way), base="https://loyalty.example")


def sent_to_the_issuer(visitor: Visitor) -> dict[str, str]:
    """What the console asks the issuer, by way of the browser."""
    answer = visitor.get("/sign-in/start?next=/console/rules")
    assert answer.status_code == 303, answer.text
    parts = urlsplit(answer.headers["location"])
    assert parts.path == "/authorize"
    return {name: values[0] for name, values in parse_qs(parts.query).items()}


def test_somebody_comes_in_with_what_their_token_allows(
    visitor: Visitor, issuer: Issuer
) -> None:
    page = visitor.get("/sign-in").text
    asked = sent_to_the_issuer(visitor)
    answer = visitor.get(f"/sign-in/return?code=c-1&state={asked['state']}")
    [form] = issuer.forms
    digest = sha256(form["code_verifier"].encode()).digest()

    assert issuer.address in page
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == "https://loyalty.example/console/sign-in/return"
    assert urlsafe_b64encode(digest).decode().rstrip("=") == asked["code_challenge"]
    assert (form["code"], form["client_secret"]) == ("c-1", "hush")
    assert form["redirect_uri"] == asked["redirect_uri"]
    assert answer.headers["location"] == "/console/rules"
    rules = visitor.get("/rules")
    assert rules.status_code == 200
    assert "Ada Lovelace" in rules.text
    assert visitor.get("/operations").status_code == 403
    assert visitor.get("/members").status_code == 403


@pytest.mark.parametrize("query", ["code=c-1&state=wrong", "code=c-1", "state=", ""])
def test_whoever_was_not_sent_by_us_does_not_come_in(
    visitor: Visitor, issuer: Issuer, query: str
) -> None:
    sent_to_the_issuer(visitor)
    answer = visitor.get(f"/sign-in/return?{query}")

    assert answer.status_code == 403
    assert issuer.forms == []
    assert visitor.get("/rules").status_code == 303


def test_what_the_issuer_refuses_is_told(visitor: Visitor) -> None:
    state = sent_to_the_issuer(visitor)["state"]
    answer = visitor.get(
        f"/sign-in/return?error=access_denied&error_description=<b>no</b>&state={state}"
    )

    assert answer.status_code == 403
    assert "&lt;b&gt;no&lt;/b&gt;" in answer.text


@pytest.mark.parametrize(
    "changes",
    [
        {"claims": {"aud": "another"}},
        {"claims": {"iss": "https://another.example"}},
        {"claims": {"exp": 1}},
        {"claims": {"member_id": "member-1"}},
        {"token_answer": {"access_token": "x.y.z"}},
        {"token_answer": {"access_token": None}},
        {"status": 400},
        {"userinfo": {"sub": "u-2", "name": "Eve"}},
    ],
)
def test_a_token_that_the_api_would_not_take_lets_nobody_in(
    visitor: Visitor, issuer: Issuer, changes: dict[str, Any]
) -> None:
    state = sent_to_the_issuer(visitor)["state"]
    for name, value in changes.items():
        setattr(issuer, name, value)
    answer = visitor.get(f"/sign-in/return?code=c-1&state={state}")

    assert answer.status_code == 403
    assert visitor.get("/rules").status_code == 303


@pytest.mark.parametrize(
    "configuration",
    [
        {"issuer": "https://another.example"},
        {"authorization_endpoint": "http://evil.example/authorize"},
        {"authorization_endpoint": None},
    ],
)
def test_an_issuer_that_is_not_the_one_is_not_trusted(
    visitor: Visitor, issuer: Issuer, configuration: dict[str, Any]
) -> None:
    issuer.configuration = configuration

    assert visitor.get("/sign-in/start").status_code == 403


def test_a_way_back_is_good_once(visitor: Visitor) -> None:
    state = sent_to_the_issuer(visitor)["state"]
    first = visitor.get(f"/sign-in/return?code=c-1&state={state}")
    again = visitor.get(f"/sign-in/return?code=c-1&state={state}")

    assert (first.status_code, again.status_code) == (303, 403)


def test_the_local_form_is_closed_where_the_issuer_knows_people(
    visitor: Visitor,
) -> None:
    answer = visitor.send("/sign-in", "/sign-in", role="everything", name="Eve")

    assert answer.status_code == 400
    assert visitor.get("/rules").status_code == 303
