"""What else an order did that its return undoes: holds for it, grants of budgets."""

from loyalty.applying import apply
from loyalty.book import Book
from loyalty.facts import GRANT, ActFact, Gain, OrderFact
from loyalty.movements import BudgetUse
from loyalty.replay import Journal, in_order
from loyalty.turn import NOT_FOUND, Turn


def without_holds(
    acts: tuple[ActFact, ...], holds: tuple[str, ...]
) -> tuple[ActFact, ...]:
    """Acts without what was set aside for an order that is cancelled."""
    if not holds:
        return acts
    return tuple(
        act for act in acts if act.fact_id not in holds and act.target not in holds
    )


def scaled_grants(
    turn: Turn, journal: Journal, fact: OrderFact, *, is_adjusted: bool
) -> tuple[ActFact, ...]:
    """
    Acts of a journal, grants of budgets for an order down to what it earns now.

    A budget that gave less than was asked has its share of what is left, of what
    it gave first: so no rounding adds up. An adjusted order has been another from
    the start: what is left then is as if it had been given first.
    """
    acts = list(journal.acts)
    places: dict[str, list[int]] = {}
    for place, act in enumerate(acts):
        if act.kind == GRANT and act.target == fact.order_id:
            places.setdefault(act.rule_id, []).append(place)
    if not places:
        return journal.acts
    earned = _earned_of_budgets(turn, journal, fact)
    earned_before: dict[str, int] = {}
    if is_adjusted:
        known = turn.orders[turn.find_order(fact.order_id)]
        past = Journal(turn.orders, turn.acts)
        earned_before = _earned_of_budgets(turn, past, known)
    for rule_id, of_rule in places.items():
        asked = sum(_asked_for(acts[place]) for place in of_rule)
        now = min(earned.get(rule_id, 0), asked)
        left = _Share(now, asked)
        # What is beyond what it earned before is asked for anew.
        of_asked = _Share(min(earned_before.get(rule_id, 0), now), asked)
        for place in of_rule:
            act = acts[place]
            points = min(left.of(act.until), act.points)
            wanted = of_asked.of(_asked_for(act))
            if points < act.points:
                turn.releases.append(_freed(turn, act, points, order=fact))
            now_act = act._replace(points=points)
            if is_adjusted:
                now_act = now_act._replace(
                    until=points, gains=asked_for(act.rule_id, wanted, given=points)
                )
            acts[place] = now_act
    return tuple(acts)


def asked_for(rule_id: str, points: int, *, given: int) -> tuple[Gain, ...]:
    """What a grant keeps of how much was asked for it: nothing if all was given."""
    return () if points == given else (Gain(rule_id, points),)


def _asked_for(act: ActFact) -> int:
    return act.gains[0].points if act.gains else act.until


class _Share:
    """Parts of amounts, rounded down so that they come to the part of their sum."""

    __slots__ = ("_of", "_part", "_sum")

    def __init__(self, part: int, of: int) -> None:
        self._part = part
        # What an adjustment took away whole was asked for nothing.
        self._of = max(of, 1)
        self._sum = 0

    def of(self, amount: int) -> int:
        before = self._sum * self._part // self._of
        self._sum += amount
        return self._sum * self._part // self._of - before


def _freed(turn: Turn, act: ActFact, points: int, *, order: OrderFact) -> BudgetUse:
    rule = turn.programs.at(order.at).rules[act.rule_id]
    budget_id = getattr(rule, "budget_id", "")
    freed = act.points - points
    return BudgetUse(
        budget_id, order.order_id, act.rule_id, freed, order.at, act.store_id
    )


def share_of_grant(turn: Turn, claim: BudgetUse, value: int) -> int:
    """What an order still earns of units that a budget gives it now."""
    place = turn.find_order(claim.order_id)
    if place == NOT_FOUND:
        return value
    fact = turn.orders[place]
    if not fact.is_changed and not fact.adjust_ids:
        return value
    journal = Journal(turn.orders, turn.acts)
    earned = _earned_of_budgets(turn, journal, fact).get(claim.rule_id, 0)
    given, asked, kept = value, claim.points, 0
    for act in turn.acts:
        is_of_order = act.kind == GRANT and act.target == claim.order_id
        if is_of_order and act.rule_id == claim.rule_id:
            given += act.until
            asked += _asked_for(act)
            kept += act.points
    return max(0, min(given * min(earned, asked) // asked - kept, value))


def _earned_of_budgets(turn: Turn, journal: Journal, fact: OrderFact) -> dict[str, int]:
    """What an order asks of budgets as it is in a journal, by rule."""
    book = Book(turn.base, turn.member_id)
    for one in in_order(journal):
        apply(book, one, programs=turn.programs)
        if one is fact:
            break
    earned: dict[str, int] = {}
    for use in book.claims:
        if use.order_id == fact.order_id:
            earned[use.rule_id] = earned.get(use.rule_id, 0) + use.points
    return earned
