"""The console's cookies: what is not ours is nobody's, and no fault."""

import json
import time
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from starlette.requests import Request

from api.console.sessions import SESSION, Sessions


def asked_with(cookie: str) -> Request:
    headers = [(b"cookie", f"{SESSION}={cookie}".encode())]
    return Request({"type": "http", "headers": headers})


@pytest.mark.parametrize(
    "header",
    [
        {"alg": 1, "enc": []},
        {"alg": "dir", "enc": {}},
        {"alg": "PBES2-HS256+A128KW", "enc": "A256GCM", "p2c": 10**9, "p2s": "aa"},
        {"alg": "dir", "enc": "A256GCM", "zip": "DEF"},
        [],
        "text",
    ],
)
def test_a_cookie_with_a_header_of_a_stranger_is_nobodys(header: Any) -> None:
    first = urlsafe_b64encode(json.dumps(header).encode()).decode().rstrip("=")

    for rest in ("..aaaaaaaaaaaaaaaa.aaaa.aaaaaaaaaaaaaaaaaaaaaa", "....", ""):
        cookie = asked_with(first + rest)
        assert Sessions("secret", time.time).viewer(cookie) is None
