"""A program from a plain document, as YAML or JSON gives it, with every fault named."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from loyalty.baskets.document import basket_rules_or_none
from loyalty.code_documents import code_pool
from loyalty.condition_documents import Calendars, Context
from loyalty.document import Fault, InvalidProgram, Known, Node
from loyalty.engagement.rules import ANY_HOUR, EngagementPolicy
from loyalty.engagement_documents import engagement
from loyalty.history_documents import history_match
from loyalty.journeys.documents import journey
from loyalty.limits import (
    BUDGETS_MAX,
    CODE_POOLS_MAX,
    EARN_RULES_MAX,
    HISTORIES_MAX,
    JOURNEYS_MAX,
    OFFERS_MAX,
    PERSONAL_OFFERS_MAX,
    TEMPLATES_MAX,
    TIERS_MAX,
    TRIGGERS_MAX,
    WALLETS_MAX,
    WINDOW_DAYS_MAX,
)
from loyalty.message_documents import message_template
from loyalty.personal_documents import personal_offer
from loyalty.place_documents import stores_of, zones_of
from loyalty.program import (
    AFTER_TAX,
    BEFORE_TAX,
    DEDUCT_DOWN,
    KEEP_DOWN,
    PAID,
    PRICE,
    SHARE_DOWN,
    Program,
)
from loyalty.program_checks import faults_between
from loyalty.reward_documents import (
    auto_redeem,
    gift,
    points_payment,
    referral,
    reward_offer,
)
from loyalty.rule_documents import bonus_rule, challenge_rule, earn_rule, streak_rule
from loyalty.rules import BEST, FIRST, MAX, NEWEST, SUM
from loyalty.time_documents import moment
from loyalty.trigger_documents import trigger
from loyalty.wallet_documents import (
    budget,
    tier,
    tier_policy_of,
    transfers,
    wallets_of,
)
from loyalty.windows import Window
from loyalty.zones import UTC, Zone

_T = TypeVar("_T")


class UtcOnly:
    """Calendars of a program that names neither zones nor recurrences."""

    def zone(self, name: str) -> Zone:
        """UTC; raises ValueError for any other name."""
        if name != UTC.name:
            raise ValueError(f"there is no time zone {name!r} here")
        return UTC

    def recurrence(self, start: str, minutes: int, rule: str) -> Window:
        """Nothing: raises ValueError."""
        raise ValueError(f"{rule!r} at {start} for {minutes} minutes needs the edge")


UTC_ONLY: Final = UtcOnly()


# Rules that were built already: by the zone of their program, and their list.
KnownRules = dict[tuple[str, str], Known]


def program_from(
    document: Mapping[str, Any],
    calendars: Calendars = UTC_ONLY,
    *,
    known: KnownRules | None = None,
) -> Program:
    """
    Build a program from its document; `docs/program-rules.md` describes the form.

    `known` rules are not built again. Raises: InvalidProgram, a pointer to each fault.
    """
    faults: list[Fault] = []
    node = Node(document, "", faults)
    zones = zones_of(node, calendars)
    zone = zones[node.text("time_zone", default=UTC.name)]
    context = Context(calendars, zone)
    rules = _Rules(node, context, known).of
    holdout_percent = node.number("holdout_percent", default=0, maximum=50)
    program = Program(
        program_id=node.text("program"),
        version=node.number("version", minimum=1, default=1),
        effective_from=_effective_from(node, zone),
        currency=node.text("currency"),
        zone=zone,
        zones=zones,
        stores=stores_of(node, zones),
        conflict=node.choice("conflict", (SUM, MAX, FIRST)),
        bonus_conflict=node.choice("bonus_conflict", (SUM, BEST, NEWEST)),
        tax_basis=node.choice("tax_basis", (BEFORE_TAX, AFTER_TAX)),
        earn_on=node.choice("earn_on", (PRICE, PAID)),
        prices_include_tax=node.flag("prices_include_tax"),
        return_window_days=_return_window_days(node),
        unmerge_days=_unmerge_days(node),
        return_rounding=_return_rounding(node),
        wallets=wallets_of(node),
        earn_rules=rules("earn", earn_rule, EARN_RULES_MAX),
        bonus_rules=rules("bonuses", bonus_rule, EARN_RULES_MAX),
        streaks=rules("streaks", streak_rule, TRIGGERS_MAX),
        challenges=rules("challenges", challenge_rule, TRIGGERS_MAX),
        tiers=node.each("tiers", tier, TIERS_MAX),
        tier_policy=tier_policy_of(node),
        offers=rules("offers", reward_offer, OFFERS_MAX),
        auto_redeem=node.each("auto_redeem", auto_redeem, WALLETS_MAX),
        triggers=rules("triggers", trigger, TRIGGERS_MAX),
        engagement=_engagement(node, context, holdout_percent),
        templates=node.each("templates", message_template, TEMPLATES_MAX),
        journeys=rules("journeys", journey, JOURNEYS_MAX),
        gifts=node.each("gifts", gift, TRIGGERS_MAX),
        baskets=basket_rules_or_none(node),
        personal_offers=rules("personal_offers", personal_offer, PERSONAL_OFFERS_MAX),
        remembered=node.each("histories", history_match, HISTORIES_MAX),
        code_pools=node.each("code_pools", code_pool, CODE_POOLS_MAX),
        holdout_percent=holdout_percent,
        budgets=node.each("budgets", budget, BUDGETS_MAX),
        referral=referral(node.part("referral")) if node.has("referral") else None,
        transfers=transfers(node.part("transfers")) if node.has("transfers") else None,
        payment=points_payment(node.part("payment")) if node.has("payment") else None,
    )
    _check(node, program, faults)
    return program


def _check(node: Node, program: Program, faults: list[Fault]) -> None:
    """Refuse what is unsound; raises InvalidProgram."""
    if node.has("tier_policy") and not program.tiers:
        node.fault("tier_policy", "there are no tiers")
    node.close()
    faults.extend(faults_between(program))
    if faults:
        raise InvalidProgram(faults)


def _engagement(node: Node, context: Context, holdout_percent: int) -> EngagementPolicy:
    """Policy for messages; without a holdout of its own it has the program's."""
    policy = ANY_HOUR
    if node.has("engagement"):
        policy = engagement(node.part("engagement"), context)
    if holdout_percent and not policy.holdout_percent:
        return policy._replace(holdout_percent=holdout_percent)
    return policy


class _Rules:
    """Reads the lists of rules, but for what is known already."""

    def __init__(self, node: Node, context: Context, known: KnownRules | None) -> None:
        self._node = node
        self._context = context
        self._known = known

    def of(
        self, name: str, read: Callable[[Node, Context], _T], count_max: int
    ) -> tuple[_T, ...]:
        shared = None
        if self._known is not None:
            key = (self._context.zone.name, name)
            shared = self._known.setdefault(key, {})
        context = self._context
        return self._node.each(
            name, lambda node: read(node, context), count_max, known=shared
        )


def _return_window_days(node: Node) -> int:
    return node.number(
        "return_window_days", minimum=1, default=60, maximum=WINDOW_DAYS_MAX
    )


def _unmerge_days(node: Node) -> int:
    return node.number("unmerge_days", minimum=0, default=30, maximum=WINDOW_DAYS_MAX)


def _return_rounding(node: Node) -> str:
    return node.choice("return_rounding", (DEDUCT_DOWN, KEEP_DOWN, SHARE_DOWN))


def _effective_from(node: Node, zone: Zone) -> int:
    if node.has("effective_from"):
        return moment(node, "effective_from", zone)
    return node.number("effective_from_ms", default=0)
