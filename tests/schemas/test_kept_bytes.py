"""What each release has written, today's code reads: the same fields, and defaults for new ones."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from loyalty.events import Tick
from loyalty.member import Member
from schemas.framing import SCHEMA_DIRECTORY
from schemas.state import StateCodec
from tests.schemas.keep import KEPT, KINDS, said, shape_of

RELEASES = sorted(KEPT.glob("*.json"), key=lambda path: path.stem)
RECORDS = [
    pytest.param(record, id=f"{path.stem} {number} {record['kind']}")
    for path in RELEASES
    for number, record in enumerate(json.loads(path.read_text())["records"])
]


def differences(kept: Any, value: Any, place: str = "") -> list[str]:
    """Where a value does not say what was kept of it; new fields have their defaults."""
    if hasattr(value, "_fields") and isinstance(kept, dict):
        found = [f"{place}/{name} is gone" for name in kept.keys() - {*value._fields}]
        for name in value._fields:
            one, where = getattr(value, name), f"{place}/{name}"
            if name in kept:
                found += differences(kept[name], one, where)
            elif one != value._field_defaults.get(name):
                found.append(f"{where} is new and says {one!r}")
        return found
    if isinstance(value, (tuple, list)) and isinstance(kept, list):
        if len(value) != len(kept):
            return [f"{place} has {len(value)} parts, and had {len(kept)}"]
        return [
            fault
            for number, (one, was) in enumerate(zip(value, kept, strict=True))
            for fault in differences(was, one, f"{place}/{number}")
        ]
    return [] if said(value) == kept else [f"{place}: {said(value)!r}, was {kept!r}"]


@pytest.mark.parametrize("record", RECORDS)
def test_bytes_of_an_earlier_release_say_what_they_said(record: dict[str, Any]) -> None:
    value = KINDS[record["kind"]].decode(base64.b64decode(record["bytes"]))

    assert differences(record["says"], value) == []


def test_every_kind_of_record_is_kept() -> None:
    schemas = {path.stem for path in SCHEMA_DIRECTORY.glob("*.avsc")}
    kept = {
        record["kind"]
        for path in RELEASES
        for record in json.loads(path.read_text())["records"]
    }

    # Steps of rules have their own history of whole documents, tests/publishing.
    assert kept | {"program_change"} == schemas


def test_a_member_of_another_shape_has_another_layout_than_any_release() -> None:
    """
    The bytes of a member do not name their fields: the layout in the envelope does.

    When this fails, a field was added: add a symbol to `StateLayout` in
    `member_state.avsc`, name it in `schemas/state.py`, and keep the schema in its history.
    """
    header = StateCodec().member_header.hex()
    other = [
        path.stem
        for path in RELEASES
        if json.loads(path.read_text())["shapes"]["Member"] != shape_of(Member)
        and header in _headers(path)
    ]

    assert other == []


def _headers(path: Path) -> set[str]:
    records = json.loads(path.read_text())["records"]
    return {
        base64.b64decode(record["bytes"])[:10].hex()
        for record in records
        if record["kind"] == "member_state"
    }


@pytest.mark.parametrize(
    ("kept", "found"),
    [
        pytest.param({"at": 7, "zone": "UTC"}, "/zone is gone", id="a field left"),
        pytest.param({"at": 8}, "/at: 7, was 8", id="a value changed"),
    ],
)
def test_what_is_lost_is_found(kept: dict[str, Any], found: str) -> None:
    assert differences(kept, Tick(7)) == [found]
