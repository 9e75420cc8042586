"""Discounts of one basket: worked examples of real systems, and ours."""

import pytest

from loyalty.baskets.conditions import BasketContext
from loyalty.baskets.discounts import (
    AMOUNT,
    BUNDLE,
    BUY_GET,
    BY_QUANTITY,
    CHEAPEST,
    DEAREST,
    DISCOUNTED,
    FIXED_PRICE,
    FORMULA,
    FREE_DELIVERY,
    FREE_ITEM,
    INITIAL,
    LINE,
    ORDER_NUMBER,
    PAYMENT,
    PER_LINE,
    PER_UNIT,
    PERCENT,
    QUANTITY,
    UNIT,
    UPGRADE,
    Condition,
    Discount,
    Part,
    Selection,
    Upgrade,
)
from loyalty.baskets.evaluate import InvalidBasket, evaluate, evaluate_plan, plan_of
from loyalty.baskets.result import BasketResult, UnitEffect, effects_of_units
from loyalty.baskets.stacking import REQUESTED, StackingPolicy
from loyalty.conditions import ANY_LINE, LineMatch
from loyalty.limits import BASKET_DISCOUNTS_MAX
from tests.builders import a_line

AS_REQUESTED = StackingPolicy(order=REQUESTED)
BRAND_A = LineMatch(labels=frozenset({"A"}))


def sku(*skus: str) -> LineMatch:
    return LineMatch(skus=frozenset(skus))


def a_basket(*lines: tuple) -> tuple:
    """Lines of (sku, price, quantity, further fields by name)."""
    return tuple(
        a_line(
            price,
            quantity=quantity,
            sku=name,
            line_id=name,
            **(more[0] if more else {}),
        )
        for name, price, quantity, *more in lines
    )


def an_item(price: int = 100_00, quantity: int = 1) -> tuple:
    return a_basket(("item", price, quantity))


def percent(discount_id: str, basis_points: int, **fields: object) -> Discount:
    return Discount(discount_id, discount_id, PERCENT, basis_points)._replace(**fields)


def amount(discount_id: str, minor: int, **fields: object) -> Discount:
    return Discount(discount_id, discount_id, AMOUNT, minor)._replace(**fields)


def at_least(minor: int, **fields: object) -> Condition:
    return Condition("amount", minor)._replace(**fields)


def buy_get(bought: int, got: int, **fields: object) -> Discount:
    parts = {"buy": (Part(ANY_LINE, bought),), "get": (Part(ANY_LINE, got),)}
    return Discount("bogo", "bogo", BUY_GET, 100_00)._replace(**(parts | fields))


def outcome(result: BasketResult) -> tuple[int, list[str]]:
    return result.due_minor, [one.discount_id for one in result.applied]


IS_A = {"labels": ("A",)}
MUGS = a_basket(
    ("mug", 10_00, 2, IS_A),
    ("poster", 15_00, 3, IS_A),
    ("shirt", 20_00, 3, IS_A),
    ("bottle", 25_00, 2, {"labels": ("B",)}),
)
SOCKS = a_basket(
    ("shirt", 20_00, 3, IS_A),
    ("poster", 15_00, 5, IS_A),
    ("mug", 10_00, 2, IS_A),
    ("socks", 5_00, 4, IS_A),
    ("bottle", 25_00, 2, {"labels": ("B",)}),
)
TEN_OFF_A = amount("ten", 10_00, match=BRAND_A)
FIVE_OFF_A = amount("five", 5_00, match=BRAND_A)
A10 = percent("a", 10_00)
B20 = percent("b", 20_00, conditions=(at_least(100_01),))
COUPON = amount(
    "coupon",
    1_00,
    conditions=(
        at_least(10_01, of=DISCOUNTED),
        Condition("amount", maximum=10_99, of=INITIAL),
    ),
)
GIFT_CARD = Discount("gift card", "gift card", PAYMENT, 1_00)


