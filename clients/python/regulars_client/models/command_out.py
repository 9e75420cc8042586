from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.command_out_status import CommandOutStatus, check_command_out_status
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.result_out import ResultOut


T = TypeVar("T", bound="CommandOut")


@_attrs_define
class CommandOut:
    """A command, and what became of it; `reason` says why it was refused.

    Attributes:
        command_id (str):
        member_id (str):
        type_ (str):
        status (CommandOutStatus):
        accepted_at (str):
        version (int | None | Unset):
        why (None | str | Unset):
        reason (None | str | Unset):
        result (None | ResultOut | Unset):
    """

    command_id: str
    member_id: str
    type_: str
    status: CommandOutStatus
    accepted_at: str
    version: int | None | Unset = UNSET
    why: None | str | Unset = UNSET
    reason: None | str | Unset = UNSET
    result: None | ResultOut | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.result_out import ResultOut  # noqa: PLC0415

        command_id = self.command_id

        member_id = self.member_id

        type_ = self.type_

        status: str = self.status

        accepted_at = self.accepted_at

        version: int | None | Unset
        if isinstance(self.version, Unset):
            version = UNSET
        else:
            version = self.version

        why: None | str | Unset
        if isinstance(self.why, Unset):
            why = UNSET
        else:
            why = self.why

        reason: None | str | Unset
        if isinstance(self.reason, Unset):
            reason = UNSET
        else:
            reason = self.reason

        result: dict[str, Any] | None | Unset
        if isinstance(self.result, Unset):
            result = UNSET
        elif isinstance(self.result, ResultOut):
            result = self.result.to_dict()
        else:
            result = self.result

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "command_id": command_id,
                "member_id": member_id,
                "type": type_,
                "status": status,
                "accepted_at": accepted_at,
            }
        )
        if version is not UNSET:
            field_dict["version"] = version
        if why is not UNSET:
            field_dict["why"] = why
        if reason is not UNSET:
            field_dict["reason"] = reason
        if result is not UNSET:
            field_dict["result"] = result

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.result_out import ResultOut  # noqa: PLC0415

        d = dict(src_dict)
        command_id = d.pop("command_id")

        member_id = d.pop("member_id")

        type_ = d.pop("type")

        status = check_command_out_status(d.pop("status"))

        accepted_at = d.pop("accepted_at")

        def _parse_version(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        version = _parse_version(d.pop("version", UNSET))

        def _parse_why(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        why = _parse_why(d.pop("why", UNSET))

        def _parse_reason(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        reason = _parse_reason(d.pop("reason", UNSET))

        def _parse_result(data: object) -> None | ResultOut | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                result_type_0 = ResultOut.from_dict(data)

                return result_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ResultOut | Unset, data)

        result = _parse_result(d.pop("result", UNSET))

        command_out = cls(
            command_id=command_id,
            member_id=member_id,
            type_=type_,
            status=status,
            accepted_at=accepted_at,
            version=version,
            why=why,
            reason=reason,
            result=result,
        )

        command_out.additional_properties = d
        return command_out

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
