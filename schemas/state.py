"""Member states, checkpoints and dead letters: what the engine writes for itself."""

from typing import Final, NamedTuple

import msgspec

from loyalty.member import Member, balance_of
from native.loading import packer, settler
from schemas.accounts import AccountCodec
from schemas.framing import SINGLE_OBJECT_HEADER_BYTES, Framing, MalformedRecord
from schemas.trimming import Trimmer
from schemas.tuples import TupleFraming

# Member ids never begin with NUL, so no member can be taken for a checkpoint.
CHECKPOINT_KEY: Final = b"\x00checkpoint"
# Newest symbol of the schema's `StateLayout`: it changes with the fields of a member.
LAYOUT: Final = "L2"


class Checkpoint(NamedTuple):
    """
    How far a partition is: next offset by source topic, and what became of all.

    `owner` is the transactional id under which more may be written, empty when
    whoever wrote it has let go.
    """

    offsets: dict[str, int]
    applied: int = 0
    duplicates: int = 0
    dead_letters: int = 0
    ticks: int = 0
    ticked_at: int = 0
    owner: str = ""


class DeadLetter(NamedTuple):
    """A record that could not be applied, with all that is needed to send it again."""

    source_topic: str
    source_partition: int
    source_offset: int
    reason: str
    detail: str
    recorded_at: int
    key: bytes | None
    value: bytes | None


class Committed(NamedTuple):
    """A member as last written, with the bytes that say so."""

    member: Member
    state: bytes


class _MemberState(NamedTuple):
    """A member as the changelog has it: an envelope for tools, and the body."""

    next_due_at: int
    version: int
    balance: int
    body: bytes
    layout: str


class StateCodec:
    """Reads and writes the changelog and the dead letters."""

    def __init__(self) -> None:
        """Compile the schemas."""
        self._members = TupleFraming[_MemberState]("member_state", (_MemberState,))
        self._checkpoints = Framing("checkpoint")
        self._letters = Framing("dead_letter")
        self.accounts = AccountCodec()
        # MessagePack for the body: a tenth of the time that Avro records take,
        # see docs/decisions/0005-member-state-body.md.
        self._body = msgspec.msgpack.Encoder()
        self._member = msgspec.msgpack.Decoder(Member)
        self._settle = settler()
        self._trimmer = Trimmer(Member)
        self._packer = packer(self._trimmer.shapes)

    def encode_member(self, member: Member, known: Committed | None = None) -> bytes:
        """Write a member; what is the same object in `known` is copied."""
        body = None
        if self._packer is not None and known is not None:
            before, state = known
            body = self._packer.repack(member, before, state, _body_at(state))
        if self._packer is not None and body is None:
            body = self._packer.pack(member)
        if body is None:
            body = self._body.encode(self._trimmer.trimmed(member))
        return self._members.encode(
            _MemberState(
                member.next_due_at,
                member.version,
                balance_of(member.state.lots),
                body,
                LAYOUT,
            )
        )

    def decode_member(self, value: bytes) -> Member:
        """
        Read a member.

        Raises: MalformedRecord for bytes that are not one.
        """
        state = self._members.decode(value)
        try:
            member: Member = self._settle(self._member.decode(state.body))
        except msgspec.MsgspecError as error:
            raise MalformedRecord("undecodable", f"member body: {error}") from error
        return member

    @property
    def member_header(self) -> bytes:
        """First bytes of every member state of the current schema."""
        return self._members.header

    def check_member(self, value: bytes) -> None:
        """
        Refuse bytes that do not begin like a member; the rest is read when needed.

        Raises: MalformedRecord.
        """
        self._members.framing.check_header(value)

    def encode_checkpoint(self, checkpoint: Checkpoint) -> bytes:
        """Write a checkpoint."""
        return self._checkpoints.encode(checkpoint._asdict())

    def decode_checkpoint(self, value: bytes) -> Checkpoint:
        """
        Read a checkpoint.

        Raises: MalformedRecord for bytes that are not one.
        """
        return Checkpoint(**self._checkpoints.decode(value))

    def encode_dead_letter(self, letter: DeadLetter) -> bytes:
        """Write a dead letter."""
        return self._letters.encode(letter._asdict())

    def decode_dead_letter(self, value: bytes) -> DeadLetter:
        """
        Read a dead letter.

        Raises: MalformedRecord for bytes that are not one.
        """
        return DeadLetter(**self._letters.decode(value))


def _body_at(state: bytes) -> int:
    """Where an encoded member's body begins: behind three numbers and its length."""
    at = SINGLE_OBJECT_HEADER_BYTES
    for _ in range(4):
        while state[at] >= 0x80:  # noqa: PLR2004 - the high bit says that more follow
            at += 1
        at += 1
    return at


def next_due_at(state: bytes) -> int:
    """When something of an encoded member falls due; read without the rest."""
    # The first field of the schema is a zigzag varint right after the header.
    shift = value = 0
    for byte in state[SINGLE_OBJECT_HEADER_BYTES:]:
        value |= (byte & 0x7F) << shift
        if byte < 0x80:  # noqa: PLR2004 - the high bit says that more bytes follow
            break
        shift += 7
    return (value >> 1) ^ -(value & 1)
