from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.check_in import CheckIn
    from ..models.identify_in import IdentifyIn


T = TypeVar("T", bound="AccrueIn")


@_attrs_define
class AccrueIn:
    """A check is paid: let it earn.

    Attributes:
        transaction_id (str): The till's own, for good: a repeat repeats all.
        store_id (str):
        type_ (Literal['LOYALTY_ACCRUE']):
        identify (IdentifyIn): Who the guest is; `code` is what the member's app shows, digits or QR text.
        check (CheckIn): A check as it stands; `check_id` is the store's own, for good.
        occurred_at (datetime.datetime | int | None | Unset): When it was paid; now, unless it is late.
    """

    transaction_id: str
    store_id: str
    type_: Literal["LOYALTY_ACCRUE"]
    identify: IdentifyIn
    check: CheckIn
    occurred_at: datetime.datetime | int | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        transaction_id = self.transaction_id

        store_id = self.store_id

        type_ = self.type_

        identify = self.identify.to_dict()

        check = self.check.to_dict()

        occurred_at: int | None | str | Unset
        if isinstance(self.occurred_at, Unset):
            occurred_at = UNSET
        elif isinstance(self.occurred_at, datetime.datetime):
            occurred_at = self.occurred_at.isoformat()
        else:
            occurred_at = self.occurred_at

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "transaction_id": transaction_id,
                "store_id": store_id,
                "type": type_,
                "identify": identify,
                "check": check,
            }
        )
        if occurred_at is not UNSET:
            field_dict["occurred_at"] = occurred_at

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.check_in import CheckIn  # noqa: PLC0415
        from ..models.identify_in import IdentifyIn  # noqa: PLC0415

        d = dict(src_dict)
        transaction_id = d.pop("transaction_id")

        store_id = d.pop("store_id")

        type_ = cast(Literal["LOYALTY_ACCRUE"], d.pop("type"))
        if type_ != "LOYALTY_ACCRUE":
            raise ValueError(f"type must match const 'LOYALTY_ACCRUE', got '{type_}'")

        identify = IdentifyIn.from_dict(d.pop("identify"))

        check = CheckIn.from_dict(d.pop("check"))

        def _parse_occurred_at(data: object) -> datetime.datetime | int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                occurred_at_type_0_type_0 = datetime.datetime.fromisoformat(data)

                return occurred_at_type_0_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | int | None | Unset, data)

        occurred_at = _parse_occurred_at(d.pop("occurred_at", UNSET))

        accrue_in = cls(
            transaction_id=transaction_id,
            store_id=store_id,
            type_=type_,
            identify=identify,
            check=check,
            occurred_at=occurred_at,
        )

        return accrue_in