@pytest.mark.parametrize(
    ("basket", "discounts", "policy", "expected"),
    [
        pytest.param(
            an_item(105_00), (A10, B20), AS_REQUESTED, (94_50, ["a"]), id="EX-54 A, B"
        ),
        pytest.param(
            an_item(105_00),
            (B20, A10),
            AS_REQUESTED,
            (75_60, ["b", "a"]),
            id="EX-54 B, A",
        ),
        pytest.param(
            an_item(),
            (percent("a", 10_00), percent("b", 20_00)),
            StackingPolicy(base=INITIAL),
            (70_00, ["a", "b"]),
            id="EX-55 from the initial price",
        ),
        pytest.param(
            an_item(),
            (percent("a", 10_00), percent("b", 20_00)),
            StackingPolicy(base=DISCOUNTED),
            (72_00, ["a", "b"]),
            id="EX-55 from the discounted price",
        ),
        pytest.param(
            an_item(10_50),
            (COUPON, GIFT_CARD),
            AS_REQUESTED,
            (8_50, ["coupon", "gift card"]),
            id="EX-61 coupon first",
        ),
        pytest.param(
            an_item(10_50),
            (GIFT_CARD, COUPON),
            AS_REQUESTED,
            (9_50, ["gift card"]),
            id="EX-61 gift card first",
        ),
        pytest.param(
            an_item(),
            (amount("ten", 10_00, priority=1), percent("twenty", 20_00, priority=4)),
            StackingPolicy(),
            (70_00, ["twenty", "ten"]),
            id="EX-64 the percent comes first",
        ),
        pytest.param(
            an_item(),
            (amount("ten", 10_00, priority=5), percent("twenty", 20_00, priority=2)),
            StackingPolicy(),
            (72_00, ["ten", "twenty"]),
            id="EX-64 the amount comes first",
        ),
        pytest.param(
            an_item(),
            (
                amount("ten", 10_00, priority=5),
                percent("twenty", 20_00, priority=1, is_exclusive=True),
            ),
            StackingPolicy(),
            (80_00, ["twenty"]),
            id="EX-65 an exclusive one wins whatever its priority",
        ),
    ],
)
def test_discounts_stack_as_the_policy_says(
    basket: tuple, discounts: tuple, policy: StackingPolicy, expected: tuple
) -> None:
    assert outcome(evaluate(basket, discounts, policy)) == expected


