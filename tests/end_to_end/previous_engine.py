"""
An engine of the release before layouts of the state: `python -m` this module.

It writes a member as that release did, with the schema of then and the fields of then,
and knows no schema but that. All else is today's.
"""

import sys
from typing import Final

import msgspec

import streams.changelog
import streams.roles.engine
from loyalty.member import NEW_MEMBER, Member, balance_of
from runtime.logs import set_up_logs
from runtime.settings import load_settings
from schemas.framing import (
    HISTORY_DIRECTORY,
    SINGLE_OBJECT_HEADER_BYTES,
    SINGLE_OBJECT_MARKER,
    MalformedRecord,
    crc64,
    load,
)
from schemas.state import Committed, StateCodec
from streams import worker

SCHEMA: Final = load(HISTORY_DIRECTORY / "member_state" / "0001.avsc")
HEADER: Final = SINGLE_OBJECT_MARKER + crc64(SCHEMA)
# That release knew no personal offers.
FIELDS_KNOWN: Final = Member._fields.index("personal")


class PreviousStateCodec(StateCodec):
    """Reads and writes member states as the release before did."""

    def encode_member(self, member: Member, known: Committed | None = None) -> bytes:
        """Write a member as a whole, without what was not known then."""
        del known
        assert member[FIELDS_KNOWN:] == NEW_MEMBER[FIELDS_KNOWN:], "a new field is used"
        body = msgspec.msgpack.encode(tuple(member[:FIELDS_KNOWN]))
        parts = [member.next_due_at, member.version, balance_of(member.lots), len(body)]
        return HEADER + b"".join(map(_long, parts)) + body

    def decode_member(self, value: bytes) -> Member:
        """Read a member; one of a newer release is refused."""
        self.check_member(value)
        return super().decode_member(value)

    @property
    def member_header(self) -> bytes:
        """First bytes of every member state then."""
        return HEADER

    def check_member(self, value: bytes) -> None:
        """Refuse what that release did not know."""
        if value[:SINGLE_OBJECT_HEADER_BYTES] != HEADER:
            raise MalformedRecord("unknown-schema", f"begins with {value[:10].hex()}")


def _long(value: int) -> bytes:
    """A long as Avro writes it: zigzag, seven bits a byte, the lowest first."""
    left, out = (value << 1) ^ (value >> 63), bytearray()
    while left > 0x7F:
        out.append(left & 0x7F | 0x80)
        left >>= 7
    return bytes([*out, left])


if __name__ == "__main__":
    found = load_settings()
    set_up_logs(found.log_level)
    for module in (streams.roles.engine, streams.changelog):
        vars(module)["StateCodec"] = PreviousStateCodec
    sys.exit(worker.run("engine", streams.roles.engine.build, found))
