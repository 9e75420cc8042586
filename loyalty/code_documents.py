"""Pools of codes from their document."""

from loyalty.budgets import CODES_PREFIX
from loyalty.code_pools import ANYONE, GENERATED, HOLDER, UPLOADED, CodePool
from loyalty.document import Node
from loyalty.limits import CODES_MAX, ID_LENGTH_MAX
from loyalty.reward_documents import id_of


def code_pool(node: Node) -> CodePool:
    """Read a pool of codes."""
    pool = CodePool(
        id_of(node),
        node.number("codes", minimum=1, maximum=CODES_MAX),
        node.choice("kind", (GENERATED, UPLOADED)),
        node.choice("redeem_by", (HOLDER, ANYONE)),
    )
    if len(pool.budget.budget_id) > ID_LENGTH_MAX:
        most = ID_LENGTH_MAX - len(CODES_PREFIX)
        node.fault("id", f"the id of a pool has at most {most} characters")
    return pool
