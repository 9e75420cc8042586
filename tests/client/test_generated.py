"""The typed client is of the API as it is now."""

import ast

import pytest

from clients.generate import DOCUMENT, PACKAGE, digest, document, readable


def test_the_client_is_of_the_document_that_the_api_shows() -> None:
    made_from = DOCUMENT.read_text().strip()

    assert made_from == digest(document()), "the API has changed: make client"


def test_every_operation_has_a_module_of_its_name() -> None:
    names = {
        operation["operationId"]
        for path in document()["paths"].values()
        for operation in path.values()
    }
    modules = {path.stem for path in PACKAGE.glob("api/*/*.py")}

    assert names <= modules
    assert {"merge_members", "redeem", "get_member"} <= names


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.py")), ids=lambda one: one.stem
)
def test_what_was_generated_is_python(path) -> None:
    assert ast.parse(path.read_text()).body or path.name == "__init__.py"


def test_two_operations_of_one_name_are_refused() -> None:
    twice = {
        "components": {"schemas": {}},
        "paths": {
            "/a": {"get": {"operationId": "a_a_get"}},
            "/b": {"get": {"operationId": "a_b_get"}},
        },
    }

    with pytest.raises(AssertionError, match="two operations are called a"):
        readable(twice)
