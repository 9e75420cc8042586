"""A program from a plain document, as YAML or JSON gives it, with every fault named."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from loyalty.events import ITEM
from loyalty.limits import (
    AMOUNT_MINOR_MAX,
    EARN_RULES_MAX,
    ID_LENGTH_MAX,
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

_T = TypeVar("_T")

LINE_KINDS = (ITEM, "DELIVERY", "TIP", "GIFT_CARD", "FEE")


class Fault(NamedTuple):
    """Something wrong in a document; `pointer` is a JSON pointer to it."""

    pointer: str
    message: str


class InvalidProgram(ValueError):
    """A document that is not a program; `faults` names all that is wrong."""

    def __init__(self, faults: list[Fault]) -> None:
        """Keep every fault, and say them all."""
        super().__init__(
            "; ".join(f"{fault.pointer}: {fault.message}" for fault in faults)
        )
        self.faults = faults


def program_from(document: Mapping[str, Any]) -> Program:
    """
    Build a program from its document; `docs/program-rules.md` describes the form.

    Raises: InvalidProgram with a pointer to each fault.
    """
    faults: list[Fault] = []
    node = _Node(document, "", faults)
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


class _Node:
    """One object of the document: typed reads that note what is wrong and go on."""

    def __init__(self, value: object, pointer: str, faults: list[Fault]) -> None:
        self.pointer = pointer
        self._faults = faults
        self._read: set[str] = set()
        if isinstance(value, Mapping):
            self._value: Mapping[str, Any] = value
        else:
            self._value = {}
            self.fault("", "expected an object")

    def fault(self, name: str, message: str) -> None:
        pointer = f"{self.pointer}/{name}" if name else self.pointer
        self._faults.append(Fault(pointer, message))

    def text(self, name: str) -> str:
        value = self._get(name)
        if isinstance(value, str) and 0 < len(value) <= ID_LENGTH_MAX:
            return value
        self.fault(name, f"expected 1 to {ID_LENGTH_MAX} characters")
        return ""

    def number(
        self,
        name: str,
        *,
        minimum: int = 0,
        maximum: int = AMOUNT_MINOR_MAX * 10,
        default: int | None = None,
    ) -> int:
        value = self._get(name, default)
        if isinstance(value, int) and not isinstance(value, bool):
            if minimum <= value <= maximum:
                return value
            self.fault(name, f"is {value}, expected {minimum} to {maximum}")
        else:
            self.fault(name, "expected a whole number")
        return minimum

    def flag(self, name: str) -> bool:
        value = self._get(name, default=False)
        if not isinstance(value, bool):
            self.fault(name, "expected true or false")
        return value is True

    def choice(self, name: str, choices: tuple[str, ...]) -> str:
        value = self._get(name, choices[0])
        if value in choices:
            return str(value)
        self.fault(name, f"expected one of {', '.join(choices)}")
        return choices[0]

    def names(self, name: str, *, among: tuple[str, ...] = ()) -> frozenset[str]:
        values = self._list(name, 10_000)
        for index, value in enumerate(values):
            if not isinstance(value, str) or (among and value not in among):
                expected = f"one of {', '.join(among)}" if among else "a text"
                self.fault(f"{name}/{index}", f"expected {expected}")
        return frozenset(value for value in values if isinstance(value, str))

    def each(
        self, name: str, build: "Callable[[_Node], _T]", count_max: int
    ) -> tuple[_T, ...]:
        built = []
        for index, value in enumerate(self._list(name, count_max)):
            node = _Node(value, f"{self.pointer}/{name}/{index}", self._faults)
            built.append(build(node))
            node.close()
        return tuple(built)

    def part(self, name: str) -> "_Node":
        return _Node(self._get(name, {}), f"{self.pointer}/{name}", self._faults)

    def close(self) -> None:
        for name in self._value:
            if name not in self._read:
                self.fault(str(name), "there is no such property")

    def _get(self, name: str, default: object = None) -> Any:
        self._read.add(name)
        value = self._value.get(name)
        return default if value is None else value

    def _list(self, name: str, count_max: int) -> Sequence[Any]:
        values = self._get(name, [])
        if not isinstance(values, list):
            self.fault(name, "expected a list")
            return []
        if len(values) > count_max:
            self.fault(name, f"has {len(values)} elements, at most {count_max}")
        return values[:count_max]


def _earn_rule(node: _Node) -> EarnRule:
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


def _tier(node: _Node) -> Tier:
    return Tier(
        node.text("id"),
        node.text("name"),
        node.number("from_points", maximum=POINTS_MAX),
    )


def _offer(node: _Node) -> RewardOffer:
    return RewardOffer(
        node.text("id"),
        node.text("name"),
        node.number("cost_points", minimum=1, maximum=POINTS_MAX),
    )


def _trigger(node: _Node) -> NearReward:
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
