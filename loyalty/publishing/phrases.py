"""Parts of sentences about rules: lines, times, people, money."""

from collections.abc import Sequence
from typing import Final

from loyalty.conditions import ALL_OF, ANY_OF, JOINTS
from loyalty.publishing.changes import Document
from loyalty.publishing.time_phrases import hours
from loyalty.publishing.words import counted, listed, money, ordinal

CHANNEL_NAMES: Final = {
    "APP": "in the app",
    "WEB": "on the web",
    "KIOSK": "at a kiosk",
    "COUNTER": "at the counter",
    "DRIVE_THRU": "at the drive-through",
    "DELIVERY": "by delivery",
    "UNKNOWN": "by an unknown channel",
}
BUT: Final = "but not "


def member(when: Document) -> str:
    """Whom a rule is for."""
    tiers, segments = when.get("tiers") or (), when.get("segments") or ()
    who = f"a {listed(tiers)} member" if tiers else "a member"
    who = f"{who} of {listed(segments)}" if segments else who
    past = listed([bought(one) for one in when.get("bought") or ()], "and")
    return f"{who} who {past}" if past else who


def bought(one: Document) -> str:
    """What a member must have bought, or not."""
    what = things(one) or "it"
    what = f"something {what}" if what.startswith("as ") else what
    least, most, days = one.get("times_min", 0), one.get("times_max"), ""
    if one.get("within_days"):
        days = f" in the last {counted(one['within_days'], 'day')}"
    if most == 0:
        return f"has not bought {what}{days}" if days else f"never bought {what}"
    if most is None and least == 1 and not days:
        return f"bought {what} before"
    if most is None:
        return f"bought {what} at least {counted(least, 'time')}{days}"
    if not least:
        return f"bought {what} at most {counted(most, 'time')}{days}"
    return f"bought {what} {least} to {most} times{days}"


def lines(match: Document) -> str:
    """Which lines count; empty for all of them."""
    parts = []
    if match.get("skus"):
        parts.append(listed(match["skus"]))
    if match.get("categories"):
        parts.append(f"from {listed(match['categories'])}")
    if match.get("labels"):
        parts.append(f"labelled {listed(match['labels'])}")
    if match.get("kinds"):
        parts.append(f"as {listed(match['kinds'])}")
    excluded = match.get("exclude") or {}
    names = [
        name
        for part in ("skus", "categories", "labels")
        for name in excluded.get(part) or ()
    ]
    if names:
        parts.append(f"{BUT}{listed(names)}")
    return " ".join(parts)


def things(match: Document) -> str:
    """Lines that count as what somebody buys; empty for all of them."""
    text = lines(match)
    if text.startswith(BUT):
        return f"anything but {text.removeprefix(BUT)}"
    of_a_kind = text.startswith(("from ", "labelled "))
    return f"something {text}" if of_a_kind else text


def minimum(rule: Document, currency: str) -> str:
    """Least money of the lines that count."""
    if rule.get("over_minor") is not None:
        return f"for more than {money(rule['over_minor'], currency)}"
    if rule.get("minimum_minor"):
        return f"for at least {money(rule['minimum_minor'], currency)}"
    return ""


def circumstances(when: Document) -> str:
    """Where, when and on which of the member's orders a rule holds."""
    parts = []
    if when.get("stores"):
        parts.append(f"at {listed(when['stores'])}")
    if when.get("channels"):
        parts.append(listed(CHANNEL_NAMES.get(c, c) for c in when["channels"]))
    schedule = when.get("schedule") or {}
    if schedule:
        parts.append(hours(schedule))
    if when.get("from") is not None:
        parts.append(f"from {when['from']}")
    if when.get("until") is not None:
        parts.append(f"before {when['until']}")
    if when.get("order_number"):
        parts.append(f"with the {ordinal(when['order_number'])} order")
    if when.get("every_order"):
        parts.append(f"with every {ordinal(when['every_order'])} order")
    parts += [joint(kind, when[kind]) for kind in JOINTS if when.get(kind)]
    return " ".join(part for part in parts if part)


def joint(kind: str, cases: Sequence[Document]) -> str:
    """Cases of which all, any or none must hold."""
    told = [_case(one) for one in cases]
    if kind == ALL_OF:
        return " and ".join(told)
    if kind == ANY_OF:
        return " or ".join(["either " + told[0], *told[1:]]) if told[1:] else told[0]
    return f"but neither {' nor '.join(told)}" if told[1:] else f"but not {told[0]}"


def _case(when: Document) -> str:
    """One case; in brackets where it asks several things."""
    parts = [circumstances(when)]
    if when.get("segments"):
        parts.insert(0, f"for a member of {listed(when['segments'])}")
    text = " ".join(part for part in parts if part)
    asked = [name for name, value in when.items() if value]
    is_one = len(asked) == 1 and asked[0] not in JOINTS
    return text if is_one else f"({text})"
