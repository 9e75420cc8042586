"""What OpenAPI says beyond what the framework knows of our routes."""

from typing import Any, Final

from fastapi import FastAPI

from api.cloud_event_documents import cloud_event_schemas
from api.commands import KEY_LENGTH_MAX
from api.errors import problem_responses
from api.gate import BEARER
from api.life_cycle import mark_leaving
from api.problems import InsufficientScope, InvalidToken
from api.responses import ProblemOut

_REFUSALS: Final = problem_responses(InvalidToken, InsufficientScope)


def describe(app: FastAPI) -> None:
    """Name the problem document, needed keys and alternative scopes in OpenAPI."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        document = generate()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        problem = ProblemOut.model_json_schema(
            ref_template="#/components/schemas/{model}"
        )
        schemas |= problem.pop("$defs")
        schemas["Problem"] = problem
        schemas |= cloud_event_schemas(schemas)
        for path in document["paths"].values():
            for operation in path.values():
                _require_key(operation)
                _offer_scopes(operation)
                _show_an_example(operation, schemas)
        mark_leaving(document)
        return document

    app.openapi = openapi  # type: ignore[method-assign] # FastAPI's own way to extend it


def _require_key(operation: dict[str, Any]) -> None:
    """Say that commands need their key: we judge it, so the framework does not know."""
    for parameter in operation.get("parameters", ()):
        if parameter["name"] == "Idempotency-Key":
            parameter["required"] = True
            parameter["schema"] = {
                "type": "string",
                "minLength": 1,
                "maxLength": KEY_LENGTH_MAX,
            }


def _show_an_example(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Show the first of several shapes that a body may have."""
    for media in operation.get("requestBody", {}).get("content", {}).values():
        shapes = media["schema"].get("anyOf") or media["schema"].get("oneOf") or ()
        named = [
            shape["$ref"].rpartition("/")[2] for shape in shapes if "$ref" in shape
        ]
        if named and "example" not in media:
            media["example"] = schemas[named[0]]["examples"][0]


def _offer_scopes(operation: dict[str, Any]) -> None:
    """Say that any one of the scopes is enough: the framework would need them all."""
    if "security" in operation:
        name = BEARER.scheme_name
        scopes = {scope for need in operation["security"] for scope in need[name]}
        operation["security"] = [{name: [scope]} for scope in sorted(scopes)]
        for status, refusal in _REFUSALS.items():
            operation["responses"][str(status)] = refusal
