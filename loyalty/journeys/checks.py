"""What contradicts itself in a journey: targets, circles, steps that nobody reaches."""

from collections.abc import Iterator

from loyalty.document import Fault
from loyalty.journeys.journey import Journey
from loyalty.journeys.steps import (
    END,
    TRIGGER,
    Branch,
    Give,
    JourneyStep,
    MemberTest,
    Occasion,
    Send,
    Wait,
    WaitFor,
    targets,
)
from loyalty.program import Program
from loyalty.reward_checks import when_faults

# What else is told like a trigger: see `decide`.
TOLD_KINDS = ("badge", "streak", "challenge", "referral", "auto_redeem")


def journey_faults(program: Program) -> Iterator[Fault]:
    """Everything that is wrong with the journeys of a program, with a pointer."""
    for index, journey in enumerate(program.journeys):
        where = f"/journeys/{index}"
        yield from _occasion(journey.entry, f"{where}/entry", program)
        for number, occasion in enumerate(journey.exits):
            yield from _occasion(occasion, f"{where}/exits/{number}", program)
        yield from _names(journey, where, program)
        if not _has_unknown_targets(journey):
            # With unknown targets all that follows would be said in vain.
            yield from _unreachable(journey, where)
            yield from _circles(journey, where)


def _names(journey: Journey, where: str, program: Program) -> Iterator[Fault]:
    seen: set[str] = set()
    ids = {step.step_id for step in journey.steps} | {END}
    for number, step in enumerate(journey.steps):
        pointer = f"{where}/steps/{number}"
        if step.step_id in seen:
            yield Fault(f"{pointer}/id", f"{step.step_id!r} is used twice")
        seen.add(step.step_id)
        for target in sorted({*targets(step)} - ids):
            yield Fault(pointer, f"leads to {target!r}, and there is no such step")
        yield from _step_names(step, pointer, program)


def _step_names(step: JourneyStep, pointer: str, program: Program) -> Iterator[Fault]:
    if isinstance(step, Send):
        yield from _template(step, pointer, program)
    elif isinstance(step, Give):
        if step.offer_id:
            yield from _offer(step.offer_id, f"{pointer}/offer", program)
        else:
            yield from _wallet(step.wallet, pointer, program)
    elif isinstance(step, WaitFor):
        for number, way in enumerate(step.ways):
            yield from _occasion(way.occasion, f"{pointer}/for/{number}", program)
    elif isinstance(step, Branch):
        for number, fork in enumerate(step.forks):
            yield from _test(fork.test, f"{pointer}/branches/{number}/if", program)


def _template(step: Send, pointer: str, program: Program) -> Iterator[Fault]:
    template = program.template_by_id.get(step.template_id)
    if template is None:
        message = f"there is no template {step.template_id!r}"
        yield Fault(f"{pointer}/template", message)
        return
    for channel in step.channels:
        if channel not in template.channels:
            message = f"{step.template_id!r} has no text for {channel}"
            yield Fault(f"{pointer}/channels", message)


def _offer(offer_id: str, where: str, program: Program) -> Iterator[Fault]:
    for rule in program.personal_offers:
        if rule.offer_id == offer_id:
            if not rule.by_journey:
                yield Fault(where, f"{offer_id!r} is given without it: no by_journey")
            return
    yield Fault(where, f"there is no personal offer {offer_id!r}")


def _wallet(wallet: str, pointer: str, program: Program) -> Iterator[Fault]:
    if wallet not in program.wallet_by_id:
        yield Fault(f"{pointer}/wallet", f"there is no wallet {wallet!r}")


def _test(test: MemberTest, where: str, program: Program) -> Iterator[Fault]:
    yield from _tiers(test.tiers, f"{where}/tiers", program)
    yield from _wallet(test.wallet, where, program)
    for zone in sorted(test.zones - set(program.zones)):
        message = f"the program does not know the zone {zone!r}"
        yield Fault(f"{where}/time_zones", message)


def _occasion(occasion: Occasion, where: str, program: Program) -> Iterator[Fault]:
    yield from when_faults(occasion.when, f"{where}/when", program)
    yield from _tiers(occasion.tiers, f"{where}/to", program)
    if occasion.kind == TRIGGER:
        known = {trigger.trigger_id for trigger in program.triggers}
        known |= {f"expiring-{one.wallet_id}" for one in program.wallets if one.warn_ms}
        if occasion.name not in known and not occasion.name.startswith(_TOLD):
            yield Fault(f"{where}/trigger", f"there is no trigger {occasion.name!r}")


_TOLD = tuple(f"{kind}:" for kind in TOLD_KINDS)


def _tiers(tiers: frozenset[str], where: str, program: Program) -> Iterator[Fault]:
    for tier in sorted(tiers - {one.tier_id for one in program.tiers}):
        yield Fault(where, f"there is no tier {tier!r}")


def _has_unknown_targets(journey: Journey) -> bool:
    ids = {step.step_id for step in journey.steps} | {END}
    return any(target not in ids for step in journey.steps for target in targets(step))


def _unreachable(journey: Journey, where: str) -> Iterator[Fault]:
    if not journey.steps:
        return
    reached: set[str] = set()
    todo = [journey.steps[0].step_id]
    while todo:
        step_id = todo.pop()
        step = journey.step(step_id)
        if step is not None and step_id not in reached:
            reached.add(step_id)
            todo.extend(targets(step))
    for number, one in enumerate(journey.steps):
        if one.step_id not in reached:
            yield Fault(f"{where}/steps/{number}", "nothing leads to this step")


def _circles(journey: Journey, where: str) -> Iterator[Fault]:
    """Steps that lead back to themselves without a wait: they would never rest."""
    for number, step in enumerate(journey.steps):
        seen: set[str] = set()
        todo = _without_waiting(step)
        while todo:
            step_id = todo.pop()
            if step_id == step.step_id:
                message = "leads back to itself without a wait"
                yield Fault(f"{where}/steps/{number}", message)
                break
            following = journey.step(step_id)
            if following is not None and step_id not in seen:
                seen.add(step_id)
                todo.extend(_without_waiting(following))


def _without_waiting(step: JourneyStep) -> list[str]:
    return [] if isinstance(step, Wait | WaitFor) else list(targets(step))
