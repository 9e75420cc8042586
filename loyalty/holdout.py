"""Who is held out of an offer: a stable bucket of 1 to 100 for each member."""

from hashlib import blake2b
from typing import Final

BUCKETS: Final = 100


def bucket_of(member_id: str, experiment: str = "") -> int:
    """
    Bucket of a member, 1 to 100, the same for ever.

    Each experiment shuffles anew, so that nobody is always held out; the empty
    one is the program's global holdout.
    """
    text = f"{experiment}/{member_id}".encode()
    number = int.from_bytes(blake2b(text, digest_size=8).digest())
    # A product with the upper 64 bits, no remainder: buckets are equally likely.
    return (number * BUCKETS >> 64) + 1


def is_held_out(bucket: int, percent: int) -> bool:
    """Whether a bucket is among the first `percent` of 100: 18 holds 1 to 18 out."""
    assert 1 <= bucket <= BUCKETS, "buckets are 1 to 100"
    return bucket <= percent
