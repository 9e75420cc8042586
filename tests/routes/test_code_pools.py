"""Codes of offers over HTTP: uploaded, shown to their member, entered and used."""

import asyncio
from typing import Any

import pytest

from api.contacts import ContactKey
from api.offer_codes import OfferCodes
from loyalty.program_document import program_from
from stores.code_lists_contract import CodePlace
from stores.memory_code_lists import MemoryCodeLists
from tests.builders import NOON, an_order
from tests.routes.client import CONTACT_KEY, Client

OFFERS: list[dict[str, Any]] = [
    {"id": "cake", "name": "Cake", "codes": "spring", "valid_days": 366},
    {"id": "pie", "name": "Pie", "codes": "list", "valid_days": 366},
    {"id": "tea", "name": "Tea", "code": "SUMMER10", "limit": 1, "valid_days": 366},
]
PROGRAM = program_from(
    {
        "program": "p",
        "currency": "USD",
        "code_pools": [
            {"id": "spring", "codes": 5},
            {"id": "list", "kind": "uploaded", "codes": 3, "redeem_by": "anyone"},
        ],
        "personal_offers": OFFERS,
    }
)
POOL, REDEEM = "/v1/code-pools/list", "/v1/codes/redeem"


@pytest.fixture
def client() -> Client:
    """Two members, each with an order: both have a cake and a pie."""
    made = Client(PROGRAM, has_console=False)
    made.now_seconds = NOON / 1000 + 60
    for member_id in ("ann", "bob"):
        made.give(an_order(f"o-{member_id}", member_id=member_id))
    return made


def upload(client: Client, *codes: str, first: int = 0, pool: str = POOL) -> Any:
    body = {"first": first, "codes": list(codes)}
    return client.call("PUT", f"{pool}/codes", json=body)


def codes_of(client: Client, member_id: str) -> dict[str, str | None]:
    """Codes that a member's offers show."""
    found = client.call("GET", f"/v1/members/{member_id}/personal-offers").json()
    return {one["offer_id"]: one["code"] for one in found["items"]}


def use(client: Client, code: str | None, key: str = "k", **more: Any) -> Any:
    return client.ask("POST", REDEEM, key, code=code, **more)


def test_each_member_sees_a_code_of_its_own(client: Client) -> None:
    upload(client, "PIE-1", "PIE-2")
    ann, bob = codes_of(client, "ann"), codes_of(client, "bob")

    assert {ann["pie"], bob["pie"]} == {"PIE-1", "PIE-2"}
    assert ann["cake"] != bob["cake"]
    listed = client.call("GET", "/v1/code-pools/spring/codes").json()
    assert {ann["cake"], bob["cake"]} < set(listed["codes"])
    assert len(set(listed["codes"])) == 5


def test_a_code_whose_list_is_still_to_come_is_shown_when_it_has_come(
    client: Client,
) -> None:
    assert codes_of(client, "ann")["pie"] is None
    upload(client, "PIE-1", "PIE-2")
    assert codes_of(client, "ann")["pie"] in {"PIE-1", "PIE-2"}


def test_a_list_is_taken_whole_or_not_and_counted(client: Client) -> None:
    assert upload(client, "PIE-1", "PIE-2").json() == {
        "pool_id": "list",
        "codes": 3,
        "kind": "uploaded",
        "redeem_by": "anyone",
        "uploaded": 2,
    }
    refused = upload(client, "PIE-9", "pie 1", first=1)
    assert refused.status_code == 409
    assert [one["pointer"] for one in refused.json()["errors"]] == [
        "/codes/0",
        "/codes/1",
    ]
    assert client.call("GET", POOL).json()["uploaded"] == 2


@pytest.mark.parametrize(
    ("pool", "first", "status", "kind"),
    [
        (POOL, 3, 409, "codes-conflict"),
        ("/v1/code-pools/spring", 0, 409, "codes-conflict"),
        ("/v1/code-pools/autumn", 0, 404, "code-pool-not-found"),
        (POOL, -1, 422, "invalid-request"),
    ],
)
def test_a_list_that_fits_nowhere_is_refused(
    client: Client, pool: str, first: int, status: int, kind: str
) -> None:
    refused = upload(client, "PIE-1", first=first, pool=pool)
    assert refused.status_code == status
    assert refused.json()["type"].endswith(kind)


