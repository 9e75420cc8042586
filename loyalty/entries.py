"""Movements of a turn as ledger entries."""

from loyalty.decision import LedgerEntry
from loyalty.member import debt_of
from loyalty.program import Program
from loyalty.turn import Turn
from loyalty.wallets import UNLIMITED


def entries_of(turn: Turn, program: Program) -> tuple[LedgerEntry, ...]:
    """Movements as ledger entries, with the balance of their wallet after each."""
    balances: dict[str, int] = {}
    prefix = f"{turn.member_id}:{turn.member.version + 1}:"
    wallet, balance = "", 0
    entries = []
    for number, moved in enumerate(turn.movements):
        if moved.wallet != wallet:
            # Movements of a wallet mostly follow one another.
            balances[wallet] = balance
            wallet = moved.wallet
            known = balances.get(wallet)
            balance = _balance_before(turn, wallet, program) if known is None else known
        balance += moved.points
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


def _balance_before(turn: Turn, wallet: str, program: Program) -> int:
    """Balance of a wallet before the turn; below 0 where it is overdrawn."""
    before = turn.member.state
    balance = turn.balances.of(before.lots, wallet)
    rule = program.wallet_by_id.get(wallet)
    if rule is not None and rule.below_zero == UNLIMITED:
        balance -= debt_of(before, wallet)
    return balance
