"""What we tell of a member's past: ledger and decisions."""

from pydantic import BaseModel, ConfigDict

from api import history_examples as examples
from api.responses import shown
from stores.history_rows import DecisionRow, LedgerRow


class EntryOut(BaseModel):
    """One movement of points; `reference` names the command or rule behind it."""

    entry_id: str
    kind: str
    wallet: str
    points: int
    balance_after: int
    occurred_at: str
    order_id: str | None
    line_id: str | None
    lot_id: str
    rule_id: str | None
    rule_version: int | None
    reference: str | None


class LedgerOut(BaseModel):
    """A page of entries, newest first; `balances` by wallet when a time is named."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.LEDGER]})

    items: list[EntryOut]
    next_cursor: str | None
    at: str | None
    balances: dict[str, int] | None


class ExplanationOut(BaseModel):
    """One decision, and why; `event_id` is what it was about."""

    version: int
    event_id: str
    event_kind: str
    order_id: str | None
    occurred_at: str
    recorded_at: str
    why: str
    tier_before: str | None
    tier_after: str | None


class ExplanationsOut(BaseModel):
    """A page of decisions, newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.EXPLANATIONS]})

    items: list[ExplanationOut]
    next_cursor: str | None


def entry_out(row: LedgerRow) -> EntryOut:
    """Ledger entry as the API shows it."""
    return EntryOut(
        entry_id=row.entry_id,
        kind=row.kind,
        wallet=row.wallet,
        points=row.points,
        balance_after=row.balance_after,
        occurred_at=shown(row.occurred_at),
        order_id=row.order_id or None,
        line_id=row.line_id or None,
        lot_id=row.lot_id,
        rule_id=row.rule_id or None,
        rule_version=row.rule_version or None,
        reference=row.reference or None,
    )


def explanation_out(row: DecisionRow) -> ExplanationOut:
    """Decision as the API shows it."""
    return ExplanationOut(
        version=row.version,
        event_id=row.event_id,
        event_kind=row.event_kind,
        order_id=row.order_id or None,
        occurred_at=shown(row.occurred_at),
        recorded_at=shown(row.recorded_at),
        why=row.why,
        tier_before=row.tier_before or None,
        tier_after=row.tier_after or None,
    )
