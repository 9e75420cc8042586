"""What requests come to while something that they need is away, hangs or is full."""

import asyncio

import pytest

from api.guarding import READS, Guards
from stores.analytics_contract import Analytics
from stores.audiences_contract import Audiences
from stores.backtests_contract import Backtests
from stores.campaigns_contract import Campaigns
from stores.command_notes import CommandNotes
from stores.delivery_controls_contract import DeliveryControls
from stores.email_addresses_contract import EmailAddresses
from stores.endpoints_contract import Endpoints
from stores.guard import STORE_RULES
from stores.identities_contract import Identities
from stores.imports_contract import Imports
from stores.inbox_contract import Inbox
from stores.member_views_contract import MemberViews
from stores.outbox_contract import Outbox
from stores.questions_contract import Questions
from stores.saved_views import SavedViews
from stores.till_notes import TillNotes
from stores.worker_reports_contract import WorkerReports
from tests.routes.client import Client
from tests.routes.desk import Visitor

MEMBER = "/v1/members/member-1"
GUARDED = (
    *(MemberViews, Analytics, Questions, CommandNotes, Backtests, Identities),
    *(TillNotes, Imports, SavedViews, Outbox, DeliveryControls, Endpoints),
    *(Inbox, EmailAddresses, WorkerReports, Campaigns, Audiences),
)


def a_client() -> tuple[Client, Guards]:
    """The API over stores that are guarded by the client's clock, and a member."""
    guards = Guards(lambda: client.now_seconds)
    client = Client(guards=guards)
    client.hold_member()
    return client, guards


def test_after_some_failures_redis_is_not_asked_and_others_go_on_b1() -> None:
    client, guards = a_client()
    client.views.is_available = False
    first = client.call("GET", MEMBER)
    for _ in range(STORE_RULES.failures_max):
        client.call("GET", MEMBER)
    asked = []
    client.views.get = asked.append  # type: ignore[method-assign, assignment] # is told
    answer = client.call("GET", MEMBER)
    ledger = client.call("GET", f"{MEMBER}/ledger")
    ready = client.call("GET", "/health/ready").json()

    assert first.status_code == 503
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) >= 1
    assert asked == []
    assert guards.redis.state == "open"
    assert ledger.status_code == 200
    assert ready["status"] == "waiting"
    assert ready["dependencies"]["redis"]["breaker"] == "open"
    assert ready["dependencies"]["kafka"]["breaker"] == "closed"


def test_one_call_beyond_the_bulkhead_is_503_at_once() -> None:
    client, guards = a_client()
    guards.redis.calls_max = 0
    answer = client.call("GET", MEMBER)

    assert answer.status_code == 503
    assert answer.json()["type"] == "/problems/unavailable"
    assert answer.headers["retry-after"]
    assert guards.redis.state == "closed"


def test_while_the_log_is_away_reads_say_how_old_they_are_and_writes_wait_a8() -> None:
    client, _ = a_client()
    fresh = client.call("GET", MEMBER)
    client.publisher.is_available = False
    client.program_log.silent_seconds = 93.7
    read = client.call("GET", MEMBER)
    offers = client.call("GET", f"{MEMBER}/offers")
    unchanged = client.call(
        "GET", MEMBER, headers={"if-none-match": fresh.headers["etag"]}
    )
    written = client.ask("POST", f"{MEMBER}/redemptions", points=1)
    ready = client.call("GET", "/health/ready").json()

    assert "age" not in fresh.headers
    assert (read.status_code, offers.status_code) == (200, 200)
    assert unchanged.status_code == 304
    assert read.headers["age"] == offers.headers["age"] == "93"
    assert unchanged.headers["age"] == "93"
    assert written.status_code == 503
    assert written.headers["retry-after"]
    assert ready["log_silent_seconds"] == 93


def test_a_log_that_is_back_is_written_to_under_the_same_key_once() -> None:
    client, guards = a_client()
    client.earn(100)
    client.publisher.is_available = False
    for _ in range(STORE_RULES.failures_max):
        client.ask("POST", f"{MEMBER}/redemptions", points=1)
    client.publisher.is_available = True
    refused = client.ask("POST", f"{MEMBER}/redemptions", points=1)
    client.now_seconds += int(refused.headers["retry-after"])
    answers = [
        client.ask("POST", f"{MEMBER}/redemptions", points=1).status_code
        for _ in range(2)
    ]

    assert refused.status_code == 503
    assert answers == [200, 200]
    assert guards.kafka.state == "closed"


@pytest.mark.parametrize("name", sorted(READS))
def test_a_read_that_may_be_done_twice_is_one_of_a_store(name: str) -> None:
    owners = [contract for contract in GUARDED if hasattr(contract, name)]

    assert owners
    assert all(asyncio.iscoroutinefunction(getattr(one, name)) for one in owners)


def test_operations_show_each_breaker() -> None:
    client, guards = a_client()
    client.views.is_available = False
    for _ in range(STORE_RULES.failures_max):
        client.call("GET", MEMBER)
    page = Visitor(client).sign_in().get("/operations").text

    for guard in guards.all():
        assert f'<th scope="row">{guard.name}</th>' in page
    assert '<span class="tag bad">open</span>' in page