def test_a_code_is_used_once_by_its_member_and_a_repeat_hears_the_same(
    client: Client,
) -> None:
    code = codes_of(client, "ann")["cake"]
    assert code is not None
    other = use(client, code, "k1", member_id="bob")
    used = use(client, code.lower().replace("-", " "), "k2", member_id="ann")
    again = use(client, code, "k3", member_id="ann")

    assert (other.status_code, other.json()["reason"]) == (409, "code-of-another")
    assert used.status_code == 200
    assert used.json()["result"] == {"offer": "cake", "name": "Cake", "pool": "spring"}
    assert (again.status_code, again.json()["reason"]) == (409, "code-not-good")
    assert "cake" not in codes_of(client, "ann")
    repeat = use(client, code.lower().replace("-", " "), "k2", member_id="ann")
    assert repeat.json()["result"] == used.json()["result"]


def test_a_code_for_anyone_needs_nobody(client: Client) -> None:
    upload(client, "PIE-1", "PIE-2")
    used = use(client, codes_of(client, "bob")["pie"])

    assert used.status_code == 200
    assert used.json()["member_id"] == "bob"


@pytest.mark.parametrize("code", ["PIE-3", "0000-0000-0000-0000", "x"])
def test_a_code_that_nobody_was_given_is_not_found(client: Client, code: str) -> None:
    upload(client, "PIE-1", "PIE-2", "PIE-3")
    assert use(client, code).status_code == 404


def test_a_code_that_is_made_and_not_given_is_not_found(client: Client) -> None:
    given = {codes_of(client, name)["cake"] for name in ("ann", "bob")}
    listed = client.call("GET", "/v1/code-pools/spring/codes").json()["codes"]
    others = [code for code in listed if code not in given]

    assert len(others) == 3
    assert {use(client, code, code).status_code for code in others} == {404}


def test_a_till_uses_a_code(client: Client) -> None:
    code = codes_of(client, "ann")["cake"]

    def send(number: int) -> Any:
        body = {
            "transaction_id": f"t-{number}",
            "type": "LOYALTY_REDEEM",
            "store_id": "s-7",
            "identify": {"by": "member_id", "value": "ann"},
            "redeem": {"code": code},
        }
        return client.call("POST", "/v1/pos/transactions", json=body).json()

    first, repeat, other = send(1), send(1), send(2)

    assert first["status"] == "accepted"
    assert first["redemption"]["offer_id"] == "cake"
    assert repeat == first
    assert (other["status"], other["reason"]) == ("rejected", "code-not-good")


def test_a_code_for_all_is_entered_until_its_limit(client: Client) -> None:
    def enter(member_id: str, code: str = "summer-10") -> Any:
        path = f"/v1/members/{member_id}/codes"
        return client.ask("POST", path, f"{member_id}-{code}", code=code)

    first, second = enter("ann"), enter("bob")

    assert first.status_code == 200
    assert first.json()["result"] == {"offer": "tea"}
    assert (second.status_code, second.json()["reason"]) == (409, "offer-none-left")
    assert enter("ann", "WINTER").status_code == 404
    assert codes_of(client, "ann")["tea"] is None


def test_codes_are_long_and_another_key_makes_others() -> None:
    pool = PROGRAM.pool_by_id["spring"]
    ours = OfferCodes(MemoryCodeLists(), CONTACT_KEY)
    key = ContactKey("quite another secret of tests, long enough for all")
    theirs = OfferCodes(MemoryCodeLists(), key)

    async def something() -> None:
        (code,), (other,) = await ours.shown(pool, [3]), await theirs.shown(pool, [3])
        assert code is not None
        assert other is not None
        assert code != other
        assert len(code) == 19
        assert await ours.place_of(code, PROGRAM) == CodePlace("spring", 3)
        assert await theirs.place_of(code, PROGRAM) is None
        # One letter more or less is another code.
        for at in (0, 6, 18):
            changed = "0" if code[at] != "0" else "1"
            wrong = code[:at] + changed + code[at + 1 :]
            assert await ours.place_of(wrong, PROGRAM) is None

    asyncio.run(something())


def test_without_a_key_offers_are_shown_without_their_codes() -> None:
    client = Client(PROGRAM, contact_key=None, has_console=False)
    client.now_seconds = NOON / 1000 + 60
    client.give(an_order("o1", member_id="ann"))

    assert codes_of(client, "ann")["cake"] is None
    listed = client.call("GET", "/v1/code-pools/spring/codes")
    assert listed.status_code == 501
