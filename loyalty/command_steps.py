"""What commands ask for: each is done, or refused with a stable code; never both."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from loyalty import caps
from loyalty.book import Book, BudgetUse
from loyalty.civil import last_day_of_month
from loyalty.decision import Duplicate
from loyalty.earning import Moment, holds
from loyalty.events import Attribute, Command, InvalidEvent
from loyalty.expiry import expires_at
from loyalty.limits import (
    ADJUST_POINTS_MAX,
    HOLD_MS_MAX,
    HOLDS_MAX,
    ID_LENGTH_MAX,
    SEGMENTS_MAX,
)
from loyalty.member import ActFact, Profile
from loyalty.program import Program
from loyalty.returns import gains_left
from loyalty.rules import RewardOffer, Wallet
from loyalty.turn import NOT_FOUND, Turn
from loyalty.yearly import next_gift_at
from loyalty.zones import local_day


class Refused(Exception):
    """A command that asks for what cannot be; `reason` is a stable code."""

    def __init__(self, reason: str, detail: str) -> None:
        """Keep the stable code beside the sentence for people."""
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


class Wanted(NamedTuple):
    """What is to be paid: points of a wallet, for a reward or for nothing named."""

    wallet: Wallet
    points: int
    reward: RewardOffer | None


def command_step(turn: Turn, command: Command) -> str | Duplicate:
    """
    Do what a command asks for, once; return why, in a sentence.

    A refusal is an answer too: it is noted, moves nothing, and is remembered.
    Raises: InvalidEvent when it is too late to know whether it is a repeat.
    """
    if not turn.see(command.command_id, command.occurred_at):
        return Duplicate(f"command {command.command_id} is known")
    asked = _Asked(turn, command)
    try:
        step = STEPS.get(command.type)
        if step is None:
            raise Refused("command-unknown", f"there is no command {command.type!r}")
        return step(asked)
    except InvalidEvent as invalid:
        turn.refusal = invalid.reason
        turn.result = {"detail": invalid.detail}
        return f"refused: {invalid.detail}"
    except Refused as refused:
        turn.refusal = refused.reason
        turn.result = {"detail": refused.detail}
        return f"refused: {refused.detail}"


class _Asked:
    """A command with typed reads of what it brings."""

    def __init__(self, turn: Turn, command: Command) -> None:
        self.turn = turn
        self.command = command
        self.at = turn.latest_at(command.occurred_at)
        self.program: Program = turn.programs.at(self.at)
        self._attributes: Mapping[str, Attribute] = command.attributes

    def number(self, name: str, *, minimum: int, maximum: int) -> int:
        value = self._attributes.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise Refused("command-invalid", f"{name} must be a whole number")
        if not minimum <= value <= maximum:
            raise Refused(
                "command-invalid", f"{name} is {value}, expected {minimum} to {maximum}"
            )
        return value

    def text(self, name: str, default: str | None = None) -> str:
        value = self._attributes.get(name, default)
        if not isinstance(value, str) or len(value) > ID_LENGTH_MAX:
            raise Refused("command-invalid", f"{name} must be a text")
        return value

    def has(self, name: str) -> bool:
        return name in self._attributes

    def wallet(self) -> Wallet:
        wallet_id = self.text("wallet", self.program.wallet_id)
        wallet = self.program.wallet_by_id.get(wallet_id)
        if wallet is None:
            raise Refused("wallet-unknown", f"there is no wallet {wallet_id!r}")
        return wallet

    def fact(self, kind: str, **fields: object) -> ActFact:
        return ActFact(
            self.at,
            self.command.command_id,
            kind,
            self.program.version,
            **fields,  # type: ignore[arg-type] # the fields of ActFact, by name
        )

    def add(self, kind: str, **fields: object) -> None:
        self.turn.clock_at = max(self.turn.clock_at, self.at)
        self.turn.pass_time(self.at)
        self.turn.add_act(self.fact(kind, **fields))

    def balance(self, wallet: Wallet) -> int:
        self.turn.pass_time(self.at)
        lots = self.turn.state.lots
        return sum(lot.points for lot in lots if lot.wallet == wallet.wallet_id)


def _adjust(asked: _Asked) -> str:
    limit = ADJUST_POINTS_MAX
    points = asked.number("points", minimum=-limit, maximum=limit)
    if points == 0:
        raise Refused("command-invalid", "points is 0: nothing to adjust")
    wallet = asked.wallet()
    reason = asked.text("reason", "no reason given")
    if points > 0:
        asked.add("credit", points=points, wallet=wallet.wallet_id)
    else:
        _check_balance(asked, wallet, -points)
        asked.add("debit", points=-points, wallet=wallet.wallet_id)
    _tell_balance(asked, wallet, points=points)
    return f"adjusted by {points}: {reason}"


def _redeem(asked: _Asked) -> str:
    wanted = _wanted(asked)
    _check_balance(asked, wanted.wallet, wanted.points)
    reward_id = wanted.reward.offer_id if wanted.reward else ""
    asked.add(
        "redeem",
        points=wanted.points,
        wallet=wanted.wallet.wallet_id,
        rule_id=reward_id,
    )
    _tell_balance(asked, wanted.wallet, points=wanted.points, reward=reward_id)
    return f"redeemed {wanted.points}" + (f" for {reward_id}" if reward_id else "")


def _reserve(asked: _Asked) -> str:
    wanted = _wanted(asked)
    if len(asked.turn.state.holds) >= HOLDS_MAX:
        raise Refused("too-many-holds", f"{HOLDS_MAX} reservations are open")
    _check_balance(asked, wanted.wallet, wanted.points)
    hold_ms = wanted.reward.hold_ms if wanted.reward else HOLD_MS_MAX
    if asked.has("hold_ms"):
        hold_ms = asked.number("hold_ms", minimum=1_000, maximum=HOLD_MS_MAX)
    elif wanted.reward is None:
        hold_ms = 900_000
    until = asked.at + hold_ms
    asked.add(
        "hold",
        points=wanted.points,
        wallet=wanted.wallet.wallet_id,
        until=until,
        rule_id=wanted.reward.offer_id if wanted.reward else "",
    )
    _tell_balance(
        asked,
        wanted.wallet,
        points=wanted.points,
        reservation_id=asked.command.command_id,
        expires_at=until,
    )
    return f"reserved {wanted.points} until {until}"


def _confirm(asked: _Asked) -> str:
    hold = _hold_of(asked)
    asked.add("confirm", target=hold, rule_id=_reward_of_hold(asked, hold))
    asked.turn.result["reservation_id"] = hold
    return f"reservation {hold} confirmed"


def _release(asked: _Asked) -> str:
    hold = _hold_of(asked)
    asked.add("release", target=hold)
    asked.turn.result["reservation_id"] = hold
    return f"reservation {hold} released"


def _transfer(asked: _Asked) -> str:
    policy = asked.program.transfers
    if policy is None:
        raise Refused("transfer-not-allowed", "the program has no transfers")
    to = asked.text("to")
    if not to or to == asked.command.member_id:
        raise Refused("command-invalid", "to must name another member")
    points = asked.number(
        "points", minimum=policy.points_min, maximum=policy.points_max
    )
    wallet = asked.wallet()
    _check_balance(asked, wallet, points)
    given = _sent_on_day(asked)
    if given + points > policy.per_day_max:
        raise Refused(
            "transfer-limit", f"{given} were given today, at most {policy.per_day_max}"
        )
    asked.add("send", points=points, wallet=wallet.wallet_id, target=to)
    taken = [m for m in asked.turn.movements if m.kind == "TRANSFER" and m.points < 0]
    assert -sum(m.points for m in taken) == points, "the balance was looked at"
    asked.turn.send(
        to, "points.receive", points=points, wallet=wallet.wallet_id, source="transfer"
    )
    _tell_balance(asked, wallet, points=points, to=to)
    return f"gave {points} to {to}"


def _receive(asked: _Asked) -> str:
    """Points from another member, or (below 0) back to where they came from."""
    limit = ADJUST_POINTS_MAX
    points = asked.number("points", minimum=-limit, maximum=limit)
    wallet = asked.wallet()
    if points > 0:
        asked.add("receive", points=points, wallet=wallet.wallet_id)
    elif points < 0:
        asked.add("take_back", points=-points, wallet=wallet.wallet_id)
    return f"received {points}: {asked.text('source', 'transfer')}"


def _void(asked: _Asked) -> str:
    """Make an earlier command undone: everything else is as if it never was."""
    target = asked.text("command_id")
    acts = asked.turn.acts
    found = [act for act in acts if act.fact_id == target and act.kind in VOIDABLE]
    if not found:
        raise Refused("command-not-voidable", f"no open command {target!r} to void")
    kept = tuple(act for act in acts if target not in (act.fact_id, act.target))
    asked.turn.clock_at = max(asked.turn.clock_at, asked.at)
    asked.turn.rewrite(asked.turn.orders, kept, is_return=True)
    asked.turn.result["voided"] = target
    return f"{found[0].kind} {target} voided"


def _reinstate(asked: _Asked) -> str:
    wallet = asked.wallet()
    back = sum(
        lot.points
        for lot in asked.turn.state.expired
        if lot.wallet == wallet.wallet_id
        and lot.expires_at > asked.at - wallet.reinstate_ms
    )
    if not wallet.reinstate_ms or not back:
        raise Refused("nothing-to-reinstate", "no points expired within the window")
    until = expires_at(wallet.expiry, asked.at, asked.program.zone)
    asked.add("reinstate", wallet=wallet.wallet_id, until=until)
    _tell_balance(asked, wallet, points=back)
    return f"{back} expired points reinstated"


def _join(asked: _Asked) -> str:
    challenge = _challenge_of(asked)
    asked.add("join", target=challenge)
    return f"joined {challenge}"


def _leave(asked: _Asked) -> str:
    challenge = _challenge_of(asked)
    asked.add("leave", target=challenge)
    return f"left {challenge}"


def _pool(asked: _Asked) -> str:
    """Points earned from now on go to a shared account, a member of its own."""
    pool = asked.text("pool_id", "")
    if pool == asked.command.member_id:
        raise Refused("command-invalid", "a member is no pool of its own")
    asked.add("pool", target=pool)
    return f"joined pool {pool}" if pool else "left the pool"


def _profile(asked: _Asked) -> str:
    turn = asked.turn
    profile = turn.profile
    if not profile.joined_at:
        profile = profile._replace(joined_at=asked.command.occurred_at)
    if asked.has("birthday"):
        profile = _with_birthday(asked, profile)
    if asked.has("time_zone"):
        zone = asked.text("time_zone")
        if zone not in asked.program.zones:
            raise Refused("zone-unknown", f"the program does not know zone {zone!r}")
        profile = profile._replace(time_zone=zone)
    if asked.has("segments"):
        text = str(asked.command.attributes["segments"])
        names = {name.strip() for name in text.split(",")} - {""}
        if len(names) > SEGMENTS_MAX or any(len(n) > ID_LENGTH_MAX for n in names):
            raise Refused("command-invalid", f"at most {SEGMENTS_MAX} segments")
        profile = profile._replace(segments=tuple(sorted(names)))
    turn.profile = profile
    if asked.has("referred_by"):
        _refer(asked)
    turn.gift_at = next_gift_at(profile, max(asked.at, turn.clock_at), asked.program)
    return "profile noted"


def _granted(asked: _Asked) -> str:
    """Take a budget's answer; what the order no longer needs goes back to it."""
    value = asked.number("value", minimum=0, maximum=ADJUST_POINTS_MAX)
    order_id, rule_id = asked.text("order_id"), asked.text("rule_id")
    rule = asked.program.rules.get(rule_id)
    if value == 0 or rule is None:
        return f"{rule_id}: the budget gave nothing"
    left = _share_left(asked, order_id, rule_id, value)
    store_id = asked.text("store_id", "")
    at = asked.command.occurred_at
    if left < value:
        budget_id = asked.text("budget_id")
        use = BudgetUse(budget_id, order_id, rule_id, value - left, at, store_id)
        asked.turn.releases.append(use)
    asked.add(
        "grant",
        points=left,
        wallet=rule.wallet,
        target=order_id,
        until=value,
        rule_id=rule_id,
        store_id=store_id,
    )
    return f"{left} by {rule_id}, of its budget"


