"""One partitioner everywhere: what Java's clients, Faust and librdkafka answer."""

import pytest
from aiokafka.partitioner import murmur2 as aiokafkas_murmur2
from hypothesis import given
from hypothesis import strategies as st

from schemas.partitioner import murmur2, partition_of


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (b"21", -973932308),
        (b"foobar", -790332482),
        (b"a-little-bit-long-string", -985981536),
        (b"a-little-bit-longer-string", -1486304829),
        (b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971),
        (b"abc", 479470107),
    ],
)
def test_the_hash_is_the_one_of_kafkas_own_tests(key: bytes, expected: int) -> None:
    assert murmur2(key) == expected & 0xFFFFFFFF


@given(st.binary(min_size=1, max_size=300), st.integers(1, 1_024))
def test_any_key_goes_where_fausts_client_sends_it(key: bytes, count: int) -> None:
    expected = (aiokafkas_murmur2(key) & 0x7FFFFFFF) % count

    assert partition_of(key, count) == expected
