"""Parcels in the attributes of commands: all of them, within the bounds of each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.events import Command, check_command
from loyalty.facts import Parcel
from loyalty.limits import ATTRIBUTES_MAX, ID_LENGTH_MAX, TEXT_LENGTH_MAX
from loyalty.parcels import OTHERS_MAX, pack, unpack
from tests.builders import NOON

IDS = st.text(max_size=ID_LENGTH_MAX)
INT64 = st.integers(-(2**63), 2**63 - 1)
PARCELS = st.builds(
    Parcel,
    what=st.sampled_from(("lot", "pending", "owed", "tier")),
    points=INT64,
    wallet=IDS,
    rule_id=IDS,
    rule_version=INT64,
    order_id=IDS,
    line_id=IDS,
    reference=IDS,
    earned_at=INT64,
    expires_at=INT64,
    usable_at=INT64,
    release_on=IDS,
    cancel_at=INT64,
    number=INT64,
    origin=st.lists(IDS, max_size=8).map(tuple),
)


@given(st.lists(PARCELS, max_size=40))
def test_what_was_packed_is_what_comes_out(parcels: list[Parcel]) -> None:
    bundles = pack(parcels)

    assert [one for bundle in bundles for one in unpack(bundle)] == parcels
    for bundle in bundles:
        assert len(bundle) + OTHERS_MAX <= ATTRIBUTES_MAX
        assert all(len(text) <= TEXT_LENGTH_MAX for text in bundle.values())
        check_command(Command("c", "m", "merge.take", NOON, "engine", bundle), NOON)


def test_nothing_is_one_bundle_all_the_same() -> None:
    assert pack([]) == [{}]
    assert unpack({"sequence": 1}) == ()


@pytest.mark.parametrize("text", ["9:short", "x", "1:x", "1:01"])
def test_what_nobody_packed_is_refused(text: str) -> None:
    with pytest.raises((ValueError, TypeError)):
        unpack({"part_00": text})
