"""Who gets which partition: the same number of every topic, and few moves."""

from collections.abc import Callable, Iterable, Mapping
from hashlib import blake2b
from typing import Final, NamedTuple

import msgspec
from aiokafka.cluster import ClusterMetadata
from aiokafka.coordinator.assignors.abstract import AbstractPartitionAssignor
from aiokafka.coordinator.protocol import (
    ConsumerProtocolMemberAssignment,
    ConsumerProtocolMemberMetadata,
)

VERSION: Final = 0
_ENCODER: Final = msgspec.json.Encoder()


class Share(NamedTuple):
    """What a worker is told: how many there are, and which partitions to follow."""

    workers: int = 1
    standbys: tuple[int, ...] = ()


_DECODER: Final = msgspec.json.Decoder(Share)


class CopartitionedAssignor(AbstractPartitionAssignor):
    """
    Gives partition n of all topics to one worker.

    Each partition goes to the worker that scores highest for it (rendezvous
    hashing by worker id) among those with room, so that a worker that comes or
    goes moves only its own share.
    """

    name = "regulars-copartitioned"

    def __init__(
        self,
        worker_id: str,
        standbys: int = 0,
        on_share: Callable[[Share], None] = lambda _: None,
    ) -> None:
        """Announce this worker under its lasting name; `on_share` is told its share."""
        self._worker_id = worker_id
        self._standbys = standbys
        self._on_share = on_share

    def metadata(self, topics: Iterable[str]) -> ConsumerProtocolMemberMetadata:
        """Subscription and name of this worker."""
        return ConsumerProtocolMemberMetadata(
            VERSION, sorted(topics), self._worker_id.encode()
        )

    def assign(
        self,
        cluster: ClusterMetadata,
        members: Mapping[str, ConsumerProtocolMemberMetadata],
    ) -> dict[str, ConsumerProtocolMemberAssignment]:
        """Assignment of every topic that any worker subscribes to."""
        topics = sorted({t for member in members.values() for t in member.subscription})
        counts = {
            topic: len(cluster.partitions_for_topic(topic) or ()) for topic in topics
        }
        names = {
            member_id: metadata.user_data.decode() or member_id
            for member_id, metadata in members.items()
        }
        owners = owners_of(max(counts.values(), default=0), names)
        followers = followers_of(owners, names, self._standbys)
        return {
            member_id: ConsumerProtocolMemberAssignment(
                VERSION,
                [
                    (topic, [n for n in range(count) if owners[n] == member_id])
                    for topic, count in counts.items()
                ],
                _ENCODER.encode(Share(len(members), followers[member_id])),
            )
            for member_id in members
        }

    def on_assignment(self, assignment: ConsumerProtocolMemberAssignment) -> None:
        """Tell this worker's share; the partitions are told by others."""
        told = assignment.user_data
        # A leader of an earlier release says nothing.
        self._on_share(_DECODER.decode(told) if told else Share())


def owners_of(partitions: int, names: Mapping[str, str]) -> list[str]:
    """Member id that owns each partition; `names` are the workers' lasting names."""
    room = -(-partitions // len(names)) if names else 0
    owned = dict.fromkeys(names, 0)
    owners = []
    for partition in range(partitions):
        candidates = [member_id for member_id in names if owned[member_id] < room]
        owner = max(candidates, key=lambda m: (_score(partition, names[m]), m))
        owned[owner] += 1
        owners.append(owner)
    return owners


def followers_of(
    owners: list[str], names: Mapping[str, str], count: int
) -> dict[str, tuple[int, ...]]:
    """Partitions that each worker keeps warm: those that would come to it next."""
    followed: dict[str, list[int]] = {member_id: [] for member_id in names}
    for partition, owner in enumerate(owners):
        others = [member_id for member_id in names if member_id != owner]
        others.sort(key=lambda m: (_score(partition, names[m]), m), reverse=True)
        for member_id in others[:count]:
            followed[member_id].append(partition)
    return {member_id: tuple(numbers) for member_id, numbers in followed.items()}


def _score(partition: int, name: str) -> bytes:
    return blake2b(f"{partition}:{name}".encode(), digest_size=8).digest()
