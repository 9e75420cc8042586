"""Events on their way into the log, by a caller who may send them."""

from collections.abc import Iterator
from contextlib import contextmanager

from api.commands import SERVICE, command_id_of
from api.gate import check_member
from api.principals import Principal
from api.problems import BodyTooLarge, EventRefused
from api.profile_requests import EnrolRow
from api.responses import AcceptedOut
from loyalty.events import Command, InvalidEvent
from schemas.event_bodies import ActivityIn, OrderIn
from schemas.events import EventCodec, check_key, check_outside_command
from schemas.framing import MalformedRecord
from schemas.intake import Checked, RecordTooLarge, checked_activity, checked_order
from schemas.topics import COMMANDS
from stores.publisher import Publisher


class Intake:
    """Checks events of one caller; `now` is in ms since 1970."""

    def __init__(self, caller: Principal, codec: EventCodec, now: int) -> None:
        """Say whose events they are."""
        self._caller = caller
        self._codec = codec
        self._now = now

    def order(self, order: OrderIn) -> Checked:
        """
        Check an order.

        Raises: MemberNotFound, EventRefused, BodyTooLarge.
        """
        event = order.event()
        check_member(self._caller, event.member_id)
        with _refused_as_the_engine_would():
            return checked_order(event, self._codec, self._now)

    def enrolment(self, row: EnrolRow, import_id: str) -> Checked:
        """
        Check an enrolment; it is one's own of the import, however often it is sent.

        Raises: EventRefused.
        """
        command = Command(
            command_id_of(row.member_id, client_id=import_id, scope="enrol"),
            row.member_id,
            "member.enrol",
            self._now,
            SERVICE,
            row.attributes(),
        )
        with _refused_as_the_engine_would():
            check_key(row.member_id.encode(), row.member_id)
            check_outside_command(command, self._now)
        return Checked(
            command.command_id,
            COMMANDS.name,
            row.member_id.encode(),
            self._codec.encode_command(command),
        )

    def act(self, activity: ActivityIn) -> Checked:
        """
        Check an act.

        Raises: MemberNotFound, EventRefused, BodyTooLarge.
        """
        event = activity.event()
        check_member(self._caller, event.member_id)
        with _refused_as_the_engine_would():
            return checked_activity(event, self._codec, self._now)


async def publish(log: Publisher, event: Checked) -> AcceptedOut:
    """Hand an event to the broker, and wait for its word; raises StoreUnavailable."""
    place = await log.publish(event.topic, key=event.key, value=event.value)
    return AcceptedOut(event_id=event.event_id, **place._asdict())


@contextmanager
def _refused_as_the_engine_would() -> Iterator[None]:
    """Tell now what would otherwise be a dead letter after a 202."""
    try:
        yield
    except RecordTooLarge as large:
        raise BodyTooLarge(large.detail) from large
    except (InvalidEvent, MalformedRecord) as fault:
        raise EventRefused(fault.detail, reason=fault.reason) from fault
