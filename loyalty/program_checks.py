"""What only shows between the parts of a program: contradictions, unknown names."""

from collections.abc import Iterator, Sequence

from loyalty.document import Fault
from loyalty.experiments import HELD_OUT, Trial
from loyalty.expiry import NEVER
from loyalty.journeys.checks import journey_faults
from loyalty.limits import HISTORIES_MAX
from loyalty.program import Program
from loyalty.reward_checks import reward_faults, when_faults
from loyalty.rules import MULTIPLY, BonusRule, EarnRule, OrderRule
from loyalty.trigger_checks import trigger_faults
from loyalty.wallets import CALENDAR, NEXT_PERIOD, UNLIMITED


def faults_between(program: Program) -> Iterator[Fault]:
    """Everything that contradicts something else, with a pointer to each."""
    if len(program.currency) != 3 or not program.currency.isupper():  # noqa: PLR2004 - ISO 4217
        yield Fault("/currency", "expected three capital letters (ISO 4217)")
    yield from _unique(program)
    if len(program.histories) > HISTORIES_MAX:
        message = f"{len(program.histories)} are asked for, at most {HISTORIES_MAX}"
        yield Fault("/histories", message)
    yield from _wallets(program)
    yield from _rules(program)
    yield from _experiments(program)
    yield from _tiers(program)
    yield from reward_faults(program)
    yield from journey_faults(program)
    yield from trigger_faults(program)


def _rule_lists(program: Program) -> dict[str, Sequence[OrderRule]]:
    return {
        "earn": program.earn_rules,
        "bonuses": program.bonus_rules,
        "streaks": program.streaks,
        "challenges": program.challenges,
    }


def _unique(program: Program) -> Iterator[Fault]:
    ids: dict[str, list[str]] = {
        "wallets": [wallet.wallet_id for wallet in program.wallets],
        "tiers": [tier.tier_id for tier in program.tiers],
        "offers": [offer.offer_id for offer in program.offers],
        "triggers": [rule.trigger_id for rule in program.triggers],
        "templates": [one.template_id for one in program.templates],
        "stores": [store.store_id for store in program.stores],
        "budgets": [budget.budget_id for budget in program.budgets],
        "code_pools": [pool.pool_id for pool in program.code_pools],
    }
    for name, names in ids.items():
        yield from _twice(name, names, set())
    # A lot says by which rule it came: ids are unique among all that give.
    seen: set[str] = set()
    for name, rules in _rule_lists(program).items():
        yield from _twice(name, [rule.rule_id for rule in rules], seen)
    yield from _twice("auto_redeem", [r.rule_id for r in program.auto_redeem], seen)
    yield from _twice("gifts", [rule.rule_id for rule in program.gifts], seen)
    yield from _twice("journeys", [one.journey_id for one in program.journeys], seen)
    giving = [one.trigger_id for one in program.triggers if one.gives]
    for trigger_id in sorted(seen.intersection(giving)):
        yield Fault("/triggers", f"{trigger_id!r} gives points, and is used twice")
    if program.referral is not None and program.referral.rule_id in seen:
        yield Fault("/referral/id", f"{program.referral.rule_id!r} is used twice")


def _twice(name: str, ids: Sequence[str], seen: set[str]) -> Iterator[Fault]:
    for index, one in enumerate(ids):
        if one in seen:
            yield Fault(f"/{name}/{index}/id", f"{one!r} is used twice")
        seen.add(one)


def _wallets(program: Program) -> Iterator[Fault]:
    for index, wallet in enumerate(program.wallets):
        where = f"/wallets/{index}"
        if wallet.below_zero == UNLIMITED and wallet.expiry.kind != NEVER:
            message = "a balance below 0 and points that expire exclude each other"
            yield Fault(f"{where}/below_zero", message)
        if wallet.reinstate_days and wallet.expiry.kind == NEVER:
            yield Fault(f"{where}/reinstate_days", "nothing ever expires here")
        if wallet.warn_ms and wallet.expiry.kind == NEVER:
            yield Fault(f"{where}/warn_days", "nothing ever expires here")


