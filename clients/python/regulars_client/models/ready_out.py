from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.ready_out_status import ReadyOutStatus, check_ready_out_status
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.ready_out_checks import ReadyOutChecks
    from ..models.ready_out_dependencies import ReadyOutDependencies


T = TypeVar("T", bound="ReadyOut")


@_attrs_define
class ReadyOut:
    """Whether requests can be answered, and which stores do.

    `log_silent_seconds` is how old what is read may be, besides what sinks are behind.

        Attributes:
            status (ReadyOutStatus):
            checks (ReadyOutChecks):
            dependencies (ReadyOutDependencies | Unset):
            log_silent_seconds (int | Unset):  Default: 0.
    """

    status: ReadyOutStatus
    checks: ReadyOutChecks
    dependencies: ReadyOutDependencies | Unset = UNSET
    log_silent_seconds: int | Unset = 0
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        status: str = self.status

        checks = self.checks.to_dict()

        dependencies: dict[str, Any] | Unset = UNSET
        if not isinstance(self.dependencies, Unset):
            dependencies = self.dependencies.to_dict()

        log_silent_seconds = self.log_silent_seconds

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "status": status,
                "checks": checks,
            }
        )
        if dependencies is not UNSET:
            field_dict["dependencies"] = dependencies
        if log_silent_seconds is not UNSET:
            field_dict["log_silent_seconds"] = log_silent_seconds

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.ready_out_checks import ReadyOutChecks  # noqa: PLC0415
        from ..models.ready_out_dependencies import ReadyOutDependencies  # noqa: PLC0415

        d = dict(src_dict)
        status = check_ready_out_status(d.pop("status"))

        checks = ReadyOutChecks.from_dict(d.pop("checks"))

        _dependencies = d.pop("dependencies", UNSET)
        dependencies: ReadyOutDependencies | Unset
        if isinstance(_dependencies, Unset):
            dependencies = UNSET
        else:
            dependencies = ReadyOutDependencies.from_dict(_dependencies)

        log_silent_seconds = d.pop("log_silent_seconds", UNSET)

        ready_out = cls(
            status=status,
            checks=checks,
            dependencies=dependencies,
            log_silent_seconds=log_silent_seconds,
        )

        ready_out.additional_properties = d
        return ready_out

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
