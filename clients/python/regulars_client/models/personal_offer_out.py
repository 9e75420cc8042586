from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="PersonalOfferOut")


@_attrs_define
class PersonalOfferOut:
    """An offer in its place; an order uses it by naming its id in `applied`.

    `code` is one that is good once at `POST /v1/codes/redeem`, null if it has none or
    its list is not uploaded yet.

        Attributes:
            offer_id (str):
            name (str):
            category (str):
            granted_at (str):
            expires_at (str):
            why (str):
            usable_now (bool):
            score (float):
            code (None | str):
    """

    offer_id: str
    name: str
    category: str
    granted_at: str
    expires_at: str
    why: str
    usable_now: bool
    score: float
    code: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        offer_id = self.offer_id

        name = self.name

        category = self.category

        granted_at = self.granted_at

        expires_at = self.expires_at

        why = self.why

        usable_now = self.usable_now

        score = self.score

        code: None | str
        code = self.code

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "offer_id": offer_id,
                "name": name,
                "category": category,
                "granted_at": granted_at,
                "expires_at": expires_at,
                "why": why,
                "usable_now": usable_now,
                "score": score,
                "code": code,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        offer_id = d.pop("offer_id")

        name = d.pop("name")

        category = d.pop("category")

        granted_at = d.pop("granted_at")

        expires_at = d.pop("expires_at")

        why = d.pop("why")

        usable_now = d.pop("usable_now")

        score = d.pop("score")

        def _parse_code(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        code = _parse_code(d.pop("code"))

        personal_offer_out = cls(
            offer_id=offer_id,
            name=name,
            category=category,
            granted_at=granted_at,
            expires_at=expires_at,
            why=why,
            usable_now=usable_now,
            score=score,
            code=code,
        )

        personal_offer_out.additional_properties = d
        return personal_offer_out

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
