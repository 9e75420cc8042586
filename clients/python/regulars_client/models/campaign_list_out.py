from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.campaign_list_fault_out import CampaignListFaultOut


T = TypeVar("T", bound="CampaignListOut")


@_attrs_define
class CampaignListOut:
    """A list of members that was taken; `faults` are of the first refused rows.

    Attributes:
        list_id (str):
        taken (int):
        refused (int):
        faults (list[CampaignListFaultOut]):
    """

    list_id: str
    taken: int
    refused: int
    faults: list[CampaignListFaultOut]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        list_id = self.list_id

        taken = self.taken

        refused = self.refused

        faults = []
        for faults_item_data in self.faults:
            faults_item = faults_item_data.to_dict()
            faults.append(faults_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "list_id": list_id,
                "taken": taken,
                "refused": refused,
                "faults": faults,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.campaign_list_fault_out import CampaignListFaultOut  # noqa: PLC0415

        d = dict(src_dict)
        list_id = d.pop("list_id")

        taken = d.pop("taken")

        refused = d.pop("refused")

        faults = []
        _faults = d.pop("faults")
        for faults_item_data in _faults:
            faults_item = CampaignListFaultOut.from_dict(faults_item_data)

            faults.append(faults_item)

        campaign_list_out = cls(
            list_id=list_id,
            taken=taken,
            refused=refused,
            faults=faults,
        )

        campaign_list_out.additional_properties = d
        return campaign_list_out

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
