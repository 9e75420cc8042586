"""Rules of docs/api-style.md, over an OpenAPI document: each gives the places at fault."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, Final

Document = dict[str, Any]
Rule = Callable[[Document], Iterator[str]]
METHODS: Final = ("get", "post", "put", "patch", "delete")
# A link in an e-mail is older than any version.
PREFIXES: Final = ("/v1/", "/health/", "/metrics", "/unsubscribe/")
SEGMENT: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*|\{[a-z][a-z0-9_]*\}")
SNAKE: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
HEADER: Final = re.compile(
    r"[A-Za-z][a-z]*(-[A-Za-z][a-z]*)*|If-None-Match|last-event-id"
)
# Answers to what was sent, and lists that are short for good: always whole. Letters
# came before the rule and name their cursor `next`.
WHOLE: Final = {"AllAcceptedOut", "BatchOut", "ConsentsOut", "QuestionsOut"}
WHOLE |= {"ExperimentsOut", "LettersOut", "PersonalOffersOut", "WebhooksOut"}
PROBLEM: Final = "application/problem+json"
# Amounts say their unit, and moments that they are ones.
AMOUNT: Final = re.compile(r"(^|_)(price|discount|tax|subtotal|amount|spend)$")
TIMES: Final = re.compile(r"(^|_)(time|date|timestamp)$|_on$")
TIMES_ALLOWED: Final = {"time"}


def operations(document: Document) -> Iterator[tuple[str, Document]]:
    """Every operation by its name, e.g. `GET /v1/program`."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield f"{method.upper()} {path}", item[method]


def _schemas(document: Document) -> Iterator[tuple[str, Document]]:
    yield from document.get("components", {}).get("schemas", {}).items()


def s1_paths_are_lower_case_nouns_under_a_version(document: Document) -> Iterator[str]:
    """S1."""
    for path in document["paths"]:
        parts = path.strip("/").split("/")
        sound = all(SEGMENT.fullmatch(part) for part in parts)
        if not path.startswith(PREFIXES) or path.endswith("/") or not sound:
            yield path


def s2_names_are_snake_case(document: Document) -> Iterator[str]:
    """S2."""
    for name, schema in _schemas(document):
        for field in schema.get("properties", {}):
            if not SNAKE.fullmatch(field):
                yield f"{name}.{field}"
    for operation_name, operation in operations(document):
        for parameter in operation.get("parameters", ()):
            if parameter["in"] in ("path", "query") and not SNAKE.fullmatch(
                parameter["name"]
            ):
                yield f"{operation_name} {parameter['name']}"


def s3_units_stand_in_the_name(document: Document) -> Iterator[str]:
    """S3."""
    for name, schema in _schemas(document):
        for field in schema.get("properties", {}):
            if AMOUNT.search(field) or (
                TIMES.search(field) and field not in TIMES_ALLOWED
            ):
                yield f"{name}.{field}"


def s4_an_operation_says_what_it_does(document: Document) -> Iterator[str]:
    """S4."""
    ids = Counter(one.get("operationId") for _, one in operations(document))
    for name, operation in operations(document):
        said = operation.get("description", "").strip().partition("\n")[0]
        if (
            not said.endswith((".", ";", ":", ","))
            or len(operation.get("tags", ())) != 1
            or not operation.get("summary")
            or ids[operation.get("operationId")] != 1
        ):
            yield name


def s5_everything_under_a_version_needs_a_token(document: Document) -> Iterator[str]:
    """S5."""
    for name, operation in operations(document):
        if " /v1/" in name and not (
            operation.get("security")
            and {"401", "403"} <= operation["responses"].keys()
        ):
            yield name


def s6_every_error_is_a_problem_document(document: Document) -> Iterator[str]:
    """S6."""
    for name, operation in operations(document):
        for status, answer in operation["responses"].items():
            if (
                " /v1/" in name
                and status.startswith(("4", "5"))
                and list(answer.get("content", {})) != [PROBLEM]
            ):
                yield f"{name} {status}"
        if (
            " /v1/" in name
            and not {"422", "500", "503"} <= operation["responses"].keys()
        ):
            yield f"{name} lacks 422, 500 or 503"


def s7_lists_are_pages(document: Document) -> Iterator[str]:
    """S7."""
    for name, schema in _schemas(document):
        fields = schema.get("properties", {})
        is_answer = name.endswith("Out") and "items" in fields
        if is_answer and "next_cursor" not in fields and name not in WHOLE:
            yield name
    for name, operation in operations(document):
        for parameter in operation.get("parameters", ()):
            schema = parameter["schema"]
            bounds = [schema, *schema.get("anyOf", ())]
            if parameter["name"] == "limit" and "maximum" not in schema:
                yield f"{name} limit"
            if parameter["name"] == "cursor" and not any(
                "maxLength" in b for b in bounds
            ):
                yield f"{name} cursor"


def s8_every_body_has_an_example(document: Document) -> Iterator[str]:
    """S8."""
    schemas = dict(_schemas(document))

    def is_shown(media: Document) -> bool:
        shape = schemas.get(
            media.get("schema", {}).get("$ref", "").rpartition("/")[2], {}
        )
        return bool(media.keys() & {"example", "examples"} or shape.get("examples"))

    for name, operation in operations(document):
        bodies = {"body": operation.get("requestBody", {}), **operation["responses"]}
        for where, body in bodies.items():
            for kind, media in body.get("content", {}).items():
                if kind != "text/html" and not is_shown(media):
                    yield f"{name} {where} {kind}"


def s9_a_command_has_an_idempotency_key(document: Document) -> Iterator[str]:
    """S9."""
    for name, operation in operations(document):
        is_command = operation.get("tags") == ["commands"] and not name.startswith(
            "GET "
        )
        keys = [
            p for p in operation.get("parameters", ()) if p["name"] == "Idempotency-Key"
        ]
        if is_command and not (keys and keys[0]["required"]):
            yield name


def s10_a_deprecated_operation_says_when_it_goes(document: Document) -> Iterator[str]:
    """S10."""
    for name, operation in operations(document):
        if operation.get("deprecated", False) != ("x-sunset" in operation):
            yield name


RULES: Final[tuple[Rule, ...]] = (
    s1_paths_are_lower_case_nouns_under_a_version,
    s2_names_are_snake_case,
    s3_units_stand_in_the_name,
    s4_an_operation_says_what_it_does,
    s5_everything_under_a_version_needs_a_token,
    s6_every_error_is_a_problem_document,
    s7_lists_are_pages,
    s8_every_body_has_an_example,
    s9_a_command_has_an_idempotency_key,
    s10_a_deprecated_operation_says_when_it_goes,
)
