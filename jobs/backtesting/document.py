"""Findings as a document: what the API answers, and `--json` prints."""

from typing import Any, Final

import msgspec

from jobs.backtesting.running import Checkpoint
from loyalty.backtest.findings import Cell, Findings, MemberFinding
from loyalty.backtest.measures import STORE

# All of them are in ClickHouse.
CELLS_MAX: Final = 5_000


def findings_document(findings: Findings, wallet: str) -> dict[str, Any]:
    """Findings with their names; of very many sums those that differ most."""
    shown = sorted(findings.cells, key=_rank)[:CELLS_MAX]
    return {
        "hash": findings.hash,
        "wallet": wallet,
        "winners": findings.winners,
        "losers": findings.losers,
        "gained": findings.gained,
        "lost": findings.lost,
        "most_gained": _members(findings.most_gained),
        "most_lost": _members(findings.most_lost),
        "sample": _members(findings.sample),
        "cells": [cell._asdict() for cell in sorted(shown)],
        "cells_left_out": len(findings.cells) - len(shown),
    }


def encoded(checkpoint: Checkpoint) -> bytes:
    """Write a checkpoint."""
    return msgspec.json.encode(checkpoint)


def decoded(document: bytes | None) -> Checkpoint | None:
    """Checkpoint as it was written; None where there is none, or not of our form."""
    if document is None:
        return None
    try:
        return msgspec.json.decode(document, type=Checkpoint)
    # Another version of us wrote it: begin anew.
    except msgspec.MsgspecError:
        return None


def _rank(cell: Cell) -> tuple[bool, int, Cell]:
    # Stores are the many.
    return cell.dimension == STORE, -abs(cell.candidate - cell.current), cell


def _members(members: tuple[MemberFinding, ...]) -> list[dict[str, Any]]:
    found = []
    for one in members:
        known = one._asdict() | {"difference": one.difference}
        del known["place"]
        found.append(known)
    return found
