"""The pages for strangers name what there is, and nothing else."""

import re
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from api import (
    analytics_responses,
    backtest_requests,
    backtest_responses,
    campaign_requests,
    campaign_responses,
    code_requests,
    code_responses,
    command_requests,
    command_responses,
    dead_letter_shapes,
    delivery_requests,
    delivery_responses,
    estimate_responses,
    experiment_responses,
    history_responses,
    import_responses,
    member_responses,
    news_responses,
    personal_responses,
    pos_requests,
    pos_responses,
    privacy,
    profile_requests,
    responses,
    rule_requests,
    rule_responses,
    simulation_responses,
    webhook_requests,
    webhook_responses,
)
from api.problem_kinds import KINDS
from api.refusals import BY_REASON
from schemas import cloud_events, event_bodies
from stores.programs import load_document
from tests.builders import NOON
from tests.routes.client import Client

DOCS = Path(__file__).parents[2] / "docs"
MODULES = (
    analytics_responses,
    experiment_responses,
    backtest_requests,
    backtest_responses,
    campaign_requests,
    campaign_responses,
    cloud_events,
    code_requests,
    code_responses,
    news_responses,
    simulation_responses,
    command_requests,
    command_responses,
    dead_letter_shapes,
    delivery_requests,
    delivery_responses,
    estimate_responses,
    history_responses,
    import_responses,
    member_responses,
    personal_responses,
    pos_requests,
    pos_responses,
    privacy,
    profile_requests,
    event_bodies,
    responses,
    rule_requests,
    rule_responses,
    webhook_requests,
    webhook_responses,
)
BOUNDS = {"maxLength", "pattern", "enum", "maximum", "format", "const"}
# Those of HTTP's own name that a request can meet.
OF_HTTP = {"not-found", "method-not-allowed"}


def test_every_problem_type_is_registered() -> None:
    text = (DOCS / "problems.md").read_text()
    rows = re.findall(r"^\| `/problems/([a-z-]+)` \| (\d+) \|", text, re.MULTILINE)

    kinds = {kind.name: str(int(kind.status)) for kind in KINDS}
    assert {name: status for name, status in rows if name not in OF_HTTP} == kinds
    assert {name for name, _ in rows} >= OF_HTTP


def test_every_reason_of_a_refusal_is_explained() -> None:
    sources = [Path("loyalty/events.py"), Path("schemas/events.py")]
    said = "".join((DOCS.parent / path).read_text() for path in sources)
    reasons = set(re.findall(r'Invalid(?:Event)\(\s*"([a-z-]+)"', said))
    text = (DOCS / "problems.md").read_text()

    assert reasons
    assert {reason for reason in reasons if f"`{reason}`" not in text} == set()


def test_every_path_is_in_the_guide() -> None:
    paths = Client().call("GET", "/openapi.json").json()["paths"]
    text = (DOCS / "api.md").read_text().replace("{id}", "{member_id}")

    assert {path for path in paths if path not in text} == set()


def test_every_reason_of_a_refused_command_is_explained() -> None:
    text = (DOCS / "problems.md").read_text()
    text = text.partition("## Reasons of a refused command")[2]
    told = {
        reason: int(status)
        for reasons, status in re.findall(
            r"^\| (`[^|]*) \| (\d+) \|", text, re.MULTILINE
        )
        for reason in re.findall(r"`([a-z-]+)`", reasons)
    }

    assert {reason: int(kind.status) for reason, kind in BY_REASON.items()} == told


