"""Members of a partition: what is due comes up once, in order; the cache is bounded."""

from hypothesis import given
from hypothesis import strategies as st

from loyalty.member import NEW_MEMBER, Member
from schemas.state import Committed, StateCodec
from streams.members import Members

CODEC = StateCodec()


def _applied(members: Members, due: dict[str, int]) -> None:
    changed = {}
    for member_id, at in due.items():
        member = Member(next_due_at=at, version=1)
        changed[member_id] = Committed(member, CODEC.encode_member(member))
    members.apply(changed)


@given(st.dictionaries(st.text("abc", min_size=1), st.integers(0, 50)), st.booleans())
def test_due_members_come_up_once_in_order_of_time(
    due: dict[str, int], restored: bool
) -> None:
    members = Members(CODEC, cache_max=2)
    _applied(members, due)
    if restored:
        members.index_due()

    popped = []
    while (member_id := members.pop_due(25)) is not None:
        popped.append((due[member_id], member_id))

    assert popped == sorted((at, m) for m, at in due.items() if 0 < at <= 25)


def test_a_due_time_that_has_moved_does_not_come_up() -> None:
    members = Members(CODEC, cache_max=10)
    _applied(members, {"a": 5})
    _applied(members, {"a": 50})

    assert members.pop_due(10) is None
    assert members.pop_due(50) == "a"


def test_a_member_is_the_same_decoded_and_from_bytes() -> None:
    members = Members(CODEC, cache_max=1)
    _applied(members, {"a": 1, "b": 2, "c": 3})

    assert [members.load(name).next_due_at for name in ("a", "b", "c")] == [1, 2, 3]
    assert members.load("nobody") == NEW_MEMBER
    assert len(members) == 3


def test_as_many_are_kept_decoded_as_there_may_be_and_all_as_bytes() -> None:
    members = Members(CODEC, cache_max=2)
    _applied(members, dict.fromkeys("abcde", 1))

    assert [name for name in "abcde" if members.known(name)] == ["d", "e"]
    assert members.load("a").next_due_at == 1
    assert [name for name in "abcde" if members.known(name)] == ["a", "e"]
    for name, state in members.items():
        assert members.find(name) == Committed(CODEC.decode_member(state), state)


@given(
    st.dictionaries(st.text("abc", min_size=1), st.integers(0, 50)),
    st.dictionaries(st.text("abc", min_size=1), st.integers(0, 50)),
)
def test_states_read_after_the_index_was_made_come_up_as_if_it_was_made_last(
    first: dict[str, int], tail: dict[str, int]
) -> None:
    members = Members(CODEC, cache_max=2)
    for due in (first, tail):
        members.restore(
            (name, CODEC.encode_member(Member(next_due_at=at, version=1)))
            for name, at in due.items()
        )
        if not members.is_indexed:
            members.index_due()

    popped = set()
    while (member_id := members.pop_due(25)) is not None:
        popped.add(member_id)

    assert popped == {m for m, at in (first | tail).items() if 0 < at <= 25}