def _share_left(asked: _Asked, order_id: str, rule_id: str, value: int) -> int:
    place = asked.turn.find_order(order_id)
    if place == NOT_FOUND or not asked.turn.orders[place].is_changed:
        return value
    fact = asked.turn.orders[place]
    whole = {gain.rule_id: gain.points for gain in fact.gains}.get(rule_id, 0)
    kept = {gain.rule_id: gain.points for gain in gains_left(fact, asked.program)}
    return value * kept.get(rule_id, 0) // max(whole, 1)


def _wanted(asked: _Asked) -> Wanted:
    """What a reward costs this member now, or the points that are named."""
    if not asked.has("reward_id"):
        points = asked.number("points", minimum=1, maximum=ADJUST_POINTS_MAX)
        return Wanted(asked.wallet(), points, None)
    reward_id = asked.text("reward_id")
    for reward in asked.program.offers:
        if reward.offer_id == reward_id:
            return _reward(asked, reward)
    raise Refused("reward-unknown", f"there is no reward {reward_id!r}")


def _reward(asked: _Asked, reward: RewardOffer) -> Wanted:
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
    zone = asked.program.zone
    allowed = caps.allowed(
        reward.per_member, 1, asked.at, counters=state.counters, zone=zone
    )
    if reward.per_member and not allowed:
        raise Refused("reward-limit", f"{reward.offer_id} was had as often as allowed")
    wallet = asked.program.wallet_by_id[reward.wallet]
    return Wanted(wallet, reward.cost_for(state.tier), reward)


