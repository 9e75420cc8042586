"""Commands that use points: redeem at once, or reserve, confirm, release."""

from loyalty import caps
from loyalty.asked import Asked, Refused, Wanted, check_balance, tell_balance
from loyalty.benefits import RewardOffer
from loyalty.book import Book
from loyalty.facts import HOLD_TO_REDEEM, HOLD_TO_RESERVE
from loyalty.limits import (
    ADJUST_POINTS_MAX,
    AMOUNT_MINOR_MAX,
    HOLD_MS_MAX,
    HOLDS_MAX,
)
from loyalty.moments import Moment, holds
from loyalty.stock import ask_for_unit


def redeem(asked: Asked) -> str:
    """Use points at once, for a reward or for nothing named."""
    wanted = wanted_of(asked)
    check_balance(asked, wanted.wallet, wanted.points)
    if wanted.reward and wanted.reward.stock:
        _check_holds(asked)
        until = asked.at + HOLD_MS_MAX
        return ask_for_unit(asked, wanted, kind=HOLD_TO_REDEEM, until=until)
    reward_id = wanted.reward.offer_id if wanted.reward else ""
    asked.add(
        "redeem",
        points=wanted.points,
        wallet=wanted.wallet.wallet_id,
        rule_id=reward_id,
    )
    paid = {"amount_minor": wanted.amount_minor} if wanted.amount_minor else {}
    tell_balance(asked, wanted.wallet, points=wanted.points, reward=reward_id, **paid)
    return f"redeemed {wanted.points}" + (f" for {reward_id}" if reward_id else "")


def reserve(asked: Asked) -> str:
    """Set points aside for a till, until they are confirmed, released or time is up."""
    wanted = wanted_of(asked)
    _check_holds(asked)
    check_balance(asked, wanted.wallet, wanted.points)
    hold_ms = wanted.reward.hold_ms if wanted.reward else HOLD_MS_MAX
    if asked.has("hold_ms"):
        hold_ms = asked.number("hold_ms", minimum=1_000, maximum=HOLD_MS_MAX)
    elif wanted.reward is None:
        hold_ms = 900_000
    until = asked.at + hold_ms
    if wanted.reward and wanted.reward.stock:
        return ask_for_unit(asked, wanted, kind=HOLD_TO_RESERVE, until=until)
    asked.add(
        "hold",
        points=wanted.points,
        wallet=wanted.wallet.wallet_id,
        until=until,
        rule_id=wanted.reward.offer_id if wanted.reward else "",
    )
    tell_balance(
        asked,
        wanted.wallet,
        points=wanted.points,
        reservation_id=asked.command.command_id,
        expires_at=until,
        **({"amount_minor": wanted.amount_minor} if wanted.amount_minor else {}),
    )
    return f"reserved {wanted.points} for {hold_ms // 1_000} s"


def confirm(asked: Asked) -> str:
    """Use what was set aside."""
    hold = hold_of(asked)
    asked.add("confirm", target=hold, rule_id=reward_of_hold(asked, hold))
    asked.turn.result["reservation_id"] = hold
    return f"reservation {hold} confirmed"


def release(asked: Asked) -> str:
    """Give back what was set aside."""
    hold = hold_of(asked)
    asked.add("release", target=hold)
    asked.turn.result["reservation_id"] = hold
    return f"reservation {hold} released"


def wanted_of(asked: Asked) -> Wanted:
    """What a reward costs this member now, or the points or the money named."""
    if asked.has("amount_minor"):
        return payment_wanted(asked)
    if not asked.has("reward_id"):
        points = asked.number("points", minimum=1, maximum=ADJUST_POINTS_MAX)
        return Wanted(asked.wallet(), points, None)
    reward_id = asked.text("reward_id")
    for reward in asked.program.offers:
        if reward.offer_id == reward_id:
            return reward_wanted(asked, reward)
    raise Refused("reward-unknown", f"there is no reward {reward_id!r}")


def payment_wanted(asked: Asked) -> Wanted:
    """
    Points that pay an amount at the till.

    All of it, unless `points_max` or `partial` (whatever the balance pays) lets
    it be less.
    """
    payment = asked.program.payment
    if payment is None:
        raise Refused("payment-not-allowed", "points do not pay in this program")
    wallet = asked.program.wallet_by_id[payment.wallet]
    amount = asked.number("amount_minor", minimum=1, maximum=AMOUNT_MINOR_MAX)
    most = payment.points_for(amount)
    if asked.has("points_max"):
        limit = asked.number("points_max", minimum=1, maximum=ADJUST_POINTS_MAX)
        most = min(most, limit)
    if asked.flag("partial"):
        most = min(most, asked.balance(wallet))
    points, amount = payment.paid_by(most, amount)
    if amount == 0:
        raise Refused("insufficient-points", f"{most} points pay nothing")
    if points > ADJUST_POINTS_MAX:
        raise Refused(
            "command-invalid", f"{points} points, at most {ADJUST_POINTS_MAX}"
        )
    return Wanted(wallet, points, None, amount)


def reward_wanted(asked: Asked, reward: RewardOffer) -> Wanted:
    """Cost of a reward for this member, if it can be had now."""
    asked.turn.pass_time(asked.at)
    state = asked.turn.state
    moment = Moment(
        asked.at,
        asked.text("store_id", ""),
        asked.text("channel", ""),
        asked.turn.profile,
    )
    if not holds(reward.when, moment, asked.program) or (
        reward.when.tiers and state.tier not in reward.when.tiers
    ):
        raise Refused("reward-not-available", f"{reward.offer_id} is not to be had now")
    held = sum(1 for hold in state.holds if hold.reward_id == reward.offer_id)
    allowed = caps.allowed(
        tuple(
            cap._replace(times=max(cap.times - held, 0)) for cap in reward.per_member
        ),
        1,
        asked.at,
        counters=state.counters,
        clocks=caps.clocks_of(state.time_zone, asked.program),
    )
    if reward.per_member and not allowed:
        raise Refused("reward-limit", f"{reward.offer_id} was had as often as allowed")
    wallet = asked.program.wallet_by_id[reward.wallet]
    return Wanted(wallet, reward.cost_for(state.tier), reward)


def hold_of(asked: Asked) -> str:
    """Id of an open reservation that the command names."""
    hold_id = asked.text("reservation_id")
    asked.turn.pass_time(asked.at)
    book = Book(asked.turn.state, asked.command.member_id)
    hold = book.find_hold(hold_id)
    if hold is None:
        raise Refused("reservation-unknown", f"no open reservation {hold_id!r}")
    if hold.waits:
        raise Refused("reservation-waits", f"{hold_id!r} waits for its unit")
    return hold_id


def _check_holds(asked: Asked) -> None:
    if len(asked.turn.state.holds) >= HOLDS_MAX:
        raise Refused("too-many-holds", f"{HOLDS_MAX} reservations are open")


def reward_of_hold(asked: Asked, hold_id: str) -> str:
    """Reward that points were set aside for, empty if none."""
    for hold in asked.turn.state.holds:
        if hold.hold_id == hold_id:
            return hold.reward_id
    return ""
