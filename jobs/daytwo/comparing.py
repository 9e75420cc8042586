"""The engine's states beside what Redis and ClickHouse hold, member by member."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from loyalty.member import Member, balance_of, debt_of
from loyalty.program import Program
from loyalty.wallets import UNLIMITED
from stores.member_views_contract import ViewWrite

REDIS: Final = "redis"
MEMBERS: Final = "clickhouse members"
LEDGER: Final = "clickhouse ledger"
SHOWN_MAX: Final = 1_000


class Difference(NamedTuple):
    """Something that is not as the engine's state says."""

    partition: int
    member_id: str
    where: str
    what: str
    expected: str
    found: str


class Totals(NamedTuple):
    """Sums over the members of a partition: what each place says of their points."""

    partition: int
    members: int = 0
    state: int = 0
    redis: int = 0
    clickhouse: int = 0
    ledger: int = 0
    moving: int = 0


class InClickHouse(NamedTuple):
    """
    What ClickHouse says of a member.

    `ledger` are sums of entries by wallet; `told` is the latest version that the
    decisions know of.
    """

    version: int = 0
    balance: int = 0
    told: int = 0
    ledger: tuple[tuple[str, int], ...] = ()


def balances(member: Member, program: Program) -> dict[str, int]:
    """What the entries of each wallet of a member must come to."""
    found = {}
    for wallet in program.wallets:
        name = wallet.wallet_id
        found[name] = balance_of(member.lots, name)
        if wallet.below_zero == UNLIMITED:
            found[name] -= debt_of(member.state, name)
    return found


def redis_differences(
    partition: int, expected: ViewWrite, found: ViewWrite | None
) -> Iterator[Difference]:
    """How Redis differs, also by a later version: who has moved on is not asked."""
    name = expected.member_id
    if found is None:
        yield Difference(
            partition, name, REDIS, "version", str(expected.version), "nothing"
        )
    elif found.version != expected.version:
        yield Difference(
            partition, name, REDIS, "version", str(expected.version), str(found.version)
        )
    elif found.document != expected.document:
        yield Difference(
            partition,
            name,
            REDIS,
            "view",
            expected.document[:200].decode(errors="replace"),
            found.document[:200].decode(errors="replace"),
        )
    elif expected.state and found.state != expected.state:
        yield Difference(partition, name, REDIS, "state", "the engine's", "another")


def clickhouse_differences(
    partition: int,
    expected: ViewWrite,
    *,
    sums: dict[str, int],
    balance: int,
    found: InClickHouse,
) -> Iterator[Difference]:
    """How ClickHouse differs."""
    name = expected.member_id
    pairs: Sequence[tuple[str, str, Any, Any]] = (
        (MEMBERS, "version", expected.version, found.version),
        (MEMBERS, "balance", balance, found.balance),
        (LEDGER, "decisions", expected.version, found.told),
    )
    for where, what, one, other in pairs:
        if one != other:
            yield Difference(partition, name, where, what, str(one), str(other))
    ledger = dict(found.ledger)
    for wallet in sorted({*sums, *ledger}):
        one, other = sums.get(wallet, 0), ledger.get(wallet, 0)
        if one != other:
            yield Difference(partition, name, LEDGER, wallet, str(one), str(other))


def balance_in(stored: ViewWrite | None) -> int:
    """Balance that a view in Redis tells; 0 where there is none."""
    if stored is None or not stored.document:
        return 0
    return int(json.loads(stored.document).get("balance", 0))


def table_of(
    totals: list[Totals], differences: list[Difference], *, repaired: int
) -> str:
    """Totals and differences for people."""
    heads = ("partition", "members", "state", "redis", "clickhouse", "ledger")
    lines = ["  ".join(f"{head:>14}" for head in heads)]
    for one in totals:
        moving = f"  ({one.moving} moving)" if one.moving else ""
        lines.append("  ".join(f"{value:>14,}" for value in one[:-1]) + moving)
    lines += [
        f"member {found.member_id!r}: {found.where} {found.what}: expected "
        f"{found.expected}, found {found.found}"
        for found in differences[:SHOWN_MAX]
    ]
    lines.append(f"{len(differences)} differences, {repaired} repaired")
    return "\n".join(lines)


def document_of(
    totals: list[Totals], differences: list[Difference], *, repaired: int
) -> str:
    """The same as JSON; at most 1,000 differences are told one by one."""
    told: dict[str, Any] = {
        "partitions": [one._asdict() for one in totals],
        "differences": [one._asdict() for one in differences[:SHOWN_MAX]],
        "difference_count": len(differences),
        "repaired": repaired,
    }
    return json.dumps(told, indent=2)
