"""What a file would change, and which rules it may not."""

from typing import Any

import pytest

from loyalty.publishing.changes import ENDED, PAUSED
from loyalty.publishing.differences import differences
from loyalty.publishing.planning import exported, plan_of
from tests.publishing.steps import A_BONUS, A_DOCUMENT, Log


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": 2}, [("/a", 1, 2)]),
        ({"a": 1}, {}, [("/a", 1, None)]),
        ({}, {"a": {"b": 1}}, [("/a", None, {"b": 1})]),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 3, "c": 2}}, [("/a/b", 1, 3)]),
        ({"a": [1, 2]}, {"a": [2, 1]}, [("/a", [1, 2], [2, 1])]),
        ({"a/b": 1, "c~": 1}, {"a/b": 2, "c~": 2}, [("/a~1b", 1, 2), ("/c~0", 1, 2)]),
        (
            {"r": [{"id": "x", "p": 1}, {"id": "y"}]},
            {"r": [{"id": "x", "p": 2}, {"id": "y"}, {"id": "z"}]},
            [("/r/[x]/p", 1, 2), ("/r/[z]", None, {"id": "z"})],
        ),
        (
            {"r": [{"id": "x"}, {"id": "y"}]},
            {"r": [{"id": "y"}, {"id": "x"}]},
            [("/r", ["x", "y"], ["y", "x"])],
        ),
        (
            {"r": [{"id": "x"}, {"id": "y"}]},
            {"r": [{"id": "y"}]},
            [("/r/[x]", {"id": "x"}, None)],
        ),
    ],
)
def test_each_place_that_differs_is_named(
    before: Any, after: Any, found: list[Any]
) -> None:
    assert [tuple(one) for one in differences(before, after)] == found


def conflicts(log: Log, document: dict[str, Any]) -> list[str]:
    """Rules that stand in a file's way."""
    return [one.split(" ")[0] for one in plan_of(log.known, document).conflicts]


def test_what_was_exported_changes_nothing() -> None:
    log = Log()
    log.published()

    assert plan_of(log.known, exported(log.known)) == ((), ())


def test_a_file_changes_what_has_no_life_of_its_own() -> None:
    log = Log()
    log.published()
    document = exported(log.known) | {"conflict": "max", "streaks": []}
    plan = plan_of(log.known, document)

    assert [one.pointer for one in plan.changes] == ["/conflict"]
    assert plan.conflicts == ()


@pytest.mark.parametrize(
    "bonuses", [[], [A_BONUS | {"points": 1}]], ids=["left-out", "changed"]
)
def test_a_published_rule_is_not_changed_by_a_file(bonuses: list[Any]) -> None:
    log = Log()
    log.published()

    assert conflicts(log, A_DOCUMENT | {"bonuses": bonuses}) == ["bonuses/noon"]


@pytest.mark.parametrize("kind", [PAUSED, ENDED])
def test_a_rule_that_was_stopped_does_not_come_back_by_a_file(kind: str) -> None:
    log = Log()
    log.published()
    log.step(kind)

    assert conflicts(log, A_DOCUMENT | {"bonuses": [A_BONUS]}) == ["bonuses/noon"]
    assert conflicts(log, A_DOCUMENT) == []


def test_the_id_of_a_draft_is_taken() -> None:
    log = Log()
    log.draft()

    assert conflicts(log, A_DOCUMENT | {"bonuses": [A_BONUS]}) == ["bonuses/noon"]
