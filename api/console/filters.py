"""Which stores, franchises and way to order a page is about, as its address says it."""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from loyalty.condition_documents import CHANNELS
from loyalty.limits import ID_LENGTH_MAX
from loyalty.program import Program

# Their names in an address.
FILTERS: Final = ("store", "franchise", "channel")
# As many as a chart has colours, and a phone has room for.
PLACES_MAX: Final = 4
# Of one comparison: a question says each by its id.
CHOSEN_STORES_MAX: Final = 2_000
# What a field for a store proposes; any other can be typed.
PROPOSED_MAX: Final = 500


class Chosen(NamedTuple):
    """
    What an address chooses; nothing means all.

    `is_cut` when it names more than PLACES_MAX places: the first of them count.
    """

    stores: tuple[str, ...] = ()
    franchises: tuple[str, ...] = ()
    channel: str = ""
    is_cut: bool = False

    @property
    def store(self) -> str:
        """The one store of a page that is about one; empty for all."""
        return self.stores[0] if self.stores else ""

    @property
    def places(self) -> tuple[str, ...]:
        """Names of the places, stores first."""
        return (*self.stores, *self.franchises)

    @property
    def fields(self) -> list[tuple[str, str]]:
        """What an address says, and a form beside it has to keep."""
        fields = [("store", one) for one in self.stores]
        fields += [("franchise", one) for one in self.franchises]
        return fields + ([("channel", self.channel)] if self.channel else [])

    @property
    def query(self) -> str:
        """The same for the end of an address."""
        return "".join(f"&{urlencode([field])}" for field in self.fields)

    def told(self, program: Program, *, as_one: bool = False) -> dict[str, Any]:
        """What questions are told: each place by itself, or all of them as one."""
        pairs = [(one, one) for one in self.stores]
        for name in self.franchises:
            pairs += [(store, name) for store in stores_of(program, name)]
        if as_one:
            pairs = [(store, "") for store in dict(pairs)]
        pairs = pairs[:CHOSEN_STORES_MAX]
        return {
            "store": self.store,
            "channel": self.channel,
            "stores": [store for store, _ in pairs],
            "places": [place for _, place in pairs],
        }


def chosen_of(query: QueryParams) -> Chosen:
    """What an address chooses; what it says wrongly is as if it said nothing."""
    stores = _named(query.getlist("store"))
    # A store and a franchise of one name could not be told apart.
    franchises = [
        one for one in _named(query.getlist("franchise")) if one not in stores
    ]
    names = [(one, True) for one in stores] + [(one, False) for one in franchises]
    kept = names[:PLACES_MAX]
    channel = query.get("channel", "")
    return Chosen(
        tuple(name for name, is_store in kept if is_store),
        tuple(name for name, is_store in kept if not is_store),
        channel if channel in CHANNELS else "",
        len(names) > PLACES_MAX,
    )


def stores_of(program: Program, franchise: str) -> list[str]:
    """Stores of a franchise; one that the programme does not have has itself alone."""
    found = [one.store_id for one in program.stores if one.franchise == franchise]
    # Without any, a question would be about all stores.
    return found or [franchise]


def offered(program: Program) -> dict[str, Any]:
    """What a page may propose: stores, franchises, ways to order."""
    return {
        "stores": [one.store_id for one in program.stores[:PROPOSED_MAX]],
        "franchises": sorted({one.franchise for one in program.stores} - {""}),
        "channels": CHANNELS,
    }


def _named(values: Iterable[str]) -> list[str]:
    known = dict.fromkeys(value.strip()[:ID_LENGTH_MAX] for value in values)
    return [value for value in known if value]
