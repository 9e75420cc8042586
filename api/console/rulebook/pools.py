"""Pools of codes with what became of their codes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from api.console.rulebook.listing import document_of
from api.rule_steps import RuleDesk
from loyalty.code_pools import CodePool
from loyalty.limits import DAY_MS

VALID_DAYS_DEFAULT = 14


class OfferOfPool(NamedTuple):
    """An offer that gives codes of a pool, and how long each is good (ms)."""

    offer_id: str
    name: str
    valid_ms: int


class Uses(NamedTuple):
    """How many codes were given, used, ended unused, and end within a week."""

    given: int = 0
    used: int = 0
    ended: int = 0
    ending: int = 0


class PoolRow(NamedTuple):
    """A pool, its offers, and what became of its codes; None while nobody can say."""

    pool: CodePool
    offers: tuple[OfferOfPool, ...]
    uploaded: int | None = None
    uses: Uses | None = None
    by_offer: Mapping[str, Uses] = {}

    @property
    def left(self) -> int:
        """Codes that nobody was given."""
        return max(self.pool.codes - (self.uses.given if self.uses else 0), 0)


def offers_of_pools(desk: RuleDesk) -> dict[str, tuple[OfferOfPool, ...]]:
    """Offers by the pool of their codes, also offers that no longer run."""
    found: dict[str, list[OfferOfPool]] = defaultdict(list)
    for rule in desk.publishing.all_rules():
        if rule.section != "personal_offers":
            continue
        document = document_of(desk, rule)
        days = document.get("valid_days", VALID_DAYS_DEFAULT)
        if isinstance(document.get("codes"), str) and isinstance(days, int):
            name = str(document.get("name", ""))
            offer = OfferOfPool(rule.rule_id, name, days * DAY_MS)
            found[document["codes"]].append(offer)
    return {pool: tuple(offers) for pool, offers in found.items()}


def with_uses(row: PoolRow, records: Iterable[Mapping[str, Any]]) -> PoolRow:
    """Pool with what became of the codes of its offers."""
    names = {one.offer_id for one in row.offers}
    by_offer = {
        one["offer_id"]: Uses(one["given"], one["used"], one["ended"], one["ending"])
        for one in records
        if one["offer_id"] in names
    }
    sums = (sum(numbers) for numbers in zip(*by_offer.values(), strict=True))
    uses = Uses(*sums) if by_offer else Uses()
    return row._replace(uses=uses, by_offer=by_offer)
