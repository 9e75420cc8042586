"""A program from a plain document, as YAML or JSON gives it, with every fault named."""

from collections.abc import Mapping
from typing import Any

from loyalty.document import Fault, InvalidProgram, Node
from loyalty.events import ITEM
from loyalty.limits import (
    EARN_RULES_MAX,
    OFFERS_MAX,
    POINTS_MAX,
    TIERS_MAX,
    TRIGGERS_MAX,
    WINDOW_DAYS_MAX,
)
from loyalty.program import (
    AFTER_TAX,
    ANY_LINE,
    BEFORE_TAX,
    DOWN,
    FIRST,
    ITEMS,
    MAX,
    NEAREST,
    SPEND,
    SUM,
    UP,
    VISIT,
    EarnRule,
    LineMatch,
    NearReward,
    Program,
    RewardOffer,
    Tier,
)

LINE_KINDS = (ITEM, "DELIVERY", "TIP", "GIFT_CARD", "FEE")


def program_from(document: Mapping[str, Any]) -> Program:
    """
    Build a program from its document; `docs/program-rules.md` describes the form.

    Raises: InvalidProgram with a pointer to each fault.
    """
    faults: list[Fault] = []
    node = Node(document, "", faults)
    program = Program(
        program_id=node.text("program"),
        version=node.number("version", minimum=1, default=1),
        effective_from=node.number("effective_from_ms", default=0),
        currency=node.text("currency"),
        conflict=node.choice("conflict", (SUM, MAX, FIRST)),
        tax_basis=node.choice("tax_basis", (BEFORE_TAX, AFTER_TAX)),
        prices_include_tax=node.flag("prices_include_tax"),
        expiry_days=node.number("expiry_days", default=0, maximum=36_500),
        return_window_days=node.number(
            "return_window_days", minimum=1, default=60, maximum=WINDOW_DAYS_MAX
        ),
        earn_rules=node.each("earn", _earn_rule, EARN_RULES_MAX),
        tiers=node.each("tiers", _tier, TIERS_MAX),
        tier_window_days=node.number(
            "tier_window_days", minimum=1, default=365, maximum=WINDOW_DAYS_MAX
        ),
        offers=node.each("offers", _offer, OFFERS_MAX),
        triggers=node.each("triggers", _trigger, TRIGGERS_MAX),
    )
    node.close()
    _check_whole(program, faults)
    if faults:
        raise InvalidProgram(faults)
    return program


def _earn_rule(node: Node) -> EarnRule:
    match = node.part("match")
    excluded = match.part("exclude")
    rule = EarnRule(
        rule_id=node.text("id"),
        kind=node.choice("kind", (SPEND, ITEMS, VISIT)),
        points=node.number("points", minimum=1, maximum=1_000_000),
        step_minor=node.number("step_minor", minimum=1, default=100),
        rounding=node.choice("rounding", (DOWN, NEAREST, UP)),
        minimum_minor=node.number("minimum_minor", default=0),
        match=LineMatch(
            skus=match.names("skus"),
            categories=match.names("categories"),
            labels=match.names("labels"),
            kinds=match.names("kinds", among=LINE_KINDS) or frozenset({ITEM}),
            excluded_skus=excluded.names("skus"),
            excluded_categories=excluded.names("categories"),
            excluded_labels=excluded.names("labels"),
        ),
    )
    excluded.close()
    match.close()
    # The rule that looks at every line is known by identity, see points.matches.
    return rule._replace(match=ANY_LINE) if rule.match == ANY_LINE else rule


def _tier(node: Node) -> Tier:
    return Tier(
        node.text("id"),
        node.text("name"),
        node.number("from_points", maximum=POINTS_MAX),
    )


def _offer(node: Node) -> RewardOffer:
    return RewardOffer(
        node.text("id"),
        node.text("name"),
        node.number("cost_points", minimum=1, maximum=POINTS_MAX),
    )


def _trigger(node: Node) -> NearReward:
    node.choice("kind", ("near_reward",))
    return NearReward(
        node.text("id"),
        node.text("offer"),
        node.number("within_points", minimum=1, maximum=POINTS_MAX),
        node.number("cooldown_days", default=0, maximum=WINDOW_DAYS_MAX),
    )


def _check_whole(program: Program, faults: list[Fault]) -> None:
    """Note what only shows between the parts."""
    if len(program.currency) != 3 or not program.currency.isupper():  # noqa: PLR2004 - ISO 4217
        faults.append(Fault("/currency", "expected three capital letters (ISO 4217)"))
    _check_unique("earn", [rule.rule_id for rule in program.earn_rules], faults)
    _check_unique("tiers", [tier.tier_id for tier in program.tiers], faults)
    _check_unique("offers", [offer.offer_id for offer in program.offers], faults)
    _check_unique("triggers", [rule.trigger_id for rule in program.triggers], faults)
    for index, tier in enumerate(program.tiers):
        if index == 0 and tier.from_points != 0:
            faults.append(Fault("/tiers/0/from_points", "the first tier starts at 0"))
        if index and tier.from_points <= program.tiers[index - 1].from_points:
            message = "each tier starts above the one before it"
            faults.append(Fault(f"/tiers/{index}/from_points", message))
    costs = {offer.offer_id: offer.cost_points for offer in program.offers}
    for index, trigger in enumerate(program.triggers):
        if trigger.offer_id not in costs:
            message = f"there is no offer {trigger.offer_id!r}"
            faults.append(Fault(f"/triggers/{index}/offer", message))
        elif trigger.within_points >= costs[trigger.offer_id]:
            message = "is not less than the offer's cost: every member would be near"
            faults.append(Fault(f"/triggers/{index}/within_points", message))


def _check_unique(name: str, ids: list[str], faults: list[Fault]) -> None:
    for index, one in enumerate(ids):
        if one in ids[:index]:
            faults.append(Fault(f"/{name}/{index}/id", f"{one!r} is used twice"))
