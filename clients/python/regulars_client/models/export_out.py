from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.entry_out import EntryOut
    from ..models.explanation_out import ExplanationOut
    from ..models.inbox_message_out import InboxMessageOut
    from ..models.member_out import MemberOut
    from ..models.profile_out import ProfileOut


T = TypeVar("T", bound="ExportOut")


@_attrs_define
class ExportOut:
    """All that is kept of a member.

    Contacts are kept as digests, so only their kinds can be told; the address of
    e-mails is told if it is known. `ledger` and
    `explanations` are the newest EXPORT_MAX; with `more` the pages have the rest.

        Attributes:
            member (MemberOut): How a member stands; the balance at the top is the first wallet's.
            profile (None | ProfileOut):
            contacts (list[str]):
            email_address (None | str):
            inbox (list[InboxMessageOut]):
            ledger (list[EntryOut]):
            explanations (list[ExplanationOut]):
            more (bool):
    """

    member: MemberOut
    profile: None | ProfileOut
    contacts: list[str]
    email_address: None | str
    inbox: list[InboxMessageOut]
    ledger: list[EntryOut]
    explanations: list[ExplanationOut]
    more: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.profile_out import ProfileOut  # noqa: PLC0415

        member = self.member.to_dict()

        profile: dict[str, Any] | None
        if isinstance(self.profile, ProfileOut):
            profile = self.profile.to_dict()
        else:
            profile = self.profile

        contacts = self.contacts

        email_address: None | str
        email_address = self.email_address

        inbox = []
        for inbox_item_data in self.inbox:
            inbox_item = inbox_item_data.to_dict()
            inbox.append(inbox_item)

        ledger = []
        for ledger_item_data in self.ledger:
            ledger_item = ledger_item_data.to_dict()
            ledger.append(ledger_item)

        explanations = []
        for explanations_item_data in self.explanations:
            explanations_item = explanations_item_data.to_dict()
            explanations.append(explanations_item)

        more = self.more

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "member": member,
                "profile": profile,
                "contacts": contacts,
                "email_address": email_address,
                "inbox": inbox,
                "ledger": ledger,
                "explanations": explanations,
                "more": more,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.entry_out import EntryOut  # noqa: PLC0415
        from ..models.explanation_out import ExplanationOut  # noqa: PLC0415
        from ..models.inbox_message_out import InboxMessageOut  # noqa: PLC0415
        from ..models.member_out import MemberOut  # noqa: PLC0415
        from ..models.profile_out import ProfileOut  # noqa: PLC0415

        d = dict(src_dict)
        member = MemberOut.from_dict(d.pop("member"))

        def _parse_profile(data: object) -> None | ProfileOut:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                profile_type_0 = ProfileOut.from_dict(data)

                return profile_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ProfileOut, data)

        profile = _parse_profile(d.pop("profile"))

        contacts = cast(list[str], d.pop("contacts"))

        def _parse_email_address(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        email_address = _parse_email_address(d.pop("email_address"))

        inbox = []
        _inbox = d.pop("inbox")
        for inbox_item_data in _inbox:
            inbox_item = InboxMessageOut.from_dict(inbox_item_data)

            inbox.append(inbox_item)

        ledger = []
        _ledger = d.pop("ledger")
        for ledger_item_data in _ledger:
            ledger_item = EntryOut.from_dict(ledger_item_data)

            ledger.append(ledger_item)

        explanations = []
        _explanations = d.pop("explanations")
        for explanations_item_data in _explanations:
            explanations_item = ExplanationOut.from_dict(explanations_item_data)

            explanations.append(explanations_item)

        more = d.pop("more")

        export_out = cls(
            member=member,
            profile=profile,
            contacts=contacts,
            email_address=email_address,
            inbox=inbox,
            ledger=ledger,
            explanations=explanations,
            more=more,
        )

        export_out.additional_properties = d
        return export_out

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
