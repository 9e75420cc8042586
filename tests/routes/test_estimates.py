"""What would be: the same as what then is, and why it is not more."""

import asyncio
from typing import Any

import pytest

from api.estimating import Estimator
from api.rule_doubts import Asked, doubt_of
from loyalty.conditions import ANY_OF, Joint, When
from loyalty.limits import OFFERS_MAX
from loyalty.member import NEW_MEMBER
from loyalty.program_document import program_from
from loyalty.rules import EarnRule
from tests.builders import NOON, a_program, an_order
from tests.routes.client import Client
from tests.routes.programs import EVERYTHING
from tests.routes.test_commands import an_order_body

ANN = "/v1/members/member-1"
MINUTE = 60_000


@pytest.fixture
def client() -> Client:
    """A member of 450 dollars today: 50 points are left of the day's cap."""
    made = Client(EVERYTHING)
    made.earn(450)
    return made


def a_basket(dollars: int, order_id: str = "o2", **fields: Any) -> dict[str, Any]:
    line = an_order_body(order_id)["lines"][0] | {"unit_price_minor": dollars * 100}
    return an_order_body(
        order_id,
        lines=[line],
        total_minor=dollars * 100,
        subtotal_minor=dollars * 100,
        occurred_at=NOON + MINUTE,
        **fields,
    )


