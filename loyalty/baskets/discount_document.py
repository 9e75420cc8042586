"""One discount from a plain document, with every fault named."""

from collections.abc import Callable

from loyalty.baskets.discounts import (
    AMOUNT,
    AS_GIVEN,
    BUNDLE,
    BUY_GET,
    CHEAPEST,
    DEAREST,
    DISCOUNTED,
    EVERYTHING,
    FIXED_PRICE,
    FORMULA,
    FREE_DELIVERY,
    FREE_ITEM,
    INITIAL,
    KINDS,
    LINE,
    NO_MAXIMUM,
    ORDER_NUMBER,
    PAYMENT,
    PERCENT,
    POLICY,
    QUANTITY,
    SPREADS,
    UNIT,
    UPGRADE,
    WHOLE_BP,
    Condition,
    Discount,
    Formula,
    Part,
    Selection,
    Upgrade,
)
from loyalty.condition_documents import line_match
from loyalty.conditions import ANY_LINE
from loyalty.document import Node
from loyalty.limits import (
    AMOUNT_MINOR_MAX,
    DISCOUNT_CONDITIONS_MAX,
    DISCOUNT_PARTS_MAX,
    DISCOUNT_UPGRADES_MAX,
    QUANTITY_MAX,
)

PRIORITY_MAX = 1_000_000
EVERY_MAX = 10_000

# Reads the formula of a discount; what is wrong with it is noted on the node.
FormulaReader = Callable[[Node], Formula | None]

_VALUES = {PERCENT: "percent_bp", AMOUNT: "amount_minor", FIXED_PRICE: "price_minor"}
_SETS = {BUY_GET, BUNDLE}


def discount(node: Node, *, formulas: FormulaReader | None = None) -> Discount:
    """Read one discount; every fault is noted on the node with its pointer."""
    kind = node.choice("kind", KINDS)
    off, value = _value(node, kind)
    read = Discount(
        discount_id=node.text("id"),
        name=node.text("name"),
        kind=kind,
        value=value,
        off=off,
        match=line_match(node.part("match")) if kind not in _SETS else ANY_LINE,
        spread=_spread(node, kind),
        selection=_selection(node, kind),
        conditions=node.each("conditions", _condition, DISCOUNT_CONDITIONS_MAX),
        limit_minor=_limit(node, "limit_minor", kind=kind),
        line_limit_minor=_limit(node, "line_limit_minor", kind=kind),
        buy=_parts(node, "buy") if _has_buy(node, kind) else (),
        get=_got(node, kind),
        times_max=node.number("times_max", default=0)
        if kind == BUNDLE or _has_buy(node, kind)
        else 0,
        upgrades=_upgrades(node) if kind == UPGRADE else (),
        formula=_formula(node, formulas) if kind == FORMULA else None,
        priority=node.number(
            "priority", minimum=-PRIORITY_MAX, maximum=PRIORITY_MAX, default=0
        ),
        group=node.text("group") if node.has("group") else "",
        category=node.text("category") if node.has("category") else "",
        is_exclusive=node.flag("exclusive"),
        only_undiscounted=node.flag("only_undiscounted"),
        base=choice_or_none(node, "base", (INITIAL, DISCOUNTED)),
    )
    _check_sets(read, node)
    return read


def choice_or_none(node: Node, name: str, choices: tuple[str, ...]) -> str:
    """Read one of some words; empty if it is absent."""
    return node.choice(name, choices) if node.has(name) else ""


def _value(node: Node, kind: str) -> tuple[str, int]:
    if kind in {PERCENT, AMOUNT, FIXED_PRICE, PAYMENT}:
        off = AMOUNT if kind == PAYMENT else kind
        return (PERCENT if kind == PAYMENT else kind), _number(node, off)
    if kind not in _SETS:
        return PERCENT, WHOLE_BP if kind in {FREE_ITEM, FREE_DELIVERY} else 0
    given = [(off, _number(node, off)) for off in _VALUES if node.has(_VALUES[off])]
    if not given and kind == BUY_GET:
        return PERCENT, WHOLE_BP
    if len(given) != 1:
        node.fault("", f"expected one of {', '.join(_VALUES.values())}")
    return given[0] if given else (PERCENT, WHOLE_BP)


def _number(node: Node, off: str) -> int:
    maximum = WHOLE_BP if off == PERCENT else AMOUNT_MINOR_MAX
    minimum = 0 if off == FIXED_PRICE else 1
    return node.number(_VALUES[off], minimum=minimum, maximum=maximum)


def _spread(node: Node, kind: str) -> str:
    if kind in {FREE_ITEM, FREE_DELIVERY, UPGRADE, PAYMENT}:
        return ""
    return choice_or_none(node, "spread", SPREADS)


def _limit(node: Node, name: str, *, kind: str) -> int:
    if kind in {UPGRADE, PAYMENT}:
        return 0
    return node.number(name, default=0, maximum=AMOUNT_MINOR_MAX)