def _check_balance(asked: _Asked, wallet: Wallet, points: int) -> None:
    there = asked.balance(wallet)
    if points > there:
        raise Refused(
            "insufficient-points", f"{points} points asked for, {there} there"
        )


def _tell_balance(asked: _Asked, wallet: Wallet, **more: str | int) -> None:
    asked.turn.result |= {
        "wallet": wallet.wallet_id,
        "balance": asked.balance(wallet),
        **more,
    }


def _hold_of(asked: _Asked) -> str:
    hold_id = asked.text("reservation_id")
    asked.turn.pass_time(asked.at)
    book = Book(asked.turn.state, asked.command.member_id)
    if book.find_hold(hold_id) is None:
        raise Refused("reservation-unknown", f"no open reservation {hold_id!r}")
    return hold_id


def _reward_of_hold(asked: _Asked, hold_id: str) -> str:
    for hold in asked.turn.state.holds:
        if hold.hold_id == hold_id:
            return hold.reward_id
    return ""


def _challenge_of(asked: _Asked) -> str:
    challenge_id = asked.text("challenge_id")
    if not any(one.rule_id == challenge_id for one in asked.program.challenges):
        raise Refused("challenge-unknown", f"there is no challenge {challenge_id!r}")
    return challenge_id


def _sent_on_day(asked: _Asked) -> int:
    zone = asked.program.zone
    today = local_day(zone, asked.at)
    return sum(
        act.points
        for act in asked.turn.acts
        if act.kind == "send" and local_day(zone, act.at) == today
    )


