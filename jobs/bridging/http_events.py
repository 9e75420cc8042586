"""CloudEvents over HTTP, as Event Grid and many others take them."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

from delivery.targets import TargetRefused
from delivery.web import NotSent, SafeClient
from jobs.bridging.ports import MemberEvent
from schemas.cloud_events import STRUCTURED
from stores.unavailable import StoreUnavailable

BATCH_MAX: Final = 100
REQUESTS_AT_ONCE_MAX: Final = 16
_SUCCESS: Final = range(200, 300)


class HttpTarget:
    """An address that gets one event a request; those of a member one by one."""

    batch_max = BATCH_MAX

    def __init__(
        self, client: SafeClient, url: str, headers: Mapping[str, str]
    ) -> None:
        """`headers` are sent with each event."""
        self._client = client
        self._url = url
        self._headers = {**headers, "Content-Type": STRUCTURED}
        self._room = asyncio.Semaphore(REQUESTS_AT_ONCE_MAX)

    async def send(self, events: Sequence[MemberEvent]) -> None:
        """Post, and see that each was taken."""
        of_member: dict[str, list[MemberEvent]] = {}
        for event in events:
            of_member.setdefault(event.key, []).append(event)
        answers = await asyncio.gather(
            *(self._post_all(some) for some in of_member.values()),
            return_exceptions=True,
        )
        for answer in answers:
            if answer is not None:
                raise answer

    async def close(self) -> None:
        """Let go of all connections."""
        await self._client.close()

    async def _post_all(self, events: Sequence[MemberEvent]) -> None:
        async with self._room:
            for event in events:
                try:
                    answer = await self._client.post(
                        self._url, self._headers, event.body
                    )
                except (TargetRefused, NotSent) as error:
                    raise StoreUnavailable("http", str(error)) from error
                if answer.status not in _SUCCESS:
                    raise StoreUnavailable("http", f"answered {answer.status}")