def _selection(node: Node, kind: str) -> Selection:
    part = node.part("select")
    start = part.choice("start", (AS_GIVEN, CHEAPEST, DEAREST))
    if kind in _SETS:
        part.close()
        return Selection(start=start)
    is_one_free = kind == FREE_ITEM
    if is_one_free and not part.has("start"):
        start = CHEAPEST
    selection = Selection(
        by=part.choice("by", (UNIT, LINE)),
        start=start,
        skip=part.number("skip", maximum=QUANTITY_MAX, default=0),
        every=part.number("every", minimum=1, maximum=EVERY_MAX, default=1),
        most=part.number("most", maximum=QUANTITY_MAX, default=int(is_one_free)),
        most_per_line=part.number("most_per_line", maximum=QUANTITY_MAX, default=0),
        lowest_price_minor=part.number("lowest_price_minor", default=0),
        highest_price_minor=part.number(
            "highest_price_minor", maximum=NO_MAXIMUM, default=NO_MAXIMUM
        ),
    )
    if selection.highest_price_minor < selection.lowest_price_minor:
        part.fault("highest_price_minor", "is less than lowest_price_minor")
    part.close()
    return EVERYTHING if selection == EVERYTHING else selection


def _condition(node: Node) -> Condition:
    kind = node.choice("kind", (AMOUNT, QUANTITY, ORDER_NUMBER))
    if kind == ORDER_NUMBER:
        number = node.number("number", minimum=1)
        every = node.number("every", maximum=EVERY_MAX, default=0)
        return Condition(kind, number, every=every)
    suffix = "_minor" if kind == AMOUNT else ""
    lowest, highest = f"minimum{suffix}", f"maximum{suffix}"
    if not node.has(lowest) and not node.has(highest):
        node.fault("", f"expected {lowest}, {highest} or both")
    read = Condition(
        kind,
        minimum=node.number(lowest, default=0),
        of=node.choice("of", (POLICY, INITIAL, DISCOUNTED))
        if kind == AMOUNT
        else POLICY,
        match=line_match(node.part("match")),
    )
    if node.has(highest):
        read = read._replace(maximum=node.number(highest))
        if read.maximum < read.minimum:
            node.fault(highest, f"is less than {lowest}: it would never hold")
    return read


def _parts(node: Node, name: str) -> tuple[Part, ...]:
    parts = node.each(name, _part, DISCOUNT_PARTS_MAX)
    if not parts:
        node.fault(name, "expected at least one part")
    for index, part in enumerate(parts):
        if any(part.match == other.match for other in parts[:index]):
            node.fault(f"{name}/{index}", "matches what another part matches")
    return parts


def _part(node: Node) -> Part:
    match = line_match(node.part("match"))
    quantity = node.number("quantity", minimum=1, maximum=QUANTITY_MAX, default=1)
    return Part(match, quantity)


def _has_buy(node: Node, kind: str) -> bool:
    """Whether it asks for a set to be bought: each kind may, a bundle is one."""
    return kind == BUY_GET or (kind not in {BUNDLE, PAYMENT} and node.has("buy"))


def _got(node: Node, kind: str) -> tuple[Part, ...]:
    if kind == BUNDLE:
        return _parts(node, "items")
    return _parts(node, "get") if kind == BUY_GET else ()


def _upgrades(node: Node) -> tuple[Upgrade, ...]:
    upgrades = node.each("upgrades", _upgrade, DISCOUNT_UPGRADES_MAX)
    if not upgrades:
        node.fault("upgrades", "expected at least one upgrade")
    for index, upgrade in enumerate(upgrades):
        pointer = f"upgrades/{index}"
        if upgrade.from_sku == upgrade.to_sku:
            node.fault(pointer, "replaces a sku by itself")
        if any(upgrade.from_sku == other.from_sku for other in upgrades[:index]):
            node.fault(pointer, f"replaces {upgrade.from_sku!r}, as another one does")
    return upgrades


def _upgrade(node: Node) -> Upgrade:
    return Upgrade(
        from_sku=node.text("from"),
        to_sku=node.text("to"),
        to_price_minor=node.number(
            "to_price_minor", minimum=-1, maximum=AMOUNT_MINOR_MAX, default=-1
        ),
        to_quantity=node.number("to_quantity", minimum=1, maximum=1_000, default=1),
    )


def _formula(node: Node, formulas: FormulaReader | None) -> Formula | None:
    if formulas is None:
        node.fault("formula", "this program does not read formulas")
        return None
    return formulas(node)


def _check_sets(read: Discount, node: Node) -> None:
    """Note sets that cannot fit: more parts or more units than there may be."""
    if len(read.buy) + len(read.get) > DISCOUNT_PARTS_MAX:
        node.fault("", f"has more than {DISCOUNT_PARTS_MAX} parts")
    wanted = sum(part.quantity for part in read.buy + read.get)
    for index, condition in enumerate(read.conditions):
        is_of_all = condition.kind == QUANTITY and condition.match is ANY_LINE
        if read.kind in _SETS and is_of_all and condition.maximum < wanted:
            message = f"allows {condition.maximum} units, and the set has {wanted}"
            node.fault(f"conditions/{index}", message)
