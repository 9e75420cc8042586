"""Cases and arms in a rule's form: added, removed, and kept as they were."""

import copy
import html
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.console.doors import BadForm
from api.console.rulebook.entries import document_of_form
from api.console.rulebook.growing import changed
from api.console.rulebook.parts import arms_of, case_paths, form_of
from api.console.rulebook.sheets import kept
from loyalty.conditions import JOINTS
from loyalty.limits import ARMS_MAX, CASES_MAX
from tests.routes.client import Client
from tests.routes.desk import Visitor
from tests.routes.test_console_entries import as_sent

PLAIN: dict[str, Any] = {"id": "plain", "kind": "visit", "points": 10}
NAMES = st.lists(
    st.text("abcxyz-", min_size=1, max_size=4), min_size=1, max_size=2, unique=True
)
LEAVES = st.fixed_dictionaries(
    {},
    optional={
        "stores": NAMES,
        "segments": NAMES,
        "channels": st.just(["APP", "UNKNOWN"]),
        "from": st.just("2026-03-04"),
        "schedule": st.fixed_dictionaries(
            {
                "day_parts": st.lists(
                    st.fixed_dictionaries(
                        {"days": st.just(["mon", "sun"])},
                        optional={"from": st.just("11:00")},
                    ),
                    min_size=1,
                    max_size=2,
                )
            },
            optional={"clock": st.just("member")},
        ),
    },
)


