from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.basket_out import BasketOut
    from ..models.offer_out import OfferOut
    from ..models.reward_out import RewardOut
    from ..models.rule_out import RuleOut
    from ..models.wallet_gain_out import WalletGainOut
    from ..models.without_out import WithoutOut


T = TypeVar("T", bound="EstimateOut")


@_attrs_define
class EstimateOut:
    """What an order would do if it came now; `version` is the member's.

    Attributes:
        member_id (str):
        version (int):
        why (str):
        rules (list[RuleOut]):
        rules_without (list[WithoutOut]):
        rules_left_out (int):
        wallets (list[WalletGainOut]):
        tier_before (str):
        tier_after (str):
        offers_after (list[OfferOut]):
        offers (list[RewardOut]):
        basket (BasketOut | None):
    """

    member_id: str
    version: int
    why: str
    rules: list[RuleOut]
    rules_without: list[WithoutOut]
    rules_left_out: int
    wallets: list[WalletGainOut]
    tier_before: str
    tier_after: str
    offers_after: list[OfferOut]
    offers: list[RewardOut]
    basket: BasketOut | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.basket_out import BasketOut  # noqa: PLC0415

        member_id = self.member_id

        version = self.version

        why = self.why

        rules = []
        for rules_item_data in self.rules:
            rules_item = rules_item_data.to_dict()
            rules.append(rules_item)

        rules_without = []
        for rules_without_item_data in self.rules_without:
            rules_without_item = rules_without_item_data.to_dict()
            rules_without.append(rules_without_item)

        rules_left_out = self.rules_left_out

        wallets = []
        for wallets_item_data in self.wallets:
            wallets_item = wallets_item_data.to_dict()
            wallets.append(wallets_item)

        tier_before = self.tier_before

        tier_after = self.tier_after

        offers_after = []
        for offers_after_item_data in self.offers_after:
            offers_after_item = offers_after_item_data.to_dict()
            offers_after.append(offers_after_item)

        offers = []
        for offers_item_data in self.offers:
            offers_item = offers_item_data.to_dict()
            offers.append(offers_item)

        basket: dict[str, Any] | None
        if isinstance(self.basket, BasketOut):
            basket = self.basket.to_dict()
        else:
            basket = self.basket

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "member_id": member_id,
                "version": version,
                "why": why,
                "rules": rules,
                "rules_without": rules_without,
                "rules_left_out": rules_left_out,
                "wallets": wallets,
                "tier_before": tier_before,
                "tier_after": tier_after,
                "offers_after": offers_after,
                "offers": offers,
                "basket": basket,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.basket_out import BasketOut  # noqa: PLC0415
        from ..models.offer_out import OfferOut  # noqa: PLC0415
        from ..models.reward_out import RewardOut  # noqa: PLC0415
        from ..models.rule_out import RuleOut  # noqa: PLC0415
        from ..models.wallet_gain_out import WalletGainOut  # noqa: PLC0415
        from ..models.without_out import WithoutOut  # noqa: PLC0415

        d = dict(src_dict)
        member_id = d.pop("member_id")

        version = d.pop("version")

        why = d.pop("why")

        rules = []
        _rules = d.pop("rules")
        for rules_item_data in _rules:
            rules_item = RuleOut.from_dict(rules_item_data)

            rules.append(rules_item)

        rules_without = []
        _rules_without = d.pop("rules_without")
        for rules_without_item_data in _rules_without:
            rules_without_item = WithoutOut.from_dict(rules_without_item_data)

            rules_without.append(rules_without_item)

        rules_left_out = d.pop("rules_left_out")

        wallets = []
        _wallets = d.pop("wallets")
        for wallets_item_data in _wallets:
            wallets_item = WalletGainOut.from_dict(wallets_item_data)

            wallets.append(wallets_item)

        tier_before = d.pop("tier_before")

        tier_after = d.pop("tier_after")

        offers_after = []
        _offers_after = d.pop("offers_after")
        for offers_after_item_data in _offers_after:
            offers_after_item = OfferOut.from_dict(offers_after_item_data)

            offers_after.append(offers_after_item)

        offers = []
        _offers = d.pop("offers")
        for offers_item_data in _offers:
            offers_item = RewardOut.from_dict(offers_item_data)

            offers.append(offers_item)

        def _parse_basket(data: object) -> BasketOut | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                basket_type_0 = BasketOut.from_dict(data)

                return basket_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(BasketOut | None, data)

        basket = _parse_basket(d.pop("basket"))

        estimate_out = cls(
            member_id=member_id,
            version=version,
            why=why,
            rules=rules,
            rules_without=rules_without,
            rules_left_out=rules_left_out,
            wallets=wallets,
            tier_before=tier_before,
            tier_after=tier_after,
            offers_after=offers_after,
            offers=offers,
            basket=basket,
        )

        estimate_out.additional_properties = d
        return estimate_out

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
