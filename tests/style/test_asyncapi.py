"""The AsyncAPI document is one, and says what topics and stream are."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from api.news_responses import NewsOut
from jobs.asyncapi import asyncapi_document
from schemas.framing import SCHEMA_DIRECTORY
from schemas.topics import all_topics

HERE = Path(__file__).parent
# The official schema of AsyncAPI 3.0.0 (Apache-2.0, see the licence beside it).
OFFICIAL = json.loads((HERE / "asyncapi" / "schema-3.0.0.json").read_text())
VALIDATOR = jsonschema_rs.validator_for(OFFICIAL)
DOCUMENT = yaml.safe_load((HERE.parents[1] / "docs" / "asyncapi.yaml").read_text())
STATES = {"regulars-members-changelog"}


def test_the_document_is_valid_by_the_official_schema() -> None:
    assert [error.message for error in VALIDATOR.iter_errors(DOCUMENT)] == []


def test_every_topic_but_the_engines_own_is_told_of() -> None:
    topics = {spec.name for spec in all_topics("regulars")} - STATES

    addresses = {channel["address"] for channel in DOCUMENT["channels"].values()}
    assert addresses == topics | {"/v1/members/{member_id}/events", None}


def test_a_message_is_its_avro_schema() -> None:
    for spec in all_topics("regulars"):
        if spec.name not in STATES:
            payload = DOCUMENT["components"]["messages"][spec.schema]["payload"]
            schema = json.loads((SCHEMA_DIRECTORY / f"{spec.schema}.avsc").read_text())
            assert payload["schema"] == schema


def test_what_the_stream_tells_is_what_the_api_tells() -> None:
    payload = DOCUMENT["components"]["messages"]["member_news"]["payload"]

    assert payload["required"] == list(NewsOut.model_fields)


def _every_reference(value: Any) -> set[str]:
    if isinstance(value, dict):
        found = {value["$ref"]} if "$ref" in value else set()
        return found.union(*map(_every_reference, value.values()))
    if isinstance(value, list):
        return set().union(*map(_every_reference, value))
    return set()


def test_every_reference_leads_somewhere() -> None:
    for reference in _every_reference(DOCUMENT):
        place: Any = DOCUMENT
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]
        assert place


@pytest.mark.parametrize(
    "spoil",
    [
        lambda d: d.update(asyncapi="2.6.0"),
        lambda d: d["info"].pop("title"),
        lambda d: d["operations"]["receiveOrders"].update(action="publish"),
        lambda d: d["channels"]["orders"].update(adress="x"),
        lambda d: d["channels"]["orders"]["bindings"]["kafka"].update(partitions=0),
        lambda d: d["servers"]["kafka"].pop("protocol"),
    ],
)
def test_the_validator_sees_a_fault(spoil: Callable[[Any], Any]) -> None:
    document = deepcopy(asyncapi_document("regulars"))
    spoil(document)

    assert list(VALIDATOR.iter_errors(document))
