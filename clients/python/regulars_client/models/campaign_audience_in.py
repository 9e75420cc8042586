from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.campaign_audience_in_kind import (
    CampaignAudienceInKind,
    check_campaign_audience_in_kind,
)
from ..types import UNSET, Unset

T = TypeVar("T", bound="CampaignAudienceIn")


@_attrs_define
class CampaignAudienceIn:
    """Who is meant: `all`, or a `tier`, `segment` or `list` by its name, or `idle`.

    `idle` are those who have ordered, but not in the last `days`.

        Attributes:
            kind (CampaignAudienceInKind):
            name (None | str | Unset):
            days (int | None | Unset):
    """

    kind: CampaignAudienceInKind
    name: None | str | Unset = UNSET
    days: int | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        kind: str = self.kind

        name: None | str | Unset
        if isinstance(self.name, Unset):
            name = UNSET
        else:
            name = self.name

        days: int | None | Unset
        if isinstance(self.days, Unset):
            days = UNSET
        else:
            days = self.days

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "kind": kind,
            }
        )
        if name is not UNSET:
            field_dict["name"] = name
        if days is not UNSET:
            field_dict["days"] = days

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        kind = check_campaign_audience_in_kind(d.pop("kind"))

        def _parse_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        name = _parse_name(d.pop("name", UNSET))

        def _parse_days(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        days = _parse_days(d.pop("days", UNSET))

        campaign_audience_in = cls(
            kind=kind,
            name=name,
            days=days,
        )

        return campaign_audience_in
