"""What is asked most, answered on a short way: past the framework, not the gate."""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, NamedTuple

from starlette.types import Message, Receive, Scope

from api.access import Verifier
from api.errors import response, unavailable
from api.gate import known_caller
from api.principals import Principal
from api.problems import Problem
from api.throttle import Headers, Turns
from loyalty.limits import ID_LENGTH_MAX
from stores.unavailable import StoreUnavailable

# Ids of other characters are read by the framework: it knows how to unquote.
_MEMBERS: Final = re.compile(
    rf"/v1/members/([A-Za-z0-9._~-]{{1,{ID_LENGTH_MAX}}})/([a-z]+)"
)


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


# Answers, or raises NotShort before anything is done, or what its route raises.
Way = Callable[[Asked], Awaitable[Reply]]


class Place(NamedTuple):
    """A short way, and the path of its route: told in metrics and traces."""

    way: Way
    path: str


# By method and what follows the member's id.
Places = Mapping[tuple[str, str], Place]


class ShortWay:
    """
    Answers plain requests of some routes, byte for byte as those do.

    Whatever it is not sure of (a token that has to be verified, a scope that is
    missing, a query that it cannot read, a member who is not there, no turn left)
    it leaves to the long way, before anything has changed: so there is one place
    that says what is wrong.
    """

    def __init__(
        self,
        places: Places,
        *,
        verifier: Verifier | None,
        turns: Turns,
        long_for: frozenset[bytes] = frozenset(),
    ) -> None:
        """`long_for` are headers that only the long way knows how to answer."""
        self._places = places
        self._verifier = verifier
        self._turns = turns
        self._long_for = long_for

    async def reply(self, scope: Scope, heard: "Heard") -> Reply | None:
        """Answer to a request, None if it has to go the long way."""
        found = self._find(scope)
        if found is None:
            return None
        principal = known_caller(self._verifier, scope)
        if principal is None:
            return None
        taken = await self._turns.take(scope, principal)
        if taken is not None and not taken.turn.is_taken:
            return None
        place, member_id = found
        try:
            reply = await place.way(Asked(scope, heard.first, principal, member_id))
        except NotShort:
            return None
        except Problem as problem:
            reply = _told(problem, scope)
        except StoreUnavailable as error:
            request_id = scope["state"]["request_id"]
            reply = _told(unavailable(error, request_id), scope)
        scope["route"] = place
        if taken is not None:
            reply.headers.extend(taken.headers)
        return reply

    def _find(self, scope: Scope) -> tuple[Place, str] | None:
        named = _MEMBERS.fullmatch(scope["path"])
        if named is None or scope.get("root_path"):
            return None
        place = self._places.get((scope["method"], named[2]))
        if place is None:
            return None
        if self._long_for and any(
            name in self._long_for for name, _ in scope["headers"]
        ):
            return None
        return place, named[1]


class Heard:
    """A body that the long way can hear from its beginning after the short one."""

    def __init__(self, receive: Receive) -> None:
        """Nothing was heard yet."""
        self._receive = receive
        self._messages: list[Message] = []

    async def first(self) -> Message:
        """Next part, kept for who comes after."""
        message = await self._receive()
        self._messages.append(message)
        return message

    async def again(self) -> Message:
        """Next part: those that were heard, then the others."""
        return self._messages.pop(0) if self._messages else await self._receive()


def _told(problem: Problem, scope: Scope) -> Reply:
    answer = response(problem, scope["path"])
    return Reply(answer.status_code, list(answer.raw_headers), bytes(answer.body))
