from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.personal_offer_out import PersonalOfferOut
    from ..models.withheld_out import WithheldOut


T = TypeVar("T", bound="PersonalOffersOut")


@_attrs_define
class PersonalOffersOut:
    """Offers, best first, and why not the others that are in reach.

    Attributes:
        items (list[PersonalOfferOut]):
        withheld (list[WithheldOut]):
    """

    items: list[PersonalOfferOut]
    withheld: list[WithheldOut]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        items = []
        for items_item_data in self.items:
            items_item = items_item_data.to_dict()
            items.append(items_item)

        withheld = []
        for withheld_item_data in self.withheld:
            withheld_item = withheld_item_data.to_dict()
            withheld.append(withheld_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "items": items,
                "withheld": withheld,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.personal_offer_out import PersonalOfferOut  # noqa: PLC0415
        from ..models.withheld_out import WithheldOut  # noqa: PLC0415

        d = dict(src_dict)
        items = []
        _items = d.pop("items")
        for items_item_data in _items:
            items_item = PersonalOfferOut.from_dict(items_item_data)

            items.append(items_item)

        withheld = []
        _withheld = d.pop("withheld")
        for withheld_item_data in _withheld:
            withheld_item = WithheldOut.from_dict(withheld_item_data)

            withheld.append(withheld_item)

        personal_offers_out = cls(
            items=items,
            withheld=withheld,
        )

        personal_offers_out.additional_properties = d
        return personal_offers_out

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
