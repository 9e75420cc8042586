from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.breaker_out import BreakerOut
    from ..models.lane_out import LaneOut
    from ..models.pace_out import PaceOut
    from ..models.stop_out import StopOut


T = TypeVar("T", bound="ControlsOut")


@_attrs_define
class ControlsOut:
    """Everything that holds deliveries back, and what waits longest.

    Attributes:
        stops (list[StopOut]):
        paces (list[PaceOut]):
        lanes (list[LaneOut]):
        breakers (list[BreakerOut]):
    """

    stops: list[StopOut]
    paces: list[PaceOut]
    lanes: list[LaneOut]
    breakers: list[BreakerOut]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        stops = []
        for stops_item_data in self.stops:
            stops_item = stops_item_data.to_dict()
            stops.append(stops_item)

        paces = []
        for paces_item_data in self.paces:
            paces_item = paces_item_data.to_dict()
            paces.append(paces_item)

        lanes = []
        for lanes_item_data in self.lanes:
            lanes_item = lanes_item_data.to_dict()
            lanes.append(lanes_item)

        breakers = []
        for breakers_item_data in self.breakers:
            breakers_item = breakers_item_data.to_dict()
            breakers.append(breakers_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "stops": stops,
                "paces": paces,
                "lanes": lanes,
                "breakers": breakers,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.breaker_out import BreakerOut  # noqa: PLC0415
        from ..models.lane_out import LaneOut  # noqa: PLC0415
        from ..models.pace_out import PaceOut  # noqa: PLC0415
        from ..models.stop_out import StopOut  # noqa: PLC0415

        d = dict(src_dict)
        stops = []
        _stops = d.pop("stops")
        for stops_item_data in _stops:
            stops_item = StopOut.from_dict(stops_item_data)

            stops.append(stops_item)

        paces = []
        _paces = d.pop("paces")
        for paces_item_data in _paces:
            paces_item = PaceOut.from_dict(paces_item_data)

            paces.append(paces_item)

        lanes = []
        _lanes = d.pop("lanes")
        for lanes_item_data in _lanes:
            lanes_item = LaneOut.from_dict(lanes_item_data)

            lanes.append(lanes_item)

        breakers = []
        _breakers = d.pop("breakers")
        for breakers_item_data in _breakers:
            breakers_item = BreakerOut.from_dict(breakers_item_data)

            breakers.append(breakers_item)

        controls_out = cls(
            stops=stops,
            paces=paces,
            lanes=lanes,
            breakers=breakers,
        )

        controls_out.additional_properties = d
        return controls_out

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