@pytest.mark.parametrize(
    ("basket", "discount", "by_line"),
    [
        pytest.param(
            MUGS,
            TEN_OFF_A._replace(spread=PER_LINE),
            (10_00, 10_00, 10_00, 0),
            id="EX-57 per line",
        ),
        pytest.param(
            MUGS,
            TEN_OFF_A._replace(spread=PER_UNIT),
            (20_00, 30_00, 30_00, 0),
            id="EX-57 per unit",
        ),
        pytest.param(MUGS, TEN_OFF_A, (1_60, 3_60, 4_80, 0), id="EX-57 by amount"),
        pytest.param(
            MUGS,
            TEN_OFF_A._replace(spread=BY_QUANTITY),
            (2_50, 3_75, 3_75, 0),
            id="EX-57 by quantity",
        ),
        pytest.param(
            MUGS,
            percent("ten", 10_00, match=BRAND_A, spread=PER_LINE),
            (2_00, 4_50, 6_00, 0),
            id="10 % of each line",
        ),
        pytest.param(
            MUGS,
            Discount("ten", "each for 10", FIXED_PRICE, 10_00, match=BRAND_A),
            (0, 15_00, 30_00, 0),
            id="a new price of $10 a unit",
        ),
        pytest.param(
            SOCKS,
            FIVE_OFF_A._replace(
                spread=PER_LINE, selection=Selection(LINE, DEAREST, 1, 2)
            ),
            (0, 5_00, 0, 5_00, 0),
            id="EX-59 by line",
        ),
        pytest.param(
            SOCKS,
            FIVE_OFF_A._replace(
                spread=PER_UNIT, selection=Selection(UNIT, DEAREST, 1, 2)
            ),
            (5_00, 15_00, 5_00, 10_00, 0),
            id="EX-59 by unit",
        ),
        pytest.param(
            MUGS,
            TEN_OFF_A._replace(spread=PER_UNIT, limit_minor=25_00),
            (6_25, 9_38, 9_37, 0),
            id="at most $25 in all",
        ),
        pytest.param(
            MUGS,
            TEN_OFF_A._replace(spread=PER_UNIT, line_limit_minor=25_00),
            (20_00, 25_00, 25_00, 0),
            id="at most $25 a line",
        ),
        pytest.param(
            MUGS,
            TEN_OFF_A._replace(
                spread=PER_UNIT, selection=Selection(most=5, most_per_line=2)
            ),
            (20_00, 20_00, 0, 0),
            id="at most five units are counted, two of a line taken",
        ),
        pytest.param(
            MUGS,
            Discount(
                "free", "free", FREE_ITEM, selection=Selection(start=CHEAPEST, most=1)
            ),
            (10_00, 0, 0, 0),
            id="the cheapest item is free",
        ),
        pytest.param(
            MUGS,
            FIVE_OFF_A._replace(
                spread=PER_UNIT,
                selection=Selection(
                    lowest_price_minor=15_00, highest_price_minor=19_99
                ),
            ),
            (0, 15_00, 0, 0),
            id="items of a range of prices",
        ),
        pytest.param(
            MUGS,
            Discount("fifth", "for 150", FIXED_PRICE, 150_00, spread="split_by_amount"),
            (2_86, 6_43, 8_57, 7_14),
            id="the whole basket for $150",
        ),
    ],
)
def test_a_discount_takes_its_units(
    basket: tuple, discount: Discount, by_line: tuple[int, ...]
) -> None:
    result = evaluate(basket, (discount,))

    assert result.line_discounts_minor == by_line
    assert result.discount_minor == sum(by_line)


@pytest.mark.parametrize(
    ("price", "discount"),
    [pytest.param(6_00, 1_06, id="EX-62"), pytest.param(10_00, 1_10, id="EX-62 more")],
)
def test_a_formula_gives_the_amount(price: int, discount: int) -> None:
    formula = Discount(
        "formula",
        "formula",
        FORMULA,
        formula=lambda values: values["unit_price_minor"] // 100 + 1_00,
    )

    assert evaluate(an_item(price), (formula,)).discount_minor == discount


HALF = percent("half", 50_00, priority=1)
FREE_SHIPPING = Discount(
    "shipping",
    "Free shipping",
    FREE_DELIVERY,
    conditions=(at_least(100_01, of=DISCOUNTED),),
)


@pytest.mark.parametrize(
    ("quantity", "totals"),
    [
        pytest.param(1, (60_00, 10_00), id="EX-67 one item"),
        pytest.param(2, (120_00, 0), id="EX-67 two items"),
    ],
)
def test_free_delivery_looks_at_what_is_left(quantity: int, totals: tuple) -> None:
    basket = a_basket(
        ("item", 120_00, quantity), ("shipping", 10_00, 1, {"kind": "DELIVERY"})
    )

    assert evaluate(basket, (FREE_SHIPPING, HALF)).line_totals_minor == totals


SHIRT_45 = {"shirt": 45_00}


