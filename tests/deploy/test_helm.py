"""The chart, by Helm itself: it lints, renders, refuses bad values; Kubernetes reads it."""

import re
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from helm_python import Chart, HelmError, lint

from api.console.places import PREFIX as CONSOLE
from runtime.settings import PREFIX, Settings
from streams.roles import NAMES
from tests.style.test_api_style import NOW

CHART = Path(__file__).parents[2] / "deploy/helm/regulars"
CLOUDS = (CHART.parents[2] / "docs/clouds.md").read_text()
KUBERNETES = ["1.29.0", "1.33.0"]
# Their schemas are not Kubernetes' own: KEDA and the Prometheus operator bring them.
FOREIGN = {"ScaledObject", "ServiceMonitor", "PodMonitor"}
EVERYTHING: dict[str, Any] = {
    "settings": {"BRAND": "bistro", "STANDBYS": "1"},
    "image": {"digest": f"sha256:{'a' * 64}"},
    "imagePullSecrets": [{"name": "registry"}],
    "settingsSecret": "regulars",
    "program": {"configMap": "regulars-program"},
    "redisSink": {"replicas": 2},
    "ingress": {
        "enabled": True,
        "className": "nginx",
        "tlsSecret": "tls",
        "annotations": {"a": "b"},
    },
    "autoscaling": {"enabled": True},
    "serviceMonitor": {"enabled": True, "labels": {"release": "prometheus"}},
    "networkPolicy": {"apiFrom": [{"podSelector": {}}]},
    "nodeSelector": {"kubernetes.io/arch": "amd64"},
    "tolerations": [{"key": "dedicated", "operator": "Exists"}],
    "podAnnotations": {"a": "b"},
}
Manifest = dict[str, Any]


def rendered(values: dict[str, Any] | None = None) -> list[Manifest]:
    """Every manifest of a release, by Helm."""
    texts = Chart.load(CHART).render(values or {}, name="shop", namespace="loyalty")
    return [
        document
        for path, text in texts.items()
        if path.endswith(".yaml")
        for document in yaml.safe_load_all(text)
        if document
    ]


def templates(manifests: list[Manifest]) -> list[Manifest]:
    """Every pod that is described, with its labels."""
    specs = [one.get("spec", {}) for one in manifests]
    specs += [one["jobTemplate"]["spec"] for one in specs if "jobTemplate" in one]
    return [one["template"] for one in specs if "template" in one]


def pods(manifests: list[Manifest]) -> list[Manifest]:
    """Every pod that is described."""
    return [one["spec"] for one in templates(manifests)]


CASES = [
    pytest.param({}, id="defaults"),
    pytest.param(EVERYTHING, id="everything"),
    pytest.param(
        {
            "backtester": {"enabled": False},
            "campaigner": {"enabled": False},
            "setup": {"enabled": False},
            "podDisruptionBudget": {"enabled": False},
            "networkPolicy": {"enabled": False},
        },
        id="little",
    ),
]


@pytest.mark.parametrize("values", CASES)
def test_helm_finds_nothing_to_say(values: dict[str, Any]) -> None:
    report = lint(CHART, values, strict=True)
    said = [one for one in report["messages"] if one["severity"] > 1]

    assert report["total_charts_linted"] == 1
    assert said == []
    assert report["errors"] in (None, [])


@pytest.mark.parametrize("version", KUBERNETES)
@pytest.mark.parametrize("values", CASES)
def test_kubernetes_reads_every_manifest(values: dict[str, Any], version: str) -> None:
    manifests = [one for one in rendered(values) if one["kind"] not in FOREIGN]
    for manifest in manifests:
        kubernetes_validate.validate(manifest, version, strict=True)

    assert len(manifests) >= 8


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"engine": {"replicas": 0}}, "replicas"),
        ({"engine": {"replicas": "two"}}, "replicas"),
        ({"enigne": {}}, "enigne"),
        ({"image": {"tag": "latest"}}, "tag"),
        ({"image": {"digest": "sha256:1"}}, "digest"),
        ({"settings": {"IDENTITY_KEY": "k" * 32}}, "IDENTITY_KEY"),
        ({"settings": {"ACCESS": "off"}}, "ACCESS"),
        ({"settings": {"CONSOLE_SIGN_IN": "local"}}, "CONSOLE_SIGN_IN"),
        ({"settings": {"PARTITIONS": 8}}, "PARTITIONS"),
        ({"networkPolicy": {"egressPorts": []}}, "egressPorts"),
        ({"autoscaling": {"enabled": True, "maxReplicas": 9}}, "partitions"),
    ],
    ids=lambda value: None if isinstance(value, dict) else value,
)
def test_values_that_cannot_be_are_refused(values: dict[str, Any], named: str) -> None:
    with pytest.raises(HelmError, match=named):
        rendered(values)


def test_every_setting_is_one_that_a_process_knows() -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    for pod in pods(rendered(EVERYTHING)):
        [container] = pod["containers"]
        names = [one["name"] for one in container["env"]]

        assert set(names) <= known
        assert len(names) == len(set(names))


def test_every_process_runs_and_each_worker_keeps_its_name() -> None:
    manifests = rendered(EVERYTHING)
    stateful = [one for one in manifests if one["kind"] == "StatefulSet"]
    commands = {" ".join(pod["containers"][0]["command"]) for pod in pods(manifests)}
    named = [
        env["valueFrom"]["fieldRef"]["fieldPath"]
        for one in stateful
        for env in one["spec"]["template"]["spec"]["containers"][0]["env"]
        if env["name"] == "REGULARS_WORKER_ID"
    ]

    assert commands == {f"python -m streams {role}" for role in NAMES} | {
        "python -m api",
        "python -m jobs send-ticks",
        "python -m jobs run-backtests",
        "python -m jobs run-campaigns",
        "python -m jobs close-days",
        "python -m jobs create-topics",
        "python -m jobs migrate-clickhouse",
    }
    assert named == ["metadata.name"] * len(NAMES)


