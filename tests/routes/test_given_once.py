"""A parameter that is given twice is refused and named, whichever route it is of."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import pytest

from tests.routes.client import Client

CLIENT: Final = Client(stream_seconds_max=0.2)
CLIENT.hold_member(orders=3)
MEMBER: Final = "/v1/members/member-1"
# Lines of it are one list, whoever sends it.
LISTS_OF_HEADERS: Final = ("If-None-Match",)


class Place(NamedTuple):
    """A parameter of an operation."""

    method: str
    path: str
    kind: str
    name: str
    is_list: bool


def places() -> Iterator[Place]:
    """All that OpenAPI names, but for those of paths, which cannot be repeated."""
    for path, operations in CLIENT.app.openapi()["paths"].items():
        for method, operation in operations.items():
            for parameter in operation.get("parameters", ()):
                if parameter["in"] != "path":
                    yield _place(method.upper(), path, parameter)


def _place(method: str, path: str, parameter: dict[str, Any]) -> Place:
    name, kind = parameter["name"], parameter["in"]
    is_list = parameter["schema"].get("type") == "array" or name.lower() in {
        listed.lower() for listed in LISTS_OF_HEADERS
    }
    return Place(method, path, kind, name, is_list)


def _asked(place: Place) -> list[str]:
    """What is said to be given more than once."""
    twice = [(place.name, "1"), (place.name, "2")]
    path = place.path.replace("{member_id}", "member-1")
    options: dict[str, Any] = (
        {"params": twice} if place.kind == "query" else {"headers": twice}
    )
    if place.method != "GET":
        options["json"] = {}
    answer = CLIENT.call(place.method, path, **options)
    faults = answer.json().get("errors", []) if answer.status_code == 422 else []
    return [
        fault["pointer"] for fault in faults if fault["detail"].startswith("is given")
    ]


@pytest.mark.parametrize("place", [place for place in places() if not place.is_list])
def test_a_parameter_that_is_given_twice_is_named(place: Place) -> None:
    name = place.name if place.kind == "query" else place.name.lower()

    assert _asked(place) == [f"{place.kind}/{name}"]


@pytest.mark.parametrize("place", [place for place in places() if place.is_list])
def test_a_list_may_be_given_piece_by_piece(place: Place) -> None:
    assert _asked(place) == []


def test_what_is_found_more_than_once_is_a_problem_with_all_of_its_names() -> None:
    question = "limit=1&wallet=points&limit=2&limit=2&wallet=points&other=1&other=2"

    answer = CLIENT.call("GET", f"{MEMBER}/ledger?{question}")

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/invalid-request"
    assert answer.json()["errors"] == [
        {"pointer": "query/limit", "detail": "is given 3 times, not once"},
        {"pointer": "query/wallet", "detail": "is given 2 times, not once"},
    ]


def test_what_no_parameter_is_called_may_be_there_twice() -> None:
    answer = CLIENT.call("GET", f"{MEMBER}/offers?seen=1&seen=2&limit=3")

    assert answer.status_code == 200


def test_the_names_of_headers_are_the_same_in_capitals() -> None:
    keys = [("idempotency-key", "a"), ("Idempotency-Key", "b")]
    body = {"wallet": "points", "points": 5, "reward_id": "coffee"}

    answer = CLIENT.call("POST", f"{MEMBER}/redemptions", json=body, headers=keys)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "header/idempotency-key"


def test_who_may_not_ask_is_not_told_what_is_wrong_with_the_question() -> None:
    path = f"{MEMBER}/offers?limit=1&limit=2"

    answer = CLIENT.call("GET", path, headers={"Authorization": "Bearer nonsense"})

    assert answer.status_code == 401
