from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.backtest_in_source import BacktestInSource, check_backtest_in_source
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.backtest_in_candidate import BacktestInCandidate
    from ..models.backtest_in_current_type_0 import BacktestInCurrentType0


T = TypeVar("T", bound="BacktestIn")


@_attrs_define
class BacktestIn:
    """Two programs and a range of event times, from `from_at` to before `to_at`.

    Without `current` it is the program that runs; without `from_at` both begin with
    nobody; without `to_at` the range ends now.

        Attributes:
            candidate (BacktestInCandidate):
            current (BacktestInCurrentType0 | None | Unset):
            from_at (datetime.datetime | int | None | Unset):
            to_at (datetime.datetime | int | None | Unset):
            source (BacktestInSource | Unset):  Default: 'kafka'.
            sample_percent (int | Unset):  Default: 100.
            point_value_minor (int | Unset):  Default: 1.
    """

    candidate: BacktestInCandidate
    current: BacktestInCurrentType0 | None | Unset = UNSET
    from_at: datetime.datetime | int | None | Unset = UNSET
    to_at: datetime.datetime | int | None | Unset = UNSET
    source: BacktestInSource | Unset = "kafka"
    sample_percent: int | Unset = 100
    point_value_minor: int | Unset = 1

    def to_dict(self) -> dict[str, Any]:
        from ..models.backtest_in_current_type_0 import BacktestInCurrentType0  # noqa: PLC0415

        candidate = self.candidate.to_dict()

        current: dict[str, Any] | None | Unset
        if isinstance(self.current, Unset):
            current = UNSET
        elif isinstance(self.current, BacktestInCurrentType0):
            current = self.current.to_dict()
        else:
            current = self.current

        from_at: int | None | str | Unset
        if isinstance(self.from_at, Unset):
            from_at = UNSET
        elif isinstance(self.from_at, datetime.datetime):
            from_at = self.from_at.isoformat()
        else:
            from_at = self.from_at

        to_at: int | None | str | Unset
        if isinstance(self.to_at, Unset):
            to_at = UNSET
        elif isinstance(self.to_at, datetime.datetime):
            to_at = self.to_at.isoformat()
        else:
            to_at = self.to_at

        source: str | Unset = UNSET
        if not isinstance(self.source, Unset):
            source = self.source

        sample_percent = self.sample_percent

        point_value_minor = self.point_value_minor

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "candidate": candidate,
            }
        )
        if current is not UNSET:
            field_dict["current"] = current
        if from_at is not UNSET:
            field_dict["from_at"] = from_at
        if to_at is not UNSET:
            field_dict["to_at"] = to_at
        if source is not UNSET:
            field_dict["source"] = source
        if sample_percent is not UNSET:
            field_dict["sample_percent"] = sample_percent
        if point_value_minor is not UNSET:
            field_dict["point_value_minor"] = point_value_minor

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.backtest_in_candidate import BacktestInCandidate  # noqa: PLC0415
        from ..models.backtest_in_current_type_0 import BacktestInCurrentType0  # noqa: PLC0415

        d = dict(src_dict)
        candidate = BacktestInCandidate.from_dict(d.pop("candidate"))

        def _parse_current(data: object) -> BacktestInCurrentType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                current_type_0 = BacktestInCurrentType0.from_dict(data)

                return current_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(BacktestInCurrentType0 | None | Unset, data)

        current = _parse_current(d.pop("current", UNSET))

        def _parse_from_at(data: object) -> datetime.datetime | int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                from_at_type_0_type_0 = datetime.datetime.fromisoformat(data)

                return from_at_type_0_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | int | None | Unset, data)

        from_at = _parse_from_at(d.pop("from_at", UNSET))

        def _parse_to_at(data: object) -> datetime.datetime | int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                to_at_type_0_type_0 = datetime.datetime.fromisoformat(data)

                return to_at_type_0_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | int | None | Unset, data)

        to_at = _parse_to_at(d.pop("to_at", UNSET))

        _source = d.pop("source", UNSET)
        source: BacktestInSource | Unset
        if isinstance(_source, Unset):
            source = UNSET
        else:
            source = check_backtest_in_source(_source)

        sample_percent = d.pop("sample_percent", UNSET)

        point_value_minor = d.pop("point_value_minor", UNSET)

        backtest_in = cls(
            candidate=candidate,
            current=current,
            from_at=from_at,
            to_at=to_at,
            source=source,
            sample_percent=sample_percent,
            point_value_minor=point_value_minor,
        )

        return backtest_in
