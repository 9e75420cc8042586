"""What a backtest found: sums that add up in any order, and a hash of all of it."""

import marshal
from collections.abc import Iterable
from hashlib import blake2b
from heapq import nsmallest
from typing import Final, NamedTuple

from loyalty.backtest.measures import (
    GRANTS,
    NO_STORE,
    SEGMENT,
    TIER,
    Key,
    Meter,
    Moved,
    Standing,
)
from loyalty.member import PointsLot, balance_of

# Members that are named: those with the largest differences, and a sample.
NAMED_MAX: Final = 20
DIGEST_BYTES: Final = 16
# The last one that does not tell equal strings apart.
MARSHAL_VERSION: Final = 2
VERSION_AT: Final = PointsLot._fields.index("rule_version")
# Copied for each member: that is quicker than a beginning with a purpose.
_PLACES: Final = blake2b(digest_size=8, person=b"sample")
_DIGESTS: Final = 1 << (8 * DIGEST_BYTES)


class MemberFinding(NamedTuple):
    """One member on both sides, points of the first wallet; `sum`s are of a range."""

    member_id: str
    place: str
    granted_current: int
    granted_candidate: int
    used_current: int
    used_candidate: int
    expired_current: int
    expired_candidate: int
    balance_current: int
    balance_candidate: int
    tier_current: str
    tier_candidate: str

    @property
    def difference(self) -> int:
        """Points that the candidate grants more."""
        return self.granted_candidate - self.granted_current


class Cell(NamedTuple):
    """One sum on both sides."""

    dimension: str
    name: str
    wallet: str
    measure: str
    current: int
    candidate: int


class Findings(NamedTuple):
    """
    What some members come to; `merged` with others it is what all of them do.

    `digest` is a sum of hashes, one of each member, so that no order matters.
    """

    cells: tuple[Cell, ...] = ()
    winners: int = 0
    losers: int = 0
    gained: int = 0
    lost: int = 0
    most_gained: tuple[MemberFinding, ...] = ()
    most_lost: tuple[MemberFinding, ...] = ()
    sample: tuple[MemberFinding, ...] = ()
    digest: str = ""

    @property
    def hash(self) -> str:
        """Equal for equal findings, however they were divided among processes."""
        return blake2b(repr(tuple(self)).encode(), digest_size=DIGEST_BYTES).hexdigest()


class Collector:
    """Findings of members, one after the other."""

    def __init__(self, wallet: str) -> None:
        """Say which wallet members are compared by."""
        self._wallet = wallet
        self._members: list[MemberFinding] = []
        self._digest = 0
        self._moved: dict[tuple[str, str, str], int] = {}

    def add(
        self, member_id: str, current: Standing, candidate: Standing
    ) -> MemberFinding:
        """Note how a member ends on both sides."""
        self._digest += _digest_of(member_id, current, candidate)
        found = _finding(member_id, current, candidate, wallet=self._wallet)
        self._members.append(found)
        if found.difference:
            self._count(found, current)
        return found

    @property
    def digest(self) -> str:
        """Of all members so far; no order matters."""
        return _digest_text(self._digest)

    def findings(self, current: Meter, candidate: Meter) -> Findings:
        """All that was noted, and what both sides have counted."""
        ours, others = current.cells, candidate.cells
        keys: set[Key] = {*ours, *others}
        cells = [Cell(*key, ours.get(key, 0), others.get(key, 0)) for key in keys]
        for (dimension, name, measure), count in self._moved.items():
            # Nobody gains or loses by the program that runs.
            cells.append(Cell(dimension, name, "", measure, 0, count))
        changed = [one for one in self._members if one.difference]
        up = [one for one in changed if one.difference > 0]
        down = [one for one in changed if one.difference < 0]
        return Findings(
            tuple(sorted(cells)),
            len(up),
            len(down),
            sum(one.difference for one in up),
            sum(one.difference for one in down),
            _most(up),
            _most(down),
            _sampled(self._members),
            self.digest,
        )

    def _count(self, found: MemberFinding, current: Standing) -> None:
        """Count who gains and who loses by where the current program has them."""
        measure = "winners" if found.difference > 0 else "losers"
        places = [(TIER, found.tier_current or NO_STORE)]
        places += [(SEGMENT, name) for name in current.member.profile.segments]
        for dimension, name in places:
            key = (dimension, name, measure)
            self._moved[key] = self._moved.get(key, 0) + 1


