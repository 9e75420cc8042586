from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.redrive_in_document_type_0 import RedriveInDocumentType0


T = TypeVar("T", bound="RedriveIn")


@_attrs_define
class RedriveIn:
    """Letters to write to their source topics again, and why.

    `document` takes the place of the value of one letter: all of its fields, as
    the letter's own `document` shows them. Its key stays.

        Attributes:
            letter_ids (list[str]):
            why (str):
            document (None | RedriveInDocumentType0 | Unset):
    """

    letter_ids: list[str]
    why: str
    document: None | RedriveInDocumentType0 | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.redrive_in_document_type_0 import RedriveInDocumentType0  # noqa: PLC0415

        letter_ids = self.letter_ids

        why = self.why

        document: dict[str, Any] | None | Unset
        if isinstance(self.document, Unset):
            document = UNSET
        elif isinstance(self.document, RedriveInDocumentType0):
            document = self.document.to_dict()
        else:
            document = self.document

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "letter_ids": letter_ids,
                "why": why,
            }
        )
        if document is not UNSET:
            field_dict["document"] = document

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.redrive_in_document_type_0 import RedriveInDocumentType0  # noqa: PLC0415

        d = dict(src_dict)
        letter_ids = cast(list[str], d.pop("letter_ids"))

        why = d.pop("why")

        def _parse_document(data: object) -> None | RedriveInDocumentType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                document_type_0 = RedriveInDocumentType0.from_dict(data)

                return document_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | RedriveInDocumentType0 | Unset, data)

        document = _parse_document(d.pop("document", UNSET))

        redrive_in = cls(
            letter_ids=letter_ids,
            why=why,
            document=document,
        )

        return redrive_in
