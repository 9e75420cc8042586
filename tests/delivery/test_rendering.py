"""Templates: strict, bounded, and unable to do anything but speak (FAULTS G1)."""

import time
from pathlib import Path

import pytest

from delivery.rendering import TemplateFault, faults_of, names_in, rendered
from loyalty.messages import ChannelText
from stores.programs import ProgramBuilder, load_document


def text(body: str, *, title: str = "T", html: str = "") -> ChannelText:
    return ChannelText("email", title, body, html)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("{{ name }}, {{ points }} points", "Ann, 30 points"),
        ("{{ name | upper }}", "ANN"),
        ("{% if points == '30' %}soon{% else %}later{% endif %}", "soon"),
        ("{{ 'yes' if name and not empty else 'no' }}", "yes"),
        ("<b>{{ tag }}</b>", "<b><i></b>"),
    ],
)
def test_a_template_is_filled(body: str, expected: str) -> None:
    values = {"name": "Ann", "points": "30", "empty": "", "tag": "<i>"}

    assert rendered(text(body), values).body == expected


def test_html_is_escaped_and_a_title_is_one_line() -> None:
    made = rendered(
        text("x", title="{{ name }}", html="<p>{{ name }}</p>"),
        {"name": "<b>\r\nBcc: all@example.com"},
    )

    assert made.html == "<p>&lt;b&gt;\r\nBcc: all@example.com</p>"
    assert made.title == "<b> Bcc: all@example.com"


BAD = [
    "{% for x in range(10) %}{% endfor %}",
    "{{ name.__class__.__mro__ }}",
    "{{ name['x'] }}",
    "{{ range(10) }}",
    "{{ 'a' * 1000000000 }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ name | pprint }}",
    "{{ name | attr('x') }}",
    "{% set x = 1 %}",
    "{% include 'x' %}",
    "{% import 'x' as y %}",
    "{% macro m() %}{% endmacro %}",
    "{{ __import__('os') }}",
    "{{ unfinished",
    "{% if x %}",
    "{{ " + "(" * 5_000 + "1" + ")" * 5_000 + " }}",
    "{{ x }}" * 3_000,
    # What Python's own compiler would refuse.
    "{% if x %}" * 99 + "{% endif %}" * 99,
    "{{ " + "not " * 250 + "x }}",
    "{{ x" + " | upper" * 250 + " }}",
    "{{ " + "9" * 5_000 + " }}",
]


@pytest.mark.parametrize("body", BAD, ids=[body[:30] for body in BAD])
def test_whatever_could_do_more_than_speak_is_refused_soon(body: str) -> None:
    started = time.perf_counter()

    assert [fault.part for fault in faults_of(text(body))] == ["body"]
    assert time.perf_counter() - started < 2


def test_a_name_without_a_value_is_a_fault_that_says_where() -> None:
    with pytest.raises(TemplateFault, match="'points' is undefined") as found:
        rendered(text("x", title="{{ points }}"), {})

    assert found.value.part == "title"


def test_names_are_known_before_there_are_values() -> None:
    assert names_in(text("{{ a }} {% if b %}{{ c | upper }}{% endif %}")) == set("abc")


PROGRAMS = sorted((Path(__file__).parents[2] / "programs").glob("*.yaml"))


@pytest.mark.parametrize("path", PROGRAMS, ids=[path.stem for path in PROGRAMS])
def test_every_template_of_the_example_programs_is_sound(path: Path) -> None:
    program = ProgramBuilder()(load_document(path)).latest

    assert [
        (template.template_id, fault.message)
        for template in program.templates
        for text in template.texts
        for fault in faults_of(text)
    ] == []
