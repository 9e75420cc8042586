from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="PoolIn")


@_attrs_define
class PoolIn:
    """A shared account, a member of its own, that gets what is earned from now on.

    Attributes:
        pool_id (str):
    """

    pool_id: str

    def to_dict(self) -> dict[str, Any]:
        pool_id = self.pool_id

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "pool_id": pool_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        pool_id = d.pop("pool_id")

        pool_in = cls(
            pool_id=pool_id,
        )

        return pool_in
