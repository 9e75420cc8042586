"""What contradicts itself in triggers, and in when messages may go."""

from collections.abc import Iterator

from loyalty.document import Fault
from loyalty.engagement.hours import NEVER, next_allowed
from loyalty.engagement.rules import (
    NEAR_REWARD,
    OF_OFFERS,
    POINTS_EXPIRING,
    STREAK_AT_RISK,
    TIER_EXPIRING,
    TIER_UP,
    Announcement,
    Trigger,
)
from loyalty.messages import SERVICE, MessageTemplate
from loyalty.program import Program
from loyalty.reward_checks import when_faults
from loyalty.zones import UTC


def trigger_faults(program: Program) -> Iterator[Fault]:
    """Names that nobody knows, and what could never happen or never be sent."""
    for index, trigger in enumerate(program.triggers):
        where = f"/triggers/{index}"
        yield from when_faults(trigger.when, f"{where}/when", program)
        if trigger.kind == NEAR_REWARD:
            yield from _near(trigger, where, program)
        yield from _names(trigger, where, program)
        yield from _steps(trigger, where, program)
    if next_allowed(program.engagement, program.effective_from, UTC) == NEVER:
        message = "lets nothing through: all of it is quiet"
        yield Fault("/engagement/send_window", message)


def _near(trigger: Trigger, where: str, program: Program) -> Iterator[Fault]:
    offers = {offer.offer_id: offer for offer in program.offers}
    offer = offers.get(trigger.offer_id)
    if offer is None:
        message = f"there is no offer {trigger.offer_id!r}"
        yield Fault(f"{where}/offer", message)
    elif offer.wallet != program.wallet_id:
        message = f"looks at the first wallet, {program.wallet_id!r}, only"
        yield Fault(f"{where}/offer", message)
    elif trigger.within_points >= offer.cost_points:
        message = "is not less than the offer's cost: every member would be near"
        yield Fault(f"{where}/within_points", message)


def _names(trigger: Trigger, where: str, program: Program) -> Iterator[Fault]:
    kind = trigger.kind
    if kind in OF_OFFERS and trigger.offer_id:
        known = {offer.offer_id for offer in program.offers}
        known |= {rule.offer_id for rule in program.personal_offers}
        if trigger.offer_id not in known:
            yield Fault(f"{where}/offer", f"there is no offer {trigger.offer_id!r}")
    if kind in (TIER_UP, TIER_EXPIRING) and not program.tiers:
        yield Fault(f"{where}/kind", "there are no tiers")
    if kind == POINTS_EXPIRING and trigger.wallet not in program.wallet_by_id:
        yield Fault(f"{where}/wallet", f"there is no wallet {trigger.wallet!r}")
    if kind == STREAK_AT_RISK:
        streaks = {streak.rule_id for streak in program.streaks}
        if trigger.streak_id not in streaks:
            yield Fault(f"{where}/streak", f"there is no streak {trigger.streak_id!r}")


def _steps(trigger: Trigger, where: str, program: Program) -> Iterator[Fault]:
    templates = {template.template_id: template for template in program.templates}
    for number, step in enumerate(trigger.steps):
        place = f"{where}/steps/{number}" if len(trigger.steps) > 1 else where
        if step.points and step.wallet not in program.wallet_by_id:
            message = f"there is no wallet {step.wallet!r}"
            yield Fault(f"{place}/points_wallet", message)
        if step.message is None:
            continue
        template = templates.get(step.message.template_id)
        if template is None:
            message = f"there is no template {step.message.template_id!r}"
            yield Fault(f"{place}/message/template", message)
        else:
            yield from _message(step.message, f"{place}/message", template)


def _message(
    message: Announcement, where: str, template: MessageTemplate
) -> Iterator[Fault]:
    for channel in message.channels:
        if channel not in template.channels:
            detail = f"{template.template_id!r} has no text for {channel}"
            yield Fault(f"{where}/channels", detail)
    if message.urgent and template.purpose != SERVICE:
        detail = "only what is of service may go out at any hour"
        yield Fault(f"{where}/urgent", detail)