def joined(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Conditions with joints over cases."""
    joint = st.fixed_dictionaries(
        {}, optional={one: st.lists(inner, min_size=1, max_size=3) for one in JOINTS}
    )
    return st.builds(lambda leaf, more: leaf | more, LEAVES, joint)


WHENS = joined(joined(joined(LEAVES)))
ARMS = st.lists(
    st.fixed_dictionaries(
        {"id": st.sampled_from(["a", "b", "c"]), "percent": st.integers(1, 100)},
        optional={"without": st.just(True), "points": st.integers(1, 9)},
    ),
    min_size=1,
    max_size=4,
)


@given(when=WHENS, arms=ARMS)
def test_a_rule_of_cases_and_arms_goes_through_its_form_unchanged(
    when: dict[str, Any], arms: list[dict[str, Any]]
) -> None:
    document = PLAIN | {"when": when, "experiment": {"id": "try", "arms": arms}}
    groups = form_of("earn", document)
    assert groups is not None
    after = document_of_form(groups, as_sent(groups, document), document)

    assert after == document
    # Properties stand in their order, too: a difference is what somebody changed.
    assert kept(after) == kept(document)


@given(when=WHENS, data=st.data())
def test_a_part_that_comes_and_goes_leaves_nothing(
    when: dict[str, Any], data: st.DataObject
) -> None:
    document = PLAIN | {"when": when or {"stores": ["a"]}}
    places = ["when"] + ["/".join(map(str, one)) for one in case_paths(document)]
    kind = data.draw(st.sampled_from(JOINTS))
    place = data.draw(st.sampled_from([one for one in places if one.count("/") < 6]))
    listed = f"{place}/{kind}"
    more = changed(document, f"add {listed}")
    count = len(list(case_paths(more))) - len(list(case_paths(document)))
    for _ in range(count):
        last = [
            one for one in case_paths(more) if "/".join(map(str, one[:-1])) == listed
        ]
        more = changed(more, f"remove {listed}/{last[-1][-1]}")

    assert count in (1, 2)
    assert more == document


def test_a_case_that_says_nothing_any_more_stays_a_case() -> None:
    document = PLAIN | {"when": {"any_of": [{"stores": ["a"]}, {"segments": ["b"]}]}}
    groups = form_of("earn", document)
    assert groups is not None
    sent = as_sent(groups, document, **{"when-any_of-0-stores": ""})

    after = document_of_form(groups, sent, document)
    assert after["when"] == {"any_of": [{}, {"segments": ["b"]}]}


def test_a_schedule_of_a_case_ends_with_its_last_field() -> None:
    case = {"stores": ["a"], "schedule": {"day_parts": [{"from": "11:00"}]}}
    document = PLAIN | {"when": {"any_of": [case]}}
    groups = form_of("earn", document)
    assert groups is not None
    sent = as_sent(groups, document, **{"when-any_of-0-day_from": ""})

    assert document_of_form(groups, sent, document)["when"] == {
        "any_of": [{"stores": ["a"]}]
    }


def test_arms_begin_as_two_and_end_with_the_experiment() -> None:
    begun = changed(PLAIN, "add experiment/arms")
    assert begun["experiment"] == {
        "arms": [
            {"id": "control", "percent": 50, "without": True},
            {"id": "treated", "percent": 50},
        ],
        "id": "plain-trial",
    }
    assert len(arms_of(changed(begun, "add experiment/arms"))) == 3
    one = changed(begun, "remove experiment/arms/0")
    assert changed(one, "remove experiment/arms/0") == PLAIN
    assert changed(begun, "remove experiment") == PLAIN
    assert PLAIN.get("experiment") is None


@pytest.mark.parametrize(
    ("asked", "count_max"),
    [("add when/any_of", CASES_MAX), ("add experiment/arms", ARMS_MAX)],
)
def test_there_are_no_more_parts_than_there_may_be(asked: str, count_max: int) -> None:
    document = copy.deepcopy(PLAIN)
    for _ in range(count_max + 2):
        document = changed(document, asked)
    place = document["when"]["any_of"] if "when" in document else arms_of(document)

    assert len(place) == count_max


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "add points",
        "remove when",
        "add when/some_of",
        "add when/any_of/0",
        "add when/any_of/9/any_of",
        "remove when/any_of/0",
        "add when/any_of/0/any_of/0/any_of/0/any_of",
        "remove experiment/arms/0",
        "add experiment/arms\n",
    ],
)
def test_what_no_button_asks_is_refused(asked: str) -> None:
    with pytest.raises(BadForm):
        changed(PLAIN, asked)


def test_a_rule_is_written_with_cases_and_arms() -> None:
    client = Client()
    mia = Visitor(client).sign_in("marketer", "Mia")
    page = "/new-rule?section=earn&kind=visit"
    fields = {"f.id": "nested", "f.points": "10", "f.cap_times": "1"}
    grown = mia.send("/rule-form", page, do="add when/any_of", **fields)
    assert grown.status_code == 200
    assert 'name="f.when-any_of-1-stores"' in grown.text
    assert "/when/any_of" not in grown.text.split('id="reading"')[0]
    again = {
        "before": hidden_of(grown.text),
        "f.when-any_of-0-stores": "soho",
        "f.when-any_of-1-segments": "vip",
    }
    tried = mia.send("/rule-form", page, do="add experiment/arms", **fields, **again)
    assert 'value="nested-trial"' in tried.text
    answer = mia.send("/new-rule", page, **(fields | {"before": hidden_of(tried.text)}))

    assert answer.headers["location"].endswith("/nested?done=drafted"), answer.text
    rule = client.program_log.snapshot.publishing.rule("nested")
    assert rule is not None
    assert rule.newest is not None
    document = rule.newest.document
    assert document["when"] == {"any_of": [{"stores": ["soho"]}, {"segments": ["vip"]}]}
    assert [one["id"] for one in document["experiment"]["arms"]] == [
        "control",
        "treated",
    ]
    told = mia.get("/rules/nested").text
    assert "either at soho or for a member of vip" in told


def test_a_fault_of_a_part_stands_at_its_field() -> None:
    client = Client()
    mia = Visitor(client).sign_in("marketer", "Mia")
    page = "/new-rule?section=earn&kind=visit"
    fields = {"f.id": "nested", "f.points": "10", "f.cap_times": "1"}
    tried = mia.send("/rule-form", page, do="add experiment/arms", **fields)
    sent = fields | {
        "before": hidden_of(tried.text),
        "f.experiment-arms-0-percent": "60",
    }
    part = mia.send("/rule-preview", page, **sent).text

    assert (
        "the percents of all arms come to 100"
        in part.split('id="said-experiment-arms-0-arm"')[1][:400]
    )


def hidden_of(page: str) -> str:
    """The rule that a page carries along."""
    found = re.search(r'name="before" value="([^"]*)"', page)
    assert found is not None
    return html.unescape(found[1])
