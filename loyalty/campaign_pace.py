"""The pace of a campaign: how many members at once, and how long all of them take."""

from typing import Final, NamedTuple

RATE_MAX: Final = 5_000
RAMP_SECONDS_MAX: Final = 3_600
# So many strides a second, where there is somebody for each: a pause is seen between.
STRIDES_A_SECOND: Final = 5
SECOND_MS: Final = 1_000


class CampaignPace(NamedTuple):
    """Members a second, and in how many seconds the pace grows to that from nothing."""

    per_second: int
    ramp_seconds: int = 0


class Stride(NamedTuple):
    """Members of one go, and how long after its beginning (ms) the next one begins."""

    members: int
    lasts_ms: int


def stride_at(pace: CampaignPace, elapsed_ms: int) -> Stride:
    """
    Next go of a campaign that has run for a time; at least one member a second.

    Rounds down, so that a campaign is never quicker than its pace.
    """
    ramp_ms = pace.ramp_seconds * SECOND_MS
    rate = pace.per_second
    if elapsed_ms < ramp_ms:
        rate = max(rate * elapsed_ms // ramp_ms, 1)
    members = max(rate // STRIDES_A_SECOND, 1)
    return Stride(members, -(-members * SECOND_MS // rate))


def seconds_for(members: int, pace: CampaignPace) -> int:
    """How long so many members take, rounded up; half as many come while it grows."""
    if members <= 0:
        return 0
    ramp, rate = pace.ramp_seconds, pace.per_second
    while_growing = rate * ramp // 2
    if members >= while_growing:
        return ramp + -(-(members - while_growing) // rate)
    low, high = 0, ramp
    while low < high:
        middle = (low + high) // 2
        if rate * middle * middle >= 2 * ramp * members:
            high = middle
        else:
            low = middle + 1
    return low
