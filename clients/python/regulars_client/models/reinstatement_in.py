from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="ReinstatementIn")


@_attrs_define
class ReinstatementIn:
    """Points that expired lately, to be brought back.

    Attributes:
        wallet (None | str | Unset):
    """

    wallet: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        wallet: None | str | Unset
        if isinstance(self.wallet, Unset):
            wallet = UNSET
        else:
            wallet = self.wallet

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if wallet is not UNSET:
            field_dict["wallet"] = wallet

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

        reinstatement_in = cls(
            wallet=wallet,
        )

        return reinstatement_in
