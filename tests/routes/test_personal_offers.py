"""A member's own offers over HTTP: ranked, and why not the others."""

import asyncio
from typing import Any

from api.learned import REFRESH_SECONDS, Learned
from loyalty.program_document import program_from
from loyalty.ranking import Response
from loyalty.view import view_of
from schemas.views import encode_view
from stores.member_views_contract import ViewWrite
from stores.memory_questions import MemoryQuestions
from tests.builders import NOON, an_order
from tests.routes.client import Client
from tests.rules.folding import fold

OFFERS: list[dict[str, Any]] = [
    {"id": "cake", "name": "Cake", "category": "sweet", "valid_days": 36},
    {"id": "pie", "name": "Pie", "category": "sweet", "valid_days": 36, "weight": 0},
    {
        "id": "tea",
        "name": "Tea",
        "valid_days": 36,
        "usable": {"stores": ["north"]},
    },
    {"id": "late", "name": "Late", "orders_min": 3},
]
PROGRAM = program_from({"program": "p", "currency": "USD", "personal_offers": OFFERS})


def ask(query: str = "", **more: Any) -> Any:
    """Offers of a member with one order, a while ago."""
    client = Client(PROGRAM, **more)
    member = fold([an_order(occurred_at=NOON)], PROGRAM).member
    view = view_of("member-1", member, PROGRAM)
    write = ViewWrite("member-1", view.version, encode_view(view))
    asyncio.run(client.views.put([write]))
    return client.call("GET", f"/v1/members/member-1/personal-offers{query}")


def test_offers_are_ranked_and_the_others_say_why() -> None:
    found = ask("?per_category_max=1").json()

    assert {one["offer_id"] for one in found["items"]} == {"cake", "tea"}
    assert found["items"][0]["why"] == "every condition holds"
    assert found["withheld"] == [
        {
            "offer_id": "pie",
            "reason": "category",
            "detail": "enough of sweet",
            "missing": 0,
            "from_at": None,
            "until_at": None,
        },
        {
            "offer_id": "late",
            "reason": "orders",
            "detail": "2 more orders",
            "missing": 2,
            "from_at": None,
            "until_at": None,
        },
    ]


def test_an_offer_is_usable_where_it_says() -> None:
    for query, usable in (("", False), ("?store_id=north", True)):
        items = {one["offer_id"]: one for one in ask(query).json()["items"]}
        assert items["tea"]["usable_now"] is usable
        assert items["cake"]["usable_now"] is True


def test_nobody_and_wrong_limits_are_told() -> None:
    client = Client(PROGRAM)
    path = "/v1/members/nobody/personal-offers"
    assert client.call("GET", path).status_code == 404
    assert ask("?limit=0").status_code == 422


def test_responses_are_asked_now_and_then_and_kept_while_the_store_is_away() -> None:
    questions, now = MemoryQuestions(), [1_000.0]
    questions.rows["offer_responses"] = [("cake", "gold", 40, 5, 4)]

    async def run() -> None:
        learned = Learned(questions, lambda: now[0])
        assert learned.of("gold") == {}
        await learned.settled()
        assert learned.of("gold") == {"cake": Response(40, 4)}
        assert learned.of("base") == {}
        questions.is_available = False
        now[0] += REFRESH_SECONDS
        learned.of("gold")
        await learned.settled()
        assert learned.of("gold") == {"cake": Response(40, 4)}

    asyncio.run(run())
    assert len(questions.asked) == 1
