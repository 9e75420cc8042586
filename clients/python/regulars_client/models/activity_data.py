from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.activity_data_attributes import ActivityDataAttributes


T = TypeVar("T", bound="ActivityData")


@_attrs_define
class ActivityData:
    """Something done in an app, on the web or near a store.

    Attributes:
        member_id (str):
        occurred_at (datetime.datetime | int | Unset): RFC 3339 with a zone, or milliseconds since 1970.
        session_id (None | str | Unset):
        store_id (None | str | Unset):
        attributes (ActivityDataAttributes | Unset):
    """

    member_id: str
    occurred_at: datetime.datetime | int | Unset = UNSET
    session_id: None | str | Unset = UNSET
    store_id: None | str | Unset = UNSET
    attributes: ActivityDataAttributes | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        member_id = self.member_id

        occurred_at: int | str | Unset
        if isinstance(self.occurred_at, Unset):
            occurred_at = UNSET
        elif isinstance(self.occurred_at, datetime.datetime):
            occurred_at = self.occurred_at.isoformat()
        else:
            occurred_at = self.occurred_at

        session_id: None | str | Unset
        if isinstance(self.session_id, Unset):
            session_id = UNSET
        else:
            session_id = self.session_id

        store_id: None | str | Unset
        if isinstance(self.store_id, Unset):
            store_id = UNSET
        else:
            store_id = self.store_id

        attributes: dict[str, Any] | Unset = UNSET
        if not isinstance(self.attributes, Unset):
            attributes = self.attributes.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "member_id": member_id,
            }
        )
        if occurred_at is not UNSET:
            field_dict["occurred_at"] = occurred_at
        if session_id is not UNSET:
            field_dict["session_id"] = session_id
        if store_id is not UNSET:
            field_dict["store_id"] = store_id
        if attributes is not UNSET:
            field_dict["attributes"] = attributes

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.activity_data_attributes import ActivityDataAttributes  # noqa: PLC0415

        d = dict(src_dict)
        member_id = d.pop("member_id")

        def _parse_occurred_at(data: object) -> datetime.datetime | int | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                occurred_at_type_0 = datetime.datetime.fromisoformat(data)

                return occurred_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | int | Unset, data)

        occurred_at = _parse_occurred_at(d.pop("occurred_at", UNSET))

        def _parse_session_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        session_id = _parse_session_id(d.pop("session_id", UNSET))

        def _parse_store_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        store_id = _parse_store_id(d.pop("store_id", UNSET))

        _attributes = d.pop("attributes", UNSET)
        attributes: ActivityDataAttributes | Unset
        if isinstance(_attributes, Unset):
            attributes = UNSET
        else:
            attributes = ActivityDataAttributes.from_dict(_attributes)

        activity_data = cls(
            member_id=member_id,
            occurred_at=occurred_at,
            session_id=session_id,
            store_id=store_id,
            attributes=attributes,
        )

        return activity_data
