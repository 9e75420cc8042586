"""What is only quicker changes nothing: objects brought near, memory in huge pages."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.member import NEW_MEMBER
from native.loading import PROJECT, is_on, prefetcher
from schemas.state import Committed

prefetch = prefetcher()

# More than it looks for in one call, in width and in depth.
WIDE = tuple((n, (str(n),)) for n in range(5_000))
NESTED: Any = ()
for _ in range(100):
    NESTED = (NESTED, NESTED)

values = st.recursive(
    st.none() | st.integers() | st.text() | st.binary() | st.floats(),
    lambda inside: st.tuples(inside, inside) | st.lists(inside, max_size=3),
    max_leaves=20,
)


@given(
    st.dictionaries(st.text(max_size=5), values, max_size=5),
    st.lists(st.none() | st.binary(max_size=5), max_size=40),
)
def test_what_is_brought_near_stays_as_it_is(
    held: dict[str, Any], keys: list[bytes | None]
) -> None:
    keys = [*keys, *(name.encode(errors="replace") for name in held)]
    before = repr(held)

    prefetch(held, keys)

    assert repr(held) == before


def test_nothing_is_held_on_to_and_nothing_is_too_wide_or_too_deep() -> None:
    member = Committed(NEW_MEMBER, bytes(3_000))
    held: dict[str, Any] = {
        "ann": member,
        "bob": b"a state",
        "wide": WIDE,
        "nested": NESTED,
        "größe": (1,),
    }
    keys = [*(name.encode() for name in held), b"nobody", b"\xff\xfe", None, b"ann"]
    counts = [sys.getrefcount(one) for one in (member, WIDE, NESTED, member.state)]

    for _ in range(100):
        prefetch(held, keys * 10)

    after = [sys.getrefcount(one) for one in (member, WIDE, NESTED, member.state)]
    assert after == counts


@pytest.mark.parametrize(
    "arguments", [(), ({},), ([], {}), ({}, (b"a",)), ({}, [], 1)], ids=repr
)
def test_anything_but_a_dictionary_and_a_list_is_refused(arguments: Any) -> None:
    with pytest.raises(TypeError, match="a dictionary, a list of keys"):
        prefetch(*arguments)


FILLED = """
import gc, re, threading
from native.loading import use_huge_pages
kept = [(n, str(n)) for n in range(100_000)]
print(use_huge_pages(), use_huge_pages())
for _ in range(3):
    # Arenas come, go, and come again; some of them are from before.
    many = [(n, str(n), [n]) for n in range(400_000)]
    assert sum(one[0] for one in many) == 400_000 * 399_999 // 2
    assert all(one[1] == str(one[0]) for one in many[::1000])
    kept, many = [(n, str(n)) for n in range(100_000)], None
    gc.collect()
found = []
def beside(): found.append(sum(len(x) for x in [(n, str(n)) for n in range(100_000)]))
threads = [threading.Thread(target=beside) for _ in range(4)]
[one.start() for one in threads], [one.join() for one in threads]
print(found, sum(n for n, _ in kept))
try:
    told = open("/proc/self/smaps_rollup").read()
    print(re.search(r"AnonHugePages:\\s+(\\d+)", told)[1])
except OSError:
    print(-1)
"""


def test_objects_in_huge_pages_are_as_ever_and_their_memory_is_used_again() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FILLED],
        cwd=PROJECT,
        env=os.environ | {"PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    used, sums, huge_kib = done.stdout.splitlines()
    is_linux = sys.platform == "linux"
    assert used == f"{is_on() and is_linux} {is_on() and is_linux}"
    assert sums == f"{[200_000] * 4} {100_000 * 99_999 // 2}"
    offers = Path("/sys/kernel/mm/transparent_hugepage/enabled")
    if is_on() and offers.exists() and "[never]" not in offers.read_text():
        # Some 150 MB of small objects.
        assert int(huge_kib) > 50_000
