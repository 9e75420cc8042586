"""
Which of a member's offers come first: what is expected of them, and some chance.

Thompson sampling: how often an offer is used is drawn from what its uses and views
leave possible (a Beta distribution from 1 and 1), so that what is little known is
shown now and then and what is known to be good mostly. The draw is a hash, no chance:
the same member, version and numbers give the same order on every machine.
"""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from math import cos, log, pi, sqrt
from typing import Final, NamedTuple

WHOLE: Final = 2**64
# An offer without a margin is worth as much as one of so many minor units.
MARGIN_MINOR_DEFAULT: Final = 100
TOO_MANY_OF_CATEGORY: Final = "category"
BEYOND_LIMIT: Final = "limit"


class Response(NamedTuple):
    """What members made of an offer: how many saw it, and how many used it."""

    views: int = 0
    redemptions: int = 0


class Candidate(NamedTuple):
    """An offer to rank, and what it is worth."""

    offer_id: str
    category: str
    weight: int
    margin_minor: int


class Ranked(NamedTuple):
    """An offer in its place; `chance` was drawn, `score` is what is expected."""

    offer_id: str
    chance: float
    score: float


class Withheld(NamedTuple):
    """An offer that is not shown, and why."""

    offer_id: str
    reason: str


NO_RESPONSE: Final = Response()


def rank(
    candidates: Sequence[Candidate],
    responses: Mapping[str, Response],
    *,
    seed: str,
    limit: int,
    per_category_max: int,
) -> tuple[list[Ranked], list[Withheld]]:
    """
    Best offers first, at most so many and so many of one category; and the others.

    An offer of weight 0 is never worth anything and comes last; ties end by id.
    """
    category = {one.offer_id: one.category for one in candidates}
    ranked = [_scored(one, responses, seed=seed) for one in candidates]
    ranked.sort(key=lambda one: (-one.score, one.offer_id))
    shown: list[Ranked] = []
    withheld: list[Withheld] = []
    counts: dict[str, int] = {}
    for one in ranked:
        name = category[one.offer_id]
        if name and counts.get(name, 0) >= per_category_max:
            withheld.append(Withheld(one.offer_id, TOO_MANY_OF_CATEGORY))
        elif len(shown) >= limit:
            withheld.append(Withheld(one.offer_id, BEYOND_LIMIT))
        else:
            counts[name] = counts.get(name, 0) + 1
            shown.append(one)
    return shown, withheld


def draw_beta(seed: str, alpha: int, beta: int) -> float:
    """Number between 0 and 1 of a Beta distribution, both parameters 1 or more."""
    chances = _chances(seed)
    first, second = _gamma(alpha, chances), _gamma(beta, chances)
    return first / (first + second)


def _scored(one: Candidate, responses: Mapping[str, Response], *, seed: str) -> Ranked:
    response = responses.get(one.offer_id, NO_RESPONSE)
    used = response.redemptions
    # Whoever used it has seen it, whether an app told so or not.
    unused = max(response.views - used, 0)
    chance = draw_beta(f"{seed}/{one.offer_id}", 1 + used, 1 + unused)
    worth = one.weight * (one.margin_minor or MARGIN_MINOR_DEFAULT)
    return Ranked(one.offer_id, chance, chance * worth)


def _chances(seed: str) -> Iterator[float]:
    """Numbers above 0 and below 1, as even as chance, always the same."""
    number = 0
    while True:
        digest = blake2b(f"{seed}/{number}".encode(), digest_size=8).digest()
        yield (int.from_bytes(digest) + 0.5) / WHOLE
        number += 1


def _gamma(shape: int, chances: Iterator[float]) -> float:
    """Draw of a gamma distribution: Marsaglia and Tsang, 2000, for shapes from 1 on."""
    part = shape - 1 / 3
    scale = 1 / sqrt(9 * part)
    while True:
        # Box and Muller: two even chances make a normal one.
        normal = sqrt(-2 * log(next(chances))) * cos(2 * pi * next(chances))
        cube = (1 + scale * normal) ** 3
        if cube <= 0:
            continue
        if log(next(chances)) < normal * normal / 2 + part * (1 - cube + log(cube)):
            return part * cube
