"""Commands between members: transfers, what comes of them, pools."""

from loyalty.asked import Asked, Refused, check_balance, tell_balance
from loyalty.benefits import RESET
from loyalty.book import Book
from loyalty.limits import ADJUST_POINTS_MAX, OUTBOX_MAX
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
            "points.receive",
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
    wallet = asked.wallet()
    if points > 0:
        until = 0
        if asked.has("expires_at"):
            until = asked.number("expires_at", minimum=1, maximum=END_OF_TIME_MS)
        asked.add("receive", points=points, wallet=wallet.wallet_id, until=until)
    elif points < 0:
        asked.add("take_back", points=-points, wallet=wallet.wallet_id)
    return f"received {points}: {asked.text('source', 'transfer')}"


def pool(asked: Asked) -> str:
    """Points earned from now on go to a shared account, a member of its own."""
    pool = asked.text("pool_id", "")
    if pool == asked.command.member_id:
        raise Refused("command-invalid", "a member is no pool of its own")
    asked.add("pool", target=pool)
    return f"joined pool {pool}" if pool else "left the pool"


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
