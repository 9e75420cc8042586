"""A broker that has not heard of a new topic yet is asked again, for a while."""

from concurrent.futures import Future

import pytest
from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import ConfigEntry, ConfigResource

from jobs import topic_configs
from jobs.errors import JobRefused
from jobs.topic_configs import Described, configs_of


class Cluster:
    """Describes a topic when it was asked so many times before."""

    def __init__(
        self, known_after: dict[str, int], error: int = KafkaError.UNKNOWN_TOPIC_OR_PART
    ) -> None:
        self.asked: list[list[str]] = []
        self._left = dict(known_after)
        self._error = error

    def describe_configs(self, resources: list[ConfigResource]) -> Described:
        self.asked.append([one.name for one in resources])
        return {one: self._told(one.name) for one in resources}

    def _told(self, name: str) -> "Future[dict[str, ConfigEntry]]":
        told: Future[dict[str, ConfigEntry]] = Future()
        if self._left[name]:
            self._left[name] -= 1
            told.set_exception(KafkaException(KafkaError(self._error)))
        else:
            told.set_result({"retention.ms": ConfigEntry("retention.ms", "-1")})
        return told


def test_who_does_not_know_a_topic_yet_is_asked_again_and_for_that_one_alone() -> None:
    cluster = Cluster({"orders": 0, "clock": 2})

    found = configs_of(cluster, ["orders", "clock"], "k:9092")

    assert found == {name: {"retention.ms": "-1"} for name in ("orders", "clock")}
    assert cluster.asked == [["orders", "clock"], ["clock"], ["clock"]]


def test_a_topic_that_nobody_ever_hears_of_is_named_in_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(topic_configs, "SETTLE_TIMEOUT_S", 0.3)

    with pytest.raises(JobRefused, match=r"topic orders: .*Unknown topic"):
        configs_of(Cluster({"orders": 1_000}), ["orders"], "k:9092")


def test_any_other_error_is_told_at_once() -> None:
    denied = KafkaError.TOPIC_AUTHORIZATION_FAILED
    cluster = Cluster({"orders": 1}, error=denied)

    with pytest.raises(JobRefused, match=r"topic orders: .*uthoriz"):
        configs_of(cluster, ["orders"], "k:9092")

    assert len(cluster.asked) == 1
