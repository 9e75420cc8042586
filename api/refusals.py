"""What the engine refuses, as problems: each reason of a refusal in one place."""

from typing import Final

from api.problems import (
    CommandInvalid,
    CommandRefused,
    MemberMerged,
    Problem,
    TargetNotFound,
)

# Whatever is not listed depends on how the member stands: 409.
BY_REASON: Final[dict[str, type[Problem]]] = {
    "insufficient-points": CommandRefused,
    "reservation-unknown": CommandRefused,
    "too-many-holds": CommandRefused,
    "too-many-lots": CommandRefused,
    "beyond-horizon": CommandRefused,
    "reward-not-available": CommandRefused,
    "reward-limit": CommandRefused,
    "out-of-stock": CommandRefused,
    "stock-busy": CommandRefused,
    "stock-late": CommandRefused,
    "reservation-waits": CommandRefused,
    "payment-not-allowed": CommandRefused,
    "transfer-not-allowed": CommandRefused,
    "transfer-limit": CommandRefused,
    "command-not-voidable": CommandRefused,
    "nothing-to-reinstate": CommandRefused,
    "birthday-known": CommandRefused,
    "referral-not-allowed": CommandRefused,
    "referral-too-late": CommandRefused,
    "already-merged": CommandRefused,
    "merge-in-progress": CommandRefused,
    "merge-chain": CommandRefused,
    "too-many-merges": CommandRefused,
    "code-not-good": CommandRefused,
    "code-of-another": CommandRefused,
    "code-not-now": CommandRefused,
    "code-unknown": TargetNotFound,
    "offer-none-left": CommandRefused,
    "offer-over": CommandRefused,
    "offer-segment": CommandRefused,
    "offer-tier": CommandRefused,
    "offer-held": CommandRefused,
    "offer-had": CommandRefused,
    "offer-cooldown": CommandRefused,
    "offer-orders": CommandRefused,
    "offer-bought": CommandRefused,
    "offer-bought-before": CommandRefused,
    "offer-bought-lately": CommandRefused,
    "offer-dates": CommandRefused,
    "offer-active": CommandRefused,
    "offer-circumstances": CommandRefused,
    "offer-full": CommandRefused,
    "offer-late": CommandRefused,
    "not-merged": TargetNotFound,
    "unmerge-too-late": CommandRefused,
    "member-erased": CommandRefused,
    "member-unknown": TargetNotFound,
    "member-merged": MemberMerged,
    "challenge-unknown": TargetNotFound,
    "command-invalid": CommandInvalid,
    "command-unknown": CommandInvalid,
    "reward-unknown": CommandInvalid,
    "wallet-unknown": CommandInvalid,
    "zone-unknown": CommandInvalid,
}


def refusal(reason: str, detail: str, **extra: str) -> Problem:
    """Problem that tells of a refusal, with its stable reason."""
    return BY_REASON.get(reason, CommandRefused)(detail, reason=reason, **extra)
