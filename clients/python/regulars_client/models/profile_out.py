from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ProfileOut")


@_attrs_define
class ProfileOut:
    """What is known of the person.

    Attributes:
        birthday (None | str):
        time_zone (None | str):
        segments (list[str]):
        referred_by (None | str):
        pool_id (None | str):
    """

    birthday: None | str
    time_zone: None | str
    segments: list[str]
    referred_by: None | str
    pool_id: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        birthday: None | str
        birthday = self.birthday

        time_zone: None | str
        time_zone = self.time_zone

        segments = self.segments

        referred_by: None | str
        referred_by = self.referred_by

        pool_id: None | str
        pool_id = self.pool_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "birthday": birthday,
                "time_zone": time_zone,
                "segments": segments,
                "referred_by": referred_by,
                "pool_id": pool_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_birthday(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        birthday = _parse_birthday(d.pop("birthday"))

        def _parse_time_zone(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        time_zone = _parse_time_zone(d.pop("time_zone"))

        segments = cast(list[str], d.pop("segments"))

        def _parse_referred_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        referred_by = _parse_referred_by(d.pop("referred_by"))

        def _parse_pool_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        pool_id = _parse_pool_id(d.pop("pool_id"))

        profile_out = cls(
            birthday=birthday,
            time_zone=time_zone,
            segments=segments,
            referred_by=referred_by,
            pool_id=pool_id,
        )

        profile_out.additional_properties = d
        return profile_out

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
