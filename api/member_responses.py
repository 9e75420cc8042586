"""What we show of a member: the view that the engine projects, told for people."""

from pydantic import BaseModel, ConfigDict

from api import member_examples as examples
from api.responses import LotOut, OfferOut, lot_out, offer_out, shown, shown_or_never
from loyalty.program import Program
from loyalty.view_shapes import MemberView, WalletView
from schemas.reservation_ids import reservation_id


class WalletOut(BaseModel):
    """One kind of balance; `unit` minor is money in minor units."""

    wallet_id: str
    name: str
    unit: str
    balance: int
    pending: int
    held: int
    debt: int
    lots: list[LotOut]


class ProgressOut(BaseModel):
    """
    How far it is to the next tier, and what becomes of this one.

    `tier_until` is how long it is kept whatever comes; `falls_to` at `falls_at`
    is what waiting leads to, `points_to_stay` what prevents it.
    """

    tier_points: int
    next_tier: str | None
    points_to_next_tier: int
    tier_until: str | None
    falls_to: str | None
    falls_at: str | None
    points_to_stay: int


class StreakOut(BaseModel):
    """Periods in a row so far, and orders in the latest one."""

    rule_id: str
    length: int
    target: int
    orders: int
    orders_min: int


class StampsOut(BaseModel):
    """A stamp card: `target` units of the wallet become `gives` of another."""

    rule_id: str
    wallet: str
    stamps: int
    target: int
    gives: int
    gives_wallet: str


class ChallengeOut(BaseModel):
    """How far towards a goal."""

    challenge_id: str
    goal: str
    progress: int
    target: int
    completed: int
    joined: bool


class ReservationOut(BaseModel):
    """Points set aside; the id is what confirms or releases them."""

    reservation_id: str
    wallet: str
    points: int
    expires_at: str
    reward_id: str | None


class ConsentOut(BaseModel):
    """What the member said last about messages of a purpose on a channel."""

    channel: str
    purpose: str
    given: bool
    at: str
    source: str
    text_version: str | None


class ConsentsOut(BaseModel):
    """What was said last of each channel and purpose; others were not spoken of."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.CONSENTS]})

    items: list[ConsentOut]


class MemberOut(BaseModel):
    """How a member stands; the balance at the top is the first wallet's."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.MEMBER]})

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
    merged: list[str] = []


def member_out(member_id: str, view: MemberView, program: Program) -> MemberOut:
    """Member as the API shows it; the program says which wallets are stamp cards."""
    return MemberOut(
        member_id=member_id,
        version=view.version,
        as_of=shown(view.as_of),
        balance=view.balance,
        pending=view.pending,
        debt=view.debt,
        lots=[lot_out(lot) for lot in view.lots],
        tier=view.tier,
        progress=_progress(view),
        wallets=[_wallet(wallet) for wallet in view.wallets],
        streaks=[StreakOut(**streak._asdict()) for streak in view.streaks],
        stamps=_stamps(view, program),
        challenges=_challenges(view),
        badges=list(view.badges),
        reservations=_reservations(member_id, view),
        offers=[offer_out(offer) for offer in view.offers],
        consents=consents_out(view),
        merged=list(view.merged),
    )


def consents_out(view: MemberView) -> list[ConsentOut]:
    """Consents as the API shows them."""
    return [
        ConsentOut(
            channel=one.channel,
            purpose=one.purpose,
            given=one.given,
            at=shown(one.at),
            source=one.source,
            text_version=one.text_version or None,
        )
        for one in view.consents
    ]


def _progress(view: MemberView) -> ProgressOut:
    return ProgressOut(
        tier_points=view.tier_points,
        next_tier=view.next_tier,
        points_to_next_tier=view.points_to_next_tier,
        tier_until=shown_or_never(view.tier_until),
        falls_to=view.projected_tier or None,
        falls_at=shown_or_never(view.projected_at),
        points_to_stay=view.points_to_stay,
    )


def _wallet(wallet: WalletView) -> WalletOut:
    fields = wallet._asdict() | {"lots": [lot_out(lot) for lot in wallet.lots]}
    return WalletOut(**fields)


def _stamps(view: MemberView, program: Program) -> list[StampsOut]:
    balances = {wallet.wallet_id: wallet.balance for wallet in view.wallets}
    return [
        StampsOut(
            rule_id=card.rule_id,
            wallet=card.wallet,
            stamps=balances.get(card.wallet, 0),
            target=card.every,
            gives=card.amount,
            gives_wallet=card.into,
        )
        for card in program.auto_redeem
    ]


def _challenges(view: MemberView) -> list[ChallengeOut]:
    return [
        ChallengeOut(
            challenge_id=one.rule_id,
            goal=one.goal,
            progress=one.progress,
            target=one.target,
            completed=one.completed,
            joined=one.joined,
        )
        for one in view.challenges
    ]


def _reservations(member_id: str, view: MemberView) -> list[ReservationOut]:
    return [
        ReservationOut(
            reservation_id=reservation_id(member_id, one.reservation_id),
            wallet=one.wallet,
            points=one.points,
            expires_at=shown(one.expires_at),
            reward_id=one.reward_id or None,
        )
        for one in view.reservations
    ]
