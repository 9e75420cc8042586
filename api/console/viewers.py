"""Who looks at the console, and what they may: scopes are rights, roles are bundles."""

from collections.abc import Mapping
from typing import Final, NamedTuple

READ_MEMBERS: Final = "members:read"
SERVE_MEMBERS: Final = "service:write"
ERASE_MEMBERS: Final = "privacy:write"
READ_ANALYTICS: Final = "analytics:read"
QUERY_ANALYTICS: Final = "analytics:query"
READ_RULES: Final = "rules:read"
WRITE_RULES: Final = "rules:write"
APPROVE_RULES: Final = "rules:approve"
READ_OPERATIONS: Final = "operations:read"
WRITE_OPERATIONS: Final = "operations:write"
CONTROL_DELIVERY: Final = "delivery:write"

ROLES: Final[Mapping[str, frozenset[str]]] = {
    "marketer": frozenset({READ_ANALYTICS, READ_RULES, WRITE_RULES, CONTROL_DELIVERY}),
    "approver": frozenset({READ_ANALYTICS, READ_RULES, APPROVE_RULES}),
    "service": frozenset({READ_MEMBERS, SERVE_MEMBERS, ERASE_MEMBERS}),
    "analyst": frozenset({READ_ANALYTICS, QUERY_ANALYTICS, READ_MEMBERS, READ_RULES}),
    "operator": frozenset(
        {READ_OPERATIONS, WRITE_OPERATIONS, READ_RULES, CONTROL_DELIVERY}
    ),
}
ALL_SCOPES: Final = frozenset().union(*ROLES.values())


class Viewer(NamedTuple):
    """Somebody who is signed in; `csrf` is what their forms must bring back."""

    subject: str
    name: str
    scopes: frozenset[str]
    csrf: str

    def may(self, scope: str) -> bool:
        """Whether a right is theirs."""
        return scope in self.scopes

    @property
    def roles(self) -> list[str]:
        """Roles whose every right is theirs."""
        return [name for name, scopes in ROLES.items() if scopes <= self.scopes]
