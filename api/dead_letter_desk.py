"""Dealing with dead letters, for the API's routes and the console's pages alike."""

from collections.abc import Mapping, Sequence
from typing import Any

from api.problems import DeadLetterNotFound, EventRefused
from schemas.framing import MalformedRecord
from schemas.source_documents import SourceDocuments
from stores.dead_letters_contract import DeadLetters, Deed, Kept, Outcomes


class DeadLetterDesk:
    """Letters, and the documents that can take the place of their values."""

    def __init__(self, letters: DeadLetters, documents: SourceDocuments) -> None:
        """Say where letters are."""
        self.letters = letters
        self.documents = documents

    async def find(self, letter_id: str) -> Kept:
        """
        One letter.

        Raises: DeadLetterNotFound.
        """
        one = await self.letters.find(letter_id)
        if one is None:
            detail = f"there is no dead letter {letter_id!r}, or no longer"
            raise DeadLetterNotFound(detail)
        return one

    async def redrive(
        self,
        letter_ids: Sequence[str],
        deed: Deed,
        *,
        document: Mapping[str, Any] | None = None,
    ) -> Outcomes:
        """
        Send letters again, one of them perhaps with another value.

        Raises: DeadLetterNotFound, EventRefused for a document that the engine
        would not read.
        """
        if document is None:
            return await self.letters.redrive(letter_ids, deed)
        if len(letter_ids) != 1:
            raise EventRefused("a document is for one letter", reason="too-many")
        one = await self.find(letter_ids[0])
        topic, key = one.letter.source_topic, one.letter.key
        try:
            value = self.documents.written(topic, document)
            self.documents.check(topic, key, value, at=deed.at)
        except MalformedRecord as malformed:
            raise EventRefused(malformed.detail, reason=malformed.reason) from malformed
        edited = {one.letter_id: value}
        return await self.letters.redrive(letter_ids, deed, edited=edited)
