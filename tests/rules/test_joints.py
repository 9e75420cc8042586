"""Conditions joined by all, any and none of several cases."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.conditions import ALL_OF, ANY_OF, JOINTS, Joint, When
from loyalty.document import InvalidProgram
from loyalty.limits import CASE_DEPTH_MAX, CASES_MAX
from loyalty.member import Profile
from loyalty.moments import Moment, holds
from loyalty.program_document import program_from
from loyalty.publishing.coverage import when_covers
from stores.programs import EDGE_CALENDARS
from tests.builders import A_FULL_PROGRAM, NOON, an_order
from tests.rules.local_times import at
from tests.rules.town import Town

NAMES = ("a", "b", "c")
BITES = {
    "any_of": [
        {"channels": ["APP"], "none_of": [{"stores": ["airport"]}]},
        {
            "all_of": [
                {"segments": ["vip"]},
                {"schedule": {"day_parts": [{"days": ["sat", "sun"]}]}},
            ]
        },
    ]
}


def program(when: dict[str, Any]) -> Any:
    """A program whose only rule asks something."""
    rule = {"id": "visit", "kind": "visit", "points": 10, "when": when}
    document = {"program": "p", "currency": "USD", "earn": [rule]}
    return program_from(document, EDGE_CALENDARS)


@pytest.mark.parametrize(
    ("day", "store", "channel", "points"),
    [
        pytest.param("2026-03-04", "soho", "APP", 10, id="the first case"),
        pytest.param("2026-03-04", "airport", "APP", 0, id="but not there"),
        pytest.param("2026-03-04", "soho", "WEB", 0, id="no case"),
        pytest.param("2026-03-07", "airport", "WEB", 0, id="half of a case is none"),
    ],
)
def test_a_rule_holds_in_its_cases(
    day: str, store: str, channel: str, points: int
) -> None:
    town = Town(program(BITES))
    order = an_order("o-1", subtotal_minor=10_00, occurred_at=at(f"{day}T12:00", "UTC"))
    town.place(order._replace(store_id=store, channel=channel))

    assert town.balance() == points
    town.check_books()


WHENS: st.SearchStrategy[When] = st.recursive(
    st.builds(
        lambda stores, segments: When(stores=stores, segments=segments),
        st.frozensets(st.sampled_from(NAMES), max_size=2),
        st.frozensets(st.sampled_from(NAMES), max_size=2),
    ),
    lambda inner: st.builds(
        lambda when, kind, cases: when._replace(joints=(Joint(kind, tuple(cases)),)),
        inner,
        st.sampled_from(JOINTS),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=6,
)


def plainly(when: When, store: str, segments: frozenset[str]) -> bool:
    """The same judgement, by nothing but Python's own all and any."""
    told = [not when.stores or store in when.stores]
    told.append(not when.segments or bool(when.segments & segments))
    for joint in when.joints:
        cases = [plainly(case, store, segments) for case in joint.cases]
        if joint.kind == ALL_OF:
            told.append(all(cases))
        else:
            told.append(any(cases) == (joint.kind == ANY_OF))
    return all(told)


@given(
    when=WHENS,
    store=st.sampled_from(NAMES),
    segments=st.frozensets(st.sampled_from(NAMES)),
)
def test_joints_are_logic(when: When, store: str, segments: frozenset[str]) -> None:
    profile = Profile(segments=tuple(sorted(segments)))
    moment = Moment(NOON, store, "APP", profile)

    assert holds(when, moment, A_FULL_PROGRAM) == plainly(when, store, segments)


@given(wide=WHENS, narrow=WHENS, store=st.sampled_from(NAMES))
def test_what_covers_holds_whenever_the_other_does(
    wide: When, narrow: When, store: str
) -> None:
    both = narrow._replace(joints=(*narrow.joints, *wide.joints))
    moment = Moment(NOON, store, "APP", Profile(segments=("a",)))
    for one in (narrow, both):
        if when_covers(wide, one) and holds(one, moment, A_FULL_PROGRAM):
            assert holds(wide, moment, A_FULL_PROGRAM)


def nested(levels: int) -> dict[str, Any]:
    """Cases in cases."""
    when: dict[str, Any] = {"stores": ["a"]}
    for _ in range(levels):
        when = {"any_of": [when]}
    return when


@pytest.mark.parametrize(
    ("when", "pointer"),
    [
        pytest.param({"any_of": []}, "/any_of", id="no case"),
        pytest.param({"any_of": [{}]}, "/any_of/0", id="an empty case"),
        pytest.param({"any_of": {"stores": ["a"]}}, "/any_of", id="no list"),
        pytest.param({"none_of": [{"weather": 1}]}, "/none_of/0/weather", id="unknown"),
        pytest.param(
            {"any_of": [{"tiers": ["gold"], "stores": ["a"]}]},
            "/any_of/0/tiers",
            id="a tier is of the whole rule",
        ),
        pytest.param(
            {"all_of": [{"stores": ["a"]}] * (CASES_MAX + 1)}, "/all_of", id="many"
        ),
        pytest.param(
            {
                "any_of": [
                    {"any_of": [{"stores": ["a"]}] * CASES_MAX}
                    for _ in range(CASES_MAX)
                ]
            },
            "/any_of",
            id="many in all",
        ),
        pytest.param(
            nested(CASE_DEPTH_MAX + 1),
            "/any_of/0" * CASE_DEPTH_MAX + "/any_of",
            id="deep",
        ),
    ],
)
def test_cases_that_make_no_sense_are_pointed_at(when: Any, pointer: str) -> None:
    with pytest.raises(InvalidProgram) as refused:
        program(when)

    assert f"/earn/0/when{pointer}" in [one.pointer for one in refused.value.faults]


def test_cases_nest_as_deep_as_they_may() -> None:
    assert program(nested(CASE_DEPTH_MAX)).earn_rules[0].when.joints


def test_unknown_names_in_cases_are_pointed_at() -> None:
    document = {
        "program": "p",
        "currency": "USD",
        "stores": [{"id": "soho"}],
        "earn": [{"id": "e", "points": 1, "when": {"any_of": [{"stores": ["mars"]}]}}],
    }
    with pytest.raises(InvalidProgram) as refused:
        program_from(document, EDGE_CALENDARS)

    assert [one.pointer for one in refused.value.faults] == [
        "/earn/0/when/any_of/0/stores"
    ]