@pytest.mark.parametrize(
    ("basket", "discount", "floors", "by_line"),
    [
        pytest.param(
            (("shirt", 50_00, 1), ("mug", 20_00, 1)),
            amount("order", 20_00),
            SHIRT_45,
            (5_00, 15_00),
            id="EX-68 $20",
        ),
        pytest.param(
            (("shirt", 50_00, 1), ("mug", 20_00, 1)),
            percent("order", 20_00),
            SHIRT_45,
            (5_00, 9_00),
            id="EX-68 20 %",
        ),
        pytest.param(
            (("shirt", 50_00, 1),),
            percent("half", 50_00, spread=PER_UNIT),
            SHIRT_45,
            (5_00,),
            id="half off one item stops at its floor",
        ),
        pytest.param(
            (("shirt", 50_00, 2),),
            amount("order", 50_00),
            SHIRT_45,
            (10_00,),
            id="more than the floors allow is lost",
        ),
        pytest.param(
            (("shirt", 50_00, 2), ("mug", 20_00, 2), ("symfony", 40_00, 1)),
            amount("order", 27_00),
            SHIRT_45,
            (10_00, 8_50, 8_50),
            id="what a floor keeps back goes to the others in proportion",
        ),
        pytest.param(
            (
                ("shirt", 50_00, 2),
                ("keyboard", 20_00, 2),
                ("mouse", 30_00, 1),
                ("cup", 10_00, 1),
            ),
            amount("order", 36_00),
            SHIRT_45 | {"keyboard": 15_00},
            (10_00, 10_00, 12_00, 4_00),
            id="two floors",
        ),
        pytest.param(
            (
                ("cup", 10_00, 1),
                ("keys", 20_00, 1),
                ("mouse", 50_00, 1),
                ("ears", 30_00, 1),
            ),
            amount("order", 12_00),
            {"keys": 19_00, "mouse": 50_00, "ears": 26_00},
            (7_00, 1_00, 0, 4_00),
            id="one floor is the price",
        ),
    ],
)
def test_no_discount_goes_below_a_floor(
    basket: tuple, discount: Discount, floors: dict, by_line: tuple
) -> None:
    result = evaluate(
        a_basket(*basket), (discount,), context=BasketContext(floors=floors)
    )

    assert result.line_discounts_minor == by_line


def units_of(result: BasketResult, position: int, quantity: int) -> list[int]:
    found = effects_of_units(result, position, first_unit=0, count=quantity)
    return [effect.amount_minor for effect in found]


@pytest.mark.parametrize(
    ("minor", "shirts", "unit_discounts"),
    [
        pytest.param(25_00, 1, [6_67, 6_67, 6_66], id="EX-68 $20 over three mugs"),
        pytest.param(20_00, 2, [3_34, 3_33, 3_33], id="EX-68 $10 over three mugs"),
    ],
)
def test_remainder_cents_go_to_the_first_units(
    minor: int, shirts: int, unit_discounts: list[int]
) -> None:
    basket = a_basket(("shirt", 50_00, shirts), ("mug", 20_00, 3))
    context = BasketContext(floors=SHIRT_45)

    result = evaluate(basket, (amount("order", minor),), context=context)

    assert units_of(result, 1, 3) == unit_discounts


FIFTH = amount("fifth", 20_00, conditions=(Condition(ORDER_NUMBER, 5),))


@pytest.mark.parametrize(
    ("earlier", "due", "reason"),
    [
        pytest.param(4, 80_00, None, id="EX-70 the fifth order"),
        pytest.param(3, 100_00, ("order-to-come", 1), id="EX-70 the fourth"),
        pytest.param(5 - 1, 80_00, None, id="EX-70 five earlier, one cancelled"),
        pytest.param(5, 100_00, ("order-passed", 1), id="the sixth"),
        pytest.param(-1, 100_00, ("order-unknown", 0), id="nobody knows"),
    ],
)
def test_the_fifth_order_is_discounted(
    earlier: int, due: int, reason: tuple | None
) -> None:
    result = evaluate(an_item(), (FIFTH,), context=BasketContext(earlier))
    found = [(one.reason, one.distance) for one in result.not_applied]

    assert result.due_minor == due
    assert found == ([reason] if reason else [])


def test_every_third_order_is_discounted() -> None:
    third = amount("third", 1_00, conditions=(Condition(ORDER_NUMBER, 3, every=3),))
    numbers = [
        number
        for number in range(1, 10)
        if evaluate(an_item(), (third,), context=BasketContext(number - 1)).applied
    ]

    assert numbers == [3, 6, 9]


