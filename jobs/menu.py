"""The menu of a small burger chain, as order lines that are made only once."""

from typing import Final, NamedTuple

from loyalty.events import ITEM, OrderLine

TAX_BP: Final = 825
LINES_MAX: Final = 6
QUANTITY_MAX: Final = 3


class Dish(NamedTuple):
    """Something to order; price and discount of one unit in cents, before tax."""

    sku: str
    category: str
    labels: tuple[str, ...]
    price_minor: int
    discount_minor: int = 0


MENU: Final = (
    Dish("burger-classic", "BURGERS", ("beef",), 649),
    Dish("burger-double", "BURGERS", ("beef",), 849),
    Dish("burger-veggie", "BURGERS", ("plant",), 729),
    Dish("burger-chicken", "BURGERS", ("chicken",), 749),
    Dish("nuggets-six", "CHICKEN", ("chicken",), 499),
    Dish("wrap-chicken", "CHICKEN", ("chicken",), 629),
    Dish("fries-small", "SIDES", ("plant",), 249),
    Dish("fries-large", "SIDES", ("plant",), 349),
    Dish("salad-garden", "SIDES", ("plant",), 519),
    Dish("cola", "DRINKS", ("cold",), 219),
    Dish("lemonade", "DRINKS", ("cold",), 259),
    Dish("coffee", "DRINKS", ("hot",), 199),
    Dish("milkshake", "DESSERTS", ("cold",), 429),
    Dish("apple-pie", "DESSERTS", ("hot",), 189),
    Dish("meal-classic", "MEALS", ("beef", "bundle"), 1117, 118),
    Dish("meal-chicken", "MEALS", ("chicken", "bundle"), 1217, 128),
)


class PricedLine(NamedTuple):
    """An order line with what it adds to the order, in cents."""

    line: OrderLine
    net_minor: int
    tax_minor: int


def priced_lines() -> tuple[tuple[PricedLine, ...], ...]:
    """
    Every line that can stand at each place of an order.

    Sharing lines between orders is what makes generating them cheap. Tax is
    rounded down to a cent, line by line.
    """
    return tuple(
        tuple(
            _priced(place, dish, quantity)
            for dish in MENU
            for quantity in range(1, QUANTITY_MAX + 1)
        )
        for place in range(LINES_MAX)
    )


def _priced(place: int, dish: Dish, quantity: int) -> PricedLine:
    discount = dish.discount_minor * quantity
    net = dish.price_minor * quantity - discount
    tax = net * TAX_BP // 10_000
    line = OrderLine(
        str(place + 1),
        dish.sku,
        dish.category,
        dish.labels,
        quantity,
        dish.price_minor,
        discount,
        tax,
        ITEM,
    )
    return PricedLine(line, net, tax)
