"""Movements of a turn as ledger entries."""

from loyalty.decision import LedgerEntry
from loyalty.member import debt_of
from loyalty.program import Program
from loyalty.turn import Turn
from loyalty.wallets import UNLIMITED


def entries_of(turn: Turn, program: Program) -> tuple[LedgerEntry, ...]:
    """Movements as ledger entries, with the balance of their wallet after each."""
    before = turn.member.state
    balances: dict[str, int] = {}
    prefix = f"{turn.member_id}:{turn.member.version + 1}:"
    wallets = program.wallet_by_id
    entries = []
    for number, moved in enumerate(turn.movements):
        wallet = moved.wallet
        balance = balances.get(wallet)
        if balance is None:
            balance = turn.balances.of(before.lots, wallet)
            rule = wallets.get(wallet)
            if rule is not None and rule.below_zero == UNLIMITED:
                balance -= debt_of(before, wallet)
        balances[wallet] = balance = balance + moved.points
        entries.append(
            LedgerEntry(
                f"{prefix}{number}",
                moved.kind,
                moved.points,
                moved.lot_id,
                moved.order_id,
                moved.line_id,
                moved.rule_id,
                moved.rule_version,
                moved.at,
                balance,
                wallet,
                moved.reference,
            )
        )
    return tuple(entries)
