"""What commands about the member take."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from api import command_examples as examples
from api.command_requests import named
from loyalty.events import Attribute
from loyalty.limits import ID_LENGTH_MAX, SEGMENTS_MAX
from schemas.event_bodies import Strict
from schemas.json_values import Id
from stores.identities_contract import KINDS

Segment = Annotated[str, Field(max_length=ID_LENGTH_MAX, pattern=r"^[^,\s\u0085]+$")]
Birthday = Annotated[
    str, Field(pattern=r"^\d\d-\d\d$", description="Month and day, MM-DD.")
]


class ContactsIn(Strict):
    """How a member is found; kept as keyed digests, and never in the log."""

    phone: Annotated[
        str | None,
        Field(pattern=r"^\+[1-9][0-9]{6,14}$", description="E.164: +15550100199."),
    ] = None
    email: Annotated[
        str | None,
        Field(max_length=254, pattern=r"^[!-?A-~]{1,64}@[!-?A-~]+\.[!-?A-~]+$"),
    ] = None
    card: Annotated[str | None, Field(pattern=r"^[A-Za-z0-9]{4,64}$")] = None

    def contacts(self) -> dict[str, str | None]:
        """Contacts that are named; None is one that there is no more."""
        named = {kind: getattr(self, kind) for kind in KINDS}
        return {
            kind: text for kind, text in named.items() if kind in self.model_fields_set
        }


class ProfileIn(ContactsIn):
    """What is known of a member; only what is named changes, null ends a contact."""

    model_config = Strict.shown(examples.PROFILE, minProperties=1)

    birthday: Birthday | None = None
    time_zone: Id | None = None
    segments: Annotated[list[Segment], Field(max_length=SEGMENTS_MAX)] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.attributes() and not self.contacts():
            raise ValueError("name at least one of the fields")
        return self

    def attributes(self) -> dict[str, Attribute]:
        """Attributes of the command."""
        found = named(birthday=self.birthday, time_zone=self.time_zone)
        if self.segments is not None:
            found["segments"] = ",".join(self.segments)
        return found


class EnrolIn(ContactsIn):
    """A new member; without an id, one is made from the Idempotency-Key."""

    model_config = Strict.shown(examples.ENROL)

    member_id: Id | None = None
    birthday: Birthday | None = None
    time_zone: Id | None = None
    segments: Annotated[list[Segment], Field(max_length=SEGMENTS_MAX)] | None = None
    referred_by: Id | None = None

    def attributes(self) -> dict[str, Attribute]:
        """Attributes of the command."""
        found = named(
            birthday=self.birthday,
            time_zone=self.time_zone,
            referred_by=self.referred_by,
        )
        if self.segments:
            found["segments"] = ",".join(self.segments)
        return found


class EnrolRow(Strict):
    """A new member in a bulk import; contacts are not among its columns."""

    member_id: Id
    birthday: Birthday | None = None
    time_zone: Id | None = None
    segments: Annotated[list[Segment], Field(max_length=SEGMENTS_MAX)] | None = None
    referred_by: Id | None = None

    def attributes(self) -> dict[str, Attribute]:
        """Attributes of the command."""
        given = EnrolIn(**self.model_dump())
        return given.attributes()


class PoolIn(Strict):
    """A shared account, a member of its own, that gets what is earned from now on."""

    model_config = Strict.shown(examples.POOL)

    pool_id: Id

    def attributes(self) -> dict[str, Attribute]:
        """Attributes of the command."""
        return {"pool_id": self.pool_id}


class ConsentIn(Strict):
    """
    A consent, or its withdrawal, to messages of a purpose on a channel.

    `source` says where the member said so, `text_version` to which words: proof.
    """

    model_config = Strict.shown(examples.CONSENT)

    channel: Literal["inbox", "push", "email", "sms", "webhook"]
    purpose: Literal["marketing", "service"] = "marketing"
    given: Annotated[bool, Field(strict=True)]
    source: Id
    text_version: Id | None = None

    def attributes(self) -> dict[str, Attribute]:
        """Attributes of the command."""
        return named(
            channel=self.channel,
            purpose=self.purpose,
            given=self.given,
            source=self.source,
            text_version=self.text_version,
        )
