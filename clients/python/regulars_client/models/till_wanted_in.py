from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.till_wanted_in_channel_type_0 import (
    TillWantedInChannelType0,
    check_till_wanted_in_channel_type_0,
)
from ..types import UNSET, Unset

T = TypeVar("T", bound="TillWantedIn")


@_attrs_define
class TillWantedIn:
    """A redemption, or a code of an offer: the guest's, or one that anyone may use.

    Attributes:
        points (int | None | Unset):
        reward_id (None | str | Unset):
        amount_minor (int | None | Unset):
        points_max (int | None | Unset):
        partial (bool | Unset):  Default: False.
        wallet (None | str | Unset):
        store_id (None | str | Unset):
        channel (None | TillWantedInChannelType0 | Unset):
        code (None | str | Unset):
    """

    points: int | None | Unset = UNSET
    reward_id: None | str | Unset = UNSET
    amount_minor: int | None | Unset = UNSET
    points_max: int | None | Unset = UNSET
    partial: bool | Unset = False
    wallet: None | str | Unset = UNSET
    store_id: None | str | Unset = UNSET
    channel: None | TillWantedInChannelType0 | Unset = UNSET
    code: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        points: int | None | Unset
        if isinstance(self.points, Unset):
            points = UNSET
        else:
            points = self.points

        reward_id: None | str | Unset
        if isinstance(self.reward_id, Unset):
            reward_id = UNSET
        else:
            reward_id = self.reward_id

        amount_minor: int | None | Unset
        if isinstance(self.amount_minor, Unset):
            amount_minor = UNSET
        else:
            amount_minor = self.amount_minor

        points_max: int | None | Unset
        if isinstance(self.points_max, Unset):
            points_max = UNSET
        else:
            points_max = self.points_max

        partial = self.partial

        wallet: None | str | Unset
        if isinstance(self.wallet, Unset):
            wallet = UNSET
        else:
            wallet = self.wallet

        store_id: None | str | Unset
        if isinstance(self.store_id, Unset):
            store_id = UNSET
        else:
            store_id = self.store_id

        channel: None | str | Unset
        if isinstance(self.channel, Unset):
            channel = UNSET
        elif isinstance(self.channel, str):
            channel = self.channel
        else:
            channel = self.channel

        code: None | str | Unset
        if isinstance(self.code, Unset):
            code = UNSET
        else:
            code = self.code

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if points is not UNSET:
            field_dict["points"] = points
        if reward_id is not UNSET:
            field_dict["reward_id"] = reward_id
        if amount_minor is not UNSET:
            field_dict["amount_minor"] = amount_minor
        if points_max is not UNSET:
            field_dict["points_max"] = points_max
        if partial is not UNSET:
            field_dict["partial"] = partial
        if wallet is not UNSET:
            field_dict["wallet"] = wallet
        if store_id is not UNSET:
            field_dict["store_id"] = store_id
        if channel is not UNSET:
            field_dict["channel"] = channel
        if code is not UNSET:
            field_dict["code"] = code

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_points(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        points = _parse_points(d.pop("points", UNSET))

        def _parse_reward_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        reward_id = _parse_reward_id(d.pop("reward_id", UNSET))

        def _parse_amount_minor(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        amount_minor = _parse_amount_minor(d.pop("amount_minor", UNSET))

        def _parse_points_max(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        points_max = _parse_points_max(d.pop("points_max", UNSET))

        partial = d.pop("partial", UNSET)

        def _parse_wallet(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        wallet = _parse_wallet(d.pop("wallet", UNSET))

        def _parse_store_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        store_id = _parse_store_id(d.pop("store_id", UNSET))

        def _parse_channel(data: object) -> None | TillWantedInChannelType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                channel_type_0 = check_till_wanted_in_channel_type_0(data)

                return channel_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | TillWantedInChannelType0 | Unset, data)

        channel = _parse_channel(d.pop("channel", UNSET))

        def _parse_code(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        code = _parse_code(d.pop("code", UNSET))

        till_wanted_in = cls(
            points=points,
            reward_id=reward_id,
            amount_minor=amount_minor,
            points_max=points_max,
            partial=partial,
            wallet=wallet,
            store_id=store_id,
            channel=channel,
            code=code,
        )

        return till_wanted_in
