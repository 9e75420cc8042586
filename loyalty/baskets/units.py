"""The basket while it is being discounted: runs of equal units, line by line."""

from collections.abc import Mapping, Sequence

from loyalty.baskets.discounts import AS_GIVEN, CHEAPEST
from loyalty.conditions import LineMatch
from loyalty.events import OrderLine
from loyalty.matching import matches


class Run:
    """
    Equal units of one line that lie next to each other.

    `price` is what one unit came with, `left` what is still to pay for it,
    `floor` what no discount brings it below; minor units.
    """

    __slots__ = ("count", "floor", "is_touched", "left", "price", "start")

    def __init__(self, start: int, count: int, price: int) -> None:
        """Start undiscounted, without a floor."""
        self.start = start
        self.count = count
        self.price = price
        self.left = price
        self.floor = 0
        self.is_touched = False

    def cut(self, count: int) -> "Run":
        """Keep the first `count` units and give the rest as a run of its own."""
        rest = Run(self.start + count, self.count - count, self.price)
        rest.left = self.left
        rest.floor = self.floor
        rest.is_touched = self.is_touched
        self.count = count
        return rest

    def equals(self, other: "Run") -> bool:
        """Whether its units are as those of another run in all that counts."""
        return (
            self.left == other.left
            and self.price == other.price
            and self.floor == other.floor
            and self.is_touched == other.is_touched
        )


class Units:
    """All units of a basket, and what is still to pay for them, by line."""

    __slots__ = (
        "_indexes",
        "has_floors",
        "initial",
        "left",
        "lines",
        "replaced_minor",
        "runs",
    )

    def __init__(self, lines: Sequence[OrderLine], floors: Mapping[str, int]) -> None:
        """Take each line's own discount off its units first, from the first on."""
        self.lines = lines
        self.has_floors = bool(floors)
        self.runs: list[list[Run]] = []
        self.initial: list[int] = []
        for line in lines:
            amount = line.quantity * line.unit_price_minor - line.discount_minor
            self.initial.append(max(amount, 0))
            self.runs.append(_runs(line, floors.get(line.sku, 0)))
        self.left = self.initial[:]
        # What replaced units cost more than those that came.
        self.replaced_minor = 0
        self._indexes: dict[tuple[int, str], list[int]] = {}

    def indexes(self, match: LineMatch) -> list[int]:
        """Positions of the lines that match, as given."""
        return self.lined_up(match, AS_GIVEN)

    def lined_up(self, match: LineMatch, start: str) -> list[int]:
        """Positions of the lines that match, as given, or by price, ties as given."""
        # A match is known by identity: its discount holds it while this lives.
        found = self._indexes.get((id(match), start))
        if found is None:
            lines = self.lines
            found = [i for i, line in enumerate(lines) if matches(match, line)]
            if start != AS_GIVEN:
                sign = 1 if start == CHEAPEST else -1
                found.sort(key=lambda index: sign * lines[index].unit_price_minor)
            self._indexes[id(match), start] = found
        return found

    def count(self, index: int, *, is_free: bool) -> int:
        """
        Units of a line that a discount may take: those that still cost something.

        `is_free`: of these only the ones that no discount has touched.
        """
        if self.left[index] <= 0:
            return 0
        runs = self.runs[index]
        if len(runs) == 1:
            run = runs[0]
            return 0 if is_free and run.is_touched else run.count
        return sum(
            run.count
            for run in runs
            if run.left > 0 and not (is_free and run.is_touched)
        )

    def take(self, index: int, count: int, *, is_free: bool) -> list[Run]:
        """
        Runs that hold exactly `count` units of a line.

        Of several runs those that cost most are taken first, then the first.
        """
        runs = self.runs[index]
        if len(runs) == 1 and runs[0].count <= count:
            return runs[:]
        taken = []
        for run in sorted(runs, key=lambda run: (-run.left, run.start)):
            if count == 0:
                break
            if is_free and run.is_touched:
                continue
            if run.count > count:
                self.cut(index, run, count)
            taken.append(run)
            count -= run.count
        taken.sort(key=lambda run: run.start)
        return taken

    def merge(self, index: int) -> None:
        """Join the neighbours of a line that have become equal."""
        merged: list[Run] = []
        for run in self.runs[index]:
            if merged and merged[-1].equals(run):
                merged[-1].count += run.count
            else:
                merged.append(run)
        self.runs[index] = merged

    def cut(self, index: int, run: Run, count: int) -> Run:
        """Part a run of a line after `count` units, and give the rest."""
        rest = run.cut(count)
        runs = self.runs[index]
        runs.insert(runs.index(run) + 1, rest)
        return rest


def _runs(line: OrderLine, floor: int) -> list[Run]:
    quantity, price = line.quantity, line.unit_price_minor
    if quantity <= 0:
        return []
    low, more = divmod(line.discount_minor, quantity)
    runs = [Run(more, quantity - more, max(price - low, 0))]
    if more:
        runs.insert(0, Run(0, more, max(price - low - 1, 0)))
    if floor:
        for run in runs:
            run.floor = min(floor, run.price)
    return runs