def test_what_the_guide_sends_is_taken() -> None:
    """Every body of the guide, in its order: the later ones build on the earlier."""
    text = (DOCS / "api.md").read_text()
    pattern = r"-X POST \$API(\S+) ([^\n]*?)-d '(\{.*?\})'(?: \||\n)"
    sent = re.findall(pattern, text, re.DOTALL)
    now = "'$(date +%s000)'"
    client = Client(document=load_document(DOCS.parent / "programs" / "demo.yaml"))
    # With what the guide says that a token needs, and no more.
    minted = r'^(\w+)=\$\(make -s token SUBJECT=(\w+) SCOPES="([^"]+)"\)$'
    tokens = {
        name: client.tokens.token(sub=who, client_id=who, scope=scopes)
        for name, who, scopes in re.findall(minted, text, re.MULTILINE)
    }

    assert tokens.keys() == {"TOKEN", "APPROVER"}
    assert {path.split("/")[-1] for path, _, _ in sent} == {
        "orders",
        "activity",
        "cloudevents",
        "members",
        "adjustments",
        "redemptions",
        "reservations",
        "estimates",
        "rules",
        "submit",
        "approve",
        "publish",
        "simulations",
        "counts",
        "wakes",
        "backtests",
        "webhooks",
        "transactions",
        "batch",
        "dead-letter-redrives",
    }
    for path, options, body in sent:
        kind = re.search(r"content-type: ([^']+)'", options)
        assert kind is not None, path
        headers = {"content-type": kind[1]}
        key = re.search(r"Idempotency-Key: ([^']+)'", options)
        if key is not None:
            headers["idempotency-key"] = key[1]
        who = "APPROVER" if "$APPROVER" in options else "TOKEN"
        headers["authorization"] = f"Bearer {tokens[who]}"
        content = body.replace(now, str(NOON))
        answer = client.call("POST", path, content=content, headers=headers)
        assert answer.status_code in (200, 201, 202), (path, answer.text)


def test_every_call_of_the_guide_shows_a_token() -> None:
    """But those of health, which need none."""
    text = (DOCS / "api.md").read_text()
    calls = re.findall(r"\bcurl -[^\n]*\$API/v1[^\n]*", text)

    assert len(calls) > 40
    assert [one for one in calls if "Authorization: Bearer $" not in one] == []


def test_every_body_has_examples_and_they_are_sound() -> None:
    document = Client().call("GET", "/openapi.json").json()
    schemas = document["components"]["schemas"]
    bodies = {
        media["schema"]["$ref"].rpartition("/")[2]
        for path in document["paths"].values()
        for operation in path.values()
        for part in (operation.get("requestBody", {}), *operation["responses"].values())
        for media in part.get("content", {}).values()
        if "$ref" in media["schema"]
    }
    shapes = {
        shape.__name__: shape
        for module in MODULES
        for shape in vars(module).values()
        if isinstance(shape, type) and issubclass(shape, BaseModel)
    }

    assert document["openapi"].startswith("3.1")
    assert len(bodies) > 20
    for name in bodies - {"Problem"}:
        assert schemas[name].get("examples"), name
        # From the source: OpenAPI leaves out what is null.
        for example in shapes[name].model_config["json_schema_extra"]["examples"]:
            shapes[name].model_validate(example)


def test_every_text_list_and_number_that_is_taken_is_bounded() -> None:
    document = Client().call("GET", "/openapi.json").json()
    schemas = document["components"]["schemas"]
    taken = {name for name in schemas if name.endswith("In")}

    def unbounded(schema: dict[str, Any]) -> bool:
        kinds = schema.get("anyOf", [schema])
        return any(
            (kind.get("type") == "string" and not BOUNDS & kind.keys())
            or (kind.get("type") == "array" and "maxItems" not in kind)
            or (kind.get("type") == "integer" and not BOUNDS & kind.keys())
            for kind in kinds
        )

    assert len(taken) > 10
    loose = [
        f"{name}.{field}"
        for name in sorted(taken)
        for field, schema in schemas[name]["properties"].items()
        if unbounded(schema)
    ]
    assert loose == []
    assert all(schemas[name]["additionalProperties"] is False for name in taken)


def test_every_command_says_that_it_needs_its_key() -> None:
    paths = Client().call("GET", "/openapi.json").json()["paths"]
    commands = [
        operation
        for path in paths.values()
        for operation in path.values()
        if operation.get("tags") == ["commands"] and "/{command_id}" not in path
    ]
    keyed = [
        operation
        for operation in commands
        if any(p["name"] == "Idempotency-Key" and p["required"] for p in operation.get("parameters", ()))
    ]  # fmt: skip

    assert len(keyed) == 18
    assert len(commands) == 19
