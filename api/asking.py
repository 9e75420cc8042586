"""A request that is a command: what it needs, what it may be answered with."""

import json
from http import HTTPStatus
from typing import Annotated, Any, Final, NamedTuple

from fastapi import Depends, Request, Response

from api.command_responses import CommandOut, command_out
from api.commands import APP, SERVICE, CommandDesk, Wish
from api.contacts import ContactInvalid
from api.dependencies import Desk, IdempotencyKey, Identified, Now, Views, made_of
from api.errors import problem_responses
from api.gate import Caller
from api.problems import (
    BodyTooLarge,
    CommandRefused,
    ContactTaken,
    IdempotencyKeyInvalid,
    InvalidRequest,
    MemberMerged,
    MemberNotFound,
    Problem,
    TargetNotFound,
    Unavailable,
    UnsupportedMediaType,
)
from api.redirects import merged_with
from api.refusals import refusal
from schemas.reservation_ids import reservation_of

DESK_SCOPE: Final = "service:write"
ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    **problem_responses(
        IdempotencyKeyInvalid,
        MemberNotFound,
        MemberMerged,
        CommandRefused,
        BodyTooLarge,
        UnsupportedMediaType,
        InvalidRequest,
        Unavailable,
        Problem,
    ),
    202: {"description": "Not decided yet: ask `Location`", "model": CommandOut},
}


class Told(NamedTuple):
    """What a command is answered with."""

    status: int
    headers: dict[str, str]
    out: CommandOut


async def asked(desk: CommandDesk, wish: Wish, *, key: str | None, now: int) -> Told:
    """Answer to a command; raises what it refuses, and what the desk raises."""
    answer = await desk.ask(wish, key, now)
    out = command_out(answer)
    headers = {"Idempotency-Replayed": "true"} if answer.is_replayed else {}
    if out.status == "refused":
        assert answer.result is not None, "a refusal is a result"
        told = answer.result["result"] or {}
        detail = told.get("detail", out.why or "")
        more = {"merged_into": told["merged_into"]} if "merged_into" in told else {}
        problem = refusal(out.reason or "", detail, command_id=out.command_id, **more)
        problem.headers |= headers
        raise problem
    if out.status != "pending":
        return Told(HTTPStatus.OK, headers, out)
    headers["Location"] = f"/v1/commands/{out.command_id}"
    return Told(HTTPStatus.ACCEPTED, headers, out)


class Asking:
    """One request that is a command, on its way to its answer."""

    def __init__(
        self,
        *,
        request: Request,
        response: Response,
        desk: Desk,
        now: Now,
        caller: Caller,
        identified: Identified,
        views: Views,
        key: IdempotencyKey = None,
    ) -> None:
        """Gathered by FastAPI for each request."""
        self._request = request
        self._response = response
        self._desk = desk
        self._now = now
        self._identified = identified
        self._views = views
        self.caller = caller
        self.key = key

    @property
    def desk_actor(self) -> str:
        """Who is said to act: the service desk, if the token lets it be."""
        is_desk = DESK_SCOPE in self.caller.scopes and self.caller.member_id is None
        return SERVICE if is_desk else APP

    async def of(
        self,
        member_id: str,
        command_type: str,
        attributes: dict[str, Any],
        **wishes: Any,
    ) -> CommandOut:
        """Answer with what a member's command came to; raises what it refuses."""
        route = f"{self._request.method} {self._request.url.path}"
        wish = Wish(
            self.caller.client_id,
            member_id,
            route,
            member_id,
            command_type,
            attributes,
        )
        told = await asked(
            self._desk, wish._replace(**wishes), key=self.key, now=self._now
        )
        if told.status != HTTPStatus.OK:
            self._response.status_code = told.status
        self._response.headers.update(told.headers)
        return told.out

    async def of_contacts(
        self,
        member_id: str,
        contacts: dict[str, str | None],
        attributes: dict[str, Any],
        **more: Any,
    ) -> CommandOut:
        """
        Change a member, and how the member is found.

        Contacts are the member's from the moment that the engine took the change:
        until then they are only kept from others, and what it refuses gives them
        back. Raises: ContactTaken, IdentityNotKept, and what it refuses.
        """
        if not contacts:
            return await self.of(member_id, "member.update", attributes, **more)
        key, identities = self._identified.key, self._identified.identities
        told = {kind: text for kind, text in contacts.items() if text is not None}
        digests = self._digests(told)
        taken = await identities.claim(member_id, digests)
        if taken is not None:
            raise ContactTaken(f"another member has this {taken}", contact=taken)
        private = key.likeness(json.dumps(contacts, sort_keys=True))
        try:
            out = await self.of(
                member_id, "member.update", attributes, private=private, **more
            )
        except Problem:
            # It is not done. After a store's failure it may be: then they are kept.
            await identities.let_go(member_id, digests)
            raise
        if out.version is not None:
            gone = dict.fromkeys(contacts, "")
            await identities.settle(member_id, gone | digests, out.version)
        return out

    def _digests(self, contacts: dict[str, str]) -> dict[str, str]:
        found = {}
        for kind, text in contacts.items():
            try:
                found[kind] = self._identified.key.digest(kind, text)
            except ContactInvalid as invalid:
                fault = {"pointer": f"/{kind}", "detail": str(invalid)}
                raise InvalidRequest(str(invalid), errors=[fault]) from invalid
        return found

    async def of_erasure(
        self, member_id: str, attributes: dict[str, Any]
    ) -> CommandOut:
        """
        Forget a member, and how the member is found.

        A repeat is answered although there is no such member any more. What is
        decided after the answer, the Redis sink forgets.
        """
        merged = await merged_with(member_id, self._views)
        out = await self.of(member_id, "member.erase", attributes)
        if out.version is not None:
            for one_id, version in ((member_id, out.version), *merged):
                await self._identified.identities.forget(one_id, version)
        return out

    async def of_reservation(self, given_id: str, command_type: str) -> CommandOut:
        """Answer with what the command of a reservation came to."""
        found = reservation_of(given_id)
        if found is None or not self.caller.sees(found.member_id):
            raise TargetNotFound("the id is not one of ours")
        attributes = {"reservation_id": found.hold_id}
        return await self.of(found.member_id, command_type, attributes)


Asked = Annotated[Asking, Depends(made_of(Asking))]
