"""Write an Envoy configuration that lets through what the API's document has."""

import argparse
import json
import re
from pathlib import Path
from typing import Any, Final

import yaml

from jobs.envoy import (
    EXTENSIONS,
    ISSUER_HOST,
    LINKS,
    address,
    bucket,
    cluster,
    rates,
    router,
    tls,
    tokens,
)
from runtime.settings import Settings

SUMMARY = "write deploy/gateway/envoy.yaml from an OpenAPI document (--document)"
Document = dict[str, Any]
HEAD: Final = """\
# Envoy before the API: its routes, tokens of the issuer, and a rate for all together.
# Made from the OpenAPI document by `make jobs NAME=write-gateway`; see README.md.
"""
READS: Final = frozenset({"GET", "HEAD"})
# As long as the API itself takes at most, and a little.
ANSWER_SECONDS: Final = 25
STREAM_IDLE_SECONDS: Final = 60
STREAM: Final = "text/event-stream"
_PARAMETER: Final = re.compile(r"\{[^}]+\}")


def run(settings: Settings, arguments: list[str]) -> None:
    """Write the configuration for the API that the document is of."""
    parser = argparse.ArgumentParser(prog="write-gateway", description=SUMMARY)
    parser.add_argument("--document", type=Path, required=True)
    parser.add_argument("--into", type=Path, default=Path("deploy/gateway/envoy.yaml"))
    given = parser.parse_args(arguments)
    document = json.loads(given.document.read_text())
    given.into.write_text(gateway_page(document, api_port=settings.api_port))


def gateway_page(document: Document, *, api_port: int = 8000) -> str:
    """Configuration as YAML."""
    config = gateway_config(document, api_port=api_port)
    return HEAD + yaml.safe_dump(config, sort_keys=False, width=100)


def gateway_config(document: Document, *, api_port: int) -> Document:
    """Static configuration: one listener, the API and the issuer behind it."""
    return {
        "static_resources": {
            "listeners": [
                {
                    "name": "http",
                    "address": address("0.0.0.0", 8080),  # noqa: S104 - a gateway
                    "filter_chains": [{"filters": [_manager(document)]}],
                }
            ],
            "clusters": [
                cluster("api", "127.0.0.1", api_port),
                cluster("issuer", ISSUER_HOST, 443)
                | {"transport_socket": tls(ISSUER_HOST)},
            ],
        }
    }


def _manager(document: Document) -> Document:
    return {
        "name": "envoy.filters.network.http_connection_manager",
        "typed_config": {
            "@type": f"{EXTENSIONS}.filters.network.http_connection_manager.v3"
            ".HttpConnectionManager",
            "stat_prefix": "api",
            "use_remote_address": True,
            "normalize_path": True,
            "path_with_escaped_slashes_action": "REJECT_REQUEST",
            "request_headers_timeout": "10s",
            "stream_idle_timeout": f"{STREAM_IDLE_SECONDS}s",
            "route_config": {
                "name": "api",
                "virtual_hosts": [
                    {"name": "api", "domains": ["*"], "routes": _routes(document)}
                ],
            },
            "http_filters": [tokens(), rates(), router()],
        },
    }


def _routes(document: Document) -> list[Document]:
    """A route for each path and kind of method; plain paths before those with ids."""
    found = []
    for path, item in sorted(document["paths"].items(), key=_plain_first):
        methods = [name.upper() for name in item if isinstance(item[name], dict)]
        for kind, chosen in (
            ("reads", sorted(READS.intersection(methods))),
            ("writes", sorted(set(methods) - READS)),
        ):
            if chosen and path.startswith(("/v1/", LINKS)):
                streams = STREAM in json.dumps(item.get("get", {})) and kind == "reads"
                found.append(_route(path, chosen, kind=kind, streams=streams))
    return found


def _route(path: str, methods: list[str], *, kind: str, streams: bool) -> Document:
    pattern = re.escape(path) if "{" not in path else _pattern(path)
    seconds = 0 if streams else ANSWER_SECONDS
    return {
        "name": f"{kind} {path}",
        "match": {
            "safe_regex": {"regex": pattern},
            "headers": [
                {
                    "name": ":method",
                    "string_match": {"safe_regex": {"regex": "|".join(methods)}},
                }
            ],
        },
        "route": {"cluster": "api", "timeout": f"{seconds}s"},
        "typed_per_filter_config": {
            "envoy.filters.http.local_ratelimit": bucket(kind),
        },
    }


def _pattern(path: str) -> str:
    parts = [re.escape(part) for part in _PARAMETER.split(path)]
    return "[^/]+".join(parts)


def _plain_first(entry: tuple[str, Any]) -> tuple[int, str]:
    return entry[0].count("{"), entry[0]
