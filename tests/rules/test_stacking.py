"""Several discounts together: what excludes what, how many, and which is best."""

import pytest

from loyalty.baskets.conditions import BasketContext
from loyalty.baskets.discounts import (
    AMOUNT,
    BUY_GET,
    INITIAL,
    PAYMENT,
    PER_UNIT,
    PERCENT,
    Condition,
    Discount,
    Part,
)
from loyalty.baskets.evaluate import evaluate
from loyalty.baskets.result import BasketResult, money
from loyalty.baskets.stacking import Category, Group, StackingPolicy
from loyalty.conditions import ANY_LINE, LineMatch
from loyalty.limits import BEST_CANDIDATES_MAX
from tests.builders import a_line

HUNDRED = (a_line(100_00),)


def off(discount_id: str, minor: int, **fields: object) -> Discount:
    return Discount(discount_id, discount_id, AMOUNT, minor)._replace(**fields)


def percent(discount_id: str, basis_points: int, **fields: object) -> Discount:
    return Discount(discount_id, discount_id, PERCENT, basis_points)._replace(**fields)


def ids(result: BasketResult) -> list[str]:
    return [one.discount_id for one in result.applied]


def reasons(result: BasketResult) -> dict[str, str]:
    return {one.discount_id: one.reason for one in result.not_applied}


A, B, C = off("a", 1_00), off("b", 2_00), off("c", 3_00)
KINDS = (Category("solo", "exclusive"), Category("any", "always"), Category("us"))
SOLO = off("solo", 5_00, category="solo")
ANY = off("any", 1_00, category="any")
US = off("us", 7_00, category="us")


@pytest.mark.parametrize(
    ("discounts", "policy", "applied", "left_out"),
    [
        pytest.param((C, A, B), StackingPolicy(), "abc", {}, id="ties go by id"),
        pytest.param(
            (C, A, B),
            StackingPolicy(ties="requested"),
            "cab",
            {},
            id="ties go as requested",
        ),
        pytest.param(
            (A._replace(priority=1), B._replace(priority=2)),
            StackingPolicy(order="lowest_first"),
            "ab",
            {},
            id="the lower priority first",
        ),
        pytest.param(
            (A, B, C),
            StackingPolicy(applied_max=2),
            "ab",
            {"c": "stack-full"},
            id="no more than two",
        ),
        pytest.param(
            (A._replace(group="g"), B._replace(group="g"), C),
            StackingPolicy(groups=(Group("g"),)),
            "ac",
            {"b": "group-full"},
            id="one of a group",
        ),
        pytest.param(
            (A, B._replace(is_exclusive=True), C._replace(is_exclusive=True)),
            StackingPolicy(),
            "b",
            {"a": "excluded", "c": "excluded"},
            id="EX-65 the first exclusive one, alone",
        ),
        pytest.param(
            (A, B._replace(is_exclusive=True)),
            StackingPolicy(exclusive="first_come"),
            "a",
            {"b": "excluded"},
            id="an exclusive one that comes too late",
        ),
        pytest.param(
            (A._replace(is_exclusive=True), B),
            StackingPolicy(exclusive="first_come"),
            "a",
            {"b": "excluded"},
            id="an exclusive one that comes first",
        ),
        pytest.param(
            (A, B._replace(is_exclusive=True, conditions=(Condition("quantity", 9),))),
            StackingPolicy(),
            "a",
            {"b": "too-few-units"},
            id="an exclusive one that does not hold excludes nothing",
        ),
    ],
)
def test_a_policy_says_what_goes_together(
    discounts: tuple, policy: StackingPolicy, applied: str, left_out: dict
) -> None:
    result = evaluate(HUNDRED, discounts, policy)

    assert ids(result) == list(applied)
    assert reasons(result) == left_out


@pytest.mark.parametrize(
    ("policy", "discounts", "applied"),
    [
        pytest.param({}, (US, SOLO), ["solo"], id="exclusive, not joint"),
        pytest.param({}, (US, ANY), ["any", "us"], id="joint and always"),
        pytest.param({}, (SOLO, ANY), ["any", "solo"], id="exclusive and always"),
        pytest.param(
            {"always_last": True},
            (SOLO, ANY),
            ["solo", "any"],
            id="always stackable ones come last",
        ),
        pytest.param(
            {"exclusives_max": 2},
            (SOLO, off("two", 1_00, category="solo"), US),
            ["solo", "two"],
            id="two exclusive ones",
        ),
        pytest.param(
            {"categories": (Category("us", limit=1),)},
            (US, off("we", 1_00, category="us")),
            ["us"],
            id="one of a category",
        ),
        pytest.param(
            {
                "order": "hierarchy",
                "categories": (Category("us", hierarchy=2), Category("x", hierarchy=1)),
            },
            (US, off("zero", 1_00), off("x", 1_00, category="x")),
            ["x", "us", "zero"],
            id="a low hierarchy comes first",
        ),
    ],
)
def test_categories_are_joint_exclusive_or_always(
    policy: dict, discounts: tuple, applied: list[str]
) -> None:
    stacking = StackingPolicy(**({"categories": KINDS} | policy))

    assert ids(evaluate(HUNDRED, discounts, stacking)) == applied


