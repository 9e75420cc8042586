"""What a decision may send to others: bounded, and nothing that accounts say."""

from typing import Final

from loyalty.accounts import (
    is_account,
)
from loyalty.budgets import (
    RESERVED_TYPES,
    Claim,
    Release,
)
from loyalty.decision import Decision
from loyalty.events import Attribute, Command, InvalidEvent, check_command
from loyalty.limits import (
    BUDGET_UNITS_MAX,
    CLAIMS_MAX,
    ID_LENGTH_MAX,
    OUTBOX_MAX,
    RELEASES_MAX,
    TEXT_LENGTH_MAX,
)

# As `schemas.events` takes it: a longer key would be a dead letter over there.
KEY_BYTES_MAX: Final = 256
INT64: Final = range(-(2**63), 2**63)


class RuleFault(Exception):
    """A rule does what no rule may; the record becomes a dead letter."""


def check_effects(decision: Decision) -> None:
    """
    Refuse effects beyond their bounds, before anything of them is there.

    Raises: RuleFault.
    """
    for name, count, count_max in (
        ("outbox", len(decision.outbox), OUTBOX_MAX),
        ("claims", len(decision.claims), CLAIMS_MAX),
        ("releases", len(decision.releases), RELEASES_MAX),
    ):
        if count > count_max:
            raise RuleFault(f"{name}: {count}, at most {count_max}")
    for command in decision.outbox:
        _check_command(command)
    for claim in decision.claims:
        _check_units(claim, claim.desired)
    for release in decision.releases:
        _check_units(release, release.units)


def _check_command(command: Command) -> None:
    key = command.member_id.encode()
    if is_account(command.member_id) or command.type.startswith(RESERVED_TYPES):
        raise RuleFault(f"{command.type} to {command.member_id[:64]!r} is reserved")
    if not 0 < len(key) <= KEY_BYTES_MAX or key[0] == 0:
        raise RuleFault(f"a key of {len(key)} bytes, expected 1 to {KEY_BYTES_MAX}")
    try:
        check_command(command, command.occurred_at)
    except InvalidEvent as invalid:
        raise RuleFault(f"{invalid.reason}: {invalid.detail}") from invalid
    for name, value in command.attributes.items():
        if len(name) > ID_LENGTH_MAX or not _is_sound(value):
            raise RuleFault(f"attribute {name[:64]!r} is too large")


def _is_sound(value: Attribute) -> bool:
    if isinstance(value, str):
        return len(value) <= TEXT_LENGTH_MAX
    return isinstance(value, float) or value in INT64


def _check_units(effect: Claim | Release, units: int) -> None:
    if not 0 <= units <= BUDGET_UNITS_MAX or effect.period < 0:
        raise RuleFault(
            f"budget {effect.budget_id[:64]!r}: {units} units in period "
            f"{effect.period}, expected 0 to {BUDGET_UNITS_MAX} in one from 0"
        )
    if len(effect.budget_id) > ID_LENGTH_MAX or len(effect.store_id) > TEXT_LENGTH_MAX:
        raise RuleFault("the id of a budget or of a store is too long")
