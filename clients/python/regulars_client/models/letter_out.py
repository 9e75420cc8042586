from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.mark_out import MarkOut


T = TypeVar("T", bound="LetterOut")


@_attrs_define
class LetterOut:
    """A record that could not be applied; `key` as text, `bytes` of its value.

    Attributes:
        letter_id (str):
        status (str):
        reason (str):
        detail (str):
        source_topic (str):
        source_partition (int):
        source_offset (int):
        recorded_at (str):
        key (None | str):
        bytes_ (int):
        mark (MarkOut | None):
    """

    letter_id: str
    status: str
    reason: str
    detail: str
    source_topic: str
    source_partition: int
    source_offset: int
    recorded_at: str
    key: None | str
    bytes_: int
    mark: MarkOut | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.mark_out import MarkOut  # noqa: PLC0415

        letter_id = self.letter_id

        status = self.status

        reason = self.reason

        detail = self.detail

        source_topic = self.source_topic

        source_partition = self.source_partition

        source_offset = self.source_offset

        recorded_at = self.recorded_at

        key: None | str
        key = self.key

        bytes_ = self.bytes_

        mark: dict[str, Any] | None
        if isinstance(self.mark, MarkOut):
            mark = self.mark.to_dict()
        else:
            mark = self.mark

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "letter_id": letter_id,
                "status": status,
                "reason": reason,
                "detail": detail,
                "source_topic": source_topic,
                "source_partition": source_partition,
                "source_offset": source_offset,
                "recorded_at": recorded_at,
                "key": key,
                "bytes": bytes_,
                "mark": mark,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.mark_out import MarkOut  # noqa: PLC0415

        d = dict(src_dict)
        letter_id = d.pop("letter_id")

        status = d.pop("status")

        reason = d.pop("reason")

        detail = d.pop("detail")

        source_topic = d.pop("source_topic")

        source_partition = d.pop("source_partition")

        source_offset = d.pop("source_offset")

        recorded_at = d.pop("recorded_at")

        def _parse_key(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        key = _parse_key(d.pop("key"))

        bytes_ = d.pop("bytes")

        def _parse_mark(data: object) -> MarkOut | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                mark_type_0 = MarkOut.from_dict(data)

                return mark_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(MarkOut | None, data)

        mark = _parse_mark(d.pop("mark"))

        letter_out = cls(
            letter_id=letter_id,
            status=status,
            reason=reason,
            detail=detail,
            source_topic=source_topic,
            source_partition=source_partition,
            source_offset=source_offset,
            recorded_at=recorded_at,
            key=key,
            bytes_=bytes_,
            mark=mark,
        )

        letter_out.additional_properties = d
        return letter_out

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
