from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.campaign_audience_in import CampaignAudienceIn


T = TypeVar("T", bound="CampaignCountIn")


@_attrs_define
class CampaignCountIn:
    """An audience, and the pace at which it would be sent to.

    Attributes:
        audience (CampaignAudienceIn): Who is meant: `all`, or a `tier`, `segment` or `list` by its name, or `idle`.

            `idle` are those who have ordered, but not in the last `days`.
        rate_per_second (int | Unset):  Default: 100.
        ramp_seconds (int | Unset):  Default: 0.
    """

    audience: CampaignAudienceIn
    rate_per_second: int | Unset = 100
    ramp_seconds: int | Unset = 0

    def to_dict(self) -> dict[str, Any]:
        audience = self.audience.to_dict()

        rate_per_second = self.rate_per_second

        ramp_seconds = self.ramp_seconds

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "audience": audience,
            }
        )
        if rate_per_second is not UNSET:
            field_dict["rate_per_second"] = rate_per_second
        if ramp_seconds is not UNSET:
            field_dict["ramp_seconds"] = ramp_seconds

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.campaign_audience_in import CampaignAudienceIn  # noqa: PLC0415

        d = dict(src_dict)
        audience = CampaignAudienceIn.from_dict(d.pop("audience"))

        rate_per_second = d.pop("rate_per_second", UNSET)

        ramp_seconds = d.pop("ramp_seconds", UNSET)

        campaign_count_in = cls(
            audience=audience,
            rate_per_second=rate_per_second,
            ramp_seconds=ramp_seconds,
        )

        return campaign_count_in