def _with_birthday(asked: _Asked, profile: Profile) -> Profile:
    month, _, day = asked.text("birthday").partition("-")
    if not _is_day(month, day):
        raise Refused("command-invalid", "birthday must be MM-DD")
    is_new = not profile.birth_month
    same = (profile.birth_month, profile.birth_day) == (int(month), int(day))
    if not (is_new or same) and asked.command.actor != "service":
        raise Refused(
            "birthday-known", "a birthday is told once; service can change it"
        )
    return profile._replace(birth_month=int(month), birth_day=int(day))


def _is_day(month: str, day: str) -> bool:
    if not (len(month) == 2 and len(day) == 2 and (month + day).isdecimal()):  # noqa: PLR2004 - MM-DD
        return False
    in_year = 1 <= int(month) <= 12  # noqa: PLR2004 - months of a year
    # 2000 was a leap year: 29 February is a birthday.
    return in_year and 1 <= int(day) <= last_day_of_month(2000, int(month))


def _refer(asked: _Asked) -> None:
    referrer = asked.text("referred_by")
    if asked.program.referral is None or referrer == asked.command.member_id:
        raise Refused("referral-not-allowed", "there is nobody else to thank")
    if asked.turn.state.order_count or asked.turn.state.referred_by:
        raise Refused("referral-too-late", "only a member without orders is referred")
    asked.add("referred", target=referrer)


VOIDABLE: Final = frozenset({"credit", "debit", "redeem", "hold"})
STEPS: Final[dict[str, Callable[[_Asked], str]]] = {
    "points.adjust": _adjust,
    "points.redeem": _redeem,
    "points.reserve": _reserve,
    "points.confirm": _confirm,
    "points.release": _release,
    "points.transfer": _transfer,
    "points.receive": _receive,
    "points.void": _void,
    "points.reinstate": _reinstate,
    "challenge.join": _join,
    "challenge.leave": _leave,
    "pool.join": _pool,
    "member.update": _profile,
    "budget.granted": _granted,
}
