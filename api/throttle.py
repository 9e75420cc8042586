"""How often a client, or a member, may ask: a budget for reads and one for writes."""

from typing import Final, NamedTuple, cast

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import response
from api.principals import Principal
from api.problems import RateLimited
from runtime.metrics import RATE_LIMITED
from runtime.settings import Settings
from stores.rate_limits_contract import Budget, RateLimits, Turn

WINDOW_SECONDS: Final = 60
Headers = list[tuple[bytes, bytes]]
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


class Taken(NamedTuple):
    """A turn, of which budget, and the headers that tell of it."""

    turn: Turn
    budget: str
    turns: int
    headers: Headers


class Turns:
    """Whoever was let in has a budget for reads and one for writes, each its own."""

    def __init__(self, limits: RateLimits, budgets: Budgets) -> None:
        """Say where turns are counted, and how many there are."""
        self._limits = limits
        self._budgets = budgets

    async def take(self, scope: Scope, principal: Principal) -> Taken | None:
        """Take the turn of a request, once; None where there is no limit."""
        state = scope["state"]
        if "turn" in state:
            return cast("Taken | None", state["turn"])
        name = _budget_of(principal, scope["method"])
        turns = getattr(self._budgets, name)
        taken = None
        if turns:
            budget = Budget(turns, WINDOW_SECONDS)
            turn = await self._limits.take(f"{name}:{_asker(principal)}", budget)
            taken = Taken(turn, name, turns, _told(name, turns, turn))
        state["turn"] = taken
        return taken


class Throttle:
    """Behind the gate: passes on whoever has a turn."""

    def __init__(self, app: ASGIApp, turns: Turns) -> None:
        """Wrap the application."""
        self._app = app
        self._turns = turns

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request through with what is left, or answer it."""
        principal = scope.get("state", {}).get("principal")
        taken = None
        if scope["type"] == "http" and principal is not None:
            taken = await self._turns.take(scope, principal)
        if taken is None:
            await self._app(scope, receive, send)
            return
        headers = taken.headers

        async def send_told(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *headers]}
            await send(message)

        if taken.turn.is_taken:
            await self._app(scope, receive, send_told)
            return
        RATE_LIMITED.labels(taken.budget).inc()
        seconds = taken.turn.wait_seconds
        problem = RateLimited(
            f"{taken.turns} requests a minute are allowed; try again in {seconds} s",
            retry_after_seconds=seconds,
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


def _told(name: str, turns: int, turn: Turn) -> Headers:
    """Fields of the IETF draft: structured, and the policy by its name."""
    item = f'"{name.replace("_", "-")}"'
    policy = f"{item};q={turns};w={WINDOW_SECONDS}"
    # While nothing is left, the time is that of Retry-After: it tells when to come.
    seconds = turn.full_seconds if turn.is_taken else turn.wait_seconds
    return [
        (b"ratelimit-policy", policy.encode()),
        (b"ratelimit", f"{item};r={turn.left};t={seconds}".encode()),
    ]
