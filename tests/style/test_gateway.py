"""The gateway lets through what the API has, and nothing else."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from jobs.write_gateway import READS, STREAM, gateway_page, run
from runtime.settings import Settings
from tests.style.linting import METHODS
from tests.style.test_api_style import NOW

FILE = Path(__file__).parents[2] / "deploy" / "gateway" / "envoy.yaml"
CONFIG = yaml.safe_load(FILE.read_text())
MANAGER = CONFIG["static_resources"]["listeners"][0]["filter_chains"][0]["filters"][0]
ROUTES = MANAGER["typed_config"]["route_config"]["virtual_hosts"][0]["routes"]
OPERATIONS = [
    (method.upper(), path)
    for path, item in NOW["paths"].items()
    for method in METHODS
    if method in item and path.startswith(("/v1/", "/unsubscribe/"))
]


def _found(method: str, path: str) -> Any:
    """The first route that matches whole, as Envoy matches."""
    for route in ROUTES:
        methods = route["match"]["headers"][0]["string_match"]["safe_regex"]["regex"]
        pattern = route["match"]["safe_regex"]["regex"]
        if re.fullmatch(methods, method) and re.fullmatch(pattern, path):
            return route
    return None


def test_the_file_is_that_of_the_document() -> None:
    """Run `python -m tests.style.renew` when this fails."""
    assert FILE.read_text() == gateway_page(NOW)


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_every_operation_has_its_route_and_rate(method: str, path: str) -> None:
    route = _found(method, re.sub(r"\{[^}]+\}", "x-1", path))

    kind = "reads" if method in READS else "writes"
    limit = route["typed_per_filter_config"]["envoy.filters.http.local_ratelimit"]
    assert route["name"] == f"{kind} {path}"
    assert limit["stat_prefix"] == kind
    assert limit["token_bucket"]["max_tokens"] > 0
    streams = STREAM in json.dumps(NOW["paths"][path][method.lower()])
    assert (route["route"]["timeout"] == "0s") == streams


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/metrics"),
        ("GET", "/console"),
        ("GET", "/v1"),
        ("GET", "/v1/members/a/b"),
        ("DELETE", "/v1/members/a"),
        ("POST", "/v1/members/a/ledger"),
        ("GET", "/v1/members/a/ledger/"),
        ("GET", "/v1Xprogram"),
        ("TRACE", "/v1/program"),
        ("GET", "/unsubscribe/"),
        ("GET", "/unsubscribe/a/b"),
        ("DELETE", "/unsubscribe/a"),
    ],
)
def test_nothing_else_gets_through(method: str, path: str) -> None:
    assert _found(method, path) is None


def test_a_link_to_unsubscribe_is_all_that_gets_through_without_a_token() -> None:
    filters = [one["name"] for one in MANAGER["typed_config"]["http_filters"]]
    tokens = MANAGER["typed_config"]["http_filters"][0]["typed_config"]

    assert filters[0] == "envoy.filters.http.jwt_authn"
    assert filters[-1] == "envoy.filters.http.router"
    # The first rule that matches counts, and a path is made plain before.
    assert tokens["rules"] == [
        {"match": {"prefix": "/unsubscribe/"}},
        {"match": {"prefix": "/"}, "requires": {"provider_name": "issuer"}},
    ]
    assert MANAGER["typed_config"]["normalize_path"] is True
    assert tokens["providers"]["issuer"]["forward"] is True


def test_the_job_writes_it(tmp_path: Path) -> None:
    document, into = tmp_path / "openapi.json", tmp_path / "envoy.yaml"
    document.write_text(json.dumps(NOW))

    run(Settings(), ["--document", str(document), "--into", str(into)])

    assert into.read_text() == FILE.read_text()
