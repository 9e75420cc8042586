"""What we answer to commands."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from api import command_examples as examples
from api.commands import Answer
from api.responses import shown
from schemas.reservation_ids import reservation_id


class ResultOut(BaseModel):
    """What a command came to; each command has its own of these fields."""

    wallet: str | None = None
    balance: int | None = None
    points: int | None = None
    amount_minor: int | None = None
    reward: str | None = None
    offer: str | None = None
    name: str | None = None
    pool: str | None = None
    reservation_id: str | None = None
    expires_at: str | None = None
    to: str | None = None
    voided: str | None = None
    channel: str | None = None
    purpose: str | None = None
    given: bool | None = None
    at: str | None = None
    merge_id: str | None = None
    from_member_id: str | None = None


class CommandOut(BaseModel):
    """A command, and what became of it; `reason` says why it was refused."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [examples.DONE, examples.PENDING]}
    )

    command_id: str
    member_id: str
    type: str
    status: Literal["pending", "done", "refused"]
    accepted_at: str
    version: int | None = None
    why: str | None = None
    reason: str | None = None
    result: ResultOut | None = None


def command_out(answer: Answer) -> CommandOut:
    """Command as the API shows it."""
    note, found = answer.note, answer.result
    out = CommandOut(
        command_id=answer.command_id,
        member_id=note.member_id,
        type=note.type,
        status="pending" if found is None else found["status"],
        accepted_at=shown(note.accepted_at),
    )
    if found is not None:
        out.version = found["version"]
        out.why = found["why"]
        out.reason = found["refusal"] or None
        out.result = _result(note.member_id, found["result"] or {})
    return out


def _result(member_id: str, found: dict[str, Any]) -> ResultOut:
    known = {name: found[name] for name in ResultOut.model_fields if name in found}
    if "reservation_id" in known:
        known["reservation_id"] = reservation_id(member_id, known["reservation_id"])
    if "expires_at" in known:
        known["expires_at"] = shown(known["expires_at"])
    if "at" in known:
        known["at"] = shown(known["at"])
    if not known.get("reward"):
        known.pop("reward", None)
    return ResultOut(**known)
