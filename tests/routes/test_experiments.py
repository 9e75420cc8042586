"""Experiments over HTTP: which there are, and what they did."""

from typing import Any

import pytest

from loyalty.program_document import program_from
from tests.routes.client import Client

ARMS = [
    {"id": "control", "percent": 50, "without": True},
    {"id": "double", "percent": 50},
]
PROGRAM = program_from(
    {
        "program": "trial",
        "currency": "USD",
        "holdout_percent": 5,
        "bonuses": [
            {
                "id": "rainy",
                "kind": "add",
                "points": 5,
                "experiment": {"id": "rainy-trial", "arms": ARMS},
            }
        ],
    }
)


def row(arm: str, members: int, each: float) -> tuple[Any, ...]:
    """An arm whose members spent so much each, give or take 20, and nothing before."""
    squares = members * (each**2 + 400)
    return (arm, members, 2 * members, 5 * members, each * members, squares) + (
        (0.0,) * 5
    )


def ask(rows: list[tuple[Any, ...]], path: str = "rainy-trial/results") -> Any:
    """Answer of a path, with these arms in the store."""
    client = Client(PROGRAM)
    client.questions.rows["experiment_arms"] = rows
    client.questions.rows["experiments"] = [
        ("rainy-trial", "double", 12, 1, 2),
        ("old", "a", 3, 1, 2),
    ]
    return client.call("GET", f"/v1/experiments/{path}".rstrip("/"))


def test_experiments_are_those_of_the_program_and_those_that_were_met() -> None:
    items = ask([], "").json()["items"]

    assert [(one["experiment_id"], one["is_in_program"]) for one in items] == [
        ("holdout", True),
        ("old", False),
        ("rainy-trial", True),
    ]
    assert items[0]["arms"] == [
        {"arm_id": "held-out", "percent": 5, "members": 0},
        {"arm_id": "treated", "percent": 95, "members": 0},
    ]
    assert items[2]["arms"][1] == {"arm_id": "double", "percent": 50, "members": 12}


def test_the_control_comes_first_and_others_are_told_against_it() -> None:
    found = ask([row("double", 1_000, 110.0), row("control", 1_000, 100.0)]).json()

    control, double = found["arms"]
    assert (control["arm_id"], control["verdict"]) == ("control", "control")
    assert control["value_minor"] is None
    assert (double["value_minor_each"], double["orders_each"]) == (110.0, 2.0)
    difference = double["value_minor"]
    assert difference["mean"] == 10.0
    once, always = difference["once"], difference["always"]
    assert 0 < always["low"] < once["low"] < 10 < once["high"] < always["high"]
    assert (double["verdict"], found["standing"]) == ("higher", "")


def test_arms_of_the_wrong_size_have_no_verdict() -> None:
    found = ask([row("double", 1_300, 110.0), row("control", 1_000, 100.0)]).json()

    assert found["standing"] == "sample-ratio-mismatch"
    assert found["mismatch_probability"] < 0.001
    assert found["arms"][1]["verdict"] == "undecided"


@pytest.mark.parametrize(
    ("rows", "standing"),
    [
        ([], "nobody-exposed"),
        (
            [row("control", 9, 1.0), row("double", 9, 1.0), row("gone", 2, 1.0)],
            "arms-not-in-program",
        ),
    ],
)
def test_an_experiment_that_cannot_be_judged_says_why(
    rows: list[tuple[Any, ...]], standing: str
) -> None:
    assert ask(rows).json()["standing"] == standing


@pytest.mark.parametrize(
    ("path", "status"),
    [("nothing/results", 404), ("rainy-trial/results?days=0", 422)],
)
def test_what_is_asked_wrongly_is_refused(path: str, status: int) -> None:
    assert ask([], path).status_code == status


def test_results_need_the_right_of_analysts() -> None:
    client = Client(PROGRAM)
    client.token = client.tokens.token(scope="members:read")
    path = "/v1/experiments/rainy-trial/results"
    assert client.call("GET", path).status_code == 403
