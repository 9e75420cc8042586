"""What is kept of a member, as one document; and what is asked to forget one."""

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from api import privacy_examples as examples
from api.delivery_responses import InboxMessageOut
from api.history_responses import EntryOut, ExplanationOut
from api.member_responses import MemberOut
from loyalty.member import Member
from schemas.event_bodies import Strict

EXPORT_MAX: Final = 1_000


class EraseIn(Strict):
    """How to forget a member; `keep_points` leaves the balance to the pseudonym."""

    model_config = Strict.shown(examples.ERASE)

    keep_points: Annotated[bool, Field(strict=True)] = False


class ProfileOut(BaseModel):
    """What is known of the person."""

    birthday: str | None
    time_zone: str | None
    segments: list[str]
    referred_by: str | None
    pool_id: str | None


class ExportOut(BaseModel):
    """
    All that is kept of a member.

    Contacts are kept as digests, so only their kinds can be told; the address of
    e-mails is told if it is known. `ledger` and
    `explanations` are the newest EXPORT_MAX; with `more` the pages have the rest.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [examples.EXPORT]})

    member: MemberOut
    profile: ProfileOut | None
    contacts: list[str]
    email_address: str | None
    inbox: list[InboxMessageOut]
    ledger: list[EntryOut]
    explanations: list[ExplanationOut]
    more: bool


def profile_out(member: Member) -> ProfileOut:
    """Profile of a member's state."""
    profile, state = member.profile, member.state
    day = f"{profile.birth_month:02}-{profile.birth_day:02}"
    return ProfileOut(
        birthday=day if profile.birth_month else None,
        time_zone=profile.time_zone or None,
        segments=list(profile.segments),
        referred_by=state.referred_by or None,
        pool_id=state.pool_id or None,
    )
