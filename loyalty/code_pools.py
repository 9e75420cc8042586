"""Pools of codes as data: how many there are, where they come from, who may use one."""

from typing import Final, NamedTuple

from loyalty.budgets import NONE, Budget, codes_of

# Made from a key and a code's number, or a list that was uploaded.
GENERATED: Final = "generated"
UPLOADED: Final = "uploaded"
# Who may use a code: the member who was given it, or whoever has it.
HOLDER: Final = "holder"
ANYONE: Final = "anyone"


class CodePool(NamedTuple):
    """
    Codes that are good once; here each is a number, from 0 on.

    What a number reads like is known at the edge only. A pool may grow, so that
    its last numbers are new; a number is given to one member, and never again.
    """

    pool_id: str
    codes: int
    kind: str = GENERATED
    redeem_by: str = HOLDER

    @property
    def budget(self) -> Budget:
        """Budget that gives the numbers out."""
        budget_id = codes_of(self.pool_id)
        return Budget(budget_id, self.codes, edge=NONE, is_numbered=True)
