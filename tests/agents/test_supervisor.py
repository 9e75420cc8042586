"""Which processes one command starts, and what each of them is told."""

from runtime.settings import Settings
from streams.supervisor import environment_of, processes_of

ALL = ["engine", "redis-sink", "clickhouse-sink", "dispatcher"]


def test_only_engines_are_started_several_times() -> None:
    assert processes_of(ALL, 1) == ALL
    assert processes_of(ALL, 3) == ["engine", "engine", *ALL]
    assert processes_of(["redis-sink"], 3) == ["redis-sink"]


def test_each_engine_has_a_name_and_each_process_a_port_of_its_own() -> None:
    settings = Settings(worker_id="till-1", metrics_port=9_200)
    roles = processes_of(ALL, 3)

    told = [environment_of(roles, index, settings) for index in range(len(roles))]

    names = [one.get("REGULARS_WORKER_ID") for one in told]
    assert names == [None, "till-1-2", "till-1-3", None, None, None]
    ports = [one["REGULARS_METRICS_PORT"] for one in told]
    assert ports == [str(9_200 + index) for index in range(6)]


def test_no_process_that_is_started_starts_several_itself() -> None:
    roles = processes_of(["engine"], 2)

    for index in range(2):
        told = environment_of(roles, index, Settings())
        assert told["REGULARS_ENGINE_PROCESSES"] == "1"
        assert "REGULARS_METRICS_PORT" not in told
