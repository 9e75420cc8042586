"""The views that the engine's states come to, as its sink would write them."""

from collections.abc import Iterable, Iterator

from loyalty.erasing import is_forgotten
from loyalty.member import Member
from loyalty.program import Programs
from loyalty.view import view_of
from loyalty.view_shapes import MemberView
from schemas.state import StateCodec
from schemas.views import encode_view
from stores.member_views_contract import ERASED, ViewWrite


class Views:
    """Projects states by the programs that were in force at their times."""

    def __init__(
        self, programs: Programs, codec: StateCodec, *, tells_states: bool
    ) -> None:
        """`tells_states` says whether Redis holds states, too."""
        self._programs = programs
        self._codec = codec
        self._tells_states = tells_states

    def member(self, state: bytes) -> Member:
        """Member of a state."""
        return self._codec.decode_member(state)

    def view(self, member_id: str, member: Member) -> MemberView:
        """View of a member, as of its own clock."""
        return view_of(member_id, member, self._programs.at(member.clock_at))

    def write(self, member_id: str, state: bytes) -> ViewWrite:
        """What Redis should hold of a member; of one who is forgotten no document."""
        member = self.member(state)
        if is_forgotten(member):
            return ViewWrite(member_id, member.version, ERASED)
        document = encode_view(self.view(member_id, member))
        kept = self._codec.encode_member(member) if self._tells_states else b""
        return ViewWrite(member_id, member.version, document, kept)

    def writes(self, states: Iterable[tuple[str, bytes]]) -> Iterator[ViewWrite]:
        """The same of many."""
        for member_id, state in states:
            yield self.write(member_id, state)
