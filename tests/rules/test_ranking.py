"""Ranking: the same for the same, better offers mostly first, unknown ones at times."""

from collections import Counter

import numpy as np
import pytest
from scipy import stats

from loyalty.ranking import Candidate, Ranked, Response, Withheld, draw_beta, rank


def an_offer(name: str, *, category: str = "", weight: int = 100) -> Candidate:
    """An offer that is worth as much as any other."""
    return Candidate(name, category, weight, 0)


def first_of(
    offers: list[Candidate], responses: dict[str, Response], runs: int = 500
) -> Counter[str]:
    """How often each offer comes first for so many members."""
    return Counter(
        rank(offers, responses, seed=f"m{n}/1", limit=1, per_category_max=9)[0][
            0
        ].offer_id
        for n in range(runs)
    )


@pytest.mark.parametrize(("alpha", "beta"), [(1, 1), (3, 9), (200, 40), (1, 5_000)])
def test_draws_are_of_the_distribution(alpha: int, beta: int) -> None:
    drawn = np.array([draw_beta(f"s{n}", alpha, beta) for n in range(2_000)])
    assert stats.kstest(drawn, stats.beta(alpha, beta).cdf).pvalue > 0.001


def test_the_same_seed_gives_the_same_order() -> None:
    offers = [an_offer(f"o{n}") for n in range(6)]
    ranked = [
        rank(offers, {}, seed="m/7", limit=6, per_category_max=6) for _ in range(2)
    ]
    other = rank(offers, {}, seed="m/8", limit=6, per_category_max=6)
    backwards = rank(offers[::-1], {}, seed="m/7", limit=6, per_category_max=6)
    assert ranked[0] == ranked[1] == backwards
    assert other != ranked[0]


def test_what_is_used_more_comes_first_mostly_and_what_is_unknown_now_and_then() -> (
    None
):
    offers = [an_offer("good"), an_offer("bad"), an_offer("new")]
    responses = {"good": Response(1_000, 600), "bad": Response(1_000, 100)}
    first = first_of(offers, responses)
    assert first["bad"] == 0
    # A new one is above 0.6 in two draws of five.
    assert 150 < first["new"] < 250
    assert first["good"] == 500 - first["new"]


def test_weight_counts() -> None:
    offers = [an_offer("dear", weight=200), an_offer("cheap", weight=100)]
    same = Response(1_000, 300)
    assert first_of(offers, {"dear": same, "cheap": same})["dear"] == 500


def test_of_one_category_only_so_many_are_shown_and_the_others_say_why() -> None:
    offers = [an_offer(f"c{n}", category="coffee") for n in range(4)]
    offers += [an_offer(f"t{n}", category="tea") for n in range(3)]
    shown, withheld = rank(offers, {}, seed="m/1", limit=3, per_category_max=2)
    categories = Counter(one.offer_id[0] for one in shown)
    assert len(shown) == 3
    assert max(categories.values()) <= 2
    assert {one.reason for one in withheld} <= {"category", "limit"}
    assert len(withheld) == 4


def test_offers_without_a_category_are_not_alike() -> None:
    offers = [an_offer(f"o{n}") for n in range(4)]
    shown, withheld = rank(offers, {}, seed="m/1", limit=4, per_category_max=1)
    assert (len(shown), withheld) == (4, [])


def test_an_offer_without_weight_comes_last() -> None:
    offers = [an_offer("a", weight=0), an_offer("b")]
    shown, withheld = rank(offers, {}, seed="m/1", limit=1, per_category_max=1)
    assert shown[0].offer_id == "b"
    assert isinstance(shown[0], Ranked)
    assert withheld == [Withheld("a", "limit")]
