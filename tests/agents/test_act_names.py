"""An app names its acts as it likes: also as the engine names commands."""

import pytest

from loyalty.decide import decide
from loyalty.decision import Decision
from loyalty.member import NEW_MEMBER
from loyalty.view import view_of
from schemas.changes import change_of
from schemas.command_results import answer_of
from schemas.topics import ACTIVITY
from schemas.update_reader import UpdateReader, is_erasure
from schemas.updates import Source, UpdateCodec
from tests.builders import A_FULL_PROGRAM, NOON, an_activity

NAMES = (
    "member.erase",
    "member.merge",
    "budget.granted",
    "merge.close",
    "points.redeem",
    "code.redeem",
    "tick",
)


@pytest.mark.parametrize("name", NAMES)
def test_an_act_that_is_called_like_a_command_is_an_act(name: str) -> None:
    act = an_activity("a-1", occurred_at=NOON)._replace(type=name)
    decision = decide(NEW_MEMBER, act, A_FULL_PROGRAM, member_id="m")
    assert isinstance(decision, Decision)
    change = change_of(decision, act, Source(ACTIVITY.name, 0, NOON))
    record = UpdateCodec().encode(
        "m", view_of("m", decision.member, A_FULL_PROGRAM), [change]
    )
    read = UpdateReader().read(record).changes[0]

    assert read.event_kind == name
    assert not is_erasure(read)
    assert answer_of("m", read) is None
