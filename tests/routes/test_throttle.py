"""Budgets of clients and members, and what a browser may do."""

import asyncio

import pytest

from api.cross_origin import origins_of
from api.known_tokens import KNOWN_MAX, KnownTokens
from api.principals import Principal
from api.throttle import Budgets
from runtime.metrics import RATE_LIMIT_FALLBACKS, RATE_LIMITED
from runtime.settings import InvalidSettings, Settings
from stores.memory_rate_limits import ASKERS_MAX, MemoryRateLimits
from stores.rate_limits_contract import Budget
from tests.routes.client import Client

MEMBER = "/v1/members/member-1"
FEW = Budgets(client_reads=3, client_writes=2, member_reads=2, member_writes=1)


def a_client(**guarded: object) -> Client:
    client = Client(**guarded)
    client.hold_member()
    return client


def test_what_is_left_is_told_and_one_too_many_is_429_e12() -> None:
    client = a_client(budgets=FEW)
    before = RATE_LIMITED.labels("client_reads")._value.get()
    answers = [client.call("GET", MEMBER) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["ratelimit"] for answer in answers] == [
        '"client-reads";r=2;t=20',
        '"client-reads";r=1;t=40',
        '"client-reads";r=0;t=60',
        '"client-reads";r=0;t=20',
    ]
    assert {answer.headers["ratelimit-policy"] for answer in answers} == {
        '"client-reads";q=3;w=60'
    }
    assert answers[3].headers["retry-after"] == "20"
    assert answers[3].headers["content-type"] == "application/problem+json"
    assert answers[3].json()["type"] == "/problems/rate-limited"
    assert RATE_LIMITED.labels("client_reads")._value.get() == before + 1


def test_whoever_waits_as_told_is_let_in_again() -> None:
    client = a_client(budgets=FEW)
    for _ in range(4):
        answer = client.call("GET", MEMBER)
    client.now_seconds += int(answer.headers["retry-after"])

    assert client.call("GET", MEMBER).status_code == 200
    assert client.call("GET", MEMBER).status_code == 429


def test_writes_and_other_clients_have_budgets_of_their_own_e12() -> None:
    client = a_client(budgets=FEW)
    for _ in range(4):
        client.call("GET", MEMBER)
    redeemed = client.ask("POST", f"{MEMBER}/redemptions", points=1)
    client.token = client.tokens.token(client_id="another")

    assert redeemed.headers["ratelimit"] == '"client-writes";r=1;t=30'
    assert client.call("GET", MEMBER).status_code == 200


def test_a_members_token_uses_its_own_budget_and_not_the_clients() -> None:
    client = a_client(budgets=FEW)
    everybody = client.token
    client.token = client.tokens.token(member_id="member-1")
    mine = [client.call("GET", MEMBER).status_code for _ in range(3)]
    client.token = client.tokens.token(member_id="member-2")
    another = client.call("GET", "/v1/members/member-2")
    client.token = everybody

    assert mine == [200, 200, 429]
    assert another.headers["ratelimit"] == '"member-reads";r=1;t=30'
    assert client.call("GET", MEMBER).headers["ratelimit"].startswith('"client-reads"')


def test_without_redis_the_process_limits_alone_and_counts_it_e12() -> None:
    client = a_client(budgets=FEW)
    client.limits.is_available = False
    before = RATE_LIMIT_FALLBACKS._value.get()
    codes = [client.call("GET", MEMBER).status_code for _ in range(4)]

    assert codes == [200, 200, 200, 429]
    assert RATE_LIMIT_FALLBACKS._value.get() == before + 4


def test_when_redis_is_back_it_counts_again() -> None:
    client = a_client(budgets=FEW)
    client.limits.is_available = False
    client.call("GET", MEMBER)
    client.limits.is_available = True
    client.now_seconds += 2

    assert client.call("GET", MEMBER).headers["ratelimit"] == '"client-reads";r=2;t=20'


def test_no_limit_says_nothing_and_health_has_none() -> None:
    client = a_client(budgets=FEW._replace(client_reads=0))

    assert "ratelimit" not in client.call("GET", MEMBER).headers
    assert "ratelimit" not in client.call("GET", "/health/live").headers


def test_a_token_that_is_refused_uses_no_budget() -> None:
    client = a_client(budgets=FEW)
    client.token = client.tokens.token(iss="https://other.test")

    assert "ratelimit" not in client.call("GET", MEMBER).headers


def test_the_process_remembers_a_bounded_number_of_askers() -> None:
    limits = MemoryRateLimits(lambda: 1.0)
    one = Budget(1, 60)

    async def ask() -> None:
        for number in range(ASKERS_MAX + 1):
            await limits.take(str(number), one)
        assert (await limits.take("0", one)).is_taken
        assert not (await limits.take(str(ASKERS_MAX), one)).is_taken

    asyncio.run(ask())
    assert len(limits._paid_us) == ASKERS_MAX


def test_pages_of_named_origins_may_call_and_others_may_not() -> None:
    ours = "https://app.example.com"
    client = a_client(origins=(ours,))
    asked = {
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,idempotency-key",
    }
    client.token = None
    yes = client.call("OPTIONS", MEMBER, headers={"origin": ours} | asked)
    no = client.call("OPTIONS", MEMBER, headers={"origin": "https://evil.test"} | asked)

    assert yes.status_code == 200
    assert yes.headers["access-control-allow-origin"] == ours
    assert "access-control-allow-credentials" not in yes.headers
    assert no.status_code == 400
    assert "access-control-allow-origin" not in no.headers


def test_without_the_setting_no_page_may_call() -> None:
    client = a_client()
    answer = client.call("GET", MEMBER, headers={"origin": "https://app.example.com"})

    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    "origins",
    [
        "*",
        "null",
        "http://app.example.com",
        "https://app.example.com/",
        "https://app.example.com/page",
        "https://me@app.example.com",
        ",".join(f"https://a{n}.test" for n in range(65)),
    ],
)
def test_what_is_no_origin_keeps_the_api_from_starting(origins: str) -> None:
    with pytest.raises(InvalidSettings, match="REGULARS_CORS_ORIGINS"):
        origins_of(Settings(cors_origins=origins))


def test_origins_are_taken_as_browsers_write_them() -> None:
    given = "https://app.example.com,http://localhost:3000"

    assert origins_of(Settings(cors_origins=given)) == tuple(given.split(","))


def test_a_known_token_is_known_for_a_minute_and_not_beyond_its_end() -> None:
    tokens, somebody = KnownTokens(), Principal("s", "c", frozenset())
    tokens.keep("long", somebody, now=1_000, ends_at=9_999)
    tokens.keep("short", somebody, now=1_000, ends_at=1_010)

    assert tokens.find("long", 1_059.9) == somebody
    assert tokens.find("long", 1_060) is None
    assert tokens.find("short", 1_009) == somebody
    assert tokens.find("short", 1_010) is None


def test_of_too_many_tokens_the_least_used_is_forgotten() -> None:
    tokens, somebody = KnownTokens(), Principal("s", "c", frozenset())
    tokens.keep("first", somebody, now=0, ends_at=60)
    tokens.keep("second", somebody, now=0, ends_at=60)
    tokens.find("first", 1)
    for number in range(KNOWN_MAX - 1):
        tokens.keep(str(number), somebody, now=0, ends_at=60)

    assert tokens.find("first", 1) == somebody
    assert tokens.find("second", 1) is None
