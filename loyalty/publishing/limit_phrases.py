"""Parts of sentences about limits: caps, waiting, how long points live, stock."""

from typing import Final

from loyalty.publishing.changes import Document
from loyalty.publishing.words import counted, listed

ROUNDED: Final = {"half": "half-year"}


def limits(rule: Document) -> list[str]:
    """Caps, cooldown, budget, waiting and expiry, each as a part of a sentence."""
    found = [cap(one) for one in rule.get("caps") or ()]
    if rule.get("cooldown_minutes"):
        minutes = counted(rule["cooldown_minutes"], "minute")
        found.append(f"not again within {minutes}")
    if rule.get("budget"):
        found.append(f"out of the budget {rule['budget']}")
    if rule.get("pending"):
        found.append(waiting(rule["pending"]))
    if rule.get("expiry"):
        found.append(living(rule["expiry"]))
    return found


def cap(one: Document) -> str:
    """A cap."""
    every = one.get("every") or 1
    period = one.get("period", "day")
    span = f"in {every} days" if every > 1 else f"a {period}"
    span = {"forever": "ever", "transaction": "an order"}.get(period, span)
    parts = []
    times, points = one.get("times", -1), one.get("points", -1)
    if times >= 0:
        parts.append("once" if times == 1 else f"{times:,} times")
    if points >= 0:
        parts.append(counted(points, "point"))
    whole = ", all or nothing" if one.get("over") == "reject" else ""
    return f"at most {' and '.join(parts)} {span}{whole}"


def waiting(pending: Document) -> str:
    """When points that wait come."""
    if pending.get("release_on"):
        text = f"usable once {pending['release_on']} happens"
        days = pending.get("cancel_days")
        return f"{text} within {counted(days, 'day')}" if days else text
    if pending.get("dates"):
        return f"usable on the next of {listed(pending['dates'])}"
    times = {"day": pending.get("delay_days"), "minute": pending.get("delay_minutes")}
    told = [counted(number, unit) for unit, number in times.items() if number]
    return f"usable after {listed(told, 'and')}"


def living(expiry: Document) -> str:
    """How long points live."""
    kind = expiry.get("kind", "never")
    if kind == "never":
        return "which never end"
    if kind == "calendar":
        days = expiry.get("minimum_days")
        later = f" at least {counted(days, 'day')} later" if days else ""
        return f"which end on {listed(expiry.get('dates') or ())}{later}"
    is_sliding, amount = kind == "sliding", expiry.get("amount", 0)
    whole = expiry.get("round_up_to", "day")
    whole = "" if whole == "day" else ROUNDED.get(whole, whole)
    if whole and not amount:
        of = "of the last activity" if is_sliding else "that they come in"
        return f"which end with the {whole} {of}"
    span = counted(amount, expiry.get("unit", "day"))
    since = " without activity" if is_sliding else ""
    rest = f" and the rest of that {whole}" if whole else ""
    return f"which end after {span}{since}{rest}"


def stock(units: Document) -> str:
    """How many units of a reward there are."""
    period = units.get("period", "none")
    span = "in all" if period == "none" else f"a {period}"
    of_store = units.get("per_store")
    stores = f", at most {of_store:,} of them in each store" if of_store else ""
    return f"from a stock of {units['units']:,} {span}{stores}"
