"""What a basket would be discounted by, as estimates show it."""

from pydantic import BaseModel

from loyalty.baskets.conditions import BasketContext
from loyalty.baskets.evaluate import evaluate
from loyalty.baskets.result import BasketResult
from loyalty.events import OrderEvent
from loyalty.member import Member
from loyalty.program import Program


class DiscountOut(BaseModel):
    """A discount that applies: how much, how often, and why."""

    discount_id: str
    kind: str
    amount_minor: int
    times: int
    why: str


class NoDiscountOut(BaseModel):
    """A discount that does not apply, and how far it is from applying."""

    discount_id: str
    reason: str
    distance: int
    why_not: str


class BasketOut(BaseModel):
    """
    What the basket would cost, minor units.

    `line_discounts_minor` and `line_totals_minor` go by the lines of the order.
    """

    before_minor: int
    discount_minor: int
    paid_minor: int
    after_minor: int
    due_minor: int
    line_discounts_minor: list[int]
    line_totals_minor: list[int]
    applied: list[DiscountOut]
    not_applied: list[NoDiscountOut]


def basket_of(
    order: OrderEvent, member: Member, program: Program
) -> BasketResult | None:
    """What the program's discounts make of an order; None if it has none."""
    rules = program.baskets
    if rules is None:
        return None
    context = BasketContext(
        earlier_orders=member.state.order_count,
        floors=rules.floors,
        currency=program.currency,
    )
    return evaluate(order.lines, rules.discounts, rules.policy, context=context)


def basket_out(result: BasketResult) -> BasketOut:
    """Discounted basket as the API shows it."""
    return BasketOut(
        before_minor=result.before_minor,
        discount_minor=result.discount_minor,
        paid_minor=result.paid_minor,
        after_minor=result.after_minor,
        due_minor=result.after_minor - result.paid_minor,
        line_discounts_minor=list(result.line_discounts_minor),
        line_totals_minor=list(result.line_totals_minor),
        applied=[
            DiscountOut(
                discount_id=one.discount_id,
                kind=one.kind,
                amount_minor=one.amount_minor,
                times=one.times,
                why=one.why,
            )
            for one in result.applied
        ],
        not_applied=[
            NoDiscountOut(
                discount_id=one.discount_id,
                reason=one.reason,
                distance=one.distance,
                why_not=one.why_not,
            )
            for one in result.not_applied
        ],
    )
