"""Answers to tills."""

from api.commands import Answer
from api.identification import Rejected
from api.pos_requests import AnyIn
from api.pos_responses import PosOut, Status

AGAIN = "send it again, with the same transaction_id"


def said(
    body: AnyIn,
    status: Status,
    *,
    reason: str | None = None,
    detail: str | None = None,
) -> PosOut:
    """Answer to a transaction."""
    return PosOut(
        transaction_id=body.transaction_id,
        type=body.type,
        status=status,
        reason=reason,
        detail=detail,
    )


def unsure(body: AnyIn) -> PosOut:
    """Answer to a transaction of which nobody knows in time what became of it."""
    return said(body, "unknown", reason="not-decided-yet", detail=AGAIN)


def check_refusal(answer: Answer) -> None:
    """
    Refuse what the engine refused.

    Raises: Rejected with the engine's reason.
    """
    assert answer.result is not None, "whoever asks has looked"
    if answer.result["status"] == "refused":
        told = answer.result["result"] or {}
        detail = told.get("detail", answer.result["why"])
        raise Rejected(answer.result["refusal"], detail)
