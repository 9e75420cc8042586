"""With the index of rules and without it, whole decisions are the same."""

from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.decide import decide
from loyalty.decision import Decision
from loyalty.events import MemberEvent, Tick
from loyalty.member import NEW_MEMBER
from loyalty.program import Program
from loyalty.program_document import program_from
from loyalty.rule_filing import RULES_FEW
from loyalty.rule_index import RuleIndex
from loyalty.rules import ACTIVITY, EarnRule, OrderRule
from tests.builders import (
    DAY,
    NOON,
    a_line,
    a_refund,
    an_activity,
    an_adjustment,
    an_order,
)

CATEGORIES = ("coffee", "tea", "cake", "soup")
SKUS = ("c1", "c2", "t1")
STORES = ("north", "south", "east")
SEGMENTS = ("office", "vip")
LABELS = ("new", "hot")
LIFE_DAYS = 40


def every_rule(rules: tuple[OrderRule, ...]) -> RuleIndex:
    """The twin of the index: an order meets all rules, whatever they ask."""
    index = RuleIndex(rules)
    # Compiled, a program takes no other class: so its own, with nothing filed.
    index._anywhere = sum(
        1 << number
        for number, rule in enumerate(rules)
        if not (isinstance(rule, EarnRule) and rule.kind == ACTIVITY)
    )
    index._has_lines = False
    return index


def without_index(program: Program) -> Program:
    """The same program, whose orders meet all rules."""
    rules: tuple[OrderRule, ...] = (
        *program.earn_rules,
        *program.bonus_rules,
        *program.streaks,
        *program.challenges,
        *program.histories,
    )
    other = program.muting(frozenset())
    object.__setattr__(other, "index", every_rule(rules))
    return other


def a_random_program(random: Random, rules: int) -> Program:
    """Rules of all kinds that ask for this and that."""
    document: dict[str, Any] = {
        "program": "p",
        "currency": "USD",
        "conflict": random.choice(("sum", "max", "first")),
        "bonus_conflict": random.choice(("sum", "best", "newest")),
        "holdout_percent": random.choice((0, 0, 20)),
        "earn": [{"id": "base", "points": 1, "step_minor": 100}],
        "bonuses": [],
        "streaks": [],
        "challenges": [],
        "tiers": [
            {"id": "base", "name": "Base", "from_points": 0},
            {"id": "gold", "name": "Gold", "from_points": 60, "earn_factor": "1.5"},
        ],
        "personal_offers": [
            {
                "id": "po",
                "name": "Offer",
                "valid_days": 3,
                "when": _when(random) | {"every_order": 0},
            }
        ],
    }
    for number in range(rules):
        section = random.choices(
            ("earn", "bonuses", "streaks", "challenges"), (6, 3, 1, 1)
        )[0]
        document[section].append(_rule(random, section, number))
    return program_from(document)


def _rule(random: Random, section: str, number: int) -> dict[str, Any]:
    rule: dict[str, Any] = {"id": f"{section}-{number}", "points": number % 7 + 1}
    if section == "earn":
        rule["kind"] = random.choice(("spend", "item", "visit"))
        if random.random() < 0.2:
            rule["caps"] = [{"period": "day", "times": 1}]
        if random.random() < 0.1:
            rule["holdout_percent"] = 30
    elif section == "bonuses":
        rule["kind"] = random.choice(("add", "multiply"))
        if rule["kind"] == "multiply":
            rule = {**rule, "factor": "2"}
            del rule["points"]
    elif section == "streaks":
        rule |= {"period": "week", "length": 2}
    else:
        rule |= {"goal": "orders", "target": 3, "repeats": True}
    return rule | {"match": _match(random), "when": _when(random)}


def _some(random: Random, names: tuple[str, ...], chance: float) -> list[str]:
    if random.random() >= chance:
        return []
    return random.sample(names, random.randrange(1, len(names)))


def _match(random: Random) -> dict[str, Any]:
    categories = _some(random, CATEGORIES, 0.4)
    excluded = [] if categories else _some(random, CATEGORIES, 0.2)
    return {
        "skus": _some(random, SKUS, 0.3),
        "categories": categories,
        "labels": _some(random, LABELS, 0.2),
        "exclude": {"categories": excluded},
    }


def _when(random: Random) -> dict[str, Any]:
    when: dict[str, Any] = {
        "stores": _some(random, STORES, 0.3),
        "segments": _some(random, SEGMENTS, 0.2),
        "tiers": _some(random, ("base", "gold"), 0.1),
        "every_order": random.choice((0, 0, 0, 2)),
    }
    if random.random() < 0.3:
        start = random.randrange(24)
        part = {"from": f"{start:02}:00", "to": f"{(start + 9) % 24:02}:30"}
        when["schedule"] = {"day_parts": [part]}
    if random.random() < 0.2:
        asked = {"categories": [random.choice(CATEGORIES)], "times_max": 1}
        when["bought"] = [asked]
    if random.random() < 0.2:
        cases = [
            {"stores": [random.choice(STORES)]},
            {"segments": [random.choice(SEGMENTS)]},
        ]
        when[random.choice(("all_of", "any_of", "none_of"))] = cases
    return when


def a_random_life(random: Random) -> list[MemberEvent]:
    """Orders of all sorts, some late or returned, acts, commands and ticks."""
    events: list[MemberEvent] = []
    update = an_adjustment(0, command_id="c0", occurred_at=NOON)
    segments = ",".join(_some(random, SEGMENTS, 0.7))
    events.append(
        update._replace(type="member.update", attributes={"segments": segments})
    )
    for number in range(random.randrange(4, 12)):
        at = NOON + random.randrange(LIFE_DAYS * 24) * DAY // 24
        lines = tuple(
            a_line(
                random.randrange(1, 30) * 100,
                sku=random.choice(SKUS),
                category=random.choice(CATEGORIES),
                labels=tuple(_some(random, LABELS, 0.5)),
                line_id=str(place),
            )
            for place in range(random.randrange(1, 4))
        )
        order = an_order(f"o{number}", lines=lines, occurred_at=at)
        events.append(order._replace(store_id=random.choice(STORES)))
        if random.random() < 0.2:
            back = a_refund(f"o{number}", amount_minor=300, occurred_at=at + DAY)
            events.append(back)
        if random.random() < 0.3:
            events.append(an_activity(f"a{number}", occurred_at=at + 7))
    random.shuffle(events)
    return [*events, Tick(NOON + 2 * LIFE_DAYS * DAY)]


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32), more=st.sampled_from([0, RULES_FEW]))
def test_an_index_changes_no_decision(seed: int, more: int) -> None:
    random = Random(seed)
    # Of few rules less is filed than of many.
    program = a_random_program(random, random.randrange(1, 12) + more)
    twin = without_index(program)
    member = NEW_MEMBER
    for event in a_random_life(random):
        found = decide(member, event, program, member_id="member-1")
        assert found == decide(member, event, twin, member_id="member-1")
        if isinstance(found, Decision):
            member = found.member
