"""Journeys on the console: the funnel, and the drawing on a rule's page."""

import yaml

from api.console.journeys import drawn_steps, funnels_of
from tests.journeys.test_examples import BLOCKS, the_examples
from tests.routes.client import Client
from tests.routes.desk import Visitor

ROWS = [
    ("welcome", "#exited", 1, 1, 0),
    ("welcome", "gone", 2, 2, 0),
    ("welcome", "hello", 9, 9, 1),
    ("welcome", "#entered", 9, 9, 0),
    ("welcome", "morning", 8, 8, 0),
    ("review", "ask", 3, 2, 0),
]
NAMES = ("journey", "step", "times", "members", "withheld")


def test_steps_stand_in_the_order_in_which_they_are_written() -> None:
    records = [dict(zip(NAMES, row, strict=True)) for row in ROWS]
    review, welcome = funnels_of(records, the_examples())

    assert (review.journey_id, review.most) == ("review", 2)
    assert [row["step"] for row in welcome.rows] == [
        "#entered",
        "hello",
        "morning",
        "gone",
        "#exited",
    ]


def test_the_page_shows_each_journey_and_leads_to_its_members() -> None:
    client = Client()
    client.questions.rows["journey_steps"] = list(ROWS)
    page = Visitor(client).sign_in("analyst").get("/journeys")

    assert page.status_code == 200
    assert "came in" in page.text
    assert "rows/journey_members?" in page.text
    assert "journey=welcome&amp;step=%23entered" in page.text


def test_a_page_without_journeys_says_so() -> None:
    page = Visitor(Client()).sign_in("analyst").get("/journeys")

    assert "Nobody was in a journey" in page.text


def test_a_journey_is_drawn_step_by_step_and_no_other_rule_is() -> None:
    steps = drawn_steps("journeys", yaml.safe_load(BLOCKS[1]), "USD")

    assert [step.step_id for step in steps][:3] == ["hello", "morning", "app"]
    assert [way.to for way in steps[2].ways] == ["second", "show"]
    assert drawn_steps("earn", {"points": 1}, "USD") == []


def test_a_journey_that_is_written_is_drawn_on_its_page() -> None:
    text = "id: j\nentry: {event: order}\nsteps: [{id: five, kind: give, points: 5}]\n"
    mia = Visitor(Client()).sign_in("marketer", "Mia")
    page = "/new-rule?section=journeys&kind=text"
    answer = mia.send("/new-rule", page, text=text)
    assert answer.headers["location"] == "/console/rules/j?done=drafted", answer.text

    drawn = mia.get("/rules/j").text
    assert 'id="step-five"' in drawn
    assert "give 5 points" in drawn
    assert "the end" in drawn
