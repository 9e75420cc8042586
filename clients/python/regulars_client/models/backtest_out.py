from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.findings_out import FindingsOut


T = TypeVar("T", bound="BacktestOut")


@_attrs_define
class BacktestOut:
    """A backtest; `detail` says why it failed, `findings` come at the end.

    Attributes:
        backtest_id (str):
        status (str):
        source (str):
        from_at (None | str):
        to_at (str):
        sample_percent (int):
        point_value_minor (int):
        created_at (str):
        created_by (str):
        started_at (None | str):
        finished_at (None | str):
        events_done (int):
        events_total (int):
        parts_done (int):
        parts_total (int):
        detail (None | str):
        findings (FindingsOut | None):
    """

    backtest_id: str
    status: str
    source: str
    from_at: None | str
    to_at: str
    sample_percent: int
    point_value_minor: int
    created_at: str
    created_by: str
    started_at: None | str
    finished_at: None | str
    events_done: int
    events_total: int
    parts_done: int
    parts_total: int
    detail: None | str
    findings: FindingsOut | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.findings_out import FindingsOut  # noqa: PLC0415

        backtest_id = self.backtest_id

        status = self.status

        source = self.source

        from_at: None | str
        from_at = self.from_at

        to_at = self.to_at

        sample_percent = self.sample_percent

        point_value_minor = self.point_value_minor

        created_at = self.created_at

        created_by = self.created_by

        started_at: None | str
        started_at = self.started_at

        finished_at: None | str
        finished_at = self.finished_at

        events_done = self.events_done

        events_total = self.events_total

        parts_done = self.parts_done

        parts_total = self.parts_total

        detail: None | str
        detail = self.detail

        findings: dict[str, Any] | None
        if isinstance(self.findings, FindingsOut):
            findings = self.findings.to_dict()
        else:
            findings = self.findings

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "backtest_id": backtest_id,
                "status": status,
                "source": source,
                "from_at": from_at,
                "to_at": to_at,
                "sample_percent": sample_percent,
                "point_value_minor": point_value_minor,
                "created_at": created_at,
                "created_by": created_by,
                "started_at": started_at,
                "finished_at": finished_at,
                "events_done": events_done,
                "events_total": events_total,
                "parts_done": parts_done,
                "parts_total": parts_total,
                "detail": detail,
                "findings": findings,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.findings_out import FindingsOut  # noqa: PLC0415

        d = dict(src_dict)
        backtest_id = d.pop("backtest_id")

        status = d.pop("status")

        source = d.pop("source")

        def _parse_from_at(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        from_at = _parse_from_at(d.pop("from_at"))

        to_at = d.pop("to_at")

        sample_percent = d.pop("sample_percent")

        point_value_minor = d.pop("point_value_minor")

        created_at = d.pop("created_at")

        created_by = d.pop("created_by")

        def _parse_started_at(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        started_at = _parse_started_at(d.pop("started_at"))

        def _parse_finished_at(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        finished_at = _parse_finished_at(d.pop("finished_at"))

        events_done = d.pop("events_done")

        events_total = d.pop("events_total")

        parts_done = d.pop("parts_done")

        parts_total = d.pop("parts_total")

        def _parse_detail(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        detail = _parse_detail(d.pop("detail"))

        def _parse_findings(data: object) -> FindingsOut | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                findings_type_0 = FindingsOut.from_dict(data)

                return findings_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(FindingsOut | None, data)

        findings = _parse_findings(d.pop("findings"))

        backtest_out = cls(
            backtest_id=backtest_id,
            status=status,
            source=source,
            from_at=from_at,
            to_at=to_at,
            sample_percent=sample_percent,
            point_value_minor=point_value_minor,
            created_at=created_at,
            created_by=created_by,
            started_at=started_at,
            finished_at=finished_at,
            events_done=events_done,
            events_total=events_total,
            parts_done=parts_done,
            parts_total=parts_total,
            detail=detail,
            findings=findings,
        )

        backtest_out.additional_properties = d
        return backtest_out

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
