"""What became of a command, as the JSON document that Redis holds for its sender."""

from typing import Any, Final

import msgspec

from loyalty.budgets import CODES_PREFIX, GRANTED, RESERVED_TYPES
from loyalty.code_steps import ENTER
from loyalty.passages import ANSWERS
from loyalty.passages import RESERVED_TYPES as MERGE_TYPES
from loyalty.stock import WAITS_FOR
from schemas.topics import COMMANDS
from schemas.updates import Change

# In the result of a stock's grant: what the command that asked for it is told.
ANSWER: Final = "answer"
_MAY_WAIT: Final = frozenset({"points.redeem", "points.reserve", "member.merge", ENTER})
_ENCODER: Final = msgspec.json.Encoder()
_DECODER: Final = msgspec.json.Decoder(dict[str, Any])


def answer_of(member_id: str, change: Change) -> tuple[str, bytes] | None:
    """
    Command that a change of an update answers, and its document.

    None for what answers no command: a grant of points has no sender, and a
    command that waits for a stock is answered by the stock's grant.
    """
    kind, told = change.event_kind, change.result
    result = None if told is None else msgspec.Raw(told.encode())
    if kind == GRANTED:
        grant = {} if told is None else _DECODER.decode(told)
        command_id = grant.get("order_id")
        if ANSWER not in grant or not command_id:
            return None
        return command_id, _document(
            command_id, member_id, change, result=grant[ANSWER]
        )
    if kind.startswith(MERGE_TYPES):
        # The last step of a merge answers the command that asked for it.
        step = {} if told is None else _DECODER.decode(told)
        command_id = step.pop(ANSWERS, None)
        if command_id is None:
            return None
        return command_id, _document(command_id, member_id, change, result=step)
    if change.topic != COMMANDS.name or kind.startswith(RESERVED_TYPES):
        return None
    if kind in _MAY_WAIT and told is not None and WAITS_FOR in _DECODER.decode(told):
        return None
    command_id = change.event_id
    return command_id, _document(command_id, member_id, change, result=result)


def code_given(result: str | None) -> tuple[str, int] | None:
    """Pool and number of the code that a grant brought, None for any other grant."""
    if result is None or CODES_PREFIX not in result:
        return None
    grant = _DECODER.decode(result)
    pool_id = grant["budget_id"].removeprefix(CODES_PREFIX)
    return (pool_id, grant["number"]) if "number" in grant else None


def _document(
    command_id: str, member_id: str, change: Change, *, result: object
) -> bytes:
    return _ENCODER.encode(
        {
            "command_id": command_id,
            "member_id": member_id,
            "status": "refused" if change.refusal else "done",
            "refusal": change.refusal,
            "version": change.version,
            "why": change.why,
            "result": result,
        }
    )