@pytest.mark.parametrize(
    ("discount", "quantity", "minor"),
    [
        pytest.param(buy_get(2, 1), 2, 0, id="EX-72 two"),
        pytest.param(buy_get(2, 1), 3, 500, id="EX-72 three"),
        pytest.param(buy_get(2, 1), 5, 500, id="EX-72 five"),
        pytest.param(buy_get(2, 1), 6, 1_000, id="EX-72 six"),
        pytest.param(buy_get(2, 1), 1_000_000, 333_333 * 500, id="a million"),
        pytest.param(buy_get(2, 1, times_max=1), 6, 500, id="once"),
        pytest.param(buy_get(1, 1, value=50_00), 4, 500, id="the second at half price"),
        pytest.param(
            buy_get(1, 2, off=FIXED_PRICE, value=3_00), 3, 400, id="two more for $3"
        ),
    ],
)
def test_buy_and_get(discount: Discount, quantity: int, minor: int) -> None:
    basket = an_item(500, quantity)

    assert evaluate(basket, (discount,)).discount_minor == minor


PIZZA = {"category": "pizza"}
MEAL = a_basket(
    ("margherita", 9_00, 2, PIZZA), ("diavola", 12_00, 1, PIZZA), ("cola", 3_00, 2)
)
PIZZAS = LineMatch(categories=frozenset({"pizza"}))
COMBO = Discount(
    "combo",
    "Combo",
    BUNDLE,
    10_00,
    FIXED_PRICE,
    get=(Part(PIZZAS), Part(sku("cola"))),
)


@pytest.mark.parametrize(
    ("discount", "by_line"),
    [
        pytest.param(
            buy_get(1, 1, buy=(Part(PIZZAS),), get=(Part(sku("cola")),)),
            (0, 0, 6_00),
            id="a cola with each pizza",
        ),
        pytest.param(
            buy_get(2, 1, buy=(Part(ANY_LINE, 2),), get=(Part(PIZZAS),)),
            (9_00, 0, 0),
            id="a unit is not bought and got at once",
        ),
        pytest.param(
            buy_get(2, 1, selection=Selection(start=DEAREST)),
            (0, 12_00, 0),
            id="the dearest is free",
        ),
        pytest.param(COMBO, (3_00, 0, 1_00), id="combos as often as they fit"),
        pytest.param(
            COMBO._replace(times_max=1), (1_50, 0, 50), id="one combo for $10"
        ),
        pytest.param(
            COMBO._replace(times_max=1, selection=Selection(start=DEAREST)),
            (0, 4_00, 1_00),
            id="one combo, of what is dearest",
        ),
        pytest.param(
            COMBO._replace(off=AMOUNT, value=2_00), (3_00, 0, 1_00), id="$2 off each"
        ),
        pytest.param(
            COMBO._replace(off=PERCENT, value=10_00), (1_80, 0, 60), id="10 % off"
        ),
    ],
)
def test_sets_of_items(discount: Discount, by_line: tuple[int, ...]) -> None:
    assert evaluate(MEAL, (discount,)).line_discounts_minor == by_line


LAPTOPS = a_basket(
    ("laptop", 500_00, 2), ("bag", 50_00, 2), ("mouse", 25_00, 3), ("crisps", 2_00, 4)
)
LAPTOP_AND_BAG = (Part(sku("laptop")), Part(sku("bag")))


@pytest.mark.parametrize(
    ("discount", "minor"),
    [
        pytest.param(
            amount(
                "mouse",
                20_00,
                buy=LAPTOP_AND_BAG,
                match=sku("mouse"),
                spread=PER_UNIT,
                selection=Selection(most=1),
            ),
            40_00,
            id="one mouse for each set",
        ),
        pytest.param(
            amount("mouse", 20_00, buy=LAPTOP_AND_BAG, match=sku("mouse")),
            40_00,
            id="the amount for each set",
        ),
        pytest.param(
            amount("mouse", 20_00, buy=LAPTOP_AND_BAG, times_max=1, match=sku("mouse")),
            20_00,
            id="the amount once",
        ),
        pytest.param(
            percent("mice", 5_00, buy=(Part(sku("crisps"), 2),), match=sku("mouse")),
            7_50,
            id="the percent for each set",
        ),
        pytest.param(
            percent("mice", 5_00, buy=(Part(sku("crisps"), 5),), match=sku("mouse")),
            0,
            id="no set is there",
        ),
    ],
)
def test_a_discount_counts_for_each_set(discount: Discount, minor: int) -> None:
    assert evaluate(LAPTOPS, (discount,)).discount_minor == minor


