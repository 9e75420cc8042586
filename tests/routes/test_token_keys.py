"""The issuer's keys: discovery over HTTP, what is taken of a set, outages."""

import asyncio
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import OctKey, RSAKey

from api.problems import Unavailable
from api.token_keys import (
    DOCUMENT_BYTES_MAX,
    FRESH_SECONDS,
    KEEP_SECONDS_MAX,
    KEYS_MAX,
    PAUSE_SECONDS,
    KeyRing,
    KeysUnavailable,
    discovered_keys,
    file_keys,
    is_safe_address,
    keys_of,
)
from tests.routes.issuing import an_ec_key, an_rsa_key

CONFIGURATION = "/.well-known/openid-configuration"


class AServer:
    """An issuer's web server: answers by path, and remembers what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, Any]] = {}
        self.asked: list[str] = []
        own = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                own.asked.append(self.path)
                status, body = own.answers.get(self.path, (404, {}))
                text = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                self.send_header("location", "/elsewhere")
                self.send_header("content-length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.answers = {
            CONFIGURATION: (200, {"issuer": self.url, "jwks_uri": f"{self.url}/keys"}),
            "/keys": (200, a_set(an_ec_key("ec-1"))),
        }

    def close(self) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()


def a_set(*keys: Any, **changes: Any) -> dict[str, Any]:
    """JWK set of public keys."""
    return {"keys": [key.as_dict(private=False) | changes for key in keys]}


def kids(document: Any) -> set[str]:
    """Names of the keys that are taken of a set."""
    return set(keys_of(json.dumps(document).encode()))


@pytest.fixture
def server() -> Iterator[AServer]:
    made = AServer()
    yield made
    made.close()


def test_keys_are_found_by_discovery(server: AServer) -> None:
    document = asyncio.run(discovered_keys(server.url)())

    assert set(keys_of(document)) == {"ec-1"}
    assert server.asked == [CONFIGURATION, "/keys"]


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        (CONFIGURATION, (404, {})),
        (CONFIGURATION, (302, {})),
        (CONFIGURATION, (200, b"<html>")),
        (CONFIGURATION, (200, [])),
        (CONFIGURATION, (200, {"issuer": "https://evil.test", "jwks_uri": "/keys"})),
        (CONFIGURATION, (200, b" " * (DOCUMENT_BYTES_MAX + 1))),
        ("/keys", (302, {})),
        ("/keys", (500, {})),
        ("/keys", (200, b" " * (DOCUMENT_BYTES_MAX + 1))),
    ],
)
def test_an_issuer_that_answers_otherwise_gives_no_keys(
    server: AServer, path: str, answer: tuple[int, Any]
) -> None:
    server.answers[path] = answer

    with pytest.raises(KeysUnavailable):
        asyncio.run(discovered_keys(server.url)())
    assert "/elsewhere" not in server.asked


@pytest.mark.parametrize(
    "keys_at", ["http://far.test/keys", "file:///etc/passwd", "ftp://x/keys", 1, None]
)
def test_keys_are_not_fetched_from_where_they_could_be_changed(
    server: AServer, keys_at: Any
) -> None:
    configuration = {"issuer": server.url, "jwks_uri": keys_at}
    server.answers[CONFIGURATION] = 200, configuration

    with pytest.raises(KeysUnavailable, match="https"):
        asyncio.run(discovered_keys(server.url)())
    assert server.asked == [CONFIGURATION]


@pytest.mark.parametrize(
    ("address", "is_safe"),
    [
        ("https://issuer.test/realm", True),
        ("http://127.0.0.1:8080", True),
        ("http://localhost", True),
        ("http://[::1]:80", True),
        ("http://127.0.0.1.evil.test", False),
        ("http://localhost@evil.test", False),
        ("https://", False),
        ("issuer", False),
        ("http://[", False),
    ],
)
def test_an_address_is_safe_or_not(address: str, is_safe: bool) -> None:
    assert is_safe_address(address) is is_safe


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"keys": {}},
        {"keys": []},
        {"keys": [1, "k", None]},
        a_set(an_ec_key("ec-1"), use="enc"),
        a_set(an_ec_key("ec-1"), kid=None),
        a_set(an_ec_key("ec-1"), kid="k" * 257),
        a_set(an_ec_key("ec-1"), key_ops=["sign"]),
        a_set(an_ec_key("ec-1"), alg=256),
        a_set(an_ec_key("ec-1"), x="AA"),
        a_set(an_ec_key("ec-1"), crv="P-192"),
        {"keys": [OctKey.generate_key(256, {"kid": "s"}).as_dict(private=True)]},
        a_set(*[an_ec_key("ec-1")] * (KEYS_MAX + 1)),
    ],
)
def test_a_set_without_a_key_of_use_is_none(document: Any) -> None:
    with pytest.raises(KeysUnavailable):
        kids(document)


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_keys_that_cannot_be_used_are_left_out_of_a_set() -> None:
    short = RSAKey.generate_key(1024, {"kid": "short"})
    ends = a_set(an_ec_key("ec-1"), an_rsa_key("rsa-1"), short)
    ends["keys"] += [{"kty": "ML-DSA", "kid": "new"}, {"kty": "EC", "kid": "half"}]

    assert kids(ends) == {"ec-1", "rsa-1"}


def test_a_private_part_that_was_published_is_not_kept() -> None:
    document = {"keys": [an_ec_key("ec-1").as_dict(private=True)]}

    found = keys_of(json.dumps(document).encode())["ec-1"].key
    assert not found.is_private


@pytest.mark.parametrize(
    ("key", "algorithm"), [(an_rsa_key("r"), "RS256"), (an_ec_key("e"), "ES256")]
)
def test_a_key_that_names_no_algorithm_has_one_all_the_same(
    key: Any, algorithm: str
) -> None:
    said = {name: v for name, v in key.as_dict(private=False).items() if name != "alg"}

    bound = keys_of(json.dumps({"keys": [said]}).encode())
    assert [one.algorithm for one in bound.values()] == [algorithm]


def test_a_file_is_read_anew(tmp_path: Path) -> None:
    file = tmp_path / "jwks.json"
    fetch = file_keys(file)
    with pytest.raises(KeysUnavailable):
        asyncio.run(fetch())
    file.write_text(json.dumps(a_set(an_ec_key("ec-1"))))
    assert set(keys_of(asyncio.run(fetch()))) == {"ec-1"}
    file.write_bytes(b" " * (DOCUMENT_BYTES_MAX + 1))
    with pytest.raises(KeysUnavailable):
        asyncio.run(fetch())


def test_an_issuer_that_is_away_keeps_its_keys_for_a_day() -> None:
    now, is_away, fetches = 0.0, True, 0

    async def fetch() -> bytes:
        nonlocal fetches
        fetches += 1
        if is_away:
            raise KeysUnavailable("away")
        return json.dumps(a_set(an_ec_key("ec-1"))).encode()

    async def life() -> None:
        nonlocal now, is_away
        ring = KeyRing(fetch, lambda: now)
        with pytest.raises(Unavailable):
            await ring.find("ec-1")
        is_away = False
        now += PAUSE_SECONDS + 1
        assert await ring.find("ec-1") is not None
        is_away = True
        now += FRESH_SECONDS + 1
        before = fetches
        # A stale key is good at once; it is asked for beside the request.
        assert await ring.find("ec-1") is not None
        await asyncio.sleep(0)
        assert fetches == before + 1
        now += KEEP_SECONDS_MAX
        with pytest.raises(Unavailable):
            await ring.find("ec-1")

    asyncio.run(life())


def test_many_who_name_an_unknown_key_make_one_request() -> None:
    fetches = 0

    async def fetch() -> bytes:
        nonlocal fetches
        fetches += 1
        await asyncio.sleep(0.01)
        return json.dumps(a_set(an_ec_key("ec-1"))).encode()

    async def crowd() -> list[Any]:
        ring = KeyRing(fetch)
        return list(await asyncio.gather(*(ring.find(f"k{n}") for n in range(50))))

    assert asyncio.run(crowd()) == [None] * 50
    assert fetches == 1
