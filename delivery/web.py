"""An HTTP client that connects only where it has just looked."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import Final, NamedTuple

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from delivery.targets import (
    TargetRefused,
    TargetRules,
    address_of,
    check_address,
    checked_addresses,
    target_of,
)

CONNECT_SECONDS_MAX: Final = 5.0
RESPONSE_BYTES_MAX: Final = 65_536
CONNECTIONS_MAX: Final = 200
KEEP_ALIVE_SECONDS: Final = 15.0
RETRY_AFTER_SECONDS_MAX: Final = 86_400
# Addresses that are known taken apart.
TARGETS_MAX: Final = 1_000
IPV4: Final = 4

Resolve = Callable[[str, int], Awaitable[list[str]]]


class NotSent(Exception):
    """Nobody answered, or not in time; the message says what happened."""


class Answer(NamedTuple):
    """What a receiver said; its words are not kept. `retry_after_ms` is 0 for none."""

    status: int
    retry_after_ms: int = 0


async def resolve(host: str, port: int) -> list[str]:
    """Addresses of a name, as this machine's resolver gives them."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class _CheckedResolver(AbstractResolver):
    """
    Answers with addresses that were checked, and those are connected to.

    A name is asked for once a connection, here: a second answer (rebinding) is never
    seen. The certificate is still checked against the name.
    """

    def __init__(self, rules: TargetRules, resolve: Resolve) -> None:
        """Every name that a client connects to is looked up here."""
        self._rules = rules
        self._resolve = resolve

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_UNSPEC,
    ) -> list[ResolveResult]:
        """
        Give the addresses of a name, if all may be connected to.

        Raises: TargetRefused.
        """
        del family
        number = address_of(host)
        if number is not None:
            check_address(number, self._rules)
            addresses = [number]
        else:
            found = await self._resolve(host, port)
            addresses = checked_addresses(found, self._rules)
        return [
            ResolveResult(
                hostname=host,
                host=str(address),
                port=port,
                family=socket.AF_INET if address.version == IPV4 else socket.AF_INET6,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
            for address in addresses
        ]

    async def close(self) -> None:
        """Nothing to let go of."""


class SafeClient:
    """
    Posts to receivers that others have named, over connections that are kept.

    Nothing of the environment is used, redirects are not followed, cookies are not
    kept, and of the answer only the status and `Retry-After` are looked at.
    """

    def __init__(
        self, rules: TargetRules, *, timeout_ms: int, resolve: Resolve = resolve
    ) -> None:
        """`timeout_ms`: how long a request may take, from the name to the answer."""
        self._rules = rules
        self._seconds_max = timeout_ms / 1_000
        self._resolve = resolve
        self._session: aiohttp.ClientSession | None = None
        self._targets: dict[str, URL] = {}

    async def check(self, url: str) -> None:
        """
        Refuse an address that is not allowed now; a name that leads nowhere may come.

        Raises: TargetRefused.
        """
        target = target_of(url, self._rules)
        if address_of(target.host) is not None:
            return
        try:
            found = await asyncio.wait_for(
                self._resolve(target.host, target.port), CONNECT_SECONDS_MAX
            )
        except (OSError, UnicodeError, TimeoutError):
            return
        checked_addresses(found, self._rules)

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """
        Post a body.

        Raises: TargetRefused before anything is sent; NotSent.
        """
        target = self._target(url)
        try:
            async with asyncio.timeout(self._seconds_max):
                return await self._answer(target, headers, body)
        except aiohttp.ClientError as error:
            raise NotSent(_told(error)) from error
        except TimeoutError as error:
            raise NotSent("no answer in time") from error
        except (OSError, UnicodeError) as error:
            raise NotSent(_told(error)) from error

    async def close(self) -> None:
        """Let go of all connections."""
        if self._session is not None:
            await self._session.close()

    def _target(self, url: str) -> URL:
        """
        Where an address leads; judged once, and its name at each connection.

        Raises: TargetRefused.
        """
        known = self._targets.get(url)
        if known is not None:
            return known
        target = target_of(url, self._rules)
        host = f"[{target.host}]" if ":" in target.host else target.host
        text = f"{target.scheme}://{host}:{target.port}{target.path}"
        if len(self._targets) >= TARGETS_MAX:
            self._targets.clear()
        made = self._targets[url] = URL(text, encoded=True)
        return made

    def _open(self) -> aiohttp.ClientSession:
        """Connections of this loop, from the first post on."""
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                resolver=_CheckedResolver(self._rules, self._resolve),
                use_dns_cache=False,
                limit=CONNECTIONS_MAX,
                keepalive_timeout=KEEP_ALIVE_SECONDS,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            headers={"User-Agent": "Regulars-Webhooks/1"},
            skip_auto_headers=("Accept", "Accept-Encoding"),
            timeout=aiohttp.ClientTimeout(
                total=None, sock_connect=min(CONNECT_SECONDS_MAX, self._seconds_max)
            ),
        )

    async def _answer(
        self, url: URL, headers: Mapping[str, str], body: bytes
    ) -> Answer:
        if self._session is None:
            self._session = self._open()
        async with self._session.post(
            url, data=body, headers=headers, allow_redirects=False
        ) as response:
            # A small answer is read, so that the connection can be used again.
            left = RESPONSE_BYTES_MAX
            while left > 0 and (part := await response.content.read(left)):
                left -= len(part)
            return Answer(response.status, _retry_after_ms(response.headers))


def _retry_after_ms(headers: Mapping[str, str]) -> int:
    """What `Retry-After` asks for, within a day; 0 for none or nonsense."""
    text = headers.get("Retry-After", "").strip()
    if not text:
        return 0
    if text.isdigit():
        return min(int(text[:9]), RETRY_AFTER_SECONDS_MAX) * 1_000
    try:
        until = parsedate_to_datetime(text)
        sent = parsedate_to_datetime(headers["Date"])
        # By the receiver's own clock, so that ours does not matter.
        seconds = (until - sent).total_seconds()
    except (KeyError, ValueError, TypeError):
        return 0
    return int(min(max(seconds, 0), RETRY_AFTER_SECONDS_MAX) * 1_000)


def _told(error: Exception) -> str:
    """Kind of a failure, without what a receiver wrote."""
    match error:
        case aiohttp.ConnectionTimeoutError():
            return "no connection in time"
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientSSLError():
            return "no safe connection"
        case aiohttp.ClientConnectorError():
            return "no connection"
        case aiohttp.ServerTimeoutError():
            return "no answer in time"
        case aiohttp.ClientError():
            return "no proper answer"
    return type(error).__name__


__all__ = ["Answer", "NotSent", "SafeClient", "TargetRefused", "resolve"]
