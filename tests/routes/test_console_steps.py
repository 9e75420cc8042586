"""Triggers and journeys in their forms: every kind, step by step, and unchanged."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from api.console.doors import BadForm
from api.console.rulebook.entries import document_of_form
from api.console.rulebook.parts import form_of, started_form
from api.console.rulebook.sheets import kept
from api.console.rulebook.stepping import stepped
from api.console.rulebook.trigger_fields import TRIGGER_STARTS
from api.console.rulebook.turning import STEP_STARTS, turned
from api.console.rulebook.unshown import INSIDE, unshown_of
from loyalty.document import InvalidProgram
from loyalty.engagement.rules import TRIGGER_KINDS
from loyalty.limits import JOURNEY_STEPS_MAX, TRIGGER_STEPS_MAX
from loyalty.program_document import program_from
from loyalty.trigger_kind_documents import OF_KINDS
from tests.routes.client import Client
from tests.routes.desk import Visitor
from tests.routes.test_console_entries import as_sent
from tests.routes.test_console_parts import LEAVES, hidden_of

DOCS = Path(__file__).parents[2] / "docs"
PROGRAM: dict[str, Any] = {
    "program": "bistro",
    "currency": "USD",
    "tiers": [{"id": "base", "name": "Base", "from_points": 0}],
    "earn": [{"id": "spend", "points": 1, "step_minor": 100}],
    "streaks": [{"id": "weekly", "period": "week", "length": 3, "points": 10}],
    "offers": [{"id": "cake", "name": "Cake", "cost_points": 500}],
    "personal_offers": [{"id": "pie", "name": "Pie", "by_journey": True}],
    "templates": [
        {"id": "hello", "texts": {"push": {"body": "Hi"}, "inbox": {"body": "Hi"}}},
        {
            "id": "ready",
            "purpose": "service",
            "texts": {"push": {"body": "It is ready"}},
        },
    ],
    "engagement": {"quiet_hours": {"from": "21:00", "to": "9:00"}},
}
# What each kind of trigger still needs from whoever writes it.
FILLED = {"offer": "cake", "streak": "weekly"}
WORD = st.text("abc xyz:,=", min_size=1, max_size=6)
ACT = st.fixed_dictionaries(
    {"activity": WORD},
    optional={
        "attributes": st.dictionaries(WORD, WORD, max_size=2),
        "at_least": st.dictionaries(WORD, st.integers(-9, 9), max_size=2),
    },
)
DELAY = st.fixed_dictionaries(
    {}, optional={"days": st.integers(0, 9), "at": st.sampled_from(["9:00", 1_020])}
)
MESSAGE = st.fixed_dictionaries(
    {"template": WORD, "channels": st.just(["inbox", "fax"])},
    optional={
        "by_habit": st.booleans(),
        "habit_else": st.just("12:00"),
        "values": st.dictionaries(WORD, st.text(max_size=5), max_size=2),
        "urgent": st.just(True),
    },
)
TRIGGER_STEP = {"delay": DELAY, "message": MESSAGE, "points": st.integers(0, 99)}
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "offer": WORD,
    "activity": WORD,
    "attributes": st.dictionaries(WORD, WORD, max_size=3),
    "at_least": st.dictionaries(WORD, st.integers(-9, 9), max_size=2),
    "at_most": st.dictionaries(WORD, st.integers(-9, 9), max_size=2),
    "first": ACT,
    "then": ACT,
    "without": ACT,
    "rhythm": st.sampled_from(["2", "1.5", 2]),
    "at": st.sampled_from(["10:00", "9:00", 600]),
    "wallet": WORD,
    "streak": WORD,
}


@st.composite
def triggers(draw: st.DrawFn) -> dict[str, Any]:
    """Triggers of each kind with any of what belongs to it, and more."""
    kind = draw(st.sampled_from(TRIGGER_KINDS))
    own = [name for name, kinds in OF_KINDS.items() if kind in kinds]
    fields = {name: VALUES.get(name, st.integers(0, 99)) for name in own}
    steps = st.lists(
        st.fixed_dictionaries({}, optional=TRIGGER_STEP), min_size=1, max_size=3
    )
    more = {"when": LEAVES, "priority": st.integers(0, 9), "pace": st.just({"a": 1})}
    in_one = draw(st.booleans())
    shape = TRIGGER_STEP if in_one else {"steps": steps}
    optional = {**fields, **more, **(shape if in_one else {})}
    found = st.fixed_dictionaries({} if in_one else shape, optional=optional)
    return {"id": "one", "kind": kind, **draw(found)}


EVENT = st.one_of(
    st.fixed_dictionaries(
        {"event": st.just("order")},
        optional={"minimum_minor": st.integers(0, 999), "when": LEAVES},
    ),
    st.fixed_dictionaries(
        {"event": st.just("activity"), "activity": WORD},
        optional={"attributes": st.dictionaries(WORD, WORD, max_size=2)},
    ),
    st.fixed_dictionaries(
        {"event": st.just("tier")}, optional={"to": st.just(["gold"])}
    ),
    st.just({"event": "return"}),
)
TO = {"next": st.sampled_from(["a", "b", "end", "nowhere"])}
TEST = st.fixed_dictionaries(
    {},
    optional={
        "tiers": st.just(["gold"]),
        "time_zones": st.just(["Europe/Berlin"]),
        "ordered": st.booleans(),
        "balance_min": st.integers(0, 99),
        "seen": st.just(["menu.viewed"]),
    },
)
WAIT = {"days": st.integers(1, 9), "at": st.just("9:00"), "clock": st.just("program")}
WAYS_OUT = st.lists(
    st.builds(lambda event, to: event | to, EVENT, st.fixed_dictionaries(TO)),
    max_size=2,
)
STEP = st.one_of(
    st.fixed_dictionaries({"kind": st.just("wait")}, optional={**WAIT, **TO}),
    st.builds(lambda one: one | {"kind": "message"}, MESSAGE),
    st.fixed_dictionaries(
        {"kind": st.just("wait_for"), "for": WAYS_OUT},
        optional={**WAIT, "else": TO["next"]},
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("branch"),
            "branches": st.lists(st.fixed_dictionaries({"if": TEST, **TO}), max_size=2),
        }
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("split"),
            "shares": st.lists(
                st.fixed_dictionaries({"percent": st.integers(1, 99), **TO}), max_size=2
            ),
        }
    ),
    st.fixed_dictionaries(
        {"kind": st.just("give")},
        optional={"points": st.integers(1, 9), "offer": WORD, "memo": WORD},
    ),
    st.just({"kind": "exit", "reason": "said enough"}),
)
JOURNEYS = st.fixed_dictionaries(
    {"id": st.just("way"), "entry": EVENT},
    optional={
        "name": WORD,
        "exits": st.lists(EVENT, max_size=2),
        "reentry": st.just("after_days"),
        "reentry_days": st.integers(0, 99),
        "on_change": st.just("exit"),
        "priority": st.integers(0, 9),
        "steps": st.lists(
            st.builds(
                lambda name, step: {"id": name} | step, st.sampled_from("abc"), STEP
            ),
            max_size=4,
        ),
        "cap": st.just({"times": 1}),
    },
)


def through_form(section: str, document: dict[str, Any], **changed: str) -> Any:
    """A rule that went through its form, with fields that somebody changed."""
    groups = form_of(section, document)
    assert groups is not None
    sent = as_sent(groups, document, **changed)
    return turned(section, document, document_of_form(groups, sent, document))


@given(document=triggers())
def test_a_trigger_goes_through_its_form_unchanged(document: dict[str, Any]) -> None:
    assert kept(through_form("triggers", document)) == kept(document)


@given(document=JOURNEYS)
def test_a_journey_goes_through_its_form_unchanged(document: dict[str, Any]) -> None:
    assert kept(through_form("journeys", document)) == kept(document)


@given(document=JOURNEYS, data=st.data())
def test_a_step_whose_fields_are_not_shown_stays(
    document: dict[str, Any], data: st.DataObject
) -> None:
    groups = form_of("journeys", document)
    assert groups is not None
    sent = as_sent(groups, document)
    names = sorted({name.split("-")[1] for name in sent if "steps-" in name})
    is_open = data.draw(st.sampled_from(names)) if names else ""
    shown = {
        name: value
        for name, value in sent.items()
        if not name.startswith("f.steps-") or name.startswith(f"f.steps-{is_open}-")
    }

    assert kept(document_of_form(groups, shown, document)) == kept(document)


def examples() -> list[Any]:
    """Triggers and journeys that the documentation shows."""
    journeys = DOCS.joinpath("journeys.md").read_text()
    blocks = re.findall(r"```yaml\n(.*?)```", journeys, re.DOTALL)
    found = [yaml.safe_load(block) for block in blocks]
    whole = [one["journeys"][0] if "journeys" in one else one for one in found]
    page = DOCS.joinpath("program-rules.md").read_text()
    text = page.split("\ntriggers:\n")[1].split("\nengagement:")[0]
    triggers = yaml.safe_load(f"triggers:\n{text}")["triggers"]
    return [("journeys", one) for one in whole] + [
        ("triggers", one) for one in triggers
    ]


@pytest.mark.parametrize(
    ("section", "document"),
    examples(),
    ids=lambda one: one["id"] if isinstance(one, dict) else one,
)
def test_an_example_of_the_documentation_has_fields_for_all_it_says(
    section: str, document: dict[str, Any]
) -> None:
    groups = form_of(section, document)
    assert groups is not None

    assert kept(through_form(section, document)) == kept(document)
    left = [one for one in unshown_of(document, groups) if "time_zones" not in one]
    assert left == []


@pytest.mark.parametrize("kind", TRIGGER_KINDS)
@pytest.mark.parametrize("start", TRIGGER_STARTS)
def test_another_occasion_leaves_nothing_of_the_one_before(
    start: str, kind: str
) -> None:
    document = started_form("triggers", start)
    assert document is not None
    after = through_form("triggers", document, occasion=kind)
    needed = {name: FILLED[name] for name in FILLED if kind in OF_KINDS[name]}
    after |= {"id": "one"} | needed
    for step in after.get("steps", [after]):
        if "message" in step:
            step["message"] |= {"template": "hello", "urgent": False}

    assert after["kind"] == kind
    assert program_from(PROGRAM | {"triggers": [after]}).triggers[0].kind == kind


@pytest.mark.parametrize("kind", STEP_STARTS)
@pytest.mark.parametrize("before", STEP_STARTS)
def test_a_step_of_another_kind_is_sound(before: str, kind: str) -> None:
    step = {"id": "a", "kind": before, **STEP_STARTS[before]}
    document = {"id": "way", "entry": {"event": "order"}, "steps": [step]}
    after = through_form("journeys", document, **{"steps-0-step_kind": kind})
    if kind == "message":
        after["steps"][0]["template"] = "hello"

    journey = program_from(PROGRAM | {"journeys": [after]}).journeys[0]
    assert journey.steps[0].step_id == "a"
    assert after["steps"][0]["kind"] == kind


def test_another_event_leaves_nothing_of_the_one_before() -> None:
    document = {"id": "way", "entry": {"event": "order", "minimum_minor": 500}}
    after = through_form("journeys", document, **{"entry-event": "tier"})

    assert after["entry"] == {"event": "tier"}


LADDER: dict[str, Any] = {
    "id": "way",
    "entry": {"event": "order"},
    "steps": [
        {"id": "a", "kind": "wait", "days": 1},
        {"id": "b", "kind": "give", "points": 5, "next": "d"},
        {"id": "c", "kind": "exit"},
        {
            "id": "d",
            "kind": "wait_for",
            "days": 3,
            "for": [{"event": "order", "next": "b"}],
        },
    ],
}


def test_a_step_that_is_called_otherwise_is_still_led_to() -> None:
    after = through_form("journeys", LADDER, **{"steps-1-step_id": "gift"})

    assert after["steps"][3]["for"][0]["next"] == "gift"


def test_what_led_to_a_step_that_is_gone_leads_to_where_it_led() -> None:
    after = stepped(LADDER, "remove steps/1", 1)
    assert after is not None

    assert [one["id"] for one in after.document["steps"]] == ["a", "c", "d"]
    assert after.document["steps"][0]["next"] == "d"
    assert after.document["steps"][2]["for"][0]["next"] == "d"
    assert after.is_open == 0
    assert LADDER["steps"][1]["id"] == "b"


def test_steps_move_and_the_moved_one_stays_open() -> None:
    down = stepped(LADDER, "down steps/0", 0)
    assert down is not None
    up = stepped(down.document, "up steps/1", down.is_open)
    assert up is not None

    assert [one["id"] for one in down.document["steps"]] == ["b", "a", "c", "d"]
    assert (down.is_open, up.is_open) == (1, 0)
    assert kept(up.document) == kept(LADDER)


def test_a_second_step_makes_the_trigger_s_own_one_the_first() -> None:
    trigger = {"id": "t", "kind": "tier_up", "message": {"template": "hello"}}
    more = stepped(trigger, "add steps", 0)
    assert more is not None

    assert more.document["steps"][0] == {"message": {"template": "hello"}}
    assert more.is_open == 1
    assert "message" not in more.document


@pytest.mark.parametrize(
    ("document", "asked", "most"),
    [
        ({"id": "t", "kind": "tier_up"}, "add steps", TRIGGER_STEPS_MAX),
        (LADDER, "add steps/wait", JOURNEY_STEPS_MAX),
    ],
    ids=["trigger", "journey"],
)
def test_there_are_no_more_steps_than_there_may_be(
    document: dict[str, Any], asked: str, most: int
) -> None:
    for _ in range(most + 2):
        found = stepped(document, asked, 0)
        assert found is not None
        document = found.document

    assert len(document["steps"]) == most
    ids = [one.get("id") for one in document["steps"] if "id" in one]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("name", ["for", "exits"])
def test_ways_come_and_go(name: str) -> None:
    place = f"steps/3/{name}" if name == "for" else name
    more = stepped(LADDER, f"add {place}", 3)
    assert more is not None
    number = 1 if name == "for" else 0
    less = stepped(more.document, f"remove {place}/{number}", 3)
    assert less is not None

    assert kept(more.document) != kept(LADDER)
    assert kept(less.document) == kept(LADDER)


@pytest.mark.parametrize(
    "asked",
    [
        "add steps/party",
        "add steps/0/caps",
        "remove steps",
        "remove steps/9",
        "up steps/0",
        "down steps/3",
        "remove exits/0",
        "remove steps/3/for/1",
        "open exits/0",
    ],
)
def test_what_no_button_of_steps_asks_is_refused(asked: str) -> None:
    with pytest.raises(BadForm):
        stepped(LADDER, asked, 0)


def test_what_no_field_shows_is_told() -> None:
    trigger = {
        "id": "t",
        "kind": "lapsed",
        "days": 3,
        "pace": {"times": 1, "per": "week"},
        "message": {"template": "hello", "channels": ["push", "fax"]},
        "when": {"schedule": {"recurrence": {"start": "x"}}},
    }
    groups = form_of("triggers", trigger)
    assert groups is not None

    told = [one.split(INSIDE) for one in unshown_of(trigger, groups)]
    assert told == [
        ["pace", "times"],
        ["pace", "per"],
        ["when", "schedule", "recurrence", "start"],
        ["message", "channels: fax"],
    ]


@pytest.fixture
def mia() -> Visitor:
    client = Client(document=PROGRAM)
    return Visitor(client).sign_in("marketer", "Mia")


@pytest.mark.parametrize("start", TRIGGER_STARTS)
def test_every_kind_of_trigger_is_written_by_its_form(mia: Visitor, start: str) -> None:
    page = f"/new-rule?section=triggers&kind={start}"
    shown = mia.get(page).text
    template = "ready" if start == "order_ready" else "hello"
    names = re.findall(r'name="(f\.[^"]*-template)"', shown)
    # What is only told is not sent.
    fields = {} if start == "near_reward" else dict.fromkeys(names, template)
    fields |= {"f.id": "written", "f.offer": "cake", "f.streak": "weekly"}
    told = mia.send("/rule-preview", page, **fields).text
    before = mia.send("/rule-form", page, do="open steps/1", **fields)
    if start == "win_back":
        for number in (1, 2):
            again = {"before": hidden_of(before.text), "open": str(number)}
            fields = again | {f"f.steps-{number}-message-template": "hello"}
            fields |= {"f.id": "written"}
            before = mia.send("/rule-form", page, do="open steps/2", **fields)
    answer = mia.send("/new-rule", page, **fields)

    assert answer.headers.get("location", "").endswith("/written?done=drafted"), told
    if start != "win_back":
        assert '<p class="sentence">When a member' in told
        assert (
            "Quiet hours of the programme are 21:00 to 9:00" in told
            or not fields.get(names[0])
        )


def test_the_fields_of_another_occasion_come_with_it(mia: Visitor) -> None:
    page = "/new-rule?section=triggers&kind=lapsed"
    answer = mia.send("/rule-form", page, **{"f.occasion": "birthday"}).text

    assert 'name="f.day_at"' in answer
    assert 'name="f.lapsed_days"' not in answer
    assert "&#34;days&#34;" not in answer.split('name="before"')[1][:400]


def test_a_journey_is_written_step_by_step(mia: Visitor) -> None:
    page = "/new-rule?section=journeys"
    fields = {"f.id": "hello-again", "f.steps-0-template": "hello"}
    grown = mia.send("/rule-form", page, do="add steps/give", **fields)
    again = {"before": hidden_of(grown.text), "open": "2", "f.id": "hello-again"}
    told = mia.send("/rule-preview", page, **again, **{"f.steps-2-points": "30"}).text
    answer = mia.send("/new-rule", page, **again, **{"f.steps-2-gives_offer": "pie"})

    assert 'name="f.steps-2-points"' in grown.text
    assert 'name="f.steps-0-template"' not in grown.text
    assert "give: give 30 points; then end." in told
    assert 'id="words-0" hx-swap-oob="true">send hello by all its channels' in told
    assert answer.status_code == 409 or "points or an offer" in answer.text
    fixed = {"f.steps-2-points": "", "f.steps-2-gives_offer": "pie"}
    saved = mia.send("/new-rule", page, **again, **fixed)
    assert saved.headers["location"].endswith("/hello-again?done=drafted"), saved.text
    rule = mia.client.program_log.snapshot.publishing.rule("hello-again")
    assert rule is not None
    assert rule.newest is not None
    assert rule.newest.document["steps"][2] == {
        "id": "give",
        "kind": "give",
        "offer": "pie",
    }


def test_a_fault_of_a_closed_step_stands_at_its_card(mia: Visitor) -> None:
    page = "/new-rule?section=journeys"
    fields = {"f.id": "hello-again", "f.steps-0-template": "nobody"}
    opened = mia.send("/rule-form", page, do="open steps/1", **fields).text

    assert 'id="said-card-0" class="said"><p class="fault-line">' in opened
    assert "said-steps-0-template" not in opened


def test_a_journey_too_large_for_fields_is_text() -> None:
    branch = {
        "id": "b",
        "kind": "branch",
        "branches": [{"if": {"ordered": True}, "next": "end"}] * 8,
    }
    document = {"id": "way", "entry": {"event": "order"}, "steps": [branch] * 64}

    assert form_of("journeys", document) is None


def test_the_programme_of_these_tests_is_one() -> None:
    try:
        program_from(PROGRAM)
    except InvalidProgram as error:
        pytest.fail(str(error))
