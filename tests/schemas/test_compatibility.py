"""Yesterday's bytes stay readable, for ever; and the check can fail."""

import io
import json

import pytest
from fastavro import schemaless_writer

from schemas.compatibility import faults, unreadable, versions
from schemas.framing import SCHEMA_DIRECTORY, Framing, crc64, load

NAMES = sorted(path.stem for path in SCHEMA_DIRECTORY.glob("*.avsc"))


@pytest.mark.parametrize("name", NAMES)
def test_every_kept_version_can_be_read(name: str) -> None:
    assert faults(name) == []


@pytest.mark.parametrize("name", NAMES)
def test_the_newest_kept_version_is_the_current_schema(name: str) -> None:
    newest = load(versions(name)[-1])

    assert crc64(newest) == crc64(load(SCHEMA_DIRECTORY / f"{name}.avsc"))


@pytest.mark.parametrize("name", NAMES)
def test_every_field_is_documented(name: str) -> None:
    def undocumented(schema: object) -> list[str]:
        if isinstance(schema, list):
            return [found for part in schema for found in undocumented(part)]
        if not isinstance(schema, dict):
            return []
        found = []
        if schema.get("type") in ("record", "enum") and not schema.get("doc"):
            found.append(str(schema["name"]))
        for field in schema.get("fields", ()):
            if not field.get("doc"):
                found.append(f"{schema['name']}.{field['name']}")
            found.extend(undocumented(field["type"]))
        return found + undocumented(schema.get("items"))

    assert (
        undocumented(json.loads((SCHEMA_DIRECTORY / f"{name}.avsc").read_text())) == []
    )


OLD = {"type": "record", "name": "R", "fields": [{"name": "a", "type": "int"}]}


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ([{"name": "a", "type": "string"}], "/a: int cannot be read as string"),
        (
            [{"name": "a", "type": "int"}, {"name": "b", "type": "int"}],
            "/b: new field without a default",
        ),
    ],
)
def test_a_breaking_change_is_found(fields: list, fault: str) -> None:
    assert unreadable(OLD, OLD | {"fields": fields}) == [fault]


@pytest.mark.parametrize(
    "fields",
    [
        [{"name": "a", "type": "long"}],
        [{"name": "a", "type": ["null", "int"]}],
        [{"name": "a", "type": "int"}, {"name": "b", "type": "int", "default": 1}],
        [],
    ],
)
def test_a_sound_change_is_not(fields: list) -> None:
    assert unreadable(OLD, OLD | {"fields": fields}) == []


def test_a_record_of_an_older_schema_is_read_with_the_defaults_of_the_new(
    tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = json.loads((SCHEMA_DIRECTORY / "tick.avsc").read_text())
    new = json.loads(json.dumps(old))
    new["fields"].append(
        {"name": "zone", "type": "string", "default": "UTC", "doc": "."}
    )
    (tmp_path / "history" / "tick").mkdir(parents=True)
    (tmp_path / "tick.avsc").write_text(json.dumps(new))
    (tmp_path / "history" / "tick" / "0001.avsc").write_text(json.dumps(old))
    monkeypatch.setattr("schemas.framing.SCHEMA_DIRECTORY", tmp_path)
    monkeypatch.setattr("schemas.framing.HISTORY_DIRECTORY", tmp_path / "history")
    written_with = load(tmp_path / "history" / "tick" / "0001.avsc")
    out = io.BytesIO(b"\xc3\x01" + crc64(written_with))
    out.seek(0, io.SEEK_END)
    schemaless_writer(out, written_with, {"at": 7})

    assert Framing("tick").decode(out.getvalue()) == {"at": 7, "zone": "UTC"}


def test_the_fingerprint_is_the_one_of_the_specification() -> None:
    """Avro's own test vector for the schema "int"."""
    assert crc64("int") == (0x7275D51A3F395C8F).to_bytes(8, "little")
