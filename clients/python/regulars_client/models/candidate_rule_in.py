from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..models.candidate_rule_in_kind import (
    CandidateRuleInKind,
    check_candidate_rule_in_kind,
)

if TYPE_CHECKING:
    from ..models.candidate_rule_in_document import CandidateRuleInDocument


T = TypeVar("T", bound="CandidateRuleIn")


@_attrs_define
class CandidateRuleIn:
    """One rule, which takes the place of the one with its id, or comes last.

    Attributes:
        kind (CandidateRuleInKind):
        document (CandidateRuleInDocument):
    """

    kind: CandidateRuleInKind
    document: CandidateRuleInDocument

    def to_dict(self) -> dict[str, Any]:
        kind: str = self.kind

        document = self.document.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "kind": kind,
                "document": document,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.candidate_rule_in_document import CandidateRuleInDocument  # noqa: PLC0415

        d = dict(src_dict)
        kind = check_candidate_rule_in_kind(d.pop("kind"))

        document = CandidateRuleInDocument.from_dict(d.pop("document"))

        candidate_rule_in = cls(
            kind=kind,
            document=document,
        )

        return candidate_rule_in
