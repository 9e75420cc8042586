"""
Write the typed Python client anew from the API's OpenAPI document.

`make client` runs it. What is generated is kept in git, so that whoever uses it
needs no generator; `DOCUMENT` names the document that it was made from.
"""

import json
import re
import subprocess
import sys
import tempfile
from dataclasses import fields
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, cast

from api.app import create_app
from api.parts import Stores
from loyalty.program import Program
from schemas.events import EventCodec

PYTHON: Final = Path(__file__).parent / "python"
PACKAGE: Final = PYTHON / "regulars_client"
# Digest of the document that the client was made from.
DOCUMENT: Final = PYTHON / "DOCUMENT"
CONFIG: Final = Path(__file__).with_name("generator.yaml")
METHODS: Final = {"get", "put", "post", "delete", "patch"}
JSON: Final = "application/json"
ROWS: Final = "application/x-ndjson"
TEXTS: Final = {"text/event-stream", ROWS}
# Where a body is not plain JSON: the one of its forms that the client sends, and what
# it is to the generator if it is no JSON at all. One event is a batch of one.
FORMS: Final[dict[str, tuple[str, dict[str, Any] | None]]] = {
    "/v1/cloudevents": ("application/cloudevents-batch+json", None),
    "/v1/imports": (ROWS, {"type": "string", "format": "binary"}),
    "/v1/campaigns/lists": (ROWS, {"type": "string", "format": "binary"}),
}


class _NotAsked:
    """A store that is there and never asked, and so is all of it."""

    def __getattr__(self, _: str) -> "_NotAsked":
        return self


def document() -> dict[str, Any]:
    """OpenAPI document of the API, as the generator can read it."""
    # The document needs none of them: they are only held.
    stores = Stores(
        **{field.name: cast("Any", _NotAsked()) for field in fields(Stores)}
    )
    app = create_app(
        stores,
        codec=EventCodec(),
        programs=Program(
            program_id="none", version=1, effective_from=0, currency="USD"
        ),
        verifier=None,
        contact_key=None,
    )
    return readable(app.openapi())


def readable(found: dict[str, Any]) -> dict[str, Any]:
    """
    Document without what the generator makes no sound code of.

    Which fields exclude one another is left to the server, and operations are
    called as their functions are: `redeem`, not `redeem_v1_members_…_post`.
    """
    for schema in found["components"]["schemas"].values():
        if "properties" in schema:
            schema.pop("oneOf", None)
            schema.pop("anyOf", None)
            for one in schema["properties"].values():
                one.pop("not", None)
    for path, operations in found["paths"].items():
        for method in METHODS & operations.keys():
            _tell_texts(operations[method])
            if not _is_sendable(path, operations[method]):
                # Forms of pages, for browsers.
                del operations[method]
    names = set()
    for path, operations in found["paths"].items():
        for method, operation in operations.items():
            if method in METHODS:
                # The framework appends path and method to the function's name.
                suffix = re.sub(r"\W", "_", f"{path}_{method}")
                name = operation["operationId"].removesuffix(suffix)
                operation["operationId"] = name
                assert name not in names, f"two operations are called {name}"
                names.add(name)
    return found


def _tell_texts(operation: dict[str, Any]) -> None:
    """The client has the text of streams and rows: whoever asked reads it."""
    for answer in operation.get("responses", {}).values():
        if TEXTS & answer.get("content", {}).keys():
            answer["content"] = {"text/plain": {"schema": {"type": "string"}}}


def _is_sendable(path: str, operation: dict[str, Any]) -> bool:
    """Whether the client can send an operation's body, of which one form is left."""
    content = operation.get("requestBody", {}).get("content", {})
    if not content or set(content) == {JSON}:
        return True
    if path not in FORMS:
        return False
    _keep_form(operation, *FORMS[path])
    return True


def _keep_form(
    operation: dict[str, Any], form: str, schema: dict[str, Any] | None
) -> None:
    """Leave one form of a body, and no headers that only the others need."""
    content = operation["requestBody"]["content"]
    operation["requestBody"]["content"] = {
        form: {**content[form], "schema": schema or content[form]["schema"]}
    }
    operation["parameters"] = [
        one for one in operation.get("parameters", []) if not _is_of_envelope(one)
    ]


def _is_of_envelope(parameter: dict[str, Any]) -> bool:
    return str(parameter["in"]) == "header" and str(parameter["name"]).startswith("ce-")


def digest(found: dict[str, Any]) -> str:
    """Digest of a document."""
    text = json.dumps(found, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def main() -> None:
    """Generate the package in its place."""
    found = document()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "openapi.json"
        source.write_text(json.dumps(found))
        generator = Path(sys.executable).with_name("openapi-python-client")
        subprocess.run(  # noqa: S603 - our own tool, of our own environment
            [
                *(str(generator), "generate", "--path", str(source)),
                *("--meta", "none", "--overwrite", "--config", str(CONFIG)),
                *("--output-path", str(PACKAGE)),
            ],
            check=True,
        )
    (PACKAGE / "py.typed").touch()
    DOCUMENT.write_text(digest(found) + "\n")


if __name__ == "__main__":
    main()
