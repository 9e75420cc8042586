"""What the analysis says of personal offers and pools of codes, and where."""

from typing import Any

import pytest

from loyalty.program_document import program_from
from loyalty.publishing.analysis import findings_of, program_findings
from loyalty.publishing.catalogue import Catalogue

COFFEE: dict[str, Any] = {"categories": ["coffee"]}
OFFER: dict[str, Any] = {"id": "cake", "name": "A cake"}
CATALOGUE = Catalogue(
    categories=frozenset({"coffee"}), stores=frozenset({"soho"}), skus=frozenset({"s"})
)


def told(*offers: dict[str, Any], **sections: Any) -> list[tuple[str, str]]:
    """Codes and pointers of what is said of the first offer."""
    document = {"program": "p", "currency": "USD", "personal_offers": list(offers)}
    program = program_from(document | sections)
    found = findings_of(
        program, "personal_offers", offers[0]["id"], catalogue=CATALOGUE
    )
    return [(one.code, one.pointer) for one in found]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, []),
        ({"times_max": 3, "cooldown_days": 7}, []),
        ({"times_max": 3, "limit": 500}, []),
        ({"times_max": 3}, [("no-cap", "/rule/cooldown_days")]),
        ({"code": "SUMMER10"}, [("no-cap", "/rule/limit")]),
        ({"code": "SUMMER10", "limit": 500}, []),
        ({"by_journey": True, "times_max": 3}, [("unused", "/rule/by_journey")]),
        (
            {"idle_days": 30, "match": COFFEE},
            [("unreachable", "/rule/idle_days")],
        ),
        (
            {"idle_days": 30, "when": {"stores": ["soho"]}},
            [("unreachable", "/rule/when/stores")],
        ),
        (
            {"idle_days": 30, "when": {"channels": ["APP"]}},
            [("unreachable", "/rule/when/channels")],
        ),
        (
            {"match": COFFEE, "when": {"bought": [COFFEE | {"times_max": 0}]}},
            [("unreachable", "/rule/when/bought/0/times_max")],
        ),
        ({"match": COFFEE, "when": {"bought": [COFFEE | {"times_max": 1}]}}, []),
        (
            {
                "when": {
                    "bought": [
                        COFFEE | {"times_max": 1, "within_days": 30},
                        COFFEE | {"times_min": 2, "within_days": 7},
                    ]
                }
            },
            [("unreachable", "/rule/when/bought/1/times_min")],
        ),
        # Bought before, but not lately: that may be.
        (
            {
                "when": {
                    "bought": [
                        COFFEE | {"times_max": 0, "within_days": 30},
                        COFFEE | {"times_min": 1},
                    ]
                }
            },
            [],
        ),
        (
            {
                "match": {"skus": ["s", "x"]},
                "when": {"bought": [{"categories": ["tea"], "times_min": 1}]},
                "usable": {"stores": ["loop"]},
            },
            [
                ("unknown-name", "/rule/match/skus"),
                ("unknown-name", "/rule/when/bought/0/categories"),
                ("unknown-name", "/rule/usable/stores"),
            ],
        ),
        (
            {
                "experiment": {
                    "id": "t",
                    "arms": [{"id": "a", "percent": 50}, {"id": "b", "percent": 50}],
                }
            },
            [("arms-alike", "/rule/experiment/arms")],
        ),
    ],
)
def test_an_offer_is_doubted_where_the_fault_is(
    more: dict[str, Any], said: list[tuple[str, str]]
) -> None:
    assert told(OFFER | more) == said


def test_an_offer_for_the_very_same_is_told() -> None:
    other = OFFER | {"id": "pie", "orders_min": 2}
    assert told(OFFER, OFFER | {"id": "pie"}) == [("doubled", "/rule")]
    assert told(OFFER, other) == told(other, OFFER) == []


def test_an_offer_that_another_takes_all_codes_from_is_told() -> None:
    pools = [{"id": "spring", "codes": 5}]
    wide = OFFER | {"id": "pie", "codes": "spring"}
    narrow = OFFER | {"codes": "spring", "orders_min": 3}
    document = {"program": "p", "currency": "USD", "code_pools": pools}
    program = program_from(document | {"personal_offers": [wide, narrow]})

    (found,) = findings_of(program, "personal_offers", "cake")

    assert (found.code, found.pointer) == ("shadowed", "/rule/codes")


def test_the_whole_program_tells_of_offers_pools_and_the_past_of_rules() -> None:
    bought = [COFFEE | {"times_min": 2}, COFFEE | {"times_max": 1}]
    program = program_from(
        {
            "program": "p",
            "currency": "USD",
            "earn": [{"id": "spend", "points": 1, "when": {"bought": bought}}],
            "code_pools": [{"id": "spring", "codes": 5}],
            "personal_offers": [OFFER | {"code": "X"}],
        }
    )
    assert [(s, name, one.code) for s, name, one in program_findings(program)] == [
        ("earn", "spend", "unreachable"),
        ("personal_offers", "cake", "no-cap"),
        ("code_pools", "spring", "unused"),
    ]
