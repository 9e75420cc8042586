from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="StopIn")


@_attrs_define
class StopIn:
    """When a rule stops, or goes on; as soon as all workers can, if not said.

    Attributes:
        effective_from (datetime.datetime | int | None | Unset):
        why (str | Unset):  Default: ''.
    """

    effective_from: datetime.datetime | int | None | Unset = UNSET
    why: str | Unset = ""

    def to_dict(self) -> dict[str, Any]:
        effective_from: int | None | str | Unset
        if isinstance(self.effective_from, Unset):
            effective_from = UNSET
        elif isinstance(self.effective_from, datetime.datetime):
            effective_from = self.effective_from.isoformat()
        else:
            effective_from = self.effective_from

        why = self.why

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if effective_from is not UNSET:
            field_dict["effective_from"] = effective_from
        if why is not UNSET:
            field_dict["why"] = why

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_effective_from(
            data: object,
        ) -> datetime.datetime | int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                effective_from_type_0_type_0 = datetime.datetime.fromisoformat(data)

                return effective_from_type_0_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | int | None | Unset, data)

        effective_from = _parse_effective_from(d.pop("effective_from", UNSET))

        why = d.pop("why", UNSET)

        stop_in = cls(
            effective_from=effective_from,
            why=why,
        )

        return stop_in
