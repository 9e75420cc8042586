"""What is remembered of a member for messages, open for writing during one event."""

from bisect import insort
from collections.abc import Callable

from loyalty.engagement.hours import counted, hour_of
from loyalty.engagement.remembered import (
    NOTHING_YET,
    Consent,
    Engagement,
    Mark,
    Sent,
    Waiting,
)
from loyalty.limits import ORDER_TIMES_MAX, SENT_MAX, WAITING_MAX
from loyalty.member import Profile
from loyalty.program import Program
from loyalty.zones import Zone


class Memory:
    """One member's engagement; nothing leaves it but through `close`."""

    __slots__ = (
        "consents",
        "habit",
        "marks",
        "order_ats",
        "sent",
        "store_id",
        "waiting",
    )

    def __init__(self, known: Engagement | None) -> None:
        """Open what is known."""
        found = NOTHING_YET if known is None else known
        self.order_ats: tuple[int, ...] = found.order_ats
        self.store_id: str = found.store_id
        self.habit: bytes = found.habit
        self.waiting: tuple[Waiting, ...] = found.waiting
        self.marks: tuple[Mark, ...] = found.marks
        self.sent: tuple[Sent, ...] = found.sent
        self.consents: tuple[Consent, ...] = found.consents

    def close(self) -> Engagement | None:
        """Engagement as it is now; None where there is nothing to remember."""
        closed = Engagement(
            self.order_ats,
            self.store_id,
            self.habit,
            self.waiting,
            self.marks,
            self.sent,
            self.consents,
        )
        return None if closed == NOTHING_YET else closed

    def mark(self, trigger_id: str) -> Mark:
        """How far a trigger is; a new mark if it never was."""
        for mark in self.marks:
            if mark.trigger_id == trigger_id:
                return mark
        return Mark(trigger_id)

    def put_mark(self, mark: Mark) -> None:
        """Note how far a trigger is."""
        others = [one for one in self.marks if one.trigger_id != mark.trigger_id]
        self.marks = tuple(sorted((*others, mark)))

    def note_order(self, at: int, store_id: str) -> None:
        """Note when an order was placed, and where if it is the latest."""
        if not self.order_ats or at >= self.order_ats[-1]:
            self.store_id = store_id
        times = list(self.order_ats)
        insort(times, at)
        self.order_ats = tuple(times[-ORDER_TIMES_MAX:])

    def note_hour(self, at: int, zone: Zone) -> None:
        """Count an order's hour."""
        self.habit = counted(self.habit, hour_of(at, zone))

    def forget_order(self, at: int) -> None:
        """A cancelled order is none."""
        times = list(self.order_ats)
        if at in times:
            times.remove(at)
            self.order_ats = tuple(times)

    def last_order_at(self) -> int:
        """When the latest order was placed, 0 if there was none."""
        return self.order_ats[-1] if self.order_ats else 0

    def wait(
        self, waiting: Waiting, priority_of: Callable[[Waiting], int]
    ) -> tuple[Waiting, ...]:
        """
        Keep what waits, by time; return what there is no room for.

        The lowest priority goes first, and of several the one that is due last.
        """
        kept = sorted((*self.waiting, waiting))
        gone: list[Waiting] = []
        while len(kept) > WAITING_MAX:
            least = min(kept, key=lambda one: (priority_of(one), -one.due_at))
            kept.remove(least)
            gone.append(least)
        self.waiting = tuple(kept)
        return tuple(gone)

    def note_sent(self, sent: Sent, since: int) -> None:
        """Note what counts for caps, and forget what is before any of their periods."""
        kept = [one for one in self.sent if one.at > since]
        self.sent = latest_sent((*kept, sent))


def latest_sent(sent: tuple[Sent, ...]) -> tuple[Sent, ...]:
    """
    The latest SENT_MAX messages that count for all, and as many that count for few.

    Apart from each other: who has a cap of its own never keeps others waiting.
    """
    if len(sent) <= SENT_MAX:
        return sent
    of_all = [one for one in sent if not one.sender][-SENT_MAX:]
    of_few = [one for one in sent if one.sender][-SENT_MAX:]
    return tuple(sorted((*of_all, *of_few)))


def member_zone(profile: Profile, store_id: str, program: Program) -> Zone:
    """Local time of a member: own zone, else the latest store's, else the program's."""
    zone = program.zones.get(profile.time_zone)
    if zone is not None:
        return zone
    return program.store_zone.get(store_id, program.zone)
