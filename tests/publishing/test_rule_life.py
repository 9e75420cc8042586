"""The life of a rule: who may take which step, and what runs from when."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.limits import LEAD_MS_MIN
from loyalty.program_document import program_from
from loyalty.publishing.changes import (
    APPROVED,
    DOCUMENT,
    ENDED,
    PAUSED,
    PUBLISHED,
    REJECTED,
    RESUMED,
    SUBMITTED,
)
from loyalty.publishing.publishing import EMPTY, fold
from loyalty.publishing.timeline import TimedPrograms
from tests.publishing.steps import A_BONUS, A_DOCUMENT, SECOND, Log, reason

KINDS = [SUBMITTED, APPROVED, REJECTED, PUBLISHED, PAUSED, RESUMED, ENDED]


def state_after(*steps: str) -> str:
    """State of the bonus after steps, each taken by whoever may."""
    log = Log()
    log.draft()
    for step in steps:
        author = "ben" if step == APPROVED else "ana"
        version = 1 if step == PUBLISHED else 0
        verdict = log.step(step, author, version=version)
        if reason(verdict):
            return reason(verdict)
    return log.known.rules["noon"].state


PUBLISHED_ONCE = (SUBMITTED, APPROVED, PUBLISHED)


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ((), "draft"),
        ((SUBMITTED,), "submitted"),
        ((SUBMITTED, REJECTED), "draft"),
        ((SUBMITTED, REJECTED, SUBMITTED, APPROVED), "approved"),
        (PUBLISHED_ONCE, "published"),
        ((*PUBLISHED_ONCE, PAUSED), "paused"),
        ((*PUBLISHED_ONCE, PAUSED, RESUMED), "published"),
        ((*PUBLISHED_ONCE, ENDED), "ended"),
        ((*PUBLISHED_ONCE, PAUSED, ENDED), "ended"),
        # What may not follow.
        ((APPROVED,), "not-now"),
        ((PUBLISHED,), "not-now"),
        ((SUBMITTED, PUBLISHED), "not-now"),
        ((SUBMITTED, SUBMITTED), "not-now"),
        ((PAUSED,), "not-now"),
        ((ENDED,), "not-now"),
        ((*PUBLISHED_ONCE, PUBLISHED), "not-now"),
        ((*PUBLISHED_ONCE, RESUMED), "not-now"),
        ((*PUBLISHED_ONCE, PAUSED, PAUSED), "not-now"),
        ((*PUBLISHED_ONCE, ENDED, RESUMED), "not-now"),
        ((*PUBLISHED_ONCE, ENDED, PUBLISHED), "not-now"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else value,
)
def test_a_step_follows_or_is_refused(steps: tuple[str, ...], state: str) -> None:
    assert state_after(*steps) == state


@pytest.mark.parametrize(
    ("writers", "submitter", "approver", "refusal"),
    [
        (["ana"], "ana", "ana", "self-approval"),
        (["ana"], "ben", "ana", "self-approval"),
        (["ana"], "ben", "ben", "self-approval"),
        (["ana", "ben"], "ben", "ana", "self-approval"),
        (["ana"], "ana", "ben", ""),
        (["ana"], "ben", "cal", ""),
    ],
)
def test_nobody_approves_what_they_had_a_hand_in(
    writers: list[str], submitter: str, approver: str, refusal: str
) -> None:
    log = Log()
    for writer in writers:
        log.draft(writer)
    log.step(SUBMITTED, submitter)

    assert reason(log.step(APPROVED, approver)) == refusal


def test_of_two_who_saw_the_same_revision_the_first_is_taken() -> None:
    log = Log()
    log.draft()

    first = log.step(SUBMITTED, expected=1)
    second = log.step(SUBMITTED, "ben", expected=1)

    assert (reason(first), reason(second)) == ("", "stale")
    assert log.known.rules["noon"].steps[-1].author == "ana"


def test_a_publication_takes_effect_a_lead_after_the_broker_has_it() -> None:
    log = Log()
    since = log.published()

    assert since == log.changes[-1].recorded_at + LEAD_MS_MIN
    assert log.points_at(since - 1) == []
    assert log.points_at(since) == [50]


@pytest.mark.parametrize("early", [1, -(10**9)])
def test_a_publication_never_judges_what_may_be_judged_already(early: int) -> None:
    log = Log()
    version = log.approved()
    wanted = log.now + LEAD_MS_MIN - early if early > 0 else 1

    log.step(PUBLISHED, version=version, effective_from=wanted)

    since = log.changes[-1].recorded_at + LEAD_MS_MIN
    assert log.known.rules["noon"].effective_from == since


def test_a_longer_lead_is_kept() -> None:
    log = Log()
    log.step(PUBLISHED, version=log.approved(), lead_ms=60_000)

    since = log.changes[-1].recorded_at + 60_000
    assert log.known.rules["noon"].effective_from == since


def test_a_scheduled_rule_runs_from_its_time_and_is_called_scheduled_before() -> None:
    log = Log()
    later = log.now + 3_600_000
    log.step(PUBLISHED, version=log.approved(), effective_from=later)
    rule = log.known.rules["noon"]

    assert [rule.state_at(time) for time in (later - 1, later)] == [
        "scheduled",
        "published",
    ]
    assert [log.points_at(time) for time in (later - 1, later)] == [[], [50]]


def test_a_pause_takes_it_out_and_leaves_the_past_as_it_was() -> None:
    log = Log()
    since = log.published()
    log.now += SECOND
    log.step(PAUSED)
    until = log.known.rules["noon"].effective_from
    log.step(RESUMED)
    again = log.known.rules["noon"].effective_from

    found = [log.points_at(t) for t in (since - 1, since, until, again)]
    assert found == [[], [50], [], [50]]


def test_a_new_version_is_a_draft_beside_the_one_that_runs() -> None:
    log = Log()
    log.published()
    log.draft(points=75)
    rule = log.known.rules["noon"]

    assert (rule.state, rule.running, rule.pending) == ("published", 1, "draft")
    assert log.points_at(log.now + SECOND) == [50]


def test_rolling_back_is_publishing_an_older_version_again() -> None:
    log = Log()
    log.published()
    log.now += SECOND
    log.published(points=75)
    log.now += SECOND
    log.step(PUBLISHED, version=1)

    assert log.known.rules["noon"].running == 1
    assert log.points_at(log.now + SECOND) == [50]


def test_versions_never_change() -> None:
    log = Log()
    log.published()
    first = log.known.rules["noon"].versions[0]
    log.published(points=75)

    assert log.known.rules["noon"].versions[0] == first
    assert reason(log.step("drafted", version=1, document=A_BONUS)) == "not-now"


def test_a_rule_of_the_file_is_published_and_can_be_changed_and_given_back() -> None:
    document = A_DOCUMENT | {"bonuses": [A_BONUS | {"points": 10}]}
    log = Log(document)
    before = log.known.rule("noon")
    assert before is not None
    assert (before.state, before.running) == ("published", 0)

    log.published(points=75)
    changed = log.points_at(log.now + SECOND)
    log.now += 2 * SECOND
    log.step(PUBLISHED, version=0)

    assert changed == [75]
    assert log.points_at(log.now + SECOND) == [10]


def test_a_program_that_would_not_be_sound_is_not_published() -> None:
    trigger = {"id": "near", "offer": "meal", "within_points": 10}
    log = Log(A_DOCUMENT | {"triggers": [trigger]})

    verdict = log.write(ENDED, "ana", rule_id="meal")

    assert reason(verdict) == "invalid"
    assert [fault.pointer for fault in verdict.faults] == ["/triggers/0/offer"]
    assert log.known.rule("meal").state == "published"


def test_what_is_scheduled_must_stay_sound_when_something_comes_before_it() -> None:
    log = Log()
    trigger = {"id": "near", "offer": "meal", "within_points": 10}
    log.write("drafted", "ana", rule_id="near", section="triggers", document=trigger)
    log.write(SUBMITTED, "ana", rule_id="near")
    log.write(APPROVED, "ben", rule_id="near")
    log.write(
        PUBLISHED, "ana", rule_id="near", version=1, effective_from=log.now + 10**7
    )

    assert reason(log.write(ENDED, "ana", rule_id="meal")) == "invalid"


def test_another_document_keeps_what_is_published_of_rules() -> None:
    log = Log()
    log.published()
    log.now += SECOND
    changed = A_DOCUMENT | {"earn": [{"id": "spend", "points": 2, "step_minor": 100}]}
    log.write(DOCUMENT, "ana", document=changed, expected=1)
    later = log.now + SECOND

    programs = TimedPrograms(log.known.timeline, program_from)
    assert programs.at(later).earn_rules[0].points == 2
    assert programs.at(log.now - 2 * SECOND).earn_rules[0].points == 1
    assert log.points_at(later) == [50]
    assert [one.number for one in log.known.timeline] == [1, 2, 3]


def test_a_rule_that_is_over_spoils_no_later_program() -> None:
    over = A_BONUS | {"id": "over", "when": {"until": "2020-01-01"}}
    log = Log(A_DOCUMENT | {"bonuses": [over]})

    assert log.published() > 0


def test_the_audit_log_says_who_when_why_and_what_it_was_before_and_after() -> None:
    log = Log()
    log.published()
    log.step(PAUSED, "cal", why="the grill is broken")
    steps = log.known.rules["noon"].steps

    told = [(s.kind, s.author, s.before, s.after) for s in steps]
    assert told == [
        ("drafted", "ana", "", "draft"),
        ("submitted", "ana", "draft", "submitted"),
        ("approved", "ben", "submitted", "approved"),
        ("published", "ana", "approved", "published"),
        ("paused", "cal", "published", "paused"),
    ]
    assert steps[-1].why == "the grill is broken"
    assert [s.at for s in steps] == sorted(s.at for s in steps)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["drafted", *KINDS]),
            st.sampled_from(["ana", "ben", "cal"]),
            st.integers(0, 3),
            st.integers(-2, 0),
            st.sampled_from([0, 0, 1, 5_000, 10**7]),
        ),
        max_size=30,
    )
)
def test_whatever_is_asked_the_past_stays_and_the_fold_repeats(
    asked: list[tuple[str, str, int, int, int]],
) -> None:
    log = Log()
    for kind, author, version, stale, ahead in asked:
        rule = log.known.rule("noon")
        before = log.known.timeline
        log.step(
            kind,
            author,
            section="bonuses",
            version=version,
            document=A_BONUS | {"points": len(log.changes)}
            if kind == "drafted"
            else None,
            expected=(rule.revision if rule else 0) + stale,
            effective_from=log.now + ahead if ahead else 0,
        )
        # Versions in force by now, and for a lead to come, are what they were.
        told = log.changes[-1].recorded_at + LEAD_MS_MIN
        assert [v for v in before if v.effective_from < told] == [
            v for v in log.known.timeline if v.effective_from < told
        ]
    again = EMPTY
    for change in log.changes:
        again, _ = fold(again, change, program_from)
    assert again == log.known
