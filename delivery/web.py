"""An HTTP client that connects only where it has just looked."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any, Final, NamedTuple

import httpcore2

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


class _CheckedNetwork(httpcore2.AsyncNetworkBackend):
    """
    Connects to the very address that was checked.

    A name is asked for once, here: a second answer (rebinding) is never seen. The
    certificate is still checked against the name.
    """

    def __init__(self, rules: TargetRules, resolve: Resolve) -> None:
        """Every connection of a client is made here."""
        self._rules = rules
        self._resolve = resolve
        self._network = httpcore2.AnyIOBackend()

    async def connect_tcp(  # type: ignore[override]  # it is called by names only
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the interface's own name
        **options: Any,
    ) -> httpcore2.AsyncNetworkStream:
        """
        Connect to the first address, if all may be connected to.

        Raises: TargetRefused.
        """
        number = address_of(host)
        if number is not None:
            check_address(number, self._rules)
            addresses = [number]
        else:
            found = await asyncio.wait_for(self._resolve(host, port), timeout)
            addresses = checked_addresses(found, self._rules)
        return await self._network.connect_tcp(
            str(addresses[0]), port, timeout=timeout, **options
        )


class SafeClient:
    """
    Posts to receivers that others have named.

    Nothing of the environment is used, redirects are not followed, and of the
    answer only the status and `Retry-After` are looked at.
    """

    def __init__(
        self, rules: TargetRules, *, timeout_ms: int, resolve: Resolve = resolve
    ) -> None:
        """`timeout_ms`: how long a request may take, from the name to the answer."""
        self._rules = rules
        self._seconds_max = timeout_ms / 1_000
        self._resolve = resolve
        self._pool = httpcore2.AsyncConnectionPool(
            max_connections=CONNECTIONS_MAX,
            max_keepalive_connections=CONNECTIONS_MAX,
            keepalive_expiry=KEEP_ALIVE_SECONDS,
            network_backend=_CheckedNetwork(rules, resolve),
        )

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
        target = target_of(url, self._rules)
        request = httpcore2.URL(
            scheme=target.scheme.encode(),
            host=target.host.encode(),
            port=target.port,
            target=target.path.encode(),
        )
        is_usual = target.port == (443 if target.scheme == "https" else 80)
        host = f"[{target.host}]" if ":" in target.host else target.host
        sent = {
            "Host": host if is_usual else f"{host}:{target.port}",
            "Content-Length": str(len(body)),
            "User-Agent": "Regulars-Webhooks/1",
            **headers,
        }
        try:
            async with asyncio.timeout(self._seconds_max):
                return await self._answer(request, sent, body)
        except TimeoutError as error:
            raise NotSent("no answer in time") from error
        except (httpcore2.NetworkError, httpcore2.ProtocolError) as error:
            raise NotSent(_told(error)) from error
        except (httpcore2.TimeoutException, OSError, UnicodeError) as error:
            raise NotSent(_told(error)) from error

    async def close(self) -> None:
        """Let go of all connections."""
        await self._pool.aclose()

    async def _answer(
        self, url: httpcore2.URL, headers: Mapping[str, str], body: bytes
    ) -> Answer:
        connect = min(CONNECT_SECONDS_MAX, self._seconds_max)
        timeouts = dict.fromkeys(("read", "write", "pool"), self._seconds_max)
        async with self._pool.stream(
            "POST",
            url,
            headers=[
                (name.encode(), value.encode()) for name, value in headers.items()
            ],
            content=body,
            extensions={"timeout": {"connect": connect, **timeouts}},
        ) as response:
            told = {name.lower(): value for name, value in response.headers}
            # A small answer is read, so that the connection can be used again.
            read = 0
            async for part in response.aiter_stream():
                read += len(part)
                if read > RESPONSE_BYTES_MAX:
                    break
            return Answer(response.status, _retry_after_ms(told))


def _retry_after_ms(headers: Mapping[bytes, bytes]) -> int:
    """What `Retry-After` asks for, within a day; 0 for none or nonsense."""
    text = headers.get(b"retry-after", b"").decode("latin-1").strip()
    if text.isdigit():
        return min(int(text[:9]), RETRY_AFTER_SECONDS_MAX) * 1_000
    try:
        until = parsedate_to_datetime(text)
        sent = parsedate_to_datetime(headers[b"date"].decode("latin-1"))
        # By the receiver's own clock, so that ours does not matter.
        seconds = (until - sent).total_seconds()
    except (KeyError, ValueError, TypeError):
        return 0
    return int(min(max(seconds, 0), RETRY_AFTER_SECONDS_MAX) * 1_000)


def _told(error: Exception) -> str:
    """Kind of a failure, without what a receiver wrote."""
    return {
        "ConnectError": "no connection",
        "ConnectTimeout": "no connection in time",
        "ReadTimeout": "no answer in time",
        "RemoteProtocolError": "no proper answer",
    }.get(type(error).__name__, type(error).__name__)


__all__ = ["Answer", "NotSent", "SafeClient", "TargetRefused", "resolve"]
