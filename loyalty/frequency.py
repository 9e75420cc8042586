"""How often something may be sent: per calendar period on a local clock, or rolling."""

from typing import Final, NamedTuple

from loyalty.limits import DAY_MS
from loyalty.periods import DAY, period_of
from loyalty.zones import Zone

CALENDAR: Final = "calendar"
ROLLING: Final = "rolling"


class FrequencyCap(NamedTuple):
    """
    At most `times` in a calendar period, or in any `days` times 24 hours.

    CALENDAR looks at `period` (day, week from Monday, month ...) on the local
    clock that it is asked with, ROLLING at `days`.
    """

    times: int
    kind: str = CALENDAR
    period: str = DAY
    days: int = 1


def may_send(
    cap: FrequencyCap, sent_at: tuple[int, ...], at: int, *, zone: Zone
) -> bool:
    """
    Whether one more may be sent at a time (UTC ms), after those sent earlier.

    Exactly `days` times 24 hours after the oldest that counts the next may go.
    """
    if cap.kind == ROLLING:
        since = at - cap.days * DAY_MS
        counted = sum(1 for one in sent_at if since < one <= at)
    else:
        ordinal = period_of(cap.period, at, zone)
        counted = sum(
            1 for one in sent_at if period_of(cap.period, one, zone) == ordinal
        )
    return counted < cap.times
