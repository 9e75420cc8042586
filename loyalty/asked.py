"""A command with typed reads of what it brings, and what all commands share."""

from collections.abc import Mapping
from typing import NamedTuple

from loyalty.benefits import RewardOffer
from loyalty.events import Attribute, Command
from loyalty.facts import ActFact
from loyalty.limits import (
    ID_LENGTH_MAX,
)
from loyalty.program import Program
from loyalty.turn import Turn
from loyalty.wallets import Wallet


class Refused(Exception):
    """A command that asks for what cannot be; `reason` is a stable code."""

    def __init__(self, reason: str, detail: str) -> None:
        """Keep the stable code beside the sentence for people."""
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


class Wanted(NamedTuple):
    """What is to be paid: points of a wallet, for a reward or for nothing named."""

    wallet: Wallet
    points: int
    reward: RewardOffer | None
    # What the points pay at the till, 0 if they pay for something else.
    amount_minor: int = 0


class Asked:
    """A command with typed reads of what it brings."""

    def __init__(self, turn: Turn, command: Command) -> None:
        self.turn = turn
        self.command = command
        self.at = turn.latest_at(command.occurred_at)
        self.program: Program = turn.programs.at(self.at)
        self._attributes: Mapping[str, Attribute] = command.attributes

    def number(self, name: str, *, minimum: int, maximum: int) -> int:
        """Whole number within bounds."""
        value = self._attributes.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise Refused("command-invalid", f"{name} must be a whole number")
        if not minimum <= value <= maximum:
            raise Refused(
                "command-invalid", f"{name} is {value}, expected {minimum} to {maximum}"
            )
        return value

    def text(self, name: str, default: str | None = None) -> str:
        """Text of bounded length; without a default it must be there."""
        value = self._attributes.get(name, default)
        if not isinstance(value, str) or len(value) > ID_LENGTH_MAX:
            raise Refused("command-invalid", f"{name} must be a text")
        return value

    def flag(self, name: str) -> bool:
        """True or false; false if it is absent."""
        value = self._attributes.get(name, False)
        if not isinstance(value, bool):
            raise Refused("command-invalid", f"{name} must be true or false")
        return value

    def has(self, name: str) -> bool:
        """Whether the command brings something of this name."""
        return name in self._attributes

    def wallet(self) -> Wallet:
        """Wallet that is named, the first one if none is."""
        wallet_id = self.text("wallet", self.program.wallet_id)
        wallet = self.program.wallet_by_id.get(wallet_id)
        if wallet is None:
            raise Refused("wallet-unknown", f"there is no wallet {wallet_id!r}")
        return wallet

    def fact(self, kind: str, **fields: object) -> ActFact:
        """Fact of this command, at its time."""
        return ActFact(
            self.at,
            self.command.command_id,
            kind,
            self.program.version,
            **fields,  # type: ignore[arg-type] # the fields of ActFact, by name
        )

    def advance(self) -> None:
        """Let time come to this command."""
        self.turn.clock_at = max(self.turn.clock_at, self.at)
        self.turn.pass_time(self.at)

    def add(self, kind: str, **fields: object) -> None:
        """Let this command become a fact of a kind."""
        self.advance()
        self.turn.add_act(self.fact(kind, **fields))

    def balance(self, wallet: Wallet) -> int:
        """Points of a wallet at the time of the command."""
        self.turn.pass_time(self.at)
        lots = self.turn.state.lots
        return sum(lot.points for lot in lots if lot.wallet == wallet.wallet_id)


def check_balance(asked: Asked, wallet: Wallet, points: int) -> None:
    """Refuse a command that asks for more than is there."""
    there = asked.balance(wallet)
    if points > there:
        raise Refused(
            "insufficient-points", f"{points} points asked for, {there} there"
        )


def tell_balance(asked: Asked, wallet: Wallet, **more: str | int) -> None:
    """Tell the sender how the wallet stands now, and whatever else is named."""
    asked.turn.result |= {
        "wallet": wallet.wallet_id,
        "balance": asked.balance(wallet),
        **more,
    }
