from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="ResultOut")


@_attrs_define
class ResultOut:
    """What a command came to; each command has its own of these fields.

    Attributes:
        wallet (None | str | Unset):
        balance (int | None | Unset):
        points (int | None | Unset):
        amount_minor (int | None | Unset):
        reward (None | str | Unset):
        offer (None | str | Unset):
        name (None | str | Unset):
        pool (None | str | Unset):
        reservation_id (None | str | Unset):
        expires_at (None | str | Unset):
        to (None | str | Unset):
        voided (None | str | Unset):
        channel (None | str | Unset):
        purpose (None | str | Unset):
        given (bool | None | Unset):
        at (None | str | Unset):
        merge_id (None | str | Unset):
        from_member_id (None | str | Unset):
    """

    wallet: None | str | Unset = UNSET
    balance: int | None | Unset = UNSET
    points: int | None | Unset = UNSET
    amount_minor: int | None | Unset = UNSET
    reward: None | str | Unset = UNSET
    offer: None | str | Unset = UNSET
    name: None | str | Unset = UNSET
    pool: None | str | Unset = UNSET
    reservation_id: None | str | Unset = UNSET
    expires_at: None | str | Unset = UNSET
    to: None | str | Unset = UNSET
    voided: None | str | Unset = UNSET
    channel: None | str | Unset = UNSET
    purpose: None | str | Unset = UNSET
    given: bool | None | Unset = UNSET
    at: None | str | Unset = UNSET
    merge_id: None | str | Unset = UNSET
    from_member_id: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        wallet: None | str | Unset
        if isinstance(self.wallet, Unset):
            wallet = UNSET
        else:
            wallet = self.wallet

        balance: int | None | Unset
        if isinstance(self.balance, Unset):
            balance = UNSET
        else:
            balance = self.balance

        points: int | None | Unset
        if isinstance(self.points, Unset):
            points = UNSET
        else:
            points = self.points

        amount_minor: int | None | Unset
        if isinstance(self.amount_minor, Unset):
            amount_minor = UNSET
        else:
            amount_minor = self.amount_minor

        reward: None | str | Unset
        if isinstance(self.reward, Unset):
            reward = UNSET
        else:
            reward = self.reward

        offer: None | str | Unset
        if isinstance(self.offer, Unset):
            offer = UNSET
        else:
            offer = self.offer

        name: None | str | Unset
        if isinstance(self.name, Unset):
            name = UNSET
        else:
            name = self.name

        pool: None | str | Unset
        if isinstance(self.pool, Unset):
            pool = UNSET
        else:
            pool = self.pool

        reservation_id: None | str | Unset
        if isinstance(self.reservation_id, Unset):
            reservation_id = UNSET
        else:
            reservation_id = self.reservation_id

        expires_at: None | str | Unset
        if isinstance(self.expires_at, Unset):
            expires_at = UNSET
        else:
            expires_at = self.expires_at

        to: None | str | Unset
        if isinstance(self.to, Unset):
            to = UNSET
        else:
            to = self.to

        voided: None | str | Unset
        if isinstance(self.voided, Unset):
            voided = UNSET
        else:
            voided = self.voided

        channel: None | str | Unset
        if isinstance(self.channel, Unset):
            channel = UNSET
        else:
            channel = self.channel

        purpose: None | str | Unset
        if isinstance(self.purpose, Unset):
            purpose = UNSET
        else:
            purpose = self.purpose

        given: bool | None | Unset
        if isinstance(self.given, Unset):
            given = UNSET
        else:
            given = self.given

        at: None | str | Unset
        if isinstance(self.at, Unset):
            at = UNSET
        else:
            at = self.at

        merge_id: None | str | Unset
        if isinstance(self.merge_id, Unset):
            merge_id = UNSET
        else:
            merge_id = self.merge_id

        from_member_id: None | str | Unset
        if isinstance(self.from_member_id, Unset):
            from_member_id = UNSET
        else:
            from_member_id = self.from_member_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if wallet is not UNSET:
            field_dict["wallet"] = wallet
        if balance is not UNSET:
            field_dict["balance"] = balance
        if points is not UNSET:
            field_dict["points"] = points
        if amount_minor is not UNSET:
            field_dict["amount_minor"] = amount_minor
        if reward is not UNSET:
            field_dict["reward"] = reward
        if offer is not UNSET:
            field_dict["offer"] = offer
        if name is not UNSET:
            field_dict["name"] = name
        if pool is not UNSET:
            field_dict["pool"] = pool
        if reservation_id is not UNSET:
            field_dict["reservation_id"] = reservation_id
        if expires_at is not UNSET:
            field_dict["expires_at"] = expires_at
        if to is not UNSET:
            field_dict["to"] = to
        if voided is not UNSET:
            field_dict["voided"] = voided
        if channel is not UNSET:
            field_dict["channel"] = channel
        if purpose is not UNSET:
            field_dict["purpose"] = purpose
        if given is not UNSET:
            field_dict["given"] = given
        if at is not UNSET:
            field_dict["at"] = at
        if merge_id is not UNSET:
            field_dict["merge_id"] = merge_id
        if from_member_id is not UNSET:
            field_dict["from_member_id"] = from_member_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_wallet(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        wallet = _parse_wallet(d.pop("wallet", UNSET))

        def _parse_balance(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        balance = _parse_balance(d.pop("balance", UNSET))

        def _parse_points(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        points = _parse_points(d.pop("points", UNSET))

        def _parse_amount_minor(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        amount_minor = _parse_amount_minor(d.pop("amount_minor", UNSET))

        def _parse_reward(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        reward = _parse_reward(d.pop("reward", UNSET))

        def _parse_offer(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        offer = _parse_offer(d.pop("offer", UNSET))

        def _parse_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        name = _parse_name(d.pop("name", UNSET))

        def _parse_pool(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        pool = _parse_pool(d.pop("pool", UNSET))

        def _parse_reservation_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        reservation_id = _parse_reservation_id(d.pop("reservation_id", UNSET))

        def _parse_expires_at(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        expires_at = _parse_expires_at(d.pop("expires_at", UNSET))

        def _parse_to(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        to = _parse_to(d.pop("to", UNSET))

        def _parse_voided(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        voided = _parse_voided(d.pop("voided", UNSET))

        def _parse_channel(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        channel = _parse_channel(d.pop("channel", UNSET))

        def _parse_purpose(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        purpose = _parse_purpose(d.pop("purpose", UNSET))

        def _parse_given(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        given = _parse_given(d.pop("given", UNSET))

        def _parse_at(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        at = _parse_at(d.pop("at", UNSET))

        def _parse_merge_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        merge_id = _parse_merge_id(d.pop("merge_id", UNSET))

        def _parse_from_member_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        from_member_id = _parse_from_member_id(d.pop("from_member_id", UNSET))

        result_out = cls(
            wallet=wallet,
            balance=balance,
            points=points,
            amount_minor=amount_minor,
            reward=reward,
            offer=offer,
            name=name,
            pool=pool,
            reservation_id=reservation_id,
            expires_at=expires_at,
            to=to,
            voided=voided,
            channel=channel,
            purpose=purpose,
            given=given,
            at=at,
            merge_id=merge_id,
            from_member_id=from_member_id,
        )

        result_out.additional_properties = d
        return result_out

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
