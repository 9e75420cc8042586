"""Personal offers from their document."""

from loyalty.budgets import OFFER_PREFIX
from loyalty.code_steps import plain
from loyalty.condition_documents import Context, condition, line_match
from loyalty.conditions import ANY_LINE
from loyalty.document import Node
from loyalty.experiment_documents import trial_of
from loyalty.history_documents import past_condition
from loyalty.limits import AMOUNT_MINOR_MAX, BUDGET_UNITS_MAX, DAY_MS, ID_LENGTH_MAX
from loyalty.personal_rules import PersonalRule
from loyalty.reward_documents import id_of

DAYS_MAX = 366
CODE_LENGTH_MAX = 64
WEIGHT_MAX = 10_000


def personal_offer(node: Node, context: Context) -> PersonalRule:
    """Read an offer that members are given one by one."""
    offer_id = id_of(node)
    rule = PersonalRule(
        offer_id=offer_id,
        name=node.text("name"),
        category=node.text("category", default=""),
        when=past_condition(node.part("when"), context),
        usable=condition(node.part("usable"), context),
        match=line_match(node.part("match")),
        orders_min=node.number("orders_min", default=0, maximum=1_000_000),
        orders_max=node.number("orders_max", default=0, maximum=1_000_000),
        idle_ms=node.number("idle_days", default=0, maximum=DAYS_MAX) * DAY_MS,
        valid_ms=node.number("valid_days", minimum=1, default=14, maximum=DAYS_MAX)
        * DAY_MS,
        times_max=node.number("times_max", minimum=1, default=1, maximum=1_000),
        cooldown_ms=node.number("cooldown_days", default=0, maximum=DAYS_MAX) * DAY_MS,
        weight=node.number("weight", default=100, maximum=WEIGHT_MAX),
        margin_minor=node.number("margin_minor", default=0, maximum=AMOUNT_MINOR_MAX),
        trial=trial_of(node, offer_id),
        ignores_holdout=node.flag("ignores_holdout"),
        pool_id=node.text("codes", default=""),
        limit=node.number("limit", default=0, maximum=BUDGET_UNITS_MAX),
        code=node.text("code", default="", maximum=CODE_LENGTH_MAX),
        by_journey=node.flag("by_journey"),
    )
    _check_codes(node, rule)
    if rule.orders_max and rule.orders_max < rule.orders_min:
        node.fault("orders_max", "is below orders_min: nobody would have it")
    for name in ("tiers", "segments", "order_number", "every_order", "from", "until"):
        if (node.raw("usable") or {}).get(name):
            node.fault(f"usable/{name}", "is asked when the offer is given")
    if rule.when.order_number or rule.when.every_order:
        node.fault("when", "orders_min and orders_max count the orders")
    return rule


def _check_codes(node: Node, rule: PersonalRule) -> None:
    """Codes and limits that contradict one another."""
    if rule.pool_id and rule.limit:
        node.fault("limit", "the pool of codes is the limit")
    if rule.code and rule.pool_id:
        node.fault("code", "an offer has a code for all or codes of a pool, not both")
    if rule.code and plain(rule.code) != rule.code:
        node.fault("code", "capitals and digits, without spaces and dashes")
    if rule.code and rule.trial is not None:
        node.fault("code", "who enters a code gets what it is for: it has no arms")
    if rule.code and rule.by_journey:
        node.fault("by_journey", "who enters the code is given it")
    if rule.by_journey and rule.match is not ANY_LINE:
        node.fault("match", "a journey gives it: there is no order to look at")
    if rule.limit and len(OFFER_PREFIX + rule.offer_id) > ID_LENGTH_MAX:
        most = ID_LENGTH_MAX - len(OFFER_PREFIX)
        node.fault("id", f"the id of an offer with a limit has at most {most} letters")
