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


def catalogue_from(node: Node) -> Catalogue:
    """Read a catalogue; what is wrong with it is noted on the node."""
    read = Catalogue(*[node.names(name) for name in NAMES])
    node.close()
    return read


def unknown_names(
    match: LineMatch, when: When, catalogue: Catalogue
) -> Iterator[Finding]:
    """Names of a rule that the catalogue does not have."""
    for pointer, names, known in (
        ("match/skus", match.skus, catalogue.skus),
        ("match/categories", match.categories, catalogue.categories),
        ("match/labels", match.labels, catalogue.labels),
        ("match/exclude/skus", match.excluded_skus, catalogue.skus),
        ("match/exclude/categories", match.excluded_categories, catalogue.categories),
        ("match/exclude/labels", match.excluded_labels, catalogue.labels),
        ("when/stores", when.stores, catalogue.stores),
        ("when/segments", when.segments, catalogue.segments),
    ):
        if known:
            for name in sorted(names - known):
                detail = f"the catalogue has no {name!r}"
                yield Finding("unknown-name", WARNING, f"/rule/{pointer}", detail)