def test_two_orders_discounts_take_all_and_no_more() -> None:
    """A public test of Sylius: $80 and then $20 off $91.68, delivery stays."""
    basket = a_basket(
        ("shirt", 10_56, 3), ("mug", 60_00, 1), ("dhl", 1_26, 1, {"kind": "DELIVERY"})
    )
    orders = (amount("small", 20_00), amount("large", 80_00, priority=1))
    result = evaluate(basket, orders)

    assert (result.discount_minor, result.after_minor) == (91_68, 1_26)


LARGER = Discount(
    "larger", "Larger", UPGRADE, upgrades=(Upgrade("medium", "large", 4_00),)
)


@pytest.mark.parametrize(
    ("basket", "discount", "totals"),
    [
        pytest.param(
            (("medium", 3_00, 2),),
            LARGER,
            (6_00, 2_00, 2_00, 6_00),
            id="the difference is the discount",
        ),
        pytest.param(
            (("shirt", 20_00, 3),),
            LARGER._replace(
                upgrades=(Upgrade("shirt", "limited", 25_00),),
                selection=Selection(most=1),
            ),
            (60_00, 5_00, 5_00, 60_00),
            id="one of three shirts",
        ),
        pytest.param(
            (("bottle", 25_00, 3),),
            LARGER._replace(
                upgrades=(Upgrade("bottle", "mug", 10_00),),
                selection=Selection(most=1),
            ),
            (75_00, -15_00, 0, 60_00),
            id="what costs less is charged as that",
        ),
        pytest.param(
            (("bottle", 25_00, 3),),
            LARGER._replace(
                upgrades=(Upgrade("bottle", "mug", 10_00, 3),),
                selection=Selection(most=1),
            ),
            (75_00, 5_00, 5_00, 75_00),
            id="three mugs for a bottle",
        ),
        pytest.param(
            (("medium", 3_00, 1), ("large", 3_80, 1)),
            LARGER._replace(upgrades=(Upgrade("medium", "large"),)),
            (6_80, 80, 80, 6_80),
            id="the price stands on the basket",
        ),
    ],
)
def test_an_upgrade_replaces_units(
    basket: tuple, discount: Discount, totals: tuple
) -> None:
    result = evaluate(a_basket(*basket), (discount,))

    assert (
        result.before_minor,
        result.replaced_minor,
        result.discount_minor,
        result.after_minor,
    ) == totals
    assert sum(result.line_totals_minor) == result.after_minor


def test_an_upgrade_names_what_replaces_what() -> None:
    (applied,) = evaluate(a_basket(("medium", 3_00, 2)), (LARGER,)).applied
    (replaced,) = applied.replaced

    assert (replaced.from_sku, replaced.to_sku, replaced.unit_count) == (
        "medium",
        "large",
        2,
    )
    assert applied.why == "Larger: $2.00 off as an upgrade."


def test_returning_one_unit_undoes_its_own_effect() -> None:
    """EX-48: $5 off each of one pair of shoes and two shirts."""
    basket = a_basket(("shoes", 60_00, 1), ("shirt", 20_00, 2))
    result = evaluate(basket, (amount("five", 5_00, spread=PER_UNIT),))
    every = [
        effect
        for position, quantity in enumerate((1, 2))
        for effect in effects_of_units(result, position, first_unit=0, count=quantity)
    ]
    returned = list(effects_of_units(result, 1, first_unit=0, count=1))

    assert [(e.position, e.sub_position, e.amount_minor) for e in every] == [
        (0, 0, 5_00),
        (1, 0, 5_00),
        (1, 1, 5_00),
    ]
    assert returned == [UnitEffect("five", 1, 0, 5_00)]


