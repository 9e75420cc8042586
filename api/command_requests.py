"""What commands take: each body holds what its command needs, and nothing else."""

from typing import Annotated, Any, Final, Self

from pydantic import ConfigDict, Field, model_validator

from api import command_examples as examples
from loyalty.events import Attribute
from loyalty.limits import (
    ADJUST_POINTS_MAX,
    AMOUNT_MINOR_MAX,
    HOLD_MS_MAX,
)
from schemas.event_bodies import Channel, Strict
from schemas.json_values import Id

Points = Annotated[int, Field(strict=True, ge=1, le=ADJUST_POINTS_MAX)]
SignedPoints = Annotated[
    int, Field(strict=True, ge=-ADJUST_POINTS_MAX, le=ADJUST_POINTS_MAX)
]
Paid = Annotated[
    int,
    Field(strict=True, ge=1, le=AMOUNT_MINOR_MAX, description="Minor units."),
]


# Exactly one of them, and what belongs to it; the validator says the same in words.
ONE_WANTED: Final[list[dict[str, Any]]] = [
    {
        "required": [name],
        "properties": {other: {"type": "null"} for other in others}
        | {name: {"not": {"type": "null"}}},
    }
    for name, others in (
        ("points", ("reward_id", "amount_minor", "points_max")),
        ("reward_id", ("points", "amount_minor", "wallet", "points_max")),
        ("amount_minor", ("points", "reward_id", "wallet")),
    )
]
for _one in ONE_WANTED[:2]:
    _one["properties"]["partial"] = {"const": False}
_WANTED: Final[dict[str, Any]] = {"oneOf": ONE_WANTED}


class WantedIn(Strict):
    """
    Points of a wallet, a reward at the member's own cost, or money to be paid.

    Money is paid whole, unless `points_max` or `partial` (as far as the balance
    reaches) lets it be less.
    """

    model_config = ConfigDict(json_schema_extra=_WANTED)

    points: Points | None = None
    reward_id: Id | None = None
    amount_minor: (
        Annotated[int, Field(strict=True, ge=1, le=AMOUNT_MINOR_MAX)] | None
    ) = None
    points_max: Points | None = None
    partial: Annotated[bool, Field(strict=True)] = False
    wallet: Id | None = None
    store_id: Id | None = None
    channel: Channel | None = None

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        self.check_one()
        return self

    def check_one(self) -> None:
        """Refuse what names none, or more than one; raises ValueError."""
        named = (self.points, self.reward_id, self.amount_minor)
        if sum(value is not None for value in named) != 1:
            raise ValueError("name one of points, reward_id and amount_minor")
        if self.points is None and self.wallet is not None:
            raise ValueError("a wallet belongs to points: the program says which else")
        if self.amount_minor is None and (self.partial or self.points_max is not None):
            raise ValueError("points_max and partial belong to amount_minor")

    def attributes(self) -> dict[str, Attribute]:
        """Attributes of the command."""
        return named(
            points=self.points,
            reward_id=self.reward_id,
            amount_minor=self.amount_minor,
            points_max=self.points_max,
            partial=self.partial or None,
            wallet=self.wallet,
            store_id=self.store_id,
            channel=self.channel,
        )


class RedemptionIn(WantedIn):
    """Points or a reward, used at once."""

    model_config = Strict.shown(examples.REDEMPTION, oneOf=ONE_WANTED)


class ReservationIn(WantedIn):
    """Points or a reward, set aside until they are confirmed, released, or in vain."""

    model_config = Strict.shown(examples.RESERVATION, oneOf=ONE_WANTED)

    hold_seconds: (
        Annotated[int, Field(strict=True, ge=1, le=HOLD_MS_MAX // 1_000)] | None
    ) = None

    def attributes(self) -> dict[str, Attribute]:
        """Attributes of the command."""
        found = super().attributes()
        if self.hold_seconds is not None:
            found["hold_ms"] = self.hold_seconds * 1_000
        return found


class AdjustmentIn(Strict):
    """A correction by the service desk: more than 0 adds."""

    model_config = Strict.shown(examples.ADJUSTMENT)

    points: Annotated[SignedPoints, Field(json_schema_extra={"not": {"const": 0}})]
    wallet: Id | None = None
    reason: Id

    @model_validator(mode="after")
    def _moves(self) -> Self:
        if self.points == 0:
            raise ValueError("points is 0: nothing to adjust")
        return self

    def attributes(self) -> dict[str, Attribute]:
        """Attributes of the command."""
        return named(points=self.points, wallet=self.wallet, reason=self.reason)


class TransferIn(Strict):
    """Points for another member."""

    model_config = Strict.shown(examples.TRANSFER)

    to: Id
    points: Points
    wallet: Id | None = None

    def attributes(self) -> dict[str, Attribute]:
        """Attributes of the command."""
        return named(to=self.to, points=self.points, wallet=self.wallet)


class MergeIn(Strict):
    """Another member, to become part of the one that the path names."""

    model_config = Strict.shown(examples.MERGE)

    from_member_id: Id
    reason: Id | None = None

    def attributes(self) -> dict[str, Attribute]:
        """Attributes of the command."""
        return {"from": self.from_member_id} | named(reason=self.reason)


class VoidIn(Strict):
    """An earlier command, to be as if it never was."""

    model_config = Strict.shown(examples.VOID)

    command_id: Id

    def attributes(self) -> dict[str, Attribute]:
        """Attributes of the command."""
        return {"command_id": self.command_id}


class ReinstatementIn(Strict):
    """Points that expired lately, to be brought back."""

    model_config = Strict.shown(examples.REINSTATEMENT)

    wallet: Id | None = None

    def attributes(self) -> dict[str, Attribute]:
        """Attributes of the command."""
        return named(wallet=self.wallet)


def named(**values: Attribute | None) -> dict[str, Attribute]:
    """Attributes that have a value."""
    return {name: value for name, value in values.items() if value is not None}