def merged(one: Findings, other: Findings) -> Findings:
    """Findings of two disjoint sets of members together; associative, commutative."""
    sums: dict[Key, tuple[int, int]] = {}
    for cell in (*one.cells, *other.cells):
        key = (cell.dimension, cell.name, cell.wallet, cell.measure)
        current, candidate = sums.get(key, (0, 0))
        sums[key] = (current + cell.current, candidate + cell.candidate)
    return Findings(
        tuple(Cell(*key, *sums[key]) for key in sorted(sums)),
        one.winners + other.winners,
        one.losers + other.losers,
        one.gained + other.gained,
        one.lost + other.lost,
        _most((*one.most_gained, *other.most_gained)),
        _most((*one.most_lost, *other.most_lost)),
        _sampled((*one.sample, *other.sample)),
        _digest_text(_number(one.digest) + _number(other.digest)),
    )


def _most(members: Iterable[MemberFinding]) -> tuple[MemberFinding, ...]:
    first = nsmallest(
        NAMED_MAX, members, key=lambda one: (-abs(one.difference), one.member_id)
    )
    return tuple(first)


def _sampled(members: Iterable[MemberFinding]) -> tuple[MemberFinding, ...]:
    """The same members in each run: those whose hashes come first."""
    first = nsmallest(NAMED_MAX, members, key=lambda one: (one.place, one.member_id))
    return tuple(first)


def _finding(
    member_id: str, current: Standing, candidate: Standing, *, wallet: str
) -> MemberFinding:
    one, other = current.member.state, candidate.member.state
    moved, moved_other = current.moved, candidate.moved
    used, expired = (wallet, "used"), (wallet, "expired")
    return MemberFinding(
        member_id,
        place_of(member_id),
        _granted(moved, wallet),
        _granted(moved_other, wallet),
        -moved.get(used, 0),
        -moved_other.get(used, 0),
        -moved.get(expired, 0),
        -moved_other.get(expired, 0),
        balance_of(one.lots, wallet),
        balance_of(other.lots, wallet),
        one.tier,
        other.tier,
    )


def _granted(moved: Moved, wallet: str) -> int:
    return sum([moved.get((wallet, measure), 0) for measure in GRANTS])


def place_of(member_id: str) -> str:
    """A member's place among all, by hash: the first of a range are its sample."""
    digest = _PLACES.copy()
    digest.update(member_id.encode())
    return digest.hexdigest()


def is_sampled(member_id: str, percent: int) -> bool:
    """Whether a member is among so many of a hundred, the same ones each time."""
    return int(place_of(member_id)[:8], 16) % 100 < percent


def _digest_of(member_id: str, current: Standing, candidate: Standing) -> int:
    told = _told(current)
    same = candidate.member is current.member and candidate.moved == current.moved
    other = told if same else _told(candidate)
    named = blake2b(member_id.encode(), digest_size=DIGEST_BYTES)
    for part in (told, other):
        named.update(part)
    return int.from_bytes(named.digest(), "big")


def _told(standing: Standing) -> bytes:
    """How a member ends; versions of a rule that does the same are the same."""
    lots = [lot[:VERSION_AT] + lot[VERSION_AT + 1 :] for lot in standing.member.lots]
    # Written by C code, with nothing in it of which objects are the same ones.
    told = sorted(standing.moved.items()), lots, standing.member.tier
    return marshal.dumps(told, MARSHAL_VERSION)


def _digest_text(number: int) -> str:
    return f"{number % _DIGESTS:0{2 * DIGEST_BYTES}x}"


def _number(digest: str) -> int:
    return int(digest or "0", 16)
