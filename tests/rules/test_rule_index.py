"""The index of rules: it leaves out only what could not hold, and keeps the order."""

from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.conditions import JOINTS, MEMBER, PROGRAM, STORE, Joint, LineMatch, When
from loyalty.events import OrderEvent
from loyalty.limits import DAY_MS
from loyalty.matching import Basket
from loyalty.member import Profile
from loyalty.moments import Moment, circumstances_of, holds
from loyalty.program import Program
from loyalty.rule_filing import RULES_FEW, hour_of_week, hours_of
from loyalty.rule_index import RuleIndex
from loyalty.rules import EarnRule
from loyalty.windows import ALWAYS, DayPart, Window, is_open
from loyalty.zones import UTC, Zone
from tests.builders import NOON, a_line, an_order

EAST = Zone("east", (0,), (9 * 3_600_000,))
NAMES = ("a", "b", "c", "d")
some = st.frozensets(st.sampled_from(NAMES), max_size=2)
days = st.frozensets(st.sampled_from(range(1, 8)), min_size=1)
minutes = st.integers(0, 1_439)
parts = st.builds(DayPart, days, minutes, minutes)
occurrences = st.integers(0, 500).map(
    lambda n: (NOON + n * 3_000_000, NOON + n * 3_000_000 + 90 * 60_000)
)
windows = st.one_of(
    st.just(ALWAYS),
    st.builds(
        lambda found: Window(tuple(found)), st.lists(parts, min_size=1, max_size=3)
    ),
    occurrences.map(lambda one: Window((), (one[0],), (one[1],))),
)
clocks = st.sampled_from([STORE, MEMBER, PROGRAM])
cases = st.builds(
    lambda stores, window, clock, segments: When(
        stores=stores, window=window, clock=clock, segments=segments
    ),
    *(some, windows, clocks, some),
)
joints = st.builds(
    Joint, st.sampled_from(JOINTS), st.lists(cases, min_size=1, max_size=3).map(tuple)
)
rules = st.builds(
    lambda match, when: EarnRule("rule", "visit", 5, match=match, when=when),
    st.builds(LineMatch, some, some, some),
    st.builds(
        When,
        stores=some,
        window=windows,
        clock=clocks,
        segments=some,
        joints=st.lists(joints, max_size=2).map(tuple),
    ),
)
orders = st.builds(
    lambda names, store, at: an_order(
        lines=tuple(
            a_line(sku=sku, category=category, labels=(label,), line_id=str(n))
            for n, (sku, category, label) in enumerate(names)
        ),
        occurred_at=NOON + at,
    )._replace(store_id=store),
    st.lists(st.tuples(*[st.sampled_from(NAMES)] * 3), min_size=1, max_size=3),
    st.sampled_from(NAMES),
    st.integers(0, 14 * DAY_MS),
)
profiles = st.builds(
    Profile, time_zone=st.sampled_from(["", "east"]), segments=some.map(tuple)
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(rules, min_size=1, max_size=20),
    st.integers(0, RULES_FEW),
    orders,
    profiles,
)
def test_what_the_index_leaves_out_could_not_hold(
    found: list[EarnRule], more: int, order: OrderEvent, profile: Profile
) -> None:
    # Enough others that segments and hours are filed, too.
    found = [*found, *(rule for rule in found[:1] for _ in range(more))]
    numbered = [rule._replace(rule_id=str(n)) for n, rule in enumerate(found)]
    program = Program(
        program_id="x",
        version=1,
        effective_from=0,
        currency="USD",
        zones={"UTC": UTC, "east": EAST},
        earn_rules=tuple(numbered),
    )
    moment = Moment(order.occurred_at, order.store_id, order.channel, profile)
    circumstances = circumstances_of(moment, program)
    met = [one.rule for one in program.index.candidates(order, circumstances)]
    basket = Basket(order, program)
    held = [
        rule.rule_id
        for rule in numbered
        if holds(rule.when, moment, program) and basket.of(rule.match).places
    ]
    # What remembers purchases is looked at like a rule, and has no number.
    met_ids = [rule.rule_id for rule in met if isinstance(rule, EarnRule)]
    assert met_ids == sorted(met_ids, key=int)
    assert set(held) <= set(met_ids)
    # Whoever does not know the member leaves nothing out for it.
    candidates = program.index.candidates(order)
    assert set(met_ids) <= {one.rule.rule_id for one in candidates}


@given(windows, st.integers(0, 30 * DAY_MS))
def test_a_window_is_only_open_in_its_hours(window: Window, after: int) -> None:
    local = NOON + after
    if is_open(window, local):
        assert window == ALWAYS or hour_of_week(local) in hours_of(window)


def test_a_rule_for_one_store_is_not_looked_at_elsewhere() -> None:
    numbered = [
        EarnRule(f"r{n}", "visit", 5, when=When(stores=frozenset({f"store-{n}"})))
        for n in range(200)
    ]
    order = an_order()._replace(store_id="store-7")
    met = RuleIndex(numbered).candidates(order)
    assert [one.rule.rule_id for one in met] == ["r7"]
