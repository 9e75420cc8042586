from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.campaign_audience_in import CampaignAudienceIn


T = TypeVar("T", bound="CampaignPlanIn")


@_attrs_define
class CampaignPlanIn:
    """What a campaign is to do; without `starts_at` it begins when it is started.

    `trigger` listens for an activity that begins with `campaign.`.

        Attributes:
            name (str):
            trigger (str):
            audience (CampaignAudienceIn): Who is meant: `all`, or a `tier`, `segment` or `list` by its name, or `idle`.

                `idle` are those who have ordered, but not in the last `days`.
            starts_at (datetime.datetime | int | None | Unset):
            ends_at (datetime.datetime | int | None | Unset):
            rate_per_second (int | Unset):  Default: 100.
            ramp_seconds (int | Unset):  Default: 0.
    """

    name: str
    trigger: str
    audience: CampaignAudienceIn
    starts_at: datetime.datetime | int | None | Unset = UNSET
    ends_at: datetime.datetime | int | None | Unset = UNSET
    rate_per_second: int | Unset = 100
    ramp_seconds: int | Unset = 0

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        trigger = self.trigger

        audience = self.audience.to_dict()

        starts_at: int | None | str | Unset
        if isinstance(self.starts_at, Unset):
            starts_at = UNSET
        elif isinstance(self.starts_at, datetime.datetime):
            starts_at = self.starts_at.isoformat()
        else:
            starts_at = self.starts_at

        ends_at: int | None | str | Unset
        if isinstance(self.ends_at, Unset):
            ends_at = UNSET
        elif isinstance(self.ends_at, datetime.datetime):
            ends_at = self.ends_at.isoformat()
        else:
            ends_at = self.ends_at

        rate_per_second = self.rate_per_second

        ramp_seconds = self.ramp_seconds

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "trigger": trigger,
                "audience": audience,
            }
        )
        if starts_at is not UNSET:
            field_dict["starts_at"] = starts_at
        if ends_at is not UNSET:
            field_dict["ends_at"] = ends_at
        if rate_per_second is not UNSET:
            field_dict["rate_per_second"] = rate_per_second
        if ramp_seconds is not UNSET:
            field_dict["ramp_seconds"] = ramp_seconds

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.campaign_audience_in import CampaignAudienceIn  # noqa: PLC0415

        d = dict(src_dict)
        name = d.pop("name")

        trigger = d.pop("trigger")

        audience = CampaignAudienceIn.from_dict(d.pop("audience"))

        def _parse_starts_at(data: object) -> datetime.datetime | int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                starts_at_type_0_type_0 = datetime.datetime.fromisoformat(data)

                return starts_at_type_0_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | int | None | Unset, data)

        starts_at = _parse_starts_at(d.pop("starts_at", UNSET))

        def _parse_ends_at(data: object) -> datetime.datetime | int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                ends_at_type_0_type_0 = datetime.datetime.fromisoformat(data)

                return ends_at_type_0_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | int | None | Unset, data)

        ends_at = _parse_ends_at(d.pop("ends_at", UNSET))

        rate_per_second = d.pop("rate_per_second", UNSET)

        ramp_seconds = d.pop("ramp_seconds", UNSET)

        campaign_plan_in = cls(
            name=name,
            trigger=trigger,
            audience=audience,
            starts_at=starts_at,
            ends_at=ends_at,
            rate_per_second=rate_per_second,
            ramp_seconds=ramp_seconds,
        )

        return campaign_plan_in
