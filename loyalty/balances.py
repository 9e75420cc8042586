"""Points by wallet, summed once for lots that several rules ask about."""

from loyalty.member import PointsLot

Lots = tuple[PointsLot, ...]


class Balances:
    """
    Balances of one member during one event: of the lots before it, and of the latest.

    Lots are known by identity: whatever else is asked about is summed anew, so an
    answer is never of other lots.
    """

    __slots__ = ("_first", "_first_lots", "_lots", "_sums")

    def __init__(self, lots: Lots = (), sums: dict[str, int] | None = None) -> None:
        """Begin with lots, and what they come to where that is known."""
        self._first_lots = self._lots = lots
        self._first = self._sums = sums

    def of(self, lots: Lots, wallet: str) -> int:
        """Points of a wallet among lots."""
        return self.all_of(lots).get(wallet, 0)

    def all_of(self, lots: Lots) -> dict[str, int]:
        """Points of each wallet that lots have any of, not to be changed."""
        if lots is self._lots:
            sums = self._sums
            if sums is None:
                sums = self._sums = _summed(lots)
                if lots is self._first_lots:
                    self._first = sums
            return sums
        if lots is self._first_lots:
            sums = self._first
            if sums is None:
                sums = self._first = _summed(lots)
            return sums
        self._lots = lots
        self._sums = sums = _summed(lots)
        return sums

    def known(self, lots: Lots) -> dict[str, int] | None:
        """What lots come to, None unless they are the latest and were summed."""
        return self._sums if lots is self._lots else None

    def follow(self, was: Lots, now: Lots, lot: PointsLot, *, points: int) -> None:
        """Lots are others now, with so many points more (or less) in one's wallet."""
        if was is self._lots and self._sums is not None:
            sums = self._sums
            if sums is self._first:
                sums = dict(sums)
            sums[lot.wallet] = sums.get(lot.wallet, 0) + points
            self._lots, self._sums = now, sums


def _summed(lots: Lots) -> dict[str, int]:
    sums: dict[str, int] = {}
    if not lots:
        return sums
    # Lots of a wallet mostly follow one another: a run of them is looked up once.
    wallet, points = lots[0].wallet, 0
    for lot in lots:
        if lot.wallet != wallet:
            sums[wallet] = sums.get(wallet, 0) + points
            wallet, points = lot.wallet, 0
        points += lot.points
    sums[wallet] = sums.get(wallet, 0) + points
    return sums
