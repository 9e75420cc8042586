"""Commands between members: transfers, what comes of them, pools."""

from loyalty.asked import Asked, Refused, check_balance, tell_balance
from loyalty.limits import (
    ADJUST_POINTS_MAX,
)
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
    asked.add("send", points=points, wallet=wallet.wallet_id, target=to)
    taken = [m for m in asked.turn.movements if m.kind == "TRANSFER" and m.points < 0]
    assert -sum(m.points for m in taken) == points, "the balance was looked at"
    asked.turn.send(
        to, "points.receive", points=points, wallet=wallet.wallet_id, source="transfer"
    )
    tell_balance(asked, wallet, points=points, to=to)
    return f"gave {points} to {to}"


def receive(asked: Asked) -> str:
    """Points from another member, or (below 0) back to where they came from."""
    limit = ADJUST_POINTS_MAX
    points = asked.number("points", minimum=-limit, maximum=limit)
    wallet = asked.wallet()
    if points > 0:
        asked.add("receive", points=points, wallet=wallet.wallet_id)
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


def _sent_on_day(asked: Asked) -> int:
    zone = asked.program.zone
    today = local_day(zone, asked.at)
    return sum(
        act.points
        for act in asked.turn.acts
        if act.kind == "send" and local_day(zone, act.at) == today
    )
