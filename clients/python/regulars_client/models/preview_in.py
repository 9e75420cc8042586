from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.preview_in_template_type_0 import PreviewInTemplateType0
    from ..models.preview_in_values import PreviewInValues


T = TypeVar("T", bound="PreviewIn")


@_attrs_define
class PreviewIn:
    """A template as programs have it, or the id of one in force, and its values.

    Attributes:
        template (None | PreviewInTemplateType0 | Unset):
        template_id (None | str | Unset):
        values (PreviewInValues | Unset):
    """

    template: None | PreviewInTemplateType0 | Unset = UNSET
    template_id: None | str | Unset = UNSET
    values: PreviewInValues | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.preview_in_template_type_0 import PreviewInTemplateType0  # noqa: PLC0415

        template: dict[str, Any] | None | Unset
        if isinstance(self.template, Unset):
            template = UNSET
        elif isinstance(self.template, PreviewInTemplateType0):
            template = self.template.to_dict()
        else:
            template = self.template

        template_id: None | str | Unset
        if isinstance(self.template_id, Unset):
            template_id = UNSET
        else:
            template_id = self.template_id

        values: dict[str, Any] | Unset = UNSET
        if not isinstance(self.values, Unset):
            values = self.values.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if template is not UNSET:
            field_dict["template"] = template
        if template_id is not UNSET:
            field_dict["template_id"] = template_id
        if values is not UNSET:
            field_dict["values"] = values

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.preview_in_template_type_0 import PreviewInTemplateType0  # noqa: PLC0415
        from ..models.preview_in_values import PreviewInValues  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_template(data: object) -> None | PreviewInTemplateType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                template_type_0 = PreviewInTemplateType0.from_dict(data)

                return template_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | PreviewInTemplateType0 | Unset, data)

        template = _parse_template(d.pop("template", UNSET))

        def _parse_template_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        template_id = _parse_template_id(d.pop("template_id", UNSET))

        _values = d.pop("values", UNSET)
        values: PreviewInValues | Unset
        if isinstance(_values, Unset):
            values = UNSET
        else:
            values = PreviewInValues.from_dict(_values)

        preview_in = cls(
            template=template,
            template_id=template_id,
            values=values,
        )

        return preview_in
