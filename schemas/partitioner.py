"""Which partition a key belongs to: one answer for every producer of ours."""

from typing import Final

# How librdkafka names the partitioner of Java's clients and of Faust; every
# producer of ours is configured with it.
PARTITIONER: Final = "murmur2_random"

_MASK: Final = 0xFFFFFFFF
_MIX: Final = 0x5BD1E995
_SEED: Final = 0x9747B28C


def partition_of(key: bytes, partitions: int) -> int:
    """Partition of a key that is not empty: murmur2, its sign left out, modulo."""
    return (murmur2(key) & 0x7FFFFFFF) % partitions


def murmur2(data: bytes) -> int:
    """Hash as an unsigned number of 32 bits."""
    length = len(data)
    value = _SEED ^ length
    whole = length & ~3
    for place in range(0, whole, 4):
        word = int.from_bytes(data[place : place + 4], "little")
        word = word * _MIX & _MASK
        word = (word ^ (word >> 24)) * _MIX & _MASK
        value = (value * _MIX & _MASK) ^ word
    if length > whole:
        value ^= int.from_bytes(data[whole:], "little")
        value = value * _MIX & _MASK
    value = (value ^ (value >> 13)) * _MIX & _MASK
    return value ^ (value >> 15)
