from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.rule_version_in_rule import RuleVersionInRule


T = TypeVar("T", bound="RuleVersionIn")


@_attrs_define
class RuleVersionIn:
    """Another version of a rule: a new draft.

    With `version` it goes on from that draft, and no other: a version that is
    submitted, approved or published never changes.

        Attributes:
            rule (RuleVersionInRule):
            version (int | None | Unset):
            why (str | Unset):  Default: ''.
    """

    rule: RuleVersionInRule
    version: int | None | Unset = UNSET
    why: str | Unset = ""

    def to_dict(self) -> dict[str, Any]:
        rule = self.rule.to_dict()

        version: int | None | Unset
        if isinstance(self.version, Unset):
            version = UNSET
        else:
            version = self.version

        why = self.why

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "rule": rule,
            }
        )
        if version is not UNSET:
            field_dict["version"] = version
        if why is not UNSET:
            field_dict["why"] = why

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.rule_version_in_rule import RuleVersionInRule  # noqa: PLC0415

        d = dict(src_dict)
        rule = RuleVersionInRule.from_dict(d.pop("rule"))

        def _parse_version(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        version = _parse_version(d.pop("version", UNSET))

        why = d.pop("why", UNSET)

        rule_version_in = cls(
            rule=rule,
            version=version,
            why=why,
        )

        return rule_version_in
