"""Which pages there are, and who may open them."""

from typing import Final, NamedTuple

from api.console.viewers import (
    CONTROL_DELIVERY,
    QUERY_ANALYTICS,
    READ_ANALYTICS,
    READ_MEMBERS,
    READ_OPERATIONS,
    READ_RULES,
    Viewer,
)


class Place(NamedTuple):
    """A page in the navigation, and the right that it needs."""

    name: str
    path: str
    icon: str
    scope: str


GROUPS: Final[tuple[tuple[str, tuple[Place, ...]], ...]] = (
    (
        "insight",
        (
            Place("overview", "/overview", "layout-dashboard", READ_ANALYTICS),
            Place("liability", "/liability", "coins", READ_ANALYTICS),
            Place("retention", "/retention", "grid-3x3", READ_ANALYTICS),
            Place("segments", "/segments", "layers", READ_ANALYTICS),
            Place("rule_results", "/rule-results", "ticket", READ_ANALYTICS),
            Place("offers", "/offers", "funnel", READ_ANALYTICS),
            Place("journeys", "/journeys", "arrow-left-right", READ_ANALYTICS),
            Place("experiments", "/experiments", "sliders-horizontal", READ_ANALYTICS),
            Place("tiers", "/tiers", "trending-up", READ_ANALYTICS),
            Place("stores", "/stores", "store", READ_ANALYTICS),
            Place("signals", "/signals", "shield-alert", READ_ANALYTICS),
        ),
    ),
    ("kept", (Place("saved", "/saved", "bookmark", READ_ANALYTICS),)),
    ("people", (Place("members", "/members", "users", READ_MEMBERS),)),
    (
        "work",
        (
            Place("rules", "/rules", "list-checks", READ_RULES),
            Place("code_pools", "/code-pools", "key-round", READ_RULES),
            Place("campaigns", "/campaigns", "zap", READ_RULES),
            Place("sql", "/sql", "database", QUERY_ANALYTICS),
            Place("deliveries", "/deliveries", "mail-warning", CONTROL_DELIVERY),
            Place("operations", "/operations", "activity", READ_OPERATIONS),
        ),
    ),
)


def navigation_of(
    viewer: Viewer,
) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Groups of (name, path, icon) that a viewer may open; no group is empty."""
    found = [
        (
            group,
            [(one.name, one.path, one.icon) for one in places if viewer.may(one.scope)],
        )
        for group, places in GROUPS
    ]
    return [(group, links) for group, links in found if links]


def first_path(viewer: Viewer) -> str:
    """Page that a viewer sees first; for nobody's page, the members' own refusal."""
    groups = navigation_of(viewer)
    return groups[0][1][0][1] if groups else "/overview"
