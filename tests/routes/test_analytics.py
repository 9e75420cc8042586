"""The dashboards' questions, asked by JSON."""

from datetime import date

import pytest

from stores.questions import QUESTIONS
from tests.builders import NOON
from tests.routes.client import Client

SPAN = "from_at=2024-01-01T00:00:00Z&until_at=2024-02-01T00:00:00Z"


def test_the_list_names_every_question_and_its_columns() -> None:
    items = Client().call("GET", "/v1/analytics").json()["items"]

    assert [one["question"] for one in items] == list(QUESTIONS)
    assert {"name": "value_minor", "kind": "minor"} in items[1]["columns"]


def test_an_answer_tells_days_and_times_as_people_write_them() -> None:
    client = Client()
    client.questions.rows["cohort_members"] = [("m", NOON, NOON, 2, 500)]
    client.questions.rows["tier_weeks"] = [(date(2024, 1, 8), 3, 1)]
    members = client.call("GET", "/v1/analytics/cohort_members?day=2024-01-01").json()
    weeks = client.call("GET", f"/v1/analytics/tier_weeks?{SPAN}").json()

    assert members["rows"] == [
        ["m", "2024-01-15T12:00:00.000Z", "2024-01-15T12:00:00.000Z", 2, 500]
    ]
    assert weeks["rows"] == [["2024-01-08", 3, 1]]
    assert weeks["is_cut"] is False


def test_a_question_is_told_of_the_program_and_of_what_was_asked() -> None:
    client = Client()
    client.call("GET", f"/v1/analytics/order_rows?{SPAN}&store=north&limit=7")
    [(name, told)] = client.questions.asked

    assert name == "order_rows"
    assert (told["store"], told["limit"], told["zone"]) == ("north", 7, "UTC")
    assert told["until_at"] - told["from_at"] == 31 * 86_400_000


@pytest.mark.parametrize(
    ("path", "status", "problem"),
    [
        ("/v1/analytics/nothing", 404, "question-not-found"),
        ("/v1/analytics/daily", 422, "invalid-request"),
        ("/v1/analytics/daily?from_at=soon", 422, "invalid-request"),
        ("/v1/analytics/order_rows?limit=0", 422, "invalid-request"),
        ("/v1/analytics/order_rows?limit=5001", 422, "invalid-request"),
        ("/v1/analytics/expiring_members?day=2024-13-01", 422, "invalid-request"),
    ],
)
def test_what_is_asked_wrongly_is_refused(path: str, status: int, problem: str) -> None:
    answer = Client().call("GET", path)

    assert answer.status_code == status
    assert answer.json()["type"] == f"/problems/{problem}"


def test_an_answer_needs_its_right_and_no_member_has_it() -> None:
    client = Client()
    for claims in ({"scope": "members:read"}, {"member_id": "member-1"}):
        client.token = client.tokens.token(**claims)
        assert client.call("GET", "/v1/analytics/wallets").status_code == 403


def test_without_clickhouse_it_is_to_be_tried_again() -> None:
    client = Client()
    client.questions.is_available = False

    assert client.call("GET", "/v1/analytics/wallets").status_code == 503
