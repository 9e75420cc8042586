from __future__ import annotations

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


T = TypeVar("T", bound="InquireIn")


@_attrs_define
class InquireIn:
    """What may this member have, and what would the check earn? Nothing changes.

    Attributes:
        transaction_id (str): The till's own, for good: a repeat repeats all.
        store_id (str):
        type_ (Literal['LOYALTY_INQUIRE']):
        identify (IdentifyIn): Who the guest is; `code` is what the member's app shows, digits or QR text.
        check (CheckIn | None | Unset):
    """

    transaction_id: str
    store_id: str
    type_: Literal["LOYALTY_INQUIRE"]
    identify: IdentifyIn
    check: CheckIn | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.check_in import CheckIn  # noqa: PLC0415

        transaction_id = self.transaction_id

        store_id = self.store_id

        type_ = self.type_

        identify = self.identify.to_dict()

        check: dict[str, Any] | None | Unset
        if isinstance(self.check, Unset):
            check = UNSET
        elif isinstance(self.check, CheckIn):
            check = self.check.to_dict()
        else:
            check = self.check

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "transaction_id": transaction_id,
                "store_id": store_id,
                "type": type_,
                "identify": identify,
            }
        )
        if check is not UNSET:
            field_dict["check"] = check

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.check_in import CheckIn  # noqa: PLC0415
        from ..models.identify_in import IdentifyIn  # noqa: PLC0415

        d = dict(src_dict)
        transaction_id = d.pop("transaction_id")

        store_id = d.pop("store_id")

        type_ = cast(Literal["LOYALTY_INQUIRE"], d.pop("type"))
        if type_ != "LOYALTY_INQUIRE":
            raise ValueError(f"type must match const 'LOYALTY_INQUIRE', got '{type_}'")

        identify = IdentifyIn.from_dict(d.pop("identify"))

        def _parse_check(data: object) -> CheckIn | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                check_type_0 = CheckIn.from_dict(data)

                return check_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(CheckIn | None | Unset, data)

        check = _parse_check(d.pop("check", UNSET))

        inquire_in = cls(
            transaction_id=transaction_id,
            store_id=store_id,
            type_=type_,
            identify=identify,
            check=check,
        )

        return inquire_in
