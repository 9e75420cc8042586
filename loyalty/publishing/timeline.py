"""Programs over time: each change of what runs is another version from its time on."""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

from loyalty.program import Program
from loyalty.publishing.changes import SECTIONS, Document

Build = Callable[[Document], Program]
# What is published of a rule; None where it does not run.
Overlay = Mapping[str, tuple[str, Document | None]]

BUILT_MAX: Final = 64
# Ends of time: no event is of before the one, or of the other or later.
_BEGIN: Final = -(1 << 62)
_END: Final = 1 << 62


class Move(NamedTuple):
    """Something that changes what runs: a rule's document, or all of the program's."""

    effective_from: int
    change_id: str
    author: str
    recorded_at: int
    rule_id: str
    section: str
    document: Document | None
    why: str = ""


class ProgramVersion(NamedTuple):
    """A program as it runs from a time on, and the move that made it."""

    number: int
    effective_from: int
    document: Document
    base: Document
    overlay: Overlay
    move: Move


Timeline = tuple[ProgramVersion, ...]


def begun(move: Move, number: int) -> Timeline:
    """Timeline of a first document; it is in force at all times."""
    assert move.document is not None, "a program begins with a document"
    document = move.document
    return (ProgramVersion(number, 0, document, document, {}, move),)


def moved(timeline: Timeline, move: Move) -> tuple[Timeline, int]:
    """
    Timeline with a move in its place, and the index of the first version it changes.

    Versions before its time stay what they are; those after it hold it, too.
    """
    index = bisect_right([one.effective_from for one in timeline], move.effective_from)
    versions = list(timeline[:index])
    for move_of in (move, *(one.move for one in timeline[index:])):
        versions.append(_after(versions[-1], move_of))
    return tuple(versions), index


def version_at(timeline: Timeline, time: int) -> ProgramVersion:
    """Version in force at a time; before the first one, the first."""
    index = bisect_right([one.effective_from for one in timeline], time) - 1
    return timeline[max(index, 0)]


def build_version(version: ProgramVersion, build: Build) -> Program:
    """
    Program of a version.

    Raises: InvalidProgram.
    """
    if version.move.rule_id == "" and not version.effective_from:
        return build(version.document)
    # A rule that was over before this version began is nobody's fault.
    program = build(version.document)
    return replace(
        program, version=version.number, effective_from=version.effective_from
    )


class _Span(NamedTuple):
    """A program, from when it is in force, and the time before which it is."""

    from_at: int
    until_at: int
    program: Program


class TimedPrograms:
    """All versions of a program, each built when an event of its time comes."""

    def __init__(self, timeline: Timeline, build: Build) -> None:
        """Say how a document becomes a program; every one is known to be sound."""
        self._timeline = timeline
        self._build = build
        self._from = [one.effective_from for one in timeline]
        self._built: dict[int, Program] = {}
        # The last answer: events mostly come in the order of their times. One value,
        # so that no thread sees a half of it.
        self._last: _Span | None = None

    def at(self, time: int) -> Program:
        """Version in force at a time; before the first one, the first."""
        last = self._last
        if last is not None and last.from_at <= time < last.until_at:
            return last.program
        index = max(bisect_right(self._from, time) - 1, 0)
        program = self._built.get(index)
        if program is None:
            program = self._make(index)
        from_at = self._from[index] if index else _BEGIN
        later = self._from[index + 1 : index + 2]
        self._last = _Span(from_at, later[0] if later else _END, program)
        return program

    @property
    def latest(self) -> Program:
        """Version with the latest start, which may lie ahead."""
        return self.at(self._from[-1])

    def _make(self, index: int) -> Program:
        program = build_version(self._timeline[index], self._build)
        if len(self._built) >= BUILT_MAX:
            self._built.clear()
        self._built[index] = program
        return program


def _after(before: ProgramVersion, move: Move) -> ProgramVersion:
    base, overlay = before.base, before.overlay
    if not move.rule_id:
        assert move.document is not None, "a program is changed to a document"
        base = move.document
    else:
        overlay = {**overlay, move.rule_id: (move.section, move.document)}
    number = before.number + 1
    document = composed(base, overlay)
    document.pop("effective_from", None)
    document["version"] = number
    document["effective_from_ms"] = 0
    return ProgramVersion(number, move.effective_from, document, base, overlay, move)


def composed(base: Document, overlay: Overlay) -> dict[str, Any]:
    """
    Document in which rules are as published, in the places that they had.

    Rules that the document had not come after its own, in the order in which
    they were first published.
    """
    document = dict(base)
    by_section: dict[str, dict[str, Document | None]] = {}
    for rule_id, (section, rule) in overlay.items():
        by_section.setdefault(section, {})[rule_id] = rule
    for section, rules in by_section.items():
        listed = base.get(section) or []
        merged = [rules.get(one["id"], one) for one in listed]
        own = {one["id"] for one in listed}
        merged += [rule for rule_id, rule in rules.items() if rule_id not in own]
        document[section] = [one for one in merged if one is not None]
    return document


def sections_by_id(document: Document) -> dict[str, str]:
    """Section of each rule of a document; an id that two sections have is in none."""
    found: dict[str, str] = {}
    twice = set()
    for section in SECTIONS:
        for one in document.get(section) or ():
            if one["id"] in found:
                twice.add(one["id"])
            found[one["id"]] = section
    return {one: section for one, section in found.items() if one not in twice}


def rule_in(document: Document, section: str, rule_id: str) -> Document | None:
    """Rule of a document, None if it is not there."""
    for one in document.get(section) or ():
        if one.get("id") == rule_id:
            rule: Document = one
            return rule
    return None