@pytest.mark.parametrize("values", CASES)
def test_no_pod_may_more_than_it_needs(values: dict[str, Any]) -> None:
    found = pods(rendered(values))
    for pod in found:
        [container] = pod["containers"]
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["automountServiceAccountToken"] is False
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert {"cpu", "memory"} <= container["resources"]["requests"].keys()
        assert "memory" in container["resources"]["limits"]
    assert len(found) >= 5


def test_what_serves_is_probed_and_watched() -> None:
    manifests = rendered(EVERYTHING)
    serving = [
        one
        for one in manifests
        if one["kind"] in {"Deployment", "StatefulSet"}
        and one["metadata"]["labels"]["app.kubernetes.io/component"] != "ticker"
    ]
    for one in serving:
        [container] = one["spec"]["template"]["spec"]["containers"]
        probes = ("startupProbe", "livenessProbe", "readinessProbe")
        asked = [container[name]["httpGet"]["path"] for name in probes]
        # Ready once, an API stays in its Service: what it can, it answers without Kafka.
        if container["name"] == "api":
            assert asked == ["/health/ready", "/health/live", "/health/live"]
        else:
            assert asked == ["/health/live", "/health/live", "/health/ready"]
        assert container["startupProbe"]["failureThreshold"] >= 60
    kinds = [one["kind"] for one in manifests]

    assert len(serving) == 7
    assert kinds.count("PodDisruptionBudget") == 3
    assert kinds.count("NetworkPolicy") == 2
    assert set(kinds) >= FOREIGN


def test_all_that_have_metrics_are_scraped_once() -> None:
    manifests = rendered(EVERYTHING)
    [services] = [one for one in manifests if one["kind"] == "ServiceMonitor"]
    [others] = [one for one in manifests if one["kind"] == "PodMonitor"]
    wanted = services["spec"]["selector"]["matchLabels"].items()
    [among] = others["spec"]["selector"]["matchExpressions"]
    serving = {
        one["metadata"]["labels"]["app.kubernetes.io/component"]
        for one in templates(manifests)
        if any(port["name"] == "http" for port in ports(one["spec"]))
    }
    by_service = [
        one["spec"]["selector"]["app.kubernetes.io/component"]
        for one in manifests
        if one["kind"] == "Service" and wanted <= one["metadata"]["labels"].items()
    ]

    assert among["key"] == "app.kubernetes.io/component"
    assert sorted([*by_service, *among["values"]]) == sorted(serving)
    for one in (services["spec"]["endpoints"], others["spec"]["podMetricsEndpoints"]):
        assert [(end["port"], end["path"]) for end in one] == [("http", "/metrics")]


def test_the_page_of_clouds_tells_every_part() -> None:
    parts = {
        one["metadata"]["labels"]["app.kubernetes.io/component"]
        for one in templates(rendered(EVERYTHING))
    }
    told = "\n".join(re.findall(r"^\| ([^|]+) \|", CLOUDS, re.MULTILINE)).lower()

    assert len(parts) >= 11
    # A sink is written as two words.
    untold = {name for name in parts if name.replace("-sink", " sink") not in told}
    assert untold == set()


def ports(pod: Manifest) -> list[Manifest]:
    """Ports of a pod's one container."""
    return list(pod["containers"][0].get("ports", []))


def test_selectors_find_the_pods_that_they_are_for() -> None:
    manifests = rendered(EVERYTHING)
    labels = [
        one["spec"]["template"]["metadata"]["labels"]
        for one in manifests
        if "template" in one.get("spec", {})
    ]
    for one in manifests:
        spec = one.get("spec", {})
        selector = spec.get("selector") if one["kind"] == "Service" else None
        if one["kind"] in {"PodDisruptionBudget", "StatefulSet", "Deployment"}:
            selector = spec["selector"]["matchLabels"]
        if selector:
            matched = [found for found in labels if selector.items() <= found.items()]
            assert len(matched) == 1, one["metadata"]["name"]


def test_workers_scale_by_lag_and_never_beyond_the_partitions() -> None:
    [scaled] = [one for one in rendered(EVERYTHING) if one["kind"] == "ScaledObject"]
    [trigger] = scaled["spec"]["triggers"]
    [engine] = [
        one
        for one in rendered(EVERYTHING)
        if one["kind"] == scaled["spec"]["scaleTargetRef"]["kind"]
        and one["metadata"]["name"] == scaled["spec"]["scaleTargetRef"]["name"]
    ]

    assert "regulars_lag_records" in trigger["metadata"]["query"]
    assert scaled["spec"]["maxReplicaCount"] <= 8
    # Two who decide on a number would undo one another.
    assert "replicas" not in engine["spec"]


def test_health_and_metrics_stay_inside() -> None:
    [ingress] = [one for one in rendered(EVERYTHING) if one["kind"] == "Ingress"]
    paths = [path["path"] for path in ingress["spec"]["rules"][0]["http"]["paths"]]
    served = {f"/{path.split('/')[1]}" for path in NOW["paths"]}

    assert set(paths) == served - {"/health"} | {CONSOLE, "/openapi.json"}
    assert not any(path in {"/", "/health", "/metrics"} for path in paths)
