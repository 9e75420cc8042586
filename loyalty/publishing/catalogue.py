"""What a chain sells and where: names that its rules may use."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from loyalty.conditions import LineMatch, When
from loyalty.document import Node
from loyalty.publishing.findings import WARNING, Finding

NAMES: Final = ("skus", "categories", "labels", "stores", "segments")


class Catalogue(NamedTuple):
    """Names by kind; where there are none of a kind, none is doubted."""

    skus: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    stores: frozenset[str] = frozenset()
    segments: frozenset[str] = frozenset()


ANYTHING = Catalogue()
_Names = tuple[str, frozenset[str], frozenset[str]]


def catalogue_from(node: Node) -> Catalogue:
    """Read a catalogue; what is wrong with it is noted on the node."""
    read = Catalogue(*[node.names(name) for name in NAMES])
    node.close()
    return read


def unknown_names(
    match: LineMatch, when: When, catalogue: Catalogue
) -> Iterator[Finding]:
    """Names of a rule that the catalogue does not have."""
    asked = [("match", match)]
    asked += [(f"when/bought/{n}", one.match) for n, one in enumerate(when.bought)]
    of_lines = [
        (f"{where}/{name}", names, known)
        for where, one in asked
        for name, names, known in _names_of(one, catalogue)
    ]
    for pointer, names, known in (
        *of_lines,
        *_names_in(when, "when", catalogue),
    ):
        yield from unknown_among(names, known, pointer)


def unknown_among(
    names: frozenset[str], known: frozenset[str], pointer: str
) -> Iterator[Finding]:
    """Names at a place that a catalogue does not have; where it has none, nothing."""
    for name in sorted(names - known) if known else ():
        detail = f"the catalogue has no {name!r}"
        yield Finding("unknown-name", WARNING, f"/rule/{pointer}", detail)


def _names_in(when: When, where: str, catalogue: Catalogue) -> Iterator[_Names]:
    """Names of stores and segments by their place, also in cases."""
    yield f"{where}/stores", when.stores, catalogue.stores
    yield f"{where}/segments", when.segments, catalogue.segments
    for joint in when.joints:
        for number, case in enumerate(joint.cases):
            yield from _names_in(case, f"{where}/{joint.kind}/{number}", catalogue)


def _names_of(match: LineMatch, catalogue: Catalogue) -> tuple[_Names, ...]:
    """Names of lines by their place, beside those that there are."""
    return (
        ("skus", match.skus, catalogue.skus),
        ("categories", match.categories, catalogue.categories),
        ("labels", match.labels, catalogue.labels),
        ("exclude/skus", match.excluded_skus, catalogue.skus),
        ("exclude/categories", match.excluded_categories, catalogue.categories),
        ("exclude/labels", match.excluded_labels, catalogue.labels),
    )
