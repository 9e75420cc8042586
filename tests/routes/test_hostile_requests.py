"""Over the whole of the OpenAPI document: more than was asked for, and far too much."""

from typing import Any, Final

import pytest

from tests.routes.client import Client

CLIENT: Final = Client(stream_seconds_max=0.05)
CLIENT.hold_member()
PATHS: Final = CLIENT.call("GET", "/openapi.json").json()
JSON: Final = "application/json"
# What every guest would like to say of themselves.
WISHES: Final = {
    "balance": 1_000_000,
    "tier": "gold",
    "role": "admin",
    "scopes": ["points:write"],
    "version": 1,
}
RESPONSE_BYTES_MAX: Final = 1_048_576
PLACES: Final = {
    "member_id": "member-1",
    "command_id": "api-" + "0" * 32,
    "reservation_id": "bm8",
}


def filled(path: str) -> str:
    """Path with something in its places."""
    for name, value in PLACES.items():
        path = path.replace(f"{{{name}}}", value)
    return path.replace("{", "").replace("}", "")


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    """Method, path and description of all there is."""
    return [
        (method.upper(), path, operation)
        for path, methods in PATHS["paths"].items()
        for method, operation in methods.items()
    ]


def example_of(operation: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """An example of a body, and the fields that it may have."""
    body = operation["requestBody"]["content"][JSON]
    choices = body["schema"].get("anyOf") or body["schema"].get("oneOf")
    schema = choices[0] if choices else body["schema"]
    name = schema.get("$ref", "").rpartition("/")[2]
    described = PATHS["components"]["schemas"].get(name, schema)
    example = body.get("example") or described["examples"][0]
    return example, described.get("properties", {})


# An envelope may have attributes that nobody knows: they are left alone.
WRITES: Final = [
    pytest.param(method, path, operation, id=f"{method} {path}")
    for method, path, operation in operations()
    if JSON in operation.get("requestBody", {}).get("content", {})
    and path != "/v1/cloudevents"
]


@pytest.mark.parametrize(("method", "path", "operation"), WRITES)
def test_e7_what_a_body_may_not_say_is_refused_by_its_name(
    method: str, path: str, operation: dict[str, Any]
) -> None:
    body, fields = example_of(operation)
    before = len(CLIENT.publisher.published)
    for name, value in WISHES.items():
        if name in fields:
            continue
        answer = CLIENT.call(
            method,
            filled(path),
            json=body | {name: value},
            headers={"idempotency-key": f"e7-{name}"},
        )

        assert answer.status_code == 422, (name, answer.status_code, answer.text[:200])
        assert answer.headers["content-type"] == "application/problem+json"
        pointers = [fault["pointer"] for fault in answer.json()["errors"]]
        assert any(pointer.endswith(f"/{name}") for pointer in pointers), answer.text
    assert len(CLIENT.publisher.published) == before


@pytest.mark.parametrize("limit", ["1000000000", "-1", "0", "1e9", "1.5", "", "x"])
def test_e8_a_page_is_as_long_as_is_written_or_refused(limit: str) -> None:
    paged = [
        (path, operation)
        for method, path, operation in operations()
        if method == "GET"
        and any(one["name"] == "limit" for one in operation.get("parameters", ()))
    ]

    assert len(paged) > 8
    for path, _ in paged:
        answer = CLIENT.call("GET", f"{filled(path)}?limit={limit}")

        assert answer.status_code == 422, (path, answer.text[:200])
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "query",
    [
        "cursor=forged",
        "cursor=" + "A" * 5_000,
        "&".join(f"fields=name{number}" for number in range(1_000)),
        "&".join(f"filter{number}=1" for number in range(1_000)),
        "limit=" + "9" * 4_000,
    ],
    ids=["a cursor", "a long cursor", "1000 fields", "1000 filters", "a long number"],
)
def test_e8_far_too_much_is_refused_or_left_alone_and_told_briefly(query: str) -> None:
    for method, path, _ in operations():
        if method != "GET":
            continue
        answer = CLIENT.call("GET", f"{filled(path)}?{query}")

        assert answer.status_code < 500 or answer.status_code == 501, (
            path,
            answer.text,
        )
        assert len(answer.content) < RESPONSE_BYTES_MAX


def test_e13_every_refusal_is_a_problem_that_tells_nothing_of_us() -> None:
    """No body, a wrong one, another method, and nobody: all over the document."""
    inside = ("Traceback", ".py", "/work", "site-packages", "SELECT", "pydantic", "uvi")
    token = CLIENT.token
    for method, path, _ in operations():
        for called, headers, signed in (
            (method, {}, False),
            (method, {"content-type": JSON}, True),
            ("PUT" if method == "GET" else "TRACE", {}, True),
        ):
            CLIENT.token = token if signed else None
            answer = CLIENT.call(called, filled(path), content=b"{", headers=headers)
            CLIENT.token = token
            if answer.status_code < 400 or path == "/health/ready":
                continue

            kind = answer.headers["content-type"]
            assert kind == "application/problem+json", (called, path, kind)
            assert answer.json()["status"] == answer.status_code
            assert answer.headers["x-request-id"]
            assert not any(word in answer.text for word in inside), answer.text
