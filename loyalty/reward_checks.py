"""What contradicts itself in rewards, gifts, transfers, payment and budgets."""

from collections.abc import Iterator

from loyalty.conditions import When
from loyalty.document import Fault
from loyalty.limits import DAY_MS
from loyalty.program import Program
from loyalty.windows import ALWAYS, next_open
from loyalty.zones import local_ms


def reward_faults(program: Program) -> Iterator[Fault]:
    """Faults of everything that gives, takes or moves points but rules of orders."""
    yield from _offers(program)
    yield from _personal(program)
    yield from _gifts(program)
    yield from _redemptions(program)
    yield from _redemption_circles(program)
    yield from _payments(program)
    for index, budget in enumerate(program.budgets):
        if "/" in budget.budget_id or "#" in budget.budget_id:
            yield Fault(f"/budgets/{index}/id", "may not hold / or #")
        if budget.per_store is not None and budget.per_store > budget.total:
            message = f"is more than the total of {budget.total}"
            yield Fault(f"/budgets/{index}/per_store", message)


def when_faults(when: When, where: str, program: Program) -> Iterator[Fault]:
    """Names that nobody knows, and times that never come."""
    tiers = {tier.tier_id for tier in program.tiers}
    stores = {store.store_id for store in program.stores}
    for tier in sorted(when.tiers - tiers):
        yield Fault(f"{where}/tiers", f"there is no tier {tier!r}")
    for store in sorted(when.stores - stores if stores else ()):
        yield Fault(f"{where}/stores", f"there is no store {store!r}")
    if 0 < when.until_at <= program.effective_from:
        yield Fault(f"{where}/until", "ends before the program is in force")
    if when.every_order and when.order_number % when.every_order:
        message = f"order {when.order_number} is none of every {when.every_order}"
        yield Fault(f"{where}/order_number", message)
    if _is_never_open(when, program):
        yield Fault(f"{where}/schedule", "is never open between from and until")
    for joint in when.joints:
        for number, case in enumerate(joint.cases):
            yield from when_faults(case, f"{where}/{joint.kind}/{number}", program)


def _is_never_open(when: When, program: Program) -> bool:
    """Whether a window has no moment between two dates, a day for zones aside."""
    if when.window is ALWAYS:
        return False
    since = max(local_ms(program.zone, when.from_at) - DAY_MS, 0)
    opens = next_open(when.window, since)
    if opens < 0:
        return True
    until = local_ms(program.zone, when.until_at) + DAY_MS
    return when.until_at > 0 and opens >= until


def _offers(program: Program) -> Iterator[Fault]:
    tiers = {tier.tier_id for tier in program.tiers}
    for index, offer in enumerate(program.offers):
        where = f"/offers/{index}"
        yield from when_faults(offer.when, f"{where}/when", program)
        wallet = program.wallet_by_id.get(offer.wallet)
        if wallet is None:
            yield Fault(f"{where}/wallet", f"there is no wallet {offer.wallet!r}")
        elif 0 < wallet.balance_max < offer.cost_points:
            message = f"no balance is above {wallet.balance_max}"
            yield Fault(f"{where}/cost_points", message)
        for tier, _ in offer.cost_by_tier:
            if tier not in tiers:
                message = f"there is no tier {tier!r}"
                yield Fault(f"{where}/cost_by_tier/{tier}", message)
        stock = offer.stock
        if stock and stock.per_store is not None and stock.per_store > stock.total:
            message = f"is more than all {stock.total} units"
            yield Fault(f"{where}/stock/per_store", message)
        for number, cap in enumerate(offer.per_member):
            if cap.points >= 0:
                message = "a reward is had a number of times, not of points"
                yield Fault(f"{where}/caps/{number}/points", message)


def _personal(program: Program) -> Iterator[Fault]:
    rewards = {offer.offer_id for offer in program.offers}
    seen: set[str] = set()
    codes: set[str] = set()
    for index, rule in enumerate(program.personal_offers):
        where = f"/personal_offers/{index}"
        yield from when_faults(rule.when, f"{where}/when", program)
        yield from when_faults(rule.usable, f"{where}/usable", program)
        if rule.offer_id in rewards or rule.offer_id in seen:
            yield Fault(f"{where}/id", f"{rule.offer_id!r} is used twice")
        seen.add(rule.offer_id)
        if rule.pool_id and rule.pool_id not in program.pool_by_id:
            yield Fault(f"{where}/codes", f"there is no pool {rule.pool_id!r}")
        if rule.code and rule.code in codes:
            yield Fault(f"{where}/code", f"{rule.code!r} is used twice")
        codes.add(rule.code)


def _gifts(program: Program) -> Iterator[Fault]:
    tiers = {tier.tier_id for tier in program.tiers}
    wallets = [(f"/gifts/{n}", gift.wallet) for n, gift in enumerate(program.gifts)]
    if program.referral is not None:
        wallets.append(("/referral", program.referral.wallet))
    if program.payment is not None:
        wallets.append(("/payment", program.payment.wallet))
    for where, wallet in wallets:
        if wallet not in program.wallet_by_id:
            yield Fault(f"{where}/wallet", f"there is no wallet {wallet!r}")
    for index, gift in enumerate(program.gifts):
        for tier in sorted(gift.tiers - tiers):
            yield Fault(f"/gifts/{index}/tiers", f"there is no tier {tier!r}")


def _redemptions(program: Program) -> Iterator[Fault]:
    for index, rule in enumerate(program.auto_redeem):
        wallet = program.wallet_by_id.get(rule.wallet)
        if wallet is not None and 0 < wallet.balance_max < rule.every:
            message = f"no balance is above {wallet.balance_max}"
            yield Fault(f"/auto_redeem/{index}/every", message)


def _payments(program: Program) -> Iterator[Fault]:
    policy = program.transfers
    if policy is None:
        return
    for name, points in (
        ("points_max", policy.points_max),
        ("per_day_max", policy.per_day_max),
    ):
        if points < policy.points_min:
            message = f"is below the least transfer of {policy.points_min}"
            yield Fault(f"/transfers/{name}", message)


def _redemption_circles(program: Program) -> Iterator[Fault]:
    """What is redeemed by itself must not come back to where it was."""
    into: dict[str, list[str]] = {}
    for index, rule in enumerate(program.auto_redeem):
        for name, wallet in (("wallet", rule.wallet), ("into", rule.into)):
            if wallet not in program.wallet_by_id:
                message = f"there is no wallet {wallet!r}"
                yield Fault(f"/auto_redeem/{index}/{name}", message)
        into.setdefault(rule.wallet, []).append(rule.into)
        seen, reached = set(), [rule.into]
        while reached:
            wallet = reached.pop()
            if wallet == rule.wallet:
                message = f"{rule.wallet} would be redeemed in a circle"
                yield Fault(f"/auto_redeem/{index}/into", message)
                break
            if wallet not in seen:
                seen.add(wallet)
                reached.extend(into.get(wallet, ()))
