from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..models.new_rule_in_section import NewRuleInSection, check_new_rule_in_section
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.new_rule_in_rule import NewRuleInRule


T = TypeVar("T", bound="NewRuleIn")


@_attrs_define
class NewRuleIn:
    """A new rule, as the section of a program has it: docs/program-rules.md.

    Attributes:
        section (NewRuleInSection):
        rule (NewRuleInRule):
        why (str | Unset):  Default: ''.
    """

    section: NewRuleInSection
    rule: NewRuleInRule
    why: str | Unset = ""

    def to_dict(self) -> dict[str, Any]:
        section: str = self.section

        rule = self.rule.to_dict()

        why = self.why

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "section": section,
                "rule": rule,
            }
        )
        if why is not UNSET:
            field_dict["why"] = why

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.new_rule_in_rule import NewRuleInRule  # noqa: PLC0415

        d = dict(src_dict)
        section = check_new_rule_in_section(d.pop("section"))

        rule = NewRuleInRule.from_dict(d.pop("rule"))

        why = d.pop("why", UNSET)

        new_rule_in = cls(
            section=section,
            rule=rule,
            why=why,
        )

        return new_rule_in
