from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.challenge_out import ChallengeOut
    from ..models.consent_out import ConsentOut
    from ..models.lot_out import LotOut
    from ..models.offer_out import OfferOut
    from ..models.progress_out import ProgressOut
    from ..models.reservation_out import ReservationOut
    from ..models.stamps_out import StampsOut
    from ..models.streak_out import StreakOut
    from ..models.wallet_out import WalletOut


T = TypeVar("T", bound="MemberOut")


@_attrs_define
class MemberOut:
    """How a member stands; the balance at the top is the first wallet's.

    Attributes:
        member_id (str):
        version (int):
        as_of (str):
        balance (int):
        pending (int):
        debt (int):
        lots (list[LotOut]):
        tier (str):
        progress (ProgressOut): How far it is to the next tier, and what becomes of this one.

            `tier_until` is how long it is kept whatever comes; `falls_to` at `falls_at`
            is what waiting leads to, `points_to_stay` what prevents it.
        wallets (list[WalletOut]):
        streaks (list[StreakOut]):
        stamps (list[StampsOut]):
        challenges (list[ChallengeOut]):
        badges (list[str]):
        reservations (list[ReservationOut]):
        offers (list[OfferOut]):
        consents (list[ConsentOut]):
        merged (list[str] | Unset):
    """

    member_id: str
    version: int
    as_of: str
    balance: int
    pending: int
    debt: int
    lots: list[LotOut]
    tier: str
    progress: ProgressOut
    wallets: list[WalletOut]
    streaks: list[StreakOut]
    stamps: list[StampsOut]
    challenges: list[ChallengeOut]
    badges: list[str]
    reservations: list[ReservationOut]
    offers: list[OfferOut]
    consents: list[ConsentOut]
    merged: list[str] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        member_id = self.member_id

        version = self.version

        as_of = self.as_of

        balance = self.balance

        pending = self.pending

        debt = self.debt

        lots = []
        for lots_item_data in self.lots:
            lots_item = lots_item_data.to_dict()
            lots.append(lots_item)

        tier = self.tier

        progress = self.progress.to_dict()

        wallets = []
        for wallets_item_data in self.wallets:
            wallets_item = wallets_item_data.to_dict()
            wallets.append(wallets_item)

        streaks = []
        for streaks_item_data in self.streaks:
            streaks_item = streaks_item_data.to_dict()
            streaks.append(streaks_item)

        stamps = []
        for stamps_item_data in self.stamps:
            stamps_item = stamps_item_data.to_dict()
            stamps.append(stamps_item)

        challenges = []
        for challenges_item_data in self.challenges:
            challenges_item = challenges_item_data.to_dict()
            challenges.append(challenges_item)

        badges = self.badges

        reservations = []
        for reservations_item_data in self.reservations:
            reservations_item = reservations_item_data.to_dict()
            reservations.append(reservations_item)

        offers = []
        for offers_item_data in self.offers:
            offers_item = offers_item_data.to_dict()
            offers.append(offers_item)

        consents = []
        for consents_item_data in self.consents:
            consents_item = consents_item_data.to_dict()
            consents.append(consents_item)

        merged: list[str] | Unset = UNSET
        if not isinstance(self.merged, Unset):
            merged = self.merged

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "member_id": member_id,
                "version": version,
                "as_of": as_of,
                "balance": balance,
                "pending": pending,
                "debt": debt,
                "lots": lots,
                "tier": tier,
                "progress": progress,
                "wallets": wallets,
                "streaks": streaks,
                "stamps": stamps,
                "challenges": challenges,
                "badges": badges,
                "reservations": reservations,
                "offers": offers,
                "consents": consents,
            }
        )
        if merged is not UNSET:
            field_dict["merged"] = merged

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.challenge_out import ChallengeOut  # noqa: PLC0415
        from ..models.consent_out import ConsentOut  # noqa: PLC0415
        from ..models.lot_out import LotOut  # noqa: PLC0415
        from ..models.offer_out import OfferOut  # noqa: PLC0415
        from ..models.progress_out import ProgressOut  # noqa: PLC0415
        from ..models.reservation_out import ReservationOut  # noqa: PLC0415
        from ..models.stamps_out import StampsOut  # noqa: PLC0415
        from ..models.streak_out import StreakOut  # noqa: PLC0415
        from ..models.wallet_out import WalletOut  # noqa: PLC0415

        d = dict(src_dict)
        member_id = d.pop("member_id")

        version = d.pop("version")

        as_of = d.pop("as_of")

        balance = d.pop("balance")

        pending = d.pop("pending")

        debt = d.pop("debt")

        lots = []
        _lots = d.pop("lots")
        for lots_item_data in _lots:
            lots_item = LotOut.from_dict(lots_item_data)

            lots.append(lots_item)

        tier = d.pop("tier")

        progress = ProgressOut.from_dict(d.pop("progress"))

        wallets = []
        _wallets = d.pop("wallets")
        for wallets_item_data in _wallets:
            wallets_item = WalletOut.from_dict(wallets_item_data)

            wallets.append(wallets_item)

        streaks = []
        _streaks = d.pop("streaks")
        for streaks_item_data in _streaks:
            streaks_item = StreakOut.from_dict(streaks_item_data)

            streaks.append(streaks_item)

        stamps = []
        _stamps = d.pop("stamps")
        for stamps_item_data in _stamps:
            stamps_item = StampsOut.from_dict(stamps_item_data)

            stamps.append(stamps_item)

        challenges = []
        _challenges = d.pop("challenges")
        for challenges_item_data in _challenges:
            challenges_item = ChallengeOut.from_dict(challenges_item_data)

            challenges.append(challenges_item)

        badges = cast(list[str], d.pop("badges"))

        reservations = []
        _reservations = d.pop("reservations")
        for reservations_item_data in _reservations:
            reservations_item = ReservationOut.from_dict(reservations_item_data)

            reservations.append(reservations_item)

        offers = []
        _offers = d.pop("offers")
        for offers_item_data in _offers:
            offers_item = OfferOut.from_dict(offers_item_data)

            offers.append(offers_item)

        consents = []
        _consents = d.pop("consents")
        for consents_item_data in _consents:
            consents_item = ConsentOut.from_dict(consents_item_data)

            consents.append(consents_item)

        merged = cast(list[str], d.pop("merged", UNSET))

        member_out = cls(
            member_id=member_id,
            version=version,
            as_of=as_of,
            balance=balance,
            pending=pending,
            debt=debt,
            lots=lots,
            tier=tier,
            progress=progress,
            wallets=wallets,
            streaks=streaks,
            stamps=stamps,
            challenges=challenges,
            badges=badges,
            reservations=reservations,
            offers=offers,
            consents=consents,
            merged=merged,
        )

        member_out.additional_properties = d
        return member_out

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
