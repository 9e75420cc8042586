"""How often a client, or a member, may ask: a budget for reads and one for writes."""

from typing import Final, NamedTuple

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import response
from api.principals import Principal
from api.problems import RateLimited
from runtime.metrics import RATE_LIMITED
from runtime.settings import Settings
from stores.rate_limits_contract import Budget, RateLimits, Turn

WINDOW_SECONDS: Final = 60
READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class Budgets(NamedTuple):
    """Turns a minute of each kind; 0 is no limit."""

    client_reads: int = 0
    client_writes: int = 0
    member_reads: int = 0
    member_writes: int = 0

    @staticmethod
    def of(settings: Settings) -> "Budgets":
        """Budgets that the settings give."""
        return Budgets(
            settings.client_reads_per_minute,
            settings.client_writes_per_minute,
            settings.member_reads_per_minute,
            settings.member_writes_per_minute,
        )


NO_LIMIT: Final = Budgets()


class Throttle:
    """Behind the gate: whoever it let in has a budget, each its own."""

    def __init__(self, app: ASGIApp, limits: RateLimits, budgets: Budgets) -> None:
        """Wrap the application."""
        self._app = app
        self._limits = limits
        self._budgets = budgets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request through with what is left, or answer it."""
        principal = scope.get("state", {}).get("principal")
        if scope["type"] != "http" or principal is None:
            await self._app(scope, receive, send)
            return
        name = _budget_of(principal, scope["method"])
        turns = getattr(self._budgets, name)
        if not turns:
            await self._app(scope, receive, send)
            return
        turn = await self._limits.take(
            f"{name}:{_asker(principal)}", Budget(turns, WINDOW_SECONDS)
        )
        headers = _told(name, turns, turn)

        async def send_told(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *headers]}
            await send(message)

        if turn.is_taken:
            await self._app(scope, receive, send_told)
            return
        RATE_LIMITED.labels(name).inc()
        problem = RateLimited(
            f"{turns} requests a minute are allowed; try again in "
            f"{turn.wait_seconds} s",
            retry_after_seconds=turn.wait_seconds,
        )
        await response(problem, scope["path"])(scope, receive, send_told)


def _budget_of(principal: Principal, method: str) -> str:
    who = "client" if principal.member_id is None else "member"
    return f"{who}_{'reads' if method in READS else 'writes'}"


def _asker(principal: Principal) -> str:
    """Who is counted: names are bounded, and no member's counts as a client's."""
    member_id = principal.member_id
    if member_id is None:
        return principal.client_id
    # The length keeps the two names apart, whatever they hold.
    return f"{len(principal.client_id)}:{principal.client_id}:{member_id}"


def _told(name: str, turns: int, turn: Turn) -> list[tuple[bytes, bytes]]:
    """Fields of the IETF draft: structured, and the policy by its name."""
    item = f'"{name.replace("_", "-")}"'
    policy = f"{item};q={turns};w={WINDOW_SECONDS}"
    # While nothing is left, the time is that of Retry-After: it tells when to come.
    seconds = turn.full_seconds if turn.is_taken else turn.wait_seconds
    return [
        (b"ratelimit-policy", policy.encode()),
        (b"ratelimit", f"{item};r={turn.left};t={seconds}".encode()),
    ]
