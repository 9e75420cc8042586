"""What is doubtful in personal offers and pools of codes that are sound."""

from collections.abc import Iterator

from loyalty.conditions import ANY_LINE
from loyalty.journeys.steps import Give
from loyalty.personal_rules import PersonalRule
from loyalty.program import Program
from loyalty.publishing.catalogue import Catalogue, unknown_names
from loyalty.publishing.coverage import match_covers, when_covers
from loyalty.publishing.findings import Finding, warning
from loyalty.publishing.past_findings import past_findings


def personal_findings(
    program: Program, offer_id: str, *, catalogue: Catalogue
) -> Iterator[Finding]:
    """Offers that are never given, given twice over, or without an end."""
    for place, rule in enumerate(program.personal_offers):
        if rule.offer_id == offer_id:
            yield from past_findings(rule.when)
            yield from _unreachable(rule)
            yield from _unbounded(rule)
            yield from _doubles(program, rule, place)
            yield from _unnamed(program, rule)
            yield from _alike(rule)
            yield from unknown_names(rule.match, rule.when, catalogue)
            for one in unknown_names(ANY_LINE, rule.usable, catalogue):
                pointer = one.pointer.replace("/rule/when/", "/rule/usable/", 1)
                yield one._replace(pointer=pointer)


def pool_findings(program: Program, pool_id: str) -> Iterator[Finding]:
    """Pools that nothing takes codes of."""
    if pool_id in program.pool_by_id and all(
        rule.pool_id != pool_id for rule in program.personal_offers
    ):
        yield warning("unused", "/id", "no personal offer takes codes of it")


def _unreachable(rule: PersonalRule) -> Iterator[Finding]:
    when = rule.when
    if rule.idle_ms and rule.match is not ANY_LINE:
        detail = "who orders just now has not stayed away"
        yield warning("unreachable", "/idle_days", detail)
    elif rule.idle_ms and (when.stores or when.channels):
        name = "stores" if when.stores else "channels"
        detail = "who stays away is at no store and on no channel"
        yield warning("unreachable", f"/when/{name}", detail)
    for place, one in enumerate(when.bought):
        is_bought_now = rule.match is not ANY_LINE and match_covers(
            one.match, rule.match
        )
        if one.times_max == 0 and is_bought_now:
            detail = "the order that would give it buys it"
            yield warning("unreachable", f"/when/bought/{place}/times_max", detail)


def _unbounded(rule: PersonalRule) -> Iterator[Finding]:
    is_limited = bool(rule.limit or rule.pool_id)
    is_limited |= rule.by_journey
    if rule.times_max > 1 and not rule.cooldown_ms and not is_limited:
        detail = "it comes again as soon as it was used: no cooldown, limit or codes"
        yield warning("no-cap", "/cooldown_days", detail)
    if rule.code and not is_limited:
        detail = "whoever hears of the code gets it: no limit"
        yield warning("no-cap", "/limit", detail)


def _unnamed(program: Program, rule: PersonalRule) -> Iterator[Finding]:
    """An offer that only journeys give, and none does."""
    named = {
        step.offer_id
        for journey in program.journeys
        for step in journey.steps
        if isinstance(step, Give)
    }
    if rule.by_journey and rule.offer_id not in named:
        yield warning("unused", "/by_journey", "no journey gives it")


def _doubles(program: Program, rule: PersonalRule, place: int) -> Iterator[Finding]:
    """Offers that come together with this one, and those that it never outlasts."""
    for other_place, other in enumerate(program.personal_offers):
        if other.offer_id == rule.offer_id:
            continue
        if rule.waits_for_more or other.waits_for_more:
            continue
        if not _covers(other, rule):
            continue
        if _covers(rule, other):
            detail = f"{other.offer_id!r} is given to the very same"
            yield warning("doubled", "", detail)
        elif rule.pool_id and other.pool_id == rule.pool_id and other_place < place:
            detail = f"{other.offer_id!r} takes codes of the pool whenever it does"
            yield warning("shadowed", "/codes", detail)


def _covers(wide: PersonalRule, narrow: PersonalRule) -> bool:
    """Whether an offer is given to everybody whom another one is given to."""
    return (
        wide.orders_min <= narrow.orders_min
        and (wide.orders_max == 0 or 0 < narrow.orders_max <= wide.orders_max)
        and wide.idle_ms <= narrow.idle_ms
        and match_covers(wide.match, narrow.match)
        and when_covers(wide.when, narrow.when)
    )


def _alike(rule: PersonalRule) -> Iterator[Finding]:
    """Arms that all have it, or all have it not: nothing is tried."""
    if rule.trial is not None and len({arm.is_off for arm in rule.trial.arms}) == 1:
        yield warning("arms-alike", "/experiment/arms", "all arms get the same")
