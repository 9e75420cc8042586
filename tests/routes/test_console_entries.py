"""Fields of a rule's form: out of its document, and back without losing a thing."""

from typing import Any

import pytest

from api.console.rulebook.entries import document_of_form, entry_of
from api.console.rulebook.fields import FORMS, Field, started
from api.console.rulebook.pointers import field_at

VISIT = FORMS["earn", "visit"]
RICH: dict[str, Any] = {
    "id": "rich",
    "kind": "visit",
    "points": 10,
    "minimum_minor": 1250,
    "pending": {"delay_days": 3},
    "match": {"categories": ["tea", "coffee"], "kinds": ["DELIVERY"]},
    "caps": [
        {"period": "day", "times": 1, "clock": "member"},
        {"period": "week", "points": 50},
    ],
    "when": {
        "channels": ["APP", "UNKNOWN"],
        "schedule": {
            "clock": "member",
            "day_parts": [
                {"days": ["mon"], "from": "11:00", "to": "14:00"},
                {"days": ["sat"]},
            ],
        },
    },
}


def fields_of(groups: Any) -> list[Field]:
    return [field for _, group in groups for field in group]


def as_sent(groups: Any, document: dict[str, Any], **changed: str) -> dict[str, str]:
    """What a browser sends for a form as it was shown, and what was changed."""
    sent: dict[str, str] = {}
    for field in fields_of(groups):
        entry = entry_of(field, document)
        name = f"f.{field.name}"
        sent[name] = entry if isinstance(entry, str) else ""
        if isinstance(entry, frozenset):
            sent |= {f"{name}.{c}": "1" for c in field.choices if c in entry}
        if entry is True:
            sent[f"{name}.yes"] = "1"
    return sent | {f"f.{name}": value for name, value in changed.items()}


TEMPLATE = FORMS["templates", ""]


def test_the_words_of_a_message_keep_their_lines() -> None:
    begun = started("templates", "")
    words = {"push_title": "Almost there", "email_body": "Hello,\r\n\r\nsee you."}
    sent = as_sent(TEMPLATE, begun, **words)

    written = document_of_form(TEMPLATE, sent, begun)

    assert written["texts"] == {
        "push": {"title": "Almost there"},
        "email": {"body": "Hello,\n\nsee you."},
    }
    assert document_of_form(TEMPLATE, as_sent(TEMPLATE, written), written) == written


def test_a_channel_without_words_is_none_of_the_message() -> None:
    texts = {"push": {"body": "Hello"}, "sms": {"body": "Hello"}}
    before = {"id": "hello", "purpose": "marketing", "texts": texts}

    written = document_of_form(TEMPLATE, as_sent(TEMPLATE, before, sms_body=""), before)

    assert written["texts"] == {"push": {"body": "Hello"}}


@pytest.mark.parametrize("place", FORMS, ids=" ".join)
def test_a_form_sent_as_it_was_shown_changes_nothing(place: tuple[str, str]) -> None:
    document = started(*place)
    sent = as_sent(FORMS[place], document)

    assert document_of_form(FORMS[place], sent, document) == document


def test_what_a_form_does_not_show_stays() -> None:
    after = document_of_form(VISIT, as_sent(VISIT, RICH), RICH)

    assert after == RICH


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"points": "20"}, {"points": 20}),
        ({"points": "many"}, {"points": "many"}),
        ({"minimum": "3,5"}, {"minimum_minor": 350}),
        ({"budget": " spring "}, {"budget": "spring"}),
        (
            {"categories": "tea, , cake"},
            {"match": {"categories": ["tea", "cake"], "kinds": ["DELIVERY"]}},
        ),
        ({"cap_times": ""}, {"caps": [{"period": "week", "points": 50}]}),
    ],
)
def test_one_field_changes_one_place(changed: dict, expected: dict) -> None:
    after = document_of_form(VISIT, as_sent(VISIT, RICH, **changed), RICH)

    assert after == RICH | expected


def test_a_choice_beside_nothing_says_nothing() -> None:
    plain = {"id": "plain", "kind": "visit", "points": 10}
    sent = as_sent(VISIT, plain, clock="member", cap_period="week")

    assert document_of_form(VISIT, sent, plain) == plain


def test_a_new_part_says_all_that_the_form_shows_of_it() -> None:
    plain = {"id": "plain", "kind": "visit", "points": 10}
    sent = as_sent(VISIT, plain, cap_times="2")

    after = document_of_form(VISIT, sent, plain)
    assert after["caps"] == [{"times": 2, "period": "day"}]


@pytest.mark.parametrize(
    ("pointer", "name"),
    [
        ("/rule/points", "points"),
        ("/rule/when/tiers/0", "tiers"),
        ("/rule/caps/0/points", "cap_points"),
        ("/rule/caps", "cap_times"),
        ("/rule/id", "id"),
        ("/rule/pending/delay_days", ""),
        ("/rule", ""),
        ("", ""),
    ],
)
def test_what_is_said_stands_at_its_field(pointer: str, name: str) -> None:
    assert field_at(VISIT, pointer) == name