@pytest.mark.parametrize(
    ("basket", "discount", "why_not"),
    [
        pytest.param(
            an_item(10_50),
            amount("x", 1_00, conditions=(at_least(15_00),)),
            "x: $4.50 more is needed.",
            id="below the minimum",
        ),
        pytest.param(
            an_item(10_50),
            amount("x", 1_00, conditions=(Condition("amount", maximum=10_00),)),
            "x: $0.50 less is needed.",
            id="above the maximum",
        ),
        pytest.param(
            an_item(10_50, 2),
            amount("x", 1_00, conditions=(Condition(QUANTITY, 3),)),
            "x: 1 unit more needed.",
            id="too few units",
        ),
        pytest.param(
            an_item(10_50, 1),
            buy_get(2, 1),
            "bogo: 2 units more needed for the set.",
            id="too few for buy and get",
        ),
        pytest.param(
            an_item(),
            amount("x", 1_00, match=sku("other")),
            "x: nothing that still costs something matches.",
            id="nothing matches",
        ),
    ],
)
def test_a_discount_that_does_not_apply_says_why(
    basket: tuple, discount: Discount, why_not: str
) -> None:
    (one,) = evaluate(basket, (discount,)).not_applied

    assert one.why_not == why_not


def test_a_million_units_are_a_few_runs() -> None:
    basket = an_item(3_33, 1_000_000)
    every_second = percent("a", 50_00, selection=Selection(every=2), spread=PER_UNIT)

    result = evaluate(basket, (every_second, amount("b", 1_00), buy_get(2, 1)))

    assert sum(len(one.effects) for one in result.applied) < 10
    assert result.applied[0].amount_minor == 500_000 * 1_67


@pytest.mark.parametrize(
    "spread", ["split_by_amount", "split_by_quantity", PER_LINE, PER_UNIT]
)
def test_a_line_stays_a_few_runs_however_many_discounts(spread: str) -> None:
    basket = an_item(3_33, 999_999)
    many = [
        percent(str(n), 1_37, spread=spread, selection=Selection(every=1 + n % 3))
        for n in range(60)
    ]
    result = evaluate(basket, many)

    assert max(len(one.moves) for one in result.applied) <= len(many)


def test_a_line_discount_is_part_of_the_price() -> None:
    basket = (a_line(10_00, quantity=3, discount_minor=1_00),)

    result = evaluate(basket, (percent("half", 50_00),))

    assert (result.before_minor, result.after_minor) == (29_00, 14_50)


@pytest.mark.parametrize(
    "discounts",
    [
        pytest.param((A10, A10), id="one id twice"),
        pytest.param(
            tuple(amount(str(n), 1) for n in range(BASKET_DISCOUNTS_MAX + 1)),
            id="one more than the limit",
        ),
    ],
)
def test_what_cannot_be_evaluated_is_refused(discounts: tuple) -> None:
    with pytest.raises(InvalidBasket):
        evaluate(an_item(), discounts)


def test_a_plan_made_once_gives_what_evaluating_gives() -> None:
    discounts = (TEN_OFF_A, COMBO, LARGER, A10)
    plan = plan_of(discounts, StackingPolicy())

    for basket in (MUGS, MEAL, SOCKS, MEAL):
        assert evaluate_plan(basket, plan) == evaluate(basket, discounts)


def test_a_formula_is_not_told_one_price_where_there_are_several() -> None:
    told: list[dict[str, int]] = []
    formula = Discount("f", "f", FORMULA, formula=lambda v: told.append(dict(v)) or 0)

    evaluate(MUGS, (formula,))
    evaluate(an_item(5_00, 2), (formula,))

    assert told == [
        {"quantity": 10, "amount_minor": 175_00, "basket_minor": 175_00, "units": 10},
        {
            "quantity": 2,
            "amount_minor": 10_00,
            "basket_minor": 10_00,
            "units": 2,
            "unit_price_minor": 5_00,
        },
    ]
