from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.text_out import TextOut


T = TypeVar("T", bound="PreviewOut")


@_attrs_define
class PreviewOut:
    """A template with its values, and the names that it needs.

    Attributes:
        template_id (str):
        names (list[str]):
        texts (list[TextOut]):
    """

    template_id: str
    names: list[str]
    texts: list[TextOut]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        template_id = self.template_id

        names = self.names

        texts = []
        for texts_item_data in self.texts:
            texts_item = texts_item_data.to_dict()
            texts.append(texts_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "template_id": template_id,
                "names": names,
                "texts": texts,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.text_out import TextOut  # noqa: PLC0415

        d = dict(src_dict)
        template_id = d.pop("template_id")

        names = cast(list[str], d.pop("names"))

        texts = []
        _texts = d.pop("texts")
        for texts_item_data in _texts:
            texts_item = TextOut.from_dict(texts_item_data)

            texts.append(texts_item)

        preview_out = cls(
            template_id=template_id,
            names=names,
            texts=texts,
        )

        preview_out.additional_properties = d
        return preview_out

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
