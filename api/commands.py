"""Commands in: noted once, sent, and their answer waited for within a bound."""

import asyncio
import json
from hashlib import blake2b
from typing import Any, Final, NamedTuple

import msgspec

from api.principals import Principal
from api.problems import (
    EventRefused,
    IdempotencyKeyInvalid,
    IdempotencyKeyReused,
    no_such_member,
)
from api.result_hub import ResultHub, Ring
from loyalty.events import Attribute, Command, InvalidEvent
from schemas.events import EventCodec, check_outside_command
from schemas.framing import MalformedRecord
from schemas.topics import COMMANDS
from stores.command_notes import CommandNote, CommandNotes
from stores.member_views_contract import MemberViews
from stores.publisher import Publisher

APP: Final = "app"
SERVICE: Final = "service"
WAIT_SECONDS_MAX: Final = 2.0
# So long without a ring, and somebody looks all the same: rings may be lost.
UNHEARD_SECONDS: Final = 0.5
# Pauses between looks at Redis while no ring is heard at all.
PAUSE_SECONDS_FIRST: Final = 0.008
PAUSE_SECONDS_MAX: Final = 0.1
PAUSE_GROWTH: Final = 1.3
KEY_LENGTH_MAX: Final = 255
DIGEST_BYTES: Final = 16


class Wish(NamedTuple):
    """
    What a request asks of a member.

    `client_id` and `scope` are within what an idempotency key is one: the member,
    or a route that makes members. `route` and `body` are what a repeat must have
    alike, and so is `private`, a digest of what never enters the log.
    """

    client_id: str
    scope: str
    route: str
    member_id: str
    type: str
    attributes: dict[str, Attribute]
    actor: str = APP
    makes_member: bool = False
    private: str = ""


class Answer(NamedTuple):
    """What became of a command; `result` is None while it is not decided."""

    command_id: str
    note: CommandNote
    result: dict[str, Any] | None
    is_replayed: bool = False


class CommandDesk:
    """Takes commands to the log and answers with what the engine decided."""

    def __init__(
        self,
        publisher: Publisher,
        views: MemberViews,
        notes: CommandNotes,
        *,
        codec: EventCodec,
        hub: ResultHub,
        wait_seconds_max: float = WAIT_SECONDS_MAX,
    ) -> None:
        """Say where commands go, and where their answers come from."""
        self._publisher = publisher
        self._views = views
        self._notes = notes
        self._codec = codec
        self._hub = hub
        self._wait_seconds_max = wait_seconds_max

    async def ask(self, wish: Wish, key: str | None, now_ms: int) -> Answer:
        """
        Send a command once, whoever repeats it, and wait for its answer.

        Whoever repeats a command that still runs waits for the same answer.
        Raises: IdempotencyKeyInvalid, IdempotencyKeyReused, MemberNotFound,
        EventRefused; StoreUnavailable when it should be tried again, same key.
        """
        command_id = command_id_of(
            checked_key(key), client_id=wish.client_id, scope=wish.scope
        )
        note = CommandNote(
            wish.member_id, wish.type, _likeness(wish), now_ms, wish.client_id
        )
        command = _command(command_id, wish, note, now_ms=now_ms)
        is_there = (
            wish.makes_member
            or await self._views.get(wish.member_id) is not None
            # Whoever asked while the member was there is still answered.
            or await self._notes.find(command_id) is not None
        )
        if not is_there:
            raise no_such_member(wish.member_id)
        known = await self._notes.take(command_id, note)
        if known is not None:
            if known.likeness != note.likeness:
                raise IdempotencyKeyReused("the key was used with another body or path")
            result = await self._result(command_id)
            if result is not None:
                return Answer(command_id, known, result, is_replayed=True)
            # Perhaps it never reached the log. The engine takes an id once, and
            # the time it was first sent at makes this the same command.
            command = command._replace(occurred_at=known.accepted_at)
        with self._hub.waited(command_id) as ring:
            await self._publisher.publish(
                COMMANDS.name,
                key=command.member_id.encode(),
                value=self._codec.encode_command(command),
            )
            result = await self._wait(command_id, ring)
        return Answer(command_id, known or note, result, is_replayed=known is not None)

    async def find(self, command_id: str, caller: Principal) -> Answer | None:
        """What became of a command so far, None for one that the caller never sent."""
        note = await self._notes.find(command_id)
        if (
            note is None
            or note.client_id != caller.client_id
            or not caller.sees(note.member_id)
        ):
            return None
        return Answer(command_id, note, await self._result(command_id))

    async def close(self) -> None:
        """Listen for results no more."""
        await self._hub.close()

    async def _wait(self, command_id: str, ring: Ring) -> dict[str, Any] | None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._wait_seconds_max
        pause = PAUSE_SECONDS_FIRST
        while True:
            left = max(deadline - loop.time(), 0)
            unheard = UNHEARD_SECONDS if self._hub.is_heard else pause
            await ring.wait(min(unheard, left))
            result = await self._result(command_id)
            if result is not None or not left:
                return result
            pause = min(pause * PAUSE_GROWTH, PAUSE_SECONDS_MAX)

    async def _result(self, command_id: str) -> dict[str, Any] | None:
        document = await self._views.get_result(command_id)
        return None if document is None else _DECODER.decode(document)


def command_id_of(key: str, *, client_id: str, scope: str) -> str:
    """Id of a command: the same for each repeat of a key by one client."""
    text = json.dumps([client_id, scope, key]).encode()
    return "api-" + blake2b(text, digest_size=DIGEST_BYTES).hexdigest()


def checked_key(key: str | None) -> str:
    """
    Key of a request.

    Raises: IdempotencyKeyInvalid.
    """
    if not key:
        raise IdempotencyKeyInvalid("the header Idempotency-Key is missing")
    if len(key) > KEY_LENGTH_MAX or not (key.isascii() and key.isprintable()):
        raise IdempotencyKeyInvalid(
            f"an Idempotency-Key has 1 to {KEY_LENGTH_MAX} printable ASCII characters"
        )
    return key


def _command(command_id: str, wish: Wish, note: CommandNote, *, now_ms: int) -> Command:
    command = Command(
        command_id,
        wish.member_id,
        wish.type,
        note.accepted_at,
        wish.actor,
        wish.attributes,
    )
    try:
        check_outside_command(command, now_ms)
    except (InvalidEvent, MalformedRecord) as fault:
        raise EventRefused(fault.detail, reason=fault.reason) from fault
    return command


def _likeness(wish: Wish) -> str:
    asked: list[Any] = [wish.route, wish.member_id, wish.type, wish.attributes]
    if wish.private:
        asked.append(wish.private)
    text = json.dumps(asked, sort_keys=True, separators=(",", ":"))
    return blake2b(text.encode(), digest_size=DIGEST_BYTES).hexdigest()


_DECODER: Final = msgspec.json.Decoder(dict[str, Any])
