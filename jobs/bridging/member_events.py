"""A record of member-updates as the event that others hear, the same in each replay."""

import json
from datetime import UTC, datetime
from typing import Final

from jobs.bridging.ports import MemberEvent
from schemas.feed import encode_news
from schemas.update_reader import UpdateReader

KIND: Final = "regulars.member.updated"


class MemberEvents:
    """Writes events of one engine."""

    def __init__(self, app_id: str) -> None:
        """Compile the schema."""
        self._source = f"/regulars/{app_id}"
        self._updates = UpdateReader()

    def event_of(self, value: bytes | None) -> MemberEvent:
        """
        Event of a record: member and version name it, for ever.

        Raises: MalformedRecord for bytes that are no update.
        """
        update = self._updates.read(value)
        member_id = update.member_id
        event_id = f"{member_id}@{update.version}"
        told = json.loads(encode_news(update.view, update.changes))
        at = datetime.fromtimestamp(update.as_of / 1_000, UTC)
        document = {
            "specversion": "1.0",
            "id": event_id,
            "source": self._source,
            "type": KIND,
            "subject": member_id,
            "time": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "datacontenttype": "application/json",
            # The extension by which brokers keep events of one key in order.
            "partitionkey": member_id,
            "data": {"member_id": member_id, **told},
        }
        body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
        return MemberEvent(event_id, member_id, KIND, body)
