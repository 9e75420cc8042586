"""What is asked most, answered on a short way: past the framework, behind the gate."""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, NamedTuple

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import response, unavailable
from api.principals import Principal
from api.problems import Problem
from loyalty.limits import ID_LENGTH_MAX
from stores.unavailable import StoreUnavailable

# Ids of other characters are read by the framework: it knows how to unquote.
_MEMBERS: Final = re.compile(
    rf"/v1/members/([A-Za-z0-9._~-]{{1,{ID_LENGTH_MAX}}})/([a-z]+)"
)
Headers = list[tuple[bytes, bytes]]


class Reply(NamedTuple):
    """An answer, whole."""

    status: int
    headers: Headers
    body: bytes = b""


class Asked(NamedTuple):
    """A request whose token is known to be good; `receive` may be left half-way."""

    scope: Scope
    receive: Receive
    principal: Principal
    member_id: str

    def header(self, name: bytes) -> bytes | None:
        """
        Value of a header, None if there is none.

        Raises: NotShort if there are several.
        """
        found = [value for key, value in self.scope["headers"] if key == name]
        if len(found) > 1:
            raise NotShort
        return found[0] if found else None


class NotShort(Exception):
    """The request is not one of the plain ones: the framework answers it."""


# Answers, or raises NotShort before anything is done, or what the long way raises.
Way = Callable[[Asked], Awaitable[Reply]]


class Place(NamedTuple):
    """A short way, and the route that is the long one: told in metrics and traces."""

    way: Way
    path: str


# By method and what follows the member's id.
Places = Mapping[tuple[str, str], Place]


class ShortWay:
    """
    Answers plain requests of some routes, and passes all else on.

    A short way does what its route does when all is well, byte for byte. Whatever
    it is not sure of (a query that it cannot read, a scope that is missing, a member
    who is not there) it leaves to the route, before it has changed anything: so
    there is one place that says what is wrong.
    """

    def __init__(self, app: ASGIApp, places: Places) -> None:
        """Wrap the application."""
        self._app = app
        self._places = places

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it through."""
        found = self._find(scope)
        if found is None:
            await self._app(scope, receive, send)
            return
        place, member_id = found
        heard = _Heard(receive)
        asked = Asked(scope, heard.receive, scope["state"]["principal"], member_id)
        try:
            reply = await place.way(asked)
        except NotShort:
            await self._app(scope, heard.again, send)
            return
        except Problem as problem:
            scope["route"] = place
            await response(problem, scope["path"])(scope, receive, send)
            return
        except StoreUnavailable as error:
            scope["route"] = place
            away = unavailable(error, scope["state"]["request_id"])
            await response(away, scope["path"])(scope, receive, send)
            return
        scope["route"] = place
        status, headers, body = reply
        start = {"type": "http.response.start", "status": status, "headers": headers}
        await send(start)
        await send({"type": "http.response.body", "body": body})

    def _find(self, scope: Scope) -> tuple[Place, str] | None:
        if scope["type"] != "http":
            return None
        named = _MEMBERS.fullmatch(scope["path"])
        if named is None or scope.get("root_path"):
            return None
        place = self._places.get((scope["method"], named[2]))
        return None if place is None else (place, named[1])


class _Heard:
    """A body that can be heard again, by who answers it in the end."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._messages: list[Message] = []

    async def receive(self) -> Message:
        message = await self._receive()
        self._messages.append(message)
        return message

    async def again(self) -> Message:
        return self._messages.pop(0) if self._messages else await self._receive()
