from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.campaign_out_kind import CampaignOutKind, check_campaign_out_kind
from ..models.campaign_out_state import CampaignOutState, check_campaign_out_state

if TYPE_CHECKING:
    from ..models.campaign_audience_out import CampaignAudienceOut
    from ..models.campaign_progress_out import CampaignProgressOut
    from ..models.campaign_step_out import CampaignStepOut


T = TypeVar("T", bound="CampaignOut")


@_attrs_define
class CampaignOut:
    """A campaign as it stands; `ETag` is its revision, which progress leaves alone.

    Attributes:
        campaign_id (str):
        name (str):
        kind (CampaignOutKind):
        state (CampaignOutState):
        revision (int):
        trigger (None | str):
        activity (None | str):
        audience (CampaignAudienceOut): Who is meant.
        starts_at (None | str):
        ends_at (None | str):
        rate_per_second (int):
        ramp_seconds (int):
        created_at (str):
        written_by (str):
        approved_by (None | str):
        started_at (None | str):
        ended_at (None | str):
        progress (CampaignProgressOut): How far a campaign is; all 0 before its audience was frozen.

            `refused` are ids of a list that are no members. Whom the engine then tells
            nothing, and why, stands with its trigger.
        detail (None | str):
        steps (list[CampaignStepOut]):
    """

    campaign_id: str
    name: str
    kind: CampaignOutKind
    state: CampaignOutState
    revision: int
    trigger: None | str
    activity: None | str
    audience: CampaignAudienceOut
    starts_at: None | str
    ends_at: None | str
    rate_per_second: int
    ramp_seconds: int
    created_at: str
    written_by: str
    approved_by: None | str
    started_at: None | str
    ended_at: None | str
    progress: CampaignProgressOut
    detail: None | str
    steps: list[CampaignStepOut]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        campaign_id = self.campaign_id

        name = self.name

        kind: str = self.kind

        state: str = self.state

        revision = self.revision

        trigger: None | str
        trigger = self.trigger

        activity: None | str
        activity = self.activity

        audience = self.audience.to_dict()

        starts_at: None | str
        starts_at = self.starts_at

        ends_at: None | str
        ends_at = self.ends_at

        rate_per_second = self.rate_per_second

        ramp_seconds = self.ramp_seconds

        created_at = self.created_at

        written_by = self.written_by

        approved_by: None | str
        approved_by = self.approved_by

        started_at: None | str
        started_at = self.started_at

        ended_at: None | str
        ended_at = self.ended_at

        progress = self.progress.to_dict()

        detail: None | str
        detail = self.detail

        steps = []
        for steps_item_data in self.steps:
            steps_item = steps_item_data.to_dict()
            steps.append(steps_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "campaign_id": campaign_id,
                "name": name,
                "kind": kind,
                "state": state,
                "revision": revision,
                "trigger": trigger,
                "activity": activity,
                "audience": audience,
                "starts_at": starts_at,
                "ends_at": ends_at,
                "rate_per_second": rate_per_second,
                "ramp_seconds": ramp_seconds,
                "created_at": created_at,
                "written_by": written_by,
                "approved_by": approved_by,
                "started_at": started_at,
                "ended_at": ended_at,
                "progress": progress,
                "detail": detail,
                "steps": steps,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.campaign_audience_out import CampaignAudienceOut  # noqa: PLC0415
        from ..models.campaign_progress_out import CampaignProgressOut  # noqa: PLC0415
        from ..models.campaign_step_out import CampaignStepOut  # noqa: PLC0415

        d = dict(src_dict)
        campaign_id = d.pop("campaign_id")

        name = d.pop("name")

        kind = check_campaign_out_kind(d.pop("kind"))

        state = check_campaign_out_state(d.pop("state"))

        revision = d.pop("revision")

        def _parse_trigger(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        trigger = _parse_trigger(d.pop("trigger"))

        def _parse_activity(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        activity = _parse_activity(d.pop("activity"))

        audience = CampaignAudienceOut.from_dict(d.pop("audience"))

        def _parse_starts_at(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        starts_at = _parse_starts_at(d.pop("starts_at"))

        def _parse_ends_at(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        ends_at = _parse_ends_at(d.pop("ends_at"))

        rate_per_second = d.pop("rate_per_second")

        ramp_seconds = d.pop("ramp_seconds")

        created_at = d.pop("created_at")

        written_by = d.pop("written_by")

        def _parse_approved_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        approved_by = _parse_approved_by(d.pop("approved_by"))

        def _parse_started_at(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        started_at = _parse_started_at(d.pop("started_at"))

        def _parse_ended_at(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        ended_at = _parse_ended_at(d.pop("ended_at"))

        progress = CampaignProgressOut.from_dict(d.pop("progress"))

        def _parse_detail(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        detail = _parse_detail(d.pop("detail"))

        steps = []
        _steps = d.pop("steps")
        for steps_item_data in _steps:
            steps_item = CampaignStepOut.from_dict(steps_item_data)

            steps.append(steps_item)

        campaign_out = cls(
            campaign_id=campaign_id,
            name=name,
            kind=kind,
            state=state,
            revision=revision,
            trigger=trigger,
            activity=activity,
            audience=audience,
            starts_at=starts_at,
            ends_at=ends_at,
            rate_per_second=rate_per_second,
            ramp_seconds=ramp_seconds,
            created_at=created_at,
            written_by=written_by,
            approved_by=approved_by,
            started_at=started_at,
            ended_at=ended_at,
            progress=progress,
            detail=detail,
            steps=steps,
        )

        campaign_out.additional_properties = d
        return campaign_out

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
