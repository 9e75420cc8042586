"""A browser before the console, without a browser: it keeps cookies, and reads forms."""

import asyncio
import html
import re
from typing import Any

import httpx

from tests.routes.client import Client

LOCAL = "http://127.0.0.1"


class Visitor:
    """Somebody before the console, with the cookies that they were given."""

    def __init__(self, client: Client | None = None, base: str = LOCAL) -> None:
        self.client = client or Client()
        self.base = base
        self.cookies = httpx.Cookies()

    def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Answer to one request; redirects are not followed."""

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(
                self.client.app,
                raise_app_exceptions=False,
                client=options.pop("client", ("127.0.0.1", 1)),
            )
            async with httpx.AsyncClient(
                transport=transport, base_url=self.base, cookies=self.cookies
            ) as http:
                answer = await http.request(method, path, **options)
                self.cookies = http.cookies
                return answer

        return asyncio.run(ask())

    def get(self, path: str, **options: Any) -> httpx.Response:
        """Page of a path within the console."""
        return self.call("GET", f"/console{path}", **options)

    def send(self, path: str, page: str, **fields: str) -> httpx.Response:
        """Fill in the form of a page, hidden fields and all."""
        hidden = hidden_fields(self.get(page).text)
        return self.post(path, **(hidden | fields))

    def post(self, path: str, **fields: str) -> httpx.Response:
        """Send a form, as it is."""
        return self.call("POST", f"/console{path}", data=fields)

    def sign_in(self, role: str = "everything", name: str = "Ada") -> "Visitor":
        """Come in as somebody of a role."""
        answer = self.send("/sign-in", "/sign-in", role=role, name=name)
        assert answer.status_code == 303, answer.text
        return self


def hidden_fields(page: str) -> dict[str, str]:
    """Hidden fields of a page; the last of a name."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found}
