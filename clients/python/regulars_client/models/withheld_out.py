from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="WithheldOut")


@_attrs_define
class WithheldOut:
    """An offer that is not shown or not had, the first reason, and what is missing.

    `missing` counts points of a reward, or orders; `from_at` is when time alone will
    do, `until_at` when it is over.

        Attributes:
            offer_id (str):
            reason (str):
            detail (str):
            missing (int):
            from_at (None | str):
            until_at (None | str):
    """

    offer_id: str
    reason: str
    detail: str
    missing: int
    from_at: None | str
    until_at: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        offer_id = self.offer_id

        reason = self.reason

        detail = self.detail

        missing = self.missing

        from_at: None | str
        from_at = self.from_at

        until_at: None | str
        until_at = self.until_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "offer_id": offer_id,
                "reason": reason,
                "detail": detail,
                "missing": missing,
                "from_at": from_at,
                "until_at": until_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        offer_id = d.pop("offer_id")

        reason = d.pop("reason")

        detail = d.pop("detail")

        missing = d.pop("missing")

        def _parse_from_at(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        from_at = _parse_from_at(d.pop("from_at"))

        def _parse_until_at(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        until_at = _parse_until_at(d.pop("until_at"))

        withheld_out = cls(
            offer_id=offer_id,
            reason=reason,
            detail=detail,
            missing=missing,
            from_at=from_at,
            until_at=until_at,
        )

        withheld_out.additional_properties = d
        return withheld_out

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
