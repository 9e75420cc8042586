"""Contacts: written one way, kept as digests only, each one member's."""

import asyncio
from typing import Any

import pytest

from api.contacts import ContactInvalid, ContactKey, written
from stores.identities_contract import CARD, EMAIL, PHONE
from tests.routes.client import Client

ONE, OTHER = "+15550100199", "+15550100200"


@pytest.fixture
def client() -> Client:
    client = Client()
    for member_id in ("ann", "bob"):
        client.ask("POST", "/v1/members", key=member_id, member_id=member_id)
    return client


def found(client: Client, value: str, by: str = "phone") -> str | None:
    body = {
        "transaction_id": "t",
        "type": "LOYALTY_SEARCH",
        "store_id": "s",
        "identify": {"by": by, "value": value},
    }
    out = client.call("POST", "/v1/pos/transactions", json=body).json()
    return out["member"]["member_id"] if out["status"] == "accepted" else None


def change(client: Client, member_id: str, key: str, **body: Any) -> Any:
    return client.ask("PATCH", f"/v1/members/{member_id}", key=key, **body)


@pytest.mark.parametrize(
    ("kind", "text", "same"),
    [
        (PHONE, "+1 (555) 010-0199", ONE),
        (PHONE, "0015550100199", ONE),
        (PHONE, " +1.555.010.0199 ", ONE),
        (PHONE, "\N{FULLWIDTH PLUS SIGN}15550100199", ONE),
        (PHONE, "0555 0100199", ONE),
        (EMAIL, " Ann@Example.COM", "ann@example.com"),
        (CARD, "ab 12-34", "AB1234"),
    ],
)
def test_a_contact_is_written_in_one_way(kind: str, text: str, same: str) -> None:
    assert written(kind, text, country_code="1") == same


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (PHONE, "5550100199"),
        (PHONE, "+0123456789"),
        (PHONE, "+1555"),
        (PHONE, "+1555010019912345"),
        (PHONE, "call me"),
        (EMAIL, "ann"),
        (EMAIL, "a@b"),
        (EMAIL, "a@b@example.com"),
        (EMAIL, "\N{LATIN SMALL LETTER SHARP S}@example.com"),
        (EMAIL, "a@exa mple.com"),
        (EMAIL, "a" * 250 + "@example.com"),
        (CARD, "12"),
        (CARD, "12345\u00df"),
    ],
)
def test_what_is_no_contact_is_refused(kind: str, text: str) -> None:
    with pytest.raises(ContactInvalid):
        written(kind, text)


def test_a_digest_depends_on_the_key_and_the_kind() -> None:
    one, other = ContactKey("a" * 32), ContactKey("b" * 32)

    assert one.digest(PHONE, ONE) == one.digest(PHONE, "+1 555 0100199")
    assert one.digest(PHONE, ONE) != other.digest(PHONE, ONE)
    assert one.digest(CARD, "15550100199") != one.digest(PHONE, ONE)


def test_a_contact_is_found_from_the_enrolment_on() -> None:
    client = Client()
    client.ask(
        "POST", "/v1/members", member_id="ann", phone=ONE, email="Ann@example.com"
    )

    assert found(client, ONE) == "ann"
    assert found(client, "ANN@EXAMPLE.COM", "email") == "ann"


def test_nothing_personal_is_in_the_log_or_in_the_store(client: Client) -> None:
    change(client, "ann", "k", phone=ONE, email="ann@example.com")
    kept = repr(vars(client.identities)) + repr(client.publisher.published)
    kept += repr(vars(client.notes)) + repr(vars(client.views))

    assert ONE[1:] not in kept
    assert "ann@example" not in kept


def test_anothers_contact_is_a_conflict_and_changes_nothing(client: Client) -> None:
    change(client, "ann", "k1", phone=ONE)
    version = client.call("GET", "/v1/members/bob").json()["version"]
    answer = change(client, "bob", "k2", phone=ONE, segments=["x"])

    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/contact-taken"
    assert answer.json()["contact"] == "phone"
    assert found(client, ONE) == "ann"
    assert client.call("GET", "/v1/members/bob").json()["version"] == version


def test_a_new_contact_takes_the_place_of_the_old_one(client: Client) -> None:
    change(client, "ann", "k1", phone=ONE)
    change(client, "ann", "k2", phone=OTHER)

    assert found(client, ONE) is None
    assert found(client, OTHER) == "ann"
    assert change(client, "bob", "k3", phone=ONE).status_code == 200


def test_null_ends_a_contact(client: Client) -> None:
    change(client, "ann", "k1", phone=ONE)
    answer = change(client, "ann", "k2", phone=None)

    assert answer.status_code == 200
    assert found(client, ONE) is None


def test_the_repeat_of_an_older_change_undoes_no_newer_one(client: Client) -> None:
    change(client, "ann", "k1", phone=ONE)
    change(client, "ann", "k2", phone=OTHER)
    repeated = change(client, "ann", "k1", phone=ONE)

    assert repeated.headers["idempotency-replayed"] == "true"
    assert found(client, OTHER) == "ann"


def test_the_same_key_with_another_contact_is_another_request(client: Client) -> None:
    change(client, "ann", "k1", phone=ONE)
    answer = change(client, "ann", "k1", phone=OTHER)

    assert answer.status_code == 422
    assert found(client, OTHER) is None


def test_what_the_engine_refuses_gives_the_contact_back(client: Client) -> None:
    refused = change(client, "ann", "k1", phone=ONE, birthday="02-31")

    assert refused.status_code == 422
    assert change(client, "bob", "k2", phone=ONE).status_code == 200


def test_until_it_is_decided_a_contact_is_kept_from_others(client: Client) -> None:
    client.publisher.is_paused = True
    pending = change(client, "ann", "k1", phone=ONE)
    conflict = change(client, "bob", "k2", phone=ONE)
    client.publisher.is_paused = False
    asyncio.run(client.publisher.catch_up())
    done = change(client, "ann", "k1", phone=ONE)

    assert (pending.status_code, conflict.status_code) == (202, 409)
    assert done.status_code == 200
    assert found(client, ONE) == "ann"
