"""The short way to a redemption: its body is read here, all else is the desk's."""

import json
from collections.abc import Callable
from typing import Final

from pydantic import ValidationError

from api.asking import asked as told_of
from api.command_requests import RedemptionIn
from api.commands import CommandDesk, Wish
from api.gate import Requirement
from api.short_way import Asked, NotShort, Reply
from api.throttle import Headers

# Of a plain body; a longer one is the route's.
BODY_BYTES_MAX: Final = 4_096
_JSON: Final = (b"content-type", b"application/json")


class ShortRedemption:
    """Answers as the route `redeem` does."""

    def __init__(
        self, desk: CommandDesk, needed: Requirement, clock: Callable[[], float]
    ) -> None:
        """Say who decides, what a caller needs, and the time (seconds since 1970)."""
        self._desk = desk
        self._needed = needed
        self._clock = clock

    async def __call__(self, asked: Asked) -> Reply:
        """What the redemption came to; raises as a short way does."""
        principal, member_id = asked.principal, asked.member_id
        is_plain = asked.header(b"content-type") == _JSON[1]
        if not is_plain or not self._needed.allows(principal, member_id):
            raise NotShort
        key = asked.header(b"idempotency-key")
        body = await _body_of(asked)
        wish = Wish(
            principal.client_id,
            member_id,
            f"POST {asked.scope['path']}",
            member_id,
            "points.redeem",
            body.attributes(),
        )
        told = await told_of(
            self._desk,
            wish,
            key=None if key is None else key.decode("latin-1"),
            now=int(self._clock() * 1_000),
        )
        content = told.out.__pydantic_serializer__.to_json(told.out, exclude_none=True)
        headers: Headers = [
            (name.lower().encode(), value.encode())
            for name, value in told.headers.items()
        ]
        headers += [(b"content-length", b"%d" % len(content)), _JSON]
        return Reply(told.status, headers, content)


async def _body_of(asked: Asked) -> RedemptionIn:
    content, is_whole = b"", False
    while not is_whole:
        message = await asked.receive()
        content += message.get("body", b"")
        if message["type"] != "http.request" or len(content) > BODY_BYTES_MAX:
            raise NotShort
        is_whole = not message.get("more_body", False)
    try:
        # As the framework reads it: with the same doubles and numbers.
        return RedemptionIn.model_validate(json.loads(content))
    except (ValueError, RecursionError, ValidationError) as error:
        raise NotShort from error
