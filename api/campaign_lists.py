"""Lists of members for campaigns: taken row by row, as bulk imports are."""

import asyncio
import tempfile
from collections.abc import Iterator
from hashlib import blake2b
from itertools import islice
from typing import IO, Final

from fastapi import Request

from api.campaign_responses import CampaignListFaultOut, CampaignListOut
from api.import_rows import BadRow, Row, checked_row, rows_of
from api.problems import EventRefused
from schemas.event_bodies import Strict
from schemas.events import check_key
from schemas.framing import MalformedRecord
from schemas.json_values import Id
from stores.audiences_contract import PAGE_MAX, Audiences
from stores.imports_contract import FAULTS_KEPT_MAX, RowFault

DIGEST_BYTES: Final = 16


class ListRow(Strict):
    """A row of a list."""

    member_id: Id


class ListTaking:
    """A list on its way into the store; its id is a digest of what was sent."""

    def __init__(self, audiences: Audiences) -> None:
        """Say where lists are kept."""
        self._audiences = audiences

    async def take(self, request: Request, content_type: str) -> CampaignListOut:
        """Take a body; the same one again is the same list."""
        with tempfile.TemporaryFile() as file:
            digest = blake2b(content_type.encode(), digest_size=DIGEST_BYTES)
            async for part in request.stream():
                digest.update(part)
                file.write(part)
            file.seek(0)
            return await self._kept(f"l-{digest.hexdigest()}", file, content_type)

    async def _kept(
        self, list_id: str, file: IO[bytes], content_type: str
    ) -> CampaignListOut:
        taken = refused = 0
        faults: list[CampaignListFaultOut] = []
        rows = rows_of(file, content_type)
        # On a thread: others need not wait for a page of rows.
        while some := await asyncio.to_thread(_page, rows):
            ids, bad = some
            await self._audiences.add(list_id, ids)
            room = max(FAULTS_KEPT_MAX - refused, 0)
            faults += [CampaignListFaultOut(**one._asdict()) for one in bad[:room]]
            taken += len(ids)
            refused += len(bad)
        return CampaignListOut(
            list_id=list_id, taken=taken, refused=refused, faults=faults
        )


def _page(rows: Iterator[Row]) -> tuple[list[str], list[RowFault]] | None:
    """The next ids, and what is wrong with other rows; None at the end."""
    ids: list[str] = []
    faults: list[RowFault] = []
    for row in islice(rows, PAGE_MAX):
        try:
            ids.append(checked_row(row, ListRow, _member_id))
        except BadRow as bad:
            faults.append(bad.fault)
    return (ids, faults) if ids or faults else None


def _member_id(row: ListRow) -> str:
    try:
        check_key(row.member_id.encode(), row.member_id)
    except (MalformedRecord, UnicodeEncodeError) as fault:
        raise EventRefused(f"member_id: {fault}") from fault
    return row.member_id
