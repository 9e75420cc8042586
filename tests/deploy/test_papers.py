"""Papers that would be believed: each says what is there, and names tests that are."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.console.viewers import ROLES
from api.gate import SCOPES
from runtime.edge_settings import SECRETS
from runtime.settings import PREFIX, Settings

ROOT = Path(__file__).parents[2]
OWASP = (ROOT / "docs/owasp-api.md").read_text()
PERSONAL = (ROOT / "docs/personal-data.md").read_text()
SECURITY = (ROOT / "docs/security.md").read_text()
CONSOLE = (ROOT / "docs/console.md").read_text()
OPERATIONS = (ROOT / "docs/operations.md").read_text()
CITED = sorted(set(re.findall(r"`(tests/[\w/]+\.py(?:::\w+)?)`", OWASP)))
# Names that fields of contacts and persons usually have.
TELLING = re.compile(
    r"phone|e_?mail|(first|last|full|sur|given)_?name|address|street|postal|zip|birth|"
    r"gender|card|iban|latitude|longitude|ip_addr|device|passport|ssn|_code$|^code$"
)
MIGRATIONS = "".join(
    path.read_text() for path in sorted((ROOT / "stores/migrations").glob("*.sql"))
)


def fields(schema: Any, place: str) -> Iterator[str]:
    """Every field of a schema, by its path."""
    if isinstance(schema, list):
        for one in schema:
            yield from fields(one, place)
    elif isinstance(schema, dict):
        if schema.get("type") == "record":
            for field in schema["fields"]:
                yield f"{place}.{field['name']}"
                yield from fields(field["type"], f"{place}.{field['name']}")
        else:
            for part in ("items", "values", "type"):
                yield from fields(schema.get(part), place)


def schemas() -> dict[str, Any]:
    """Every record that is written to Kafka."""
    return {
        path.stem: json.loads(path.read_text())
        for path in sorted((ROOT / "schemas").glob("*.avsc"))
    }


@pytest.mark.parametrize("cited", CITED)
def test_a_test_that_a_paper_names_is_there(cited: str) -> None:
    path, _, name = cited.partition("::")
    text = (ROOT / path).read_text()

    assert name == "" or f"def {name}(" in text


def test_each_of_the_ten_risks_has_its_tests() -> None:
    rows = re.findall(r"^\| (API\d+) .*$", OWASP, re.MULTILINE)
    lines = [line for line in OWASP.splitlines() if line.startswith("| API")]

    assert rows == [f"API{number}" for number in range(1, 11)]
    assert all("`tests/" in line for line in lines)


@pytest.mark.parametrize("name", sorted(schemas()))
def test_every_record_is_in_the_inventory(name: str) -> None:
    telling = [
        place
        for place in fields(schemas()[name], name)
        if TELLING.search(place.rsplit(".", 1)[1])
    ]

    assert f"`{name}`" in PERSONAL
    assert [place for place in telling if f"`{place}`" not in PERSONAL] == []


def test_every_table_is_in_the_inventory_and_no_column_tells_who_it_is() -> None:
    tables = set(re.findall(r"TABLE IF NOT EXISTS \{database\}\.(\w+)", MIGRATIONS))
    columns = set(
        re.findall(r"^\s+(\w+) [A-Z]\w+.* COMMENT ", MIGRATIONS, re.MULTILINE)
    )

    assert tables
    assert [name for name in sorted(tables) if f"`{name}`" not in PERSONAL] == []
    assert [name for name in sorted(columns) if TELLING.search(name)] == []


def test_every_family_of_keys_is_in_the_inventory() -> None:
    families = {
        found
        for path in sorted((ROOT / "stores").glob("*.py"))
        for found in re.findall(r'f"\{[\w.]*app_id\}:([a-z-]+)', path.read_text())
    }

    assert {"member", "contact", "result"} <= families
    assert [name for name in sorted(families) if f"`{name}`" not in PERSONAL] == []


def test_every_secret_setting_is_in_the_inventory() -> None:
    secrets = [
        PREFIX + name.upper()
        for name, field in Settings.model_fields.items()
        if name.endswith(("_secret", "_password"))
        or "Secret" in str(field.annotation)
        or name in SECRETS
    ]

    assert secrets
    assert [name for name in secrets if f"`{name}`" not in PERSONAL] == []


def test_the_roles_of_both_papers_are_those_of_the_code() -> None:
    """A token for the API has at least what the console's role of that name has."""
    rows = re.findall(
        r"^\| (.+) \| `([a-z: ]+:[a-z: ]+)`.* \|$", SECURITY, re.MULTILINE
    )
    tokens = {name.removesuffix(" desk"): set(text.split()) for name, text in rows}
    [table] = re.findall(
        r"^\| scope \| lets .*?\n\n", CONSOLE, re.MULTILINE | re.DOTALL
    )
    heads, _, *lines = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in table.splitlines()
        if line
    ]
    marked = {
        name: {line[0].strip("`") for line in lines if line[number] == "✓"}
        for number, name in enumerate(heads)
        if number > 1
    }

    assert marked == ROLES
    assert {name: ROLES[name] - tokens[name] for name in ROLES} == dict.fromkeys(
        ROLES, frozenset()
    )
    assert set().union(*tokens.values()) == SCOPES.keys() | {"analytics:query"}


def test_every_reason_of_a_dead_letter_is_told() -> None:
    reasons = {
        reason
        for folder in ("loyalty", "schemas", "streams", "jobs/bridging")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for reason in reasons_in(path.read_text())
    }
    _, _, after = OPERATIONS.partition("\n## Dead letters\n")
    told = set(re.findall(r"`([a-z-]+)`", after.partition("\n\nWhat was done")[0]))

    assert reasons >= {"merge-loop", "engine-fault", "not-json", "currency"}
    assert sorted(reasons - told) == []


def reasons_in(source: str) -> Iterator[str]:
    """First arguments of what makes a record a dead letter, where they are a text."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            match node.func.id, node.args:
                case (
                    "MalformedRecord" | "RecordTooLarge" | "InvalidEvent" | "Refusal",
                    [ast.Constant(value=str(reason)), *_],
                ):
                    yield reason