def _rules(program: Program) -> Iterator[Fault]:
    budgets = {budget.budget_id for budget in program.budgets}
    for name, rules in _rule_lists(program).items():
        for index, rule in enumerate(rules):
            where = f"/{name}/{index}"
            if rule.wallet not in program.wallet_by_id:
                yield Fault(f"{where}/wallet", f"there is no wallet {rule.wallet!r}")
            yield from when_faults(rule.when, f"{where}/when", program)
            for message in _contradictions(rule):
                yield Fault(where, message)
            if isinstance(rule, EarnRule | BonusRule):
                yield from _caps(rule, where)
                yield from _expiry(rule, where, program)
                if rule.budget_id and rule.budget_id not in budgets:
                    message = f"there is no budget {rule.budget_id!r}"
                    yield Fault(f"{where}/budget", message)


def _experiments(program: Program) -> Iterator[Fault]:
    """Rules of one experiment share its arms: who is in which is told once."""
    seen: dict[str, Trial] = {}
    rule_ids = {rule.rule_id for rule in program.rules.values() if _holds_out(rule)}
    for name, rules in _rule_lists(program).items():
        for index, rule in enumerate(rules):
            if rule.trial is None or _holds_out(rule):
                continue
            where, experiment_id = (
                f"/{name}/{index}/experiment",
                rule.trial.experiment_id,
            )
            known = seen.setdefault(experiment_id, rule.trial)
            if known.shares != rule.trial.shares:
                message = f"another rule has other arms of {experiment_id!r}"
                yield Fault(f"{where}/arms", message)
            if experiment_id in rule_ids:
                message = f"{experiment_id!r} is the holdout of a rule"
                yield Fault(f"{where}/id", message)


def _holds_out(rule: OrderRule) -> bool:
    trial = rule.trial
    return trial is not None and trial.arms[0].arm_id == HELD_OUT


def _expiry(
    rule: EarnRule | BonusRule, where: str, program: Program
) -> Iterator[Fault]:
    wallet = program.wallet_by_id.get(rule.wallet)
    if wallet is None:
        return
    ends = rule.expiry is not None and rule.expiry.kind != NEVER
    if wallet.below_zero == UNLIMITED and ends:
        message = "a balance below 0 and points that expire exclude each other"
        yield Fault(f"{where}/expiry", message)
    is_factor = isinstance(rule, BonusRule) and rule.kind == MULTIPLY
    if is_factor and all(rule.wallet != earn.wallet for earn in program.earn_rules):
        message = f"nothing earns {rule.wallet!r} that could be multiplied"
        yield Fault(f"{where}/wallet", message)


def _contradictions(rule: OrderRule) -> Iterator[str]:
    match = rule.match
    for names, excluded in (
        (match.skus, match.excluded_skus),
        (match.categories, match.excluded_categories),
        (match.labels, match.excluded_labels),
    ):
        if names and names <= excluded:
            yield "excludes every line that it asks for"


def _caps(rule: EarnRule | BonusRule, where: str) -> Iterator[Fault]:
    for index, cap in enumerate(rule.caps):
        if cap.over == "reject" and 0 <= cap.points < rule.points:
            message = f"one award of {rule.points} is above the cap of {cap.points}"
            yield Fault(f"{where}/caps/{index}/points", message)
        elif cap.points == 0 or cap.times == 0:
            yield Fault(f"{where}/caps/{index}", "lets nothing through")


def _tiers(program: Program) -> Iterator[Fault]:
    for index, tier in enumerate(program.tiers):
        if index == 0 and tier.from_points != 0:
            yield Fault("/tiers/0/from_points", "the first tier starts at 0")
        if index and tier.from_points <= program.tiers[index - 1].from_points:
            message = "each tier starts above the one before it"
            yield Fault(f"/tiers/{index}/from_points", message)
    policy = program.tier_policy
    if policy.upgrade == NEXT_PERIOD and policy.window != CALENDAR:
        message = "only calendar windows have a next period to rise in"
        yield Fault("/tier_policy/upgrade", message)
