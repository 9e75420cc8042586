from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.finding_out import FindingOut
    from ..models.rule_life_out_rule import RuleLifeOutRule


T = TypeVar("T", bound="RuleLifeOut")


@_attrs_define
class RuleLifeOut:
    """A rule: how it stands, and its newest version.

    `running_version` 0 is the rule as the program's file has it, null one that
    was never published.

        Attributes:
            id (str):
            section (str):
            state (str):
            revision (int):
            running_version (int | None):
            effective_from (None | str):
            newest_version (int):
            newest_status (str):
            author (str):
            rule (RuleLifeOutRule):
            text (str):
            findings (list[FindingOut]):
    """

    id: str
    section: str
    state: str
    revision: int
    running_version: int | None
    effective_from: None | str
    newest_version: int
    newest_status: str
    author: str
    rule: RuleLifeOutRule
    text: str
    findings: list[FindingOut]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        section = self.section

        state = self.state

        revision = self.revision

        running_version: int | None
        running_version = self.running_version

        effective_from: None | str
        effective_from = self.effective_from

        newest_version = self.newest_version

        newest_status = self.newest_status

        author = self.author

        rule = self.rule.to_dict()

        text = self.text

        findings = []
        for findings_item_data in self.findings:
            findings_item = findings_item_data.to_dict()
            findings.append(findings_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "section": section,
                "state": state,
                "revision": revision,
                "running_version": running_version,
                "effective_from": effective_from,
                "newest_version": newest_version,
                "newest_status": newest_status,
                "author": author,
                "rule": rule,
                "text": text,
                "findings": findings,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.finding_out import FindingOut  # noqa: PLC0415
        from ..models.rule_life_out_rule import RuleLifeOutRule  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        section = d.pop("section")

        state = d.pop("state")

        revision = d.pop("revision")

        def _parse_running_version(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        running_version = _parse_running_version(d.pop("running_version"))

        def _parse_effective_from(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        effective_from = _parse_effective_from(d.pop("effective_from"))

        newest_version = d.pop("newest_version")

        newest_status = d.pop("newest_status")

        author = d.pop("author")

        rule = RuleLifeOutRule.from_dict(d.pop("rule"))

        text = d.pop("text")

        findings = []
        _findings = d.pop("findings")
        for findings_item_data in _findings:
            findings_item = FindingOut.from_dict(findings_item_data)

            findings.append(findings_item)

        rule_life_out = cls(
            id=id,
            section=section,
            state=state,
            revision=revision,
            running_version=running_version,
            effective_from=effective_from,
            newest_version=newest_version,
            newest_status=newest_status,
            author=author,
            rule=rule,
            text=text,
            findings=findings,
        )

        rule_life_out.additional_properties = d
        return rule_life_out

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