def test_a_category_has_a_base_of_its_own() -> None:
    policy = StackingPolicy(categories=(Category("start", base=INITIAL),))
    discounts = (percent("a", 10_00), percent("b", 20_00, category="start"))

    assert evaluate(HUNDRED, discounts, policy).after_minor == 70_00


@pytest.mark.parametrize(
    ("policy", "applied"),
    [
        pytest.param(StackingPolicy(), ["free"], id="dropped"),
        pytest.param(StackingPolicy(no_effect="keep"), ["free", "late"], id="kept"),
    ],
)
def test_a_discount_of_nothing_is_dropped_or_kept(
    policy: StackingPolicy, applied: list[str]
) -> None:
    free = percent("free", 100_00, priority=1)

    assert ids(evaluate(HUNDRED, (free, off("late", 1_00)), policy)) == applied


def test_all_or_nothing_leaves_the_basket_as_it_was() -> None:
    late = off("b", 2_00, conditions=(Condition("quantity", 2),))
    result = evaluate(HUNDRED, (A, late), StackingPolicy(validation="all_or_nothing"))

    assert result.after_minor == 100_00
    assert reasons(result) == {"a": "all-or-nothing", "b": "too-few-units"}


def test_a_unit_is_discounted_once_if_the_policy_says_so() -> None:
    basket = (a_line(5_00, quantity=3),)
    bogo = Discount(
        "bogo", "bogo", BUY_GET, 100_00, buy=(Part(ANY_LINE, 1),), get=(Part(ANY_LINE),)
    )
    twice = (bogo._replace(priority=1), percent("ten", 10_00, spread=PER_UNIT))

    assert evaluate(basket, twice).discount_minor == 5_00 + 2 * 50
    once = evaluate(basket, twice, StackingPolicy(units="once"))
    assert once.discount_minor == 5_00 + 50


def test_a_discount_may_leave_discounted_units_alone() -> None:
    basket = (a_line(5_00, sku="a", line_id="1"), a_line(5_00, sku="b", line_id="2"))
    sale = percent("sale", 50_00, priority=1, match=LineMatch(skus=frozenset({"a"})))
    rest = off("rest", 4_00, only_undiscounted=True)

    assert evaluate(basket, (sale, rest)).line_discounts_minor == (2_50, 4_00)


TWENTY = percent("twenty", 20_00, group="g")
THIRTY_OFF = off("thirty", 30_00, group="g")
FIVE = off("five", 5_00, is_exclusive=True)


@pytest.mark.parametrize(
    ("choice", "discounts", "applied"),
    [
        pytest.param("best_one", (TWENTY, THIRTY_OFF, A), ["thirty"], id="one"),
        pytest.param(
            "best_together", (TWENTY, THIRTY_OFF, A), ["a", "thirty"], id="together"
        ),
        pytest.param(
            "best_together",
            (TWENTY, FIVE),
            ["twenty"],
            id="an exclusive one that gives less",
        ),
        pytest.param(
            "best_one", (off("y", 1_00), off("x", 1_00)), ["x"], id="a tie goes by id"
        ),
        pytest.param(
            "best_one",
            (off("y", 1_00), Discount("card", "card", PAYMENT, 3_00)),
            ["card", "y"],
            id="a payment takes part always",
        ),
    ],
)
def test_the_best_for_the_member_is_chosen(
    choice: str, discounts: tuple, applied: list[str]
) -> None:
    policy = StackingPolicy(choice=choice, groups=(Group("g"),))

    assert ids(evaluate(HUNDRED, discounts, policy)) == applied


def test_what_is_not_best_says_what_is() -> None:
    result = evaluate(HUNDRED, (A, B), StackingPolicy(choice="best_one"))

    assert [one.why_not for one in result.not_applied] == ["a: b gives more."]


def test_a_choice_looks_at_so_many_candidates() -> None:
    many = [off(f"{n:02}", n) for n in range(1, BEST_CANDIDATES_MAX + 3)]
    result = evaluate(HUNDRED, many, StackingPolicy(choice="best_together"))

    assert ids(result) == [one.discount_id for one in many[2:]]
    assert reasons(result) == {"01": "better-choice", "02": "better-choice"}


def test_a_payment_is_no_discount_and_goes_below_floors() -> None:
    card = Discount("card", "Gift card", PAYMENT, 60_00)
    context = BasketContext(floors={"burger": 90_00})
    result = evaluate(HUNDRED, (card, off("ten", 20_00)), context=context)

    assert (result.after_minor, result.due_minor) == (100_00, 40_00)
    assert result.applied[0].why == "Gift card: $60.00 paid."
    assert reasons(result) == {"ten": "no-effect"}


@pytest.mark.parametrize(
    ("currency", "text"),
    [
        ("USD", "$1,234.50"),
        ("JPY", "¥123,450"),
        ("SEK", "1,234.50 SEK"),
        ("KWD", "123.450 KWD"),
    ],
)
def test_money_is_written_for_people(currency: str, text: str) -> None:
    assert money(1_234_50, currency) == text
