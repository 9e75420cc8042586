"""What the chart lets processes know and reach: by settings, a Secret, and open ports."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from runtime.settings import PREFIX, Settings
from tests.deploy.test_helm import pods, rendered

ROOT = Path(__file__).parents[2]
OPERATIONS = (ROOT / "docs/operations.md").read_text()
TERRAFORM = (ROOT / "deploy/terraform/aws/modules/redis/main.tf").read_text()
ADDRESSES = ["KAFKA_BOOTSTRAP_SERVERS", "REDIS_URL", "CLICKHOUSE_URL"]


def told(values: dict[str, Any], secret: dict[str, str]) -> list[dict[str, str]]:
    """Each pod's environment as Kubernetes makes it: `env` counts before `envFrom`."""
    found = []
    for pod in pods(rendered(values)):
        [container] = pod["containers"]
        named = {one["name"]: one.get("value", "") for one in container["env"]}
        found.append((secret if container.get("envFrom") else {}) | named)
    return found


@pytest.mark.parametrize("name", ADDRESSES)
def test_an_address_that_is_left_empty_comes_out_of_the_secret(name: str) -> None:
    secret = {PREFIX + name: "as-the-secret-says"}
    values = {"settings": {name: ""}, "settingsSecret": "regulars"}
    environments = told(values, secret)

    assert len(environments) >= 8
    assert {one[PREFIX + name] for one in environments} == {"as-the-secret-says"}
    # And one that is named counts before it: what the values' own comment says.
    named = told({"settings": {name: "here"}, "settingsSecret": "regulars"}, secret)
    assert {one[PREFIX + name] for one in named} == {"here"}


def test_a_secret_of_terraforms_is_not_written_over() -> None:
    [name] = re.findall(r"^\s+REGULARS_(\w+) = ", TERRAFORM, re.MULTILINE)
    values = {"settings": {name: ""}, "settingsSecret": "regulars"}

    assert name in ADDRESSES
    assert all(PREFIX + name not in one for one in told(values, {}))


def test_what_processes_reach_by_default_is_open() -> None:
    [policy] = [
        one
        for one in rendered()
        if one["kind"] == "NetworkPolicy" and "egress" in one["spec"]
    ]
    opened = {
        port["port"] for rule in policy["spec"]["egress"] for port in rule["ports"]
    }
    _, _, secure = OPERATIONS.partition("\n## Secure connections\n")
    documented = {int(port) for port in re.findall(r"host:(\d+)", secure)}
    environments = json.dumps(told({}, {}))
    addressed = {int(port) for port in re.findall(r":(\d{4,5})\b", environments)}
    asked = {Settings.model_fields["smtp_port"].default, 443}
    traced = re.findall(r"http://collector:(\d+)", OPERATIONS)

    assert documented >= {9093, 6380, 8443}
    assert addressed >= {9092, 6379, 8123}
    assert documented | addressed | asked | {int(port) for port in traced} <= opened
