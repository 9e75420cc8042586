from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.order_in import OrderIn


T = TypeVar("T", bound="RuleSimulationIn")


@_attrs_define
class RuleSimulationIn:
    """An order, and which version of the rule is meant: the newest unless named.

    Attributes:
        order (OrderIn): An order placed, adjusted, refunded or cancelled.
        offer_ids (list[str] | Unset):
        version (int | None | Unset):
    """

    order: OrderIn
    offer_ids: list[str] | Unset = UNSET
    version: int | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        order = self.order.to_dict()

        offer_ids: list[str] | Unset = UNSET
        if not isinstance(self.offer_ids, Unset):
            offer_ids = self.offer_ids

        version: int | None | Unset
        if isinstance(self.version, Unset):
            version = UNSET
        else:
            version = self.version

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "order": order,
            }
        )
        if offer_ids is not UNSET:
            field_dict["offer_ids"] = offer_ids
        if version is not UNSET:
            field_dict["version"] = version

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.order_in import OrderIn  # noqa: PLC0415

        d = dict(src_dict)
        order = OrderIn.from_dict(d.pop("order"))

        offer_ids = cast(list[str], d.pop("offer_ids", UNSET))

        def _parse_version(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        version = _parse_version(d.pop("version", UNSET))

        rule_simulation_in = cls(
            order=order,
            offer_ids=offer_ids,
            version=version,
        )

        return rule_simulation_in
