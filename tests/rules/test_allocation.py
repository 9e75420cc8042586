"""Splitting to the last cent: nothing is lost, nothing made, nobody overcharged."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.baskets.allocation import REMAINDERS, allocate, split_runs

AMOUNTS = st.integers(0, 10**9)
WEIGHTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=12)
CAPPED = st.lists(
    st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=1, max_size=12
)
RUNS = st.lists(
    st.tuples(st.integers(1, 10**6), st.integers(0, 10**4), st.integers(0, 10**4)),
    min_size=1,
    max_size=8,
)
POLICIES = st.sampled_from(REMAINDERS)


@pytest.mark.parametrize(
    ("amount", "weights", "remainder", "parts"),
    [
        pytest.param(10_00, [20, 45, 60], "first", [1_60, 3_60, 4_80], id="EX-57"),
        pytest.param(20_00, [1, 1, 1], "first", [6_67, 6_67, 6_66], id="EX-68 thirds"),
        pytest.param(1, [1, 2], "largest_remainder", [0, 1], id="the larger share"),
        pytest.param(1, [1, 2], "first", [1, 0], id="the first"),
        pytest.param(3, [1, 1], "nearest_first", [2, 1], id="a half rounds down"),
        pytest.param(
            5, [1, 1, 1], "nearest_first", [1, 2, 2], id="too many is settled"
        ),
        pytest.param(5, [0, 0], "first", [0, 0], id="nothing to split over"),
        pytest.param(0, [1, 2], "first", [0, 0], id="nothing to split"),
    ],
)
def test_an_amount_is_split(
    amount: int, weights: list[int], remainder: str, parts: list[int]
) -> None:
    assert allocate(amount, weights, remainder=remainder) == parts


@pytest.mark.parametrize(
    ("amount", "weights", "caps", "parts"),
    [
        pytest.param(20_00, [50_00, 20_00], [5_00, 20_00], [5_00, 15_00], id="EX-68"),
        pytest.param(
            14_00, [50_00, 20_00], [5_00, 20_00], [5_00, 9_00], id="EX-68 20 %"
        ),
        pytest.param(100, [1, 1], [10, 20], [10, 20], id="no more than all caps"),
        pytest.param(12, [1, 1, 2], [1, 9, 9], [1, 4, 7], id="the rest in proportion"),
    ],
)
def test_what_a_cap_keeps_back_goes_to_the_others(
    amount: int, weights: list[int], caps: list[int], parts: list[int]
) -> None:
    assert allocate(amount, weights, caps=caps) == parts


@given(AMOUNTS, WEIGHTS, POLICIES)
def test_parts_sum_to_the_whole(amount: int, weights: list[int], policy: str) -> None:
    parts = allocate(amount, weights, remainder=policy)

    assert sum(parts) == (amount if sum(weights) else 0)
    assert min(parts) >= 0
    assert all(part == 0 for part, w in zip(parts, weights, strict=True) if w == 0)


@given(AMOUNTS, WEIGHTS)
def test_no_part_is_a_cent_off_its_share(amount: int, weights: list[int]) -> None:
    total = sum(weights) or 1
    parts = allocate(amount, weights)

    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * total - amount * weight) < total


@given(AMOUNTS, WEIGHTS)
def test_more_weight_never_gets_less(amount: int, weights: list[int]) -> None:
    ordered = sorted(zip(weights, allocate(amount, weights), strict=True))
    parts_by_weight: dict[int, list[int]] = {}
    for weight, part in ordered:
        parts_by_weight.setdefault(weight, []).append(part)
    groups = list(parts_by_weight.values())

    assert all(max(low) <= min(high) for low, high in pairwise(groups))


@given(AMOUNTS, WEIGHTS, st.integers(1, 1_000), POLICIES)
def test_scale_of_the_weights_does_not_matter(
    amount: int, weights: list[int], scale: int, policy: str
) -> None:
    scaled = [weight * scale for weight in weights]

    assert allocate(amount, scaled, remainder=policy) == allocate(
        amount, weights, remainder=policy
    )


@given(AMOUNTS, CAPPED, POLICIES)
def test_no_part_is_above_its_cap(
    amount: int, capped: list[tuple[int, int]], policy: str
) -> None:
    weights = [weight for weight, _ in capped]
    caps = [cap for _, cap in capped]
    parts = allocate(amount, weights, caps=caps, remainder=policy)
    room = sum(cap for weight, cap in capped if weight)

    assert all(0 <= part <= cap for part, cap in zip(parts, caps, strict=True))
    assert sum(parts) == min(amount, room)


@given(AMOUNTS, RUNS, POLICIES)
def test_runs_are_split_like_their_units(
    amount: int, runs: list[tuple[int, int, int]], policy: str
) -> None:
    split = split_runs(amount, runs, remainder=policy)
    whole = 0
    for (part, more), (count, weight, cap) in zip(split, runs, strict=True):
        whole += part * count + more
        assert 0 <= more < count
        assert part + bool(more) <= cap or weight == 0

    room = sum(count * cap for count, weight, cap in runs if weight)
    assert whole == min(amount, room)
