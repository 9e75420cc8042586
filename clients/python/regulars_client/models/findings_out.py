from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.both_out import BothOut
    from ..models.cell_out import CellOut
    from ..models.member_finding_out import MemberFindingOut


T = TypeVar("T", bound="FindingsOut")


@_attrs_define
class FindingsOut:
    """What a backtest found; `hash` is equal whenever it is repeated.

    Attributes:
        hash_ (str):
        winners (int):
        losers (int):
        gained (int):
        lost (int):
        cost_minor (BothOut): An amount on both sides, minor units.
        redeemed_minor (BothOut): An amount on both sides, minor units.
        liability_minor (BothOut): An amount on both sides, minor units.
        most_gained (list[MemberFindingOut]):
        most_lost (list[MemberFindingOut]):
        sample (list[MemberFindingOut]):
        cells (list[CellOut]):
        cells_left_out (int):
    """

    hash_: str
    winners: int
    losers: int
    gained: int
    lost: int
    cost_minor: BothOut
    redeemed_minor: BothOut
    liability_minor: BothOut
    most_gained: list[MemberFindingOut]
    most_lost: list[MemberFindingOut]
    sample: list[MemberFindingOut]
    cells: list[CellOut]
    cells_left_out: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        hash_ = self.hash_

        winners = self.winners

        losers = self.losers

        gained = self.gained

        lost = self.lost

        cost_minor = self.cost_minor.to_dict()

        redeemed_minor = self.redeemed_minor.to_dict()

        liability_minor = self.liability_minor.to_dict()

        most_gained = []
        for most_gained_item_data in self.most_gained:
            most_gained_item = most_gained_item_data.to_dict()
            most_gained.append(most_gained_item)

        most_lost = []
        for most_lost_item_data in self.most_lost:
            most_lost_item = most_lost_item_data.to_dict()
            most_lost.append(most_lost_item)

        sample = []
        for sample_item_data in self.sample:
            sample_item = sample_item_data.to_dict()
            sample.append(sample_item)

        cells = []
        for cells_item_data in self.cells:
            cells_item = cells_item_data.to_dict()
            cells.append(cells_item)

        cells_left_out = self.cells_left_out

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "hash": hash_,
                "winners": winners,
                "losers": losers,
                "gained": gained,
                "lost": lost,
                "cost_minor": cost_minor,
                "redeemed_minor": redeemed_minor,
                "liability_minor": liability_minor,
                "most_gained": most_gained,
                "most_lost": most_lost,
                "sample": sample,
                "cells": cells,
                "cells_left_out": cells_left_out,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.both_out import BothOut  # noqa: PLC0415
        from ..models.cell_out import CellOut  # noqa: PLC0415
        from ..models.member_finding_out import MemberFindingOut  # noqa: PLC0415

        d = dict(src_dict)
        hash_ = d.pop("hash")

        winners = d.pop("winners")

        losers = d.pop("losers")

        gained = d.pop("gained")

        lost = d.pop("lost")

        cost_minor = BothOut.from_dict(d.pop("cost_minor"))

        redeemed_minor = BothOut.from_dict(d.pop("redeemed_minor"))

        liability_minor = BothOut.from_dict(d.pop("liability_minor"))

        most_gained = []
        _most_gained = d.pop("most_gained")
        for most_gained_item_data in _most_gained:
            most_gained_item = MemberFindingOut.from_dict(most_gained_item_data)

            most_gained.append(most_gained_item)

        most_lost = []
        _most_lost = d.pop("most_lost")
        for most_lost_item_data in _most_lost:
            most_lost_item = MemberFindingOut.from_dict(most_lost_item_data)

            most_lost.append(most_lost_item)

        sample = []
        _sample = d.pop("sample")
        for sample_item_data in _sample:
            sample_item = MemberFindingOut.from_dict(sample_item_data)

            sample.append(sample_item)

        cells = []
        _cells = d.pop("cells")
        for cells_item_data in _cells:
            cells_item = CellOut.from_dict(cells_item_data)

            cells.append(cells_item)

        cells_left_out = d.pop("cells_left_out")

        findings_out = cls(
            hash_=hash_,
            winners=winners,
            losers=losers,
            gained=gained,
            lost=lost,
            cost_minor=cost_minor,
            redeemed_minor=redeemed_minor,
            liability_minor=liability_minor,
            most_gained=most_gained,
            most_lost=most_lost,
            sample=sample,
            cells=cells,
            cells_left_out=cells_left_out,
        )

        findings_out.additional_properties = d
        return findings_out

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
