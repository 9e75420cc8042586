from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.pos_out_status import PosOutStatus, check_pos_out_status
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.accrual_out import AccrualOut
    from ..models.offer_out import OfferOut
    from ..models.pos_member_out import PosMemberOut
    from ..models.redemption_out import RedemptionOut
    from ..models.reward_out import RewardOut


T = TypeVar("T", bound="PosOut")


@_attrs_define
class PosOut:
    """What became of a transaction; `unknown` is to be sent again under its id.

    Attributes:
        transaction_id (str):
        type_ (str):
        status (PosOutStatus):
        reason (None | str | Unset):
        detail (None | str | Unset):
        member (None | PosMemberOut | Unset):
        redemption (None | RedemptionOut | Unset):
        accrual (AccrualOut | None | Unset):
        offers (list[OfferOut] | None | Unset):
        rewards (list[RewardOut] | None | Unset):
    """

    transaction_id: str
    type_: str
    status: PosOutStatus
    reason: None | str | Unset = UNSET
    detail: None | str | Unset = UNSET
    member: None | PosMemberOut | Unset = UNSET
    redemption: None | RedemptionOut | Unset = UNSET
    accrual: AccrualOut | None | Unset = UNSET
    offers: list[OfferOut] | None | Unset = UNSET
    rewards: list[RewardOut] | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.accrual_out import AccrualOut  # noqa: PLC0415
        from ..models.pos_member_out import PosMemberOut  # noqa: PLC0415
        from ..models.redemption_out import RedemptionOut  # noqa: PLC0415

        transaction_id = self.transaction_id

        type_ = self.type_

        status: str = self.status

        reason: None | str | Unset
        if isinstance(self.reason, Unset):
            reason = UNSET
        else:
            reason = self.reason

        detail: None | str | Unset
        if isinstance(self.detail, Unset):
            detail = UNSET
        else:
            detail = self.detail

        member: dict[str, Any] | None | Unset
        if isinstance(self.member, Unset):
            member = UNSET
        elif isinstance(self.member, PosMemberOut):
            member = self.member.to_dict()
        else:
            member = self.member

        redemption: dict[str, Any] | None | Unset
        if isinstance(self.redemption, Unset):
            redemption = UNSET
        elif isinstance(self.redemption, RedemptionOut):
            redemption = self.redemption.to_dict()
        else:
            redemption = self.redemption

        accrual: dict[str, Any] | None | Unset
        if isinstance(self.accrual, Unset):
            accrual = UNSET
        elif isinstance(self.accrual, AccrualOut):
            accrual = self.accrual.to_dict()
        else:
            accrual = self.accrual

        offers: list[dict[str, Any]] | None | Unset
        if isinstance(self.offers, Unset):
            offers = UNSET
        elif isinstance(self.offers, list):
            offers = []
            for offers_type_0_item_data in self.offers:
                offers_type_0_item = offers_type_0_item_data.to_dict()
                offers.append(offers_type_0_item)

        else:
            offers = self.offers

        rewards: list[dict[str, Any]] | None | Unset
        if isinstance(self.rewards, Unset):
            rewards = UNSET
        elif isinstance(self.rewards, list):
            rewards = []
            for rewards_type_0_item_data in self.rewards:
                rewards_type_0_item = rewards_type_0_item_data.to_dict()
                rewards.append(rewards_type_0_item)

        else:
            rewards = self.rewards

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "transaction_id": transaction_id,
                "type": type_,
                "status": status,
            }
        )
        if reason is not UNSET:
            field_dict["reason"] = reason
        if detail is not UNSET:
            field_dict["detail"] = detail
        if member is not UNSET:
            field_dict["member"] = member
        if redemption is not UNSET:
            field_dict["redemption"] = redemption
        if accrual is not UNSET:
            field_dict["accrual"] = accrual
        if offers is not UNSET:
            field_dict["offers"] = offers
        if rewards is not UNSET:
            field_dict["rewards"] = rewards

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.accrual_out import AccrualOut  # noqa: PLC0415
        from ..models.offer_out import OfferOut  # noqa: PLC0415
        from ..models.pos_member_out import PosMemberOut  # noqa: PLC0415
        from ..models.redemption_out import RedemptionOut  # noqa: PLC0415
        from ..models.reward_out import RewardOut  # noqa: PLC0415

        d = dict(src_dict)
        transaction_id = d.pop("transaction_id")

        type_ = d.pop("type")

        status = check_pos_out_status(d.pop("status"))

        def _parse_reason(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        reason = _parse_reason(d.pop("reason", UNSET))

        def _parse_detail(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        detail = _parse_detail(d.pop("detail", UNSET))

        def _parse_member(data: object) -> None | PosMemberOut | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                member_type_0 = PosMemberOut.from_dict(data)

                return member_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | PosMemberOut | Unset, data)

        member = _parse_member(d.pop("member", UNSET))

        def _parse_redemption(data: object) -> None | RedemptionOut | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                redemption_type_0 = RedemptionOut.from_dict(data)

                return redemption_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | RedemptionOut | Unset, data)

        redemption = _parse_redemption(d.pop("redemption", UNSET))

        def _parse_accrual(data: object) -> AccrualOut | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                accrual_type_0 = AccrualOut.from_dict(data)

                return accrual_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(AccrualOut | None | Unset, data)

        accrual = _parse_accrual(d.pop("accrual", UNSET))

        def _parse_offers(data: object) -> list[OfferOut] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                offers_type_0 = []
                _offers_type_0 = data
                for offers_type_0_item_data in _offers_type_0:
                    offers_type_0_item = OfferOut.from_dict(offers_type_0_item_data)

                    offers_type_0.append(offers_type_0_item)

                return offers_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[OfferOut] | None | Unset, data)

        offers = _parse_offers(d.pop("offers", UNSET))

        def _parse_rewards(data: object) -> list[RewardOut] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                rewards_type_0 = []
                _rewards_type_0 = data
                for rewards_type_0_item_data in _rewards_type_0:
                    rewards_type_0_item = RewardOut.from_dict(rewards_type_0_item_data)

                    rewards_type_0.append(rewards_type_0_item)

                return rewards_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[RewardOut] | None | Unset, data)

        rewards = _parse_rewards(d.pop("rewards", UNSET))

        pos_out = cls(
            transaction_id=transaction_id,
            type_=type_,
            status=status,
            reason=reason,
            detail=detail,
            member=member,
            redemption=redemption,
            accrual=accrual,
            offers=offers,
            rewards=rewards,
        )

        pos_out.additional_properties = d
        return pos_out

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
