"""Discounts read from documents: the page's examples hold, and bad ones are refused."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from loyalty.baskets.conditions import BasketContext
from loyalty.baskets.document import basket_rules
from loyalty.baskets.evaluate import evaluate
from loyalty.baskets.result import BasketResult
from loyalty.conditions import ANY_LINE
from loyalty.document import Fault, Node
from tests.builders import a_line

PAGE = (Path(__file__).parents[2] / "docs" / "discounts.md").read_text()
EXAMPLES = [
    example
    for example in map(
        yaml.safe_load, re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    )
    if "expect" in example
]
TEN = {"id": "ten", "name": "Ten", "kind": "percent", "percent_bp": 1_000}


def read(document: dict[str, Any], **more: object) -> tuple[Any, list[Fault]]:
    faults: list[Fault] = []
    node = Node(document, "", faults)
    rules = basket_rules(node, **more)
    node.close()
    return rules, faults


def said(result: BasketResult) -> dict[str, object]:
    names = ("line_discounts_minor", "replaced_minor", "after_minor", "due_minor")
    return {name: getattr(result, name) for name in names} | {
        "line_discounts_minor": list(result.line_discounts_minor),
        "why": [one.why for one in result.applied],
        "why_not": [one.why_not for one in result.not_applied],
    }


@pytest.mark.parametrize(
    "example", EXAMPLES, ids=lambda e: "-".join(one["id"] for one in e["discounts"])
)
def test_an_example_of_the_page_holds(example: dict[str, Any]) -> None:
    lines = tuple(
        a_line(
            line["price_minor"],
            quantity=line["quantity"],
            sku=line["sku"],
            category=line.get("category", ""),
            labels=tuple(line.get("labels", ())),
        )
        for line in example["basket"]
    )
    rules, faults = read(
        {name: example[name] for name in example.keys() - {"basket", "expect"}}
    )
    context = BasketContext(floors=rules.floors)
    result = said(evaluate(lines, rules.discounts, rules.policy, context=context))

    assert faults == []
    assert {name: result[name] for name in example["expect"]} == example["expect"]


def test_the_page_has_examples() -> None:
    assert len(EXAMPLES) >= 9


def a_document(**fields: object) -> dict[str, Any]:
    """Ten percent off, or a discount of another kind without the percent."""
    plain = {"id": "ten", "name": "Ten"} if "kind" in fields else TEN
    return {"discounts": [plain | fields]}


SET = {"kind": "bundle", "price_minor": 1}
PART = {"match": {"skus": ["a"]}}


@pytest.mark.parametrize(
    ("document", "pointers"),
    [
        pytest.param(
            a_document(percent_bp=10_001), ["/discounts/0/percent_bp"], id="over 100 %"
        ),
        pytest.param(
            a_document(percent_bp=0), ["/discounts/0/percent_bp"], id="of nothing"
        ),
        pytest.param(
            a_document(amount_minor=5), ["/discounts/0/amount_minor"], id="two values"
        ),
        pytest.param(
            a_document(kind="sale", percent_bp=1),
            ["/discounts/0/kind"],
            id="a kind that nobody knows",
        ),
        pytest.param(
            a_document(group="g"), ["/discounts/0/group"], id="an unknown group"
        ),
        pytest.param(
            a_document(category="c"),
            ["/discounts/0/category"],
            id="an unknown category",
        ),
        pytest.param(
            a_document(**SET, items=[PART, PART]),
            ["/discounts/0/items/1"],
            id="a bundle with one item twice",
        ),
        pytest.param(
            a_document(**SET), ["/discounts/0/items"], id="a bundle of nothing"
        ),
        pytest.param(
            a_document(**SET, amount_minor=1, items=[PART]),
            ["/discounts/0"],
            id="a bundle with two prices",
        ),
        pytest.param(
            a_document(
                kind="buy_get",
                buy=[{"quantity": 2}],
                get=[{"quantity": 2}],
                conditions=[{"kind": "quantity", "maximum": 3}],
            ),
            ["/discounts/0/conditions/0"],
            id="more is got than the basket may have",
        ),
        pytest.param(
            a_document(kind="buy_get", get=[{"quantity": 1_000_001}], buy=[{}]),
            ["/discounts/0/get/0/quantity"],
            id="more is got than a line may have",
        ),
        pytest.param(
            a_document(
                kind="upgrade",
                upgrades=[{"from": "a", "to": "a"}, {"from": "a", "to": "b"}],
            ),
            ["/discounts/0/upgrades/0", "/discounts/0/upgrades/1"],
            id="upgrades that go nowhere or two ways",
        ),
        pytest.param(
            a_document(kind="upgrade"),
            ["/discounts/0/upgrades"],
            id="no upgrade",
        ),
        pytest.param(
            a_document(
                conditions=[
                    {"kind": "amount"},
                    {"kind": "amount", "minimum_minor": 2, "maximum_minor": 1},
                    {"kind": "order_number"},
                ]
            ),
            [
                "/discounts/0/conditions/0",
                "/discounts/0/conditions/1/maximum_minor",
                "/discounts/0/conditions/2/number",
            ],
            id="conditions that say nothing or never hold",
        ),
        pytest.param(
            a_document(select={"every": 0, "from": 1}),
            ["/discounts/0/select/every", "/discounts/0/select/from"],
            id="a selection",
        ),
        pytest.param(
            a_document(kind="formula"),
            ["/discounts/0/formula"],
            id="a formula that nobody reads",
        ),
        pytest.param({"discounts": [TEN, TEN]}, ["/discounts/1"], id="one id twice"),
        pytest.param(
            {"discounts": [TEN | {"id": str(n)} for n in range(65)]},
            ["/discounts"],
            id="too many",
        ),
        pytest.param(
            {
                "stacking": {
                    "order": "random",
                    "limit": 1,
                    "groups": [{"id": "g", "limit": 0}],
                }
            },
            [
                "/stacking/order",
                "/stacking/groups/0/limit",
                "/stacking/limit",
            ],
            id="a policy",
        ),
        pytest.param(
            {"stacking": {"choice": "best_one", "validation": "all_or_nothing"}},
            ["/stacking/validation"],
            id="the best of all or nothing",
        ),
        pytest.param(
            {
                "floors": [
                    {"sku": "a", "price_minor": -1},
                    {"sku": "a", "price_minor": 1},
                ]
            },
            ["/floors/0/price_minor", "/floors/1"],
            id="floors",
        ),
    ],
)
def test_a_bad_document_is_refused_with_pointers(
    document: dict[str, Any], pointers: list[str]
) -> None:
    _, faults = read(document)

    assert [fault.pointer for fault in faults] == pointers


def test_a_formula_is_read_by_who_reads_the_program() -> None:
    document = a_document(kind="formula", formula="half")
    rules, faults = read(
        document, formulas=lambda node: {"half": half}[node.text("formula")]
    )

    assert faults == []
    assert evaluate((a_line(10_00),), rules.discounts).discount_minor == 5_00


def half(values: Any) -> int:
    return values["amount_minor"] // 2


def test_what_is_not_said_has_its_default() -> None:
    (one,) = read({"discounts": [TEN]})[0].discounts

    assert one.match is ANY_LINE
    assert (one.value, one.spread, one.conditions) == (1_000, "", ())
