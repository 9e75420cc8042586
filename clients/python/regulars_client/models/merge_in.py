from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="MergeIn")


@_attrs_define
class MergeIn:
    """Another member, to become part of the one that the path names.

    Attributes:
        from_member_id (str):
        reason (None | str | Unset):
    """

    from_member_id: str
    reason: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from_member_id = self.from_member_id

        reason: None | str | Unset
        if isinstance(self.reason, Unset):
            reason = UNSET
        else:
            reason = self.reason

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "from_member_id": from_member_id,
            }
        )
        if reason is not UNSET:
            field_dict["reason"] = reason

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        from_member_id = d.pop("from_member_id")

        def _parse_reason(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        reason = _parse_reason(d.pop("reason", UNSET))

        merge_in = cls(
            from_member_id=from_member_id,
            reason=reason,
        )

        return merge_in