def estimate(client: Client, order: dict[str, Any], **more: Any) -> Any:
    answer = client.call("POST", "/v1/estimates", json={"order": order, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def rules(found: Any) -> dict[str, tuple[int, int, int]]:
    return {
        rule["rule_id"]: (rule["points"], rule["pending"], rule["before_caps"])
        for rule in found["rules"]
    }


def test_each_rule_says_what_it_gives_and_what_a_cap_took(client: Client) -> None:
    found = estimate(client, a_basket(120))
    spend = next(rule for rule in found["rules"] if rule["rule_id"] == "spend")

    assert rules(found) == {
        "spend": (50, 0, 120),
        "stamp": (1, 0, 1),
        "late": (0, 7, 7),
        "basket": (25, 0, 25),
    }
    assert spend["limited_by"] == ["spend: at most 500 points a day, 50 left"]


def test_every_other_rule_says_why_not(client: Client) -> None:
    found = estimate(client, a_basket(20))
    why = {rule["rule_id"]: rule["reason"] for rule in found["rules_without"]}

    assert why == {
        "late": "below-minimum",
        "web-only": "channel",
        "drinks": "no-lines",
        "gold-only": "tier",
        "step": "too-little",
        "review": "activity",
        "slow": "cap",
        "basket": "below-minimum",
        "third": "order-number",
        "weekly": "goes-on",
        "month": "not-joined",
        "orders": "goes-on",
    }
    details = {rule["rule_id"]: rule["why_not"] for rule in found["rules_without"]}
    assert details["basket"] == "8000 minor units below the minimum"
    assert details["slow"] == "slow gave less than its cooldown ago"
    assert details["orders"] == "2 of 5 orders"
    assert details["weekly"] == "1 of 3 weeks in a row"
    distances = {
        rule["rule_id"]: rule["distance"]["text"]
        for rule in found["rules_without"]
        if rule["distance"]
    }
    assert distances == {
        "basket": "8000 more minor units",
        "gold-only": "501 more tier points",
        "late": "3000 more minor units",
        "orders": "3 more orders",
        "third": "1 more order",
        "weekly": "2 more weeks",
    }
    assert len(found["rules"]) + len(found["rules_without"]) == len(EVERYTHING.rules)


@pytest.mark.parametrize("dollars", [0, 1, 20, 120, 600, 2_000])
def test_what_was_estimated_is_what_comes(client: Client, dollars: int) -> None:
    order = a_basket(dollars)
    before = client.call("GET", ANN).json()
    found = estimate(client, order)
    assert client.call("GET", ANN).json() == before

    client.call("POST", "/v1/orders", json=order)

    member = client.call("GET", ANN).json()
    assert {w["wallet"]: w["balance_after"] for w in found["wallets"]} == {
        w["wallet_id"]: w["balance"] for w in member["wallets"]
    }
    assert (found["tier_before"], found["tier_after"]) == (
        before["tier"],
        member["tier"],
    )
    assert found["offers_after"] == member["offers"]
    earned = client.call("GET", f"{ANN}/ledger").json()["items"]
    assert sum(points for points, _, _ in rules(found).values()) == sum(
        row["points"] for row in earned if row["order_id"] == "o2"
    )


def test_a_stamp_card_that_fills_up_is_seen_in_the_wallets() -> None:
    client = Client(EVERYTHING)
    for number in range(9):
        client.earn(1, order=f"s{number}", after_ms=number)
    stamps = client.call("GET", ANN).json()["stamps"]
    found = estimate(client, a_basket(1))
    wallets = {wallet["wallet"]: wallet for wallet in found["wallets"]}

    assert [(card["stamps"], card["target"]) for card in stamps] == [(9, 10)]
    assert wallets["stamps"]["balance_after"] == 0
    before, after = (wallets["points"][f"balance_{w}"] for w in ("before", "after"))
    assert after - before == 101


def test_whoever_is_no_member_yet_counts_as_a_new_one() -> None:
    found = estimate(Client(EVERYTHING), a_basket(20))

    assert (found["version"], found["tier_before"]) == (0, "")
    assert rules(found)["spend"] == (20, 0, 20)
    assert found["tier_after"] == "base"


def test_rewards_asked_for_are_judged_as_after_the_order(client: Client) -> None:
    client.ask("POST", f"{ANN}/redemptions", points=450)
    found = estimate(client, a_basket(20), offer_ids=["coffee", "meal", "nothing"])

    assert [(o["reward_id"], o["available"], o["points_missing"]) for o in found["offers"]] == [
        ("coffee", True, 0),
        ("meal", False, 151),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "status", "reason"),
    [
        ({"order_id": "o1"}, 409, "order-conflict"),
        ({"currency": "EUR"}, 409, "currency"),
        ({"kind": "CANCELLED"}, 422, None),
        ({"occurred_at": NOON // 1000}, 422, "time-too-early"),
        ({"member_id": "budget:x"}, 422, "key-reserved"),
        ({"x": 1}, 422, None),
    ],
)
def test_an_order_that_would_not_be_taken_is_not_estimated(
    client: Client, change: dict[str, Any], status: int, reason: str | None
) -> None:
    body = {"order": a_basket(20) | change}
    answer = client.call("POST", "/v1/estimates", json=body)

    assert (answer.status_code, answer.json().get("reason")) == (status, reason)


def test_more_offers_than_a_program_has_are_not_asked_for(client: Client) -> None:
    body = {"order": a_basket(20), "offer_ids": ["x"] * (OFFERS_MAX + 1)}
    assert client.call("POST", "/v1/estimates", json=body).status_code == 422


def test_the_catalogue_says_what_is_to_be_had_and_what_is_missing() -> None:
    client = Client(EVERYTHING)
    client.earn(100)
    items = client.call("GET", f"{ANN}/rewards").json()["items"]

    assert [(i["reward_id"], i["cost_points"], i["points_missing"], i["available"], i["reason"]) for i in items] == [
        ("coffee", 40, 0, True, None),
        ("meal", 200, 71, False, "insufficient-points"),
        ("lounge", 10, 0, False, "reward-not-available"),
    ]  # fmt: skip
    assert items[2]["affordable"] is True
    assert items[1]["why_not"] == "200 points asked for, 129 there"


def test_a_higher_tier_pays_its_own_price() -> None:
    client = Client(EVERYTHING)
    for day in range(3):
        client.earn(500, order=f"d{day}", after_ms=day * 86_400_000)
    client.now_seconds += 3 * 86_400
    items = client.call("GET", f"{ANN}/rewards").json()["items"]

    assert {i["reward_id"]: (i["cost_points"], i["available"]) for i in items} == {
        "coffee": (30, True),
        "meal": (200, True),
        "lounge": (10, True),
    }


def test_points_that_have_ended_by_now_buy_nothing(client: Client) -> None:
    client.now_seconds += 40 * 86_400
    items = client.call("GET", f"{ANN}/rewards").json()["items"]

    assert [item["balance"] for item in items] == [0, 0, 0]


@pytest.mark.parametrize("path", ["estimates", "rewards"])
def test_without_states_there_are_no_estimates(path: str) -> None:
    client = Client(EVERYTHING)
    client.publisher.tells_states = False
    client.earn(10)
    if path == "rewards":
        answer = client.call("GET", f"{ANN}/rewards")
    else:
        body = {"order": a_basket(20)}
        answer = client.call("POST", "/v1/estimates", json=body)

    assert answer.status_code == 501
    assert answer.json()["type"] == "/problems/state-not-kept"
    assert client.call("GET", ANN).status_code == 200


def test_the_catalogue_is_for_members() -> None:
    assert Client().call("GET", "/v1/members/nobody/rewards").status_code == 404


def test_an_estimate_needs_redis(client: Client) -> None:
    client.views.is_available = False
    body = {"order": a_basket(20)}
    assert client.call("POST", "/v1/estimates", json=body).status_code == 503


def test_many_estimates_at_once_disturb_no_one(client: Client) -> None:
    async def crowd() -> list[int]:
        import httpx

        transport = httpx.ASGITransport(client.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://t") as http:
            body = {"order": a_basket(120)}
            http.headers.update(client.headers())
            asks = [http.post("/v1/estimates", json=body) for _ in range(20)]
            return [a.json()["rules"][0]["points"] for a in await asyncio.gather(*asks)]

    assert asyncio.run(crowd()) == [50] * 20


def test_a_rule_says_what_was_not_bought_and_what_only_remembers_says_nothing() -> None:
    bought = [{"categories": ["food", "COFFEE SHOP", "coffee"], "times_min": 2}]
    document = {
        "program": "p",
        "currency": "USD",
        "earn": [
            {"id": "again", "kind": "visit", "points": 5, "when": {"bought": bought}}
        ],
    }
    client = Client(program_from(document), has_console=False)
    client.earn(20)

    found = estimate(client, a_basket(20))

    assert found["rules"] == []
    (why,) = found["rules_without"]
    assert (why["rule_id"], why["reason"]) == ("again", "bought")


def test_a_rule_that_holds_in_other_cases_says_so() -> None:
    web = When(channels=frozenset({"WEB"}))
    rule = EarnRule("web", "visit", 1, when=When(joints=(Joint(ANY_OF, (web,)),)))
    asked = Asked(an_order(), a_program(rule), NEW_MEMBER, NEW_MEMBER)

    assert doubt_of(asked, rule, ()).reason == "cases"


def test_a_reward_that_could_not_even_be_asked_for_says_why() -> None:
    estimator = Estimator(EVERYTHING)
    ahead = NEW_MEMBER._replace(activity_horizon_at=NOON + MINUTE)

    trials = estimator.rewards(ahead, "member-1", at=NOON)

    assert {trial.reason for trial in trials} == {"beyond-horizon"}
    assert all("were closed" in trial.detail for trial in trials)
