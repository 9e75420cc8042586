"""Commands between members: transfers, what comes of them, pools."""

from loyalty.asked import Asked, Refused, check_balance, tell_balance
from loyalty.benefits import RESET
from loyalty.book import Book
from loyalty.facts import RECEIVE_REWARD, TAKE_IN, ActFact
from loyalty.limits import ADJUST_POINTS_MAX, OUTBOX_MAX
from loyalty.passages import RECEIVE
from loyalty.periods import END_OF_TIME_MS
from loyalty.wallets import Wallet
from loyalty.zones import local_day


def transfer(asked: Asked) -> str:
    """Give points to another member."""
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
    check_balance(asked, wallet, points)
    given = _sent_on_day(asked)
    if given + points > policy.per_day_max:
        raise Refused(
            "transfer-limit", f"{given} were given today, at most {policy.per_day_max}"
        )
    parts = {0: points} if policy.expiry == RESET else _parts(asked, points, wallet)
    if len(parts) > OUTBOX_MAX:
        raise Refused("too-many-lots", f"they end at more than {OUTBOX_MAX} times")
    asked.add("send", points=points, wallet=wallet.wallet_id, target=to)
    for expires_at, part in sorted(parts.items()):
        until = {"expires_at": expires_at} if expires_at else {}
        asked.turn.send(
            to,
            RECEIVE,
            points=part,
            wallet=wallet.wallet_id,
            source="transfer",
            **until,
        )
    tell_balance(asked, wallet, points=points, to=to)
    return f"gave {points} to {to}"


def receive(asked: Asked) -> str:
    """Points from another member, or (below 0) back to where they came from."""
    limit = ADJUST_POINTS_MAX
    points = asked.number("points", minimum=-limit, maximum=limit)
    wallet, source = asked.wallet(), asked.text("source", "transfer")
    if points > 0:
        until = 0
        if asked.has("expires_at"):
            until = asked.number("expires_at", minimum=1, maximum=END_OF_TIME_MS)
        kind, target = (
            (RECEIVE_REWARD, source) if asked.flag("reward") else (TAKE_IN, "")
        )
        asked.add(
            kind, points=points, wallet=wallet.wallet_id, target=target, until=until
        )
    elif points < 0:
        left = _without_reward(asked, -points) if asked.flag("reward") else -points
        if left:
            asked.add("take_back", points=left, wallet=wallet.wallet_id)
    return f"received {points}: {source}"


def undoes_own(asked: Asked) -> bool:
    """Whether points are to be given back that this member's own books still know."""
    return asked.flag("reward") and any(_is_of(asked, act) for act in asked.turn.acts)


def pool(asked: Asked) -> str:
    """Points earned from now on go to a shared account, a member of its own."""
    pool = asked.text("pool_id", "")
    if pool == asked.command.member_id:
        raise Refused("command-invalid", "a member is no pool of its own")
    asked.add("pool", target=pool)
    return f"joined pool {pool}" if pool else "left the pool"


def _without_reward(asked: Asked, points: int) -> int:
    """
    Let a reward be as if it never was: a wallet may have let in little of it.

    Returns points that are not among what is open, so that nobody knows better.
    """
    turn, left = asked.turn, points
    kept: list[ActFact] = []
    for act in reversed(turn.acts):
        part = min(left, act.points) if _is_of(asked, act) else 0
        left -= part
        if not part:
            kept.append(act)
        elif part < act.points:
            kept.append(act._replace(points=act.points - part))
    if left < points:
        asked.advance()
        acts, own_id = tuple(reversed(kept)), asked.command.command_id
        turn.rewrite(turn.orders, acts, own_id=own_id, is_return=True)
    return left


def _is_of(asked: Asked, act: ActFact) -> bool:
    return act.kind == RECEIVE_REWARD and act.target == asked.text("source", "transfer")


def _parts(asked: Asked, points: int, wallet: Wallet) -> dict[int, int]:
    """Points that will go, by when they end; 0 is never."""
    book = Book(asked.turn.state, asked.command.member_id)
    parts: dict[int, int] = {}
    for lot in book.take(points, wallet):
        parts[lot.expires_at] = parts.get(lot.expires_at, 0) + lot.points
    return parts


def _sent_on_day(asked: Asked) -> int:
    zone = asked.program.zone
    today = local_day(zone, asked.at)
    return sum(
        act.points
        for act in asked.turn.acts
        if act.kind == "send" and local_day(zone, act.at) == today
    )
