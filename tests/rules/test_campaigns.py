"""What a campaign sends, who listens, how fast it goes, and what its act leaves alone."""

import pytest

from loyalty.campaign_pace import CampaignPace, Stride, seconds_for, stride_at
from loyalty.campaigns import campaign_act, is_of_campaign, listeners
from loyalty.decide import decide
from loyalty.decision import Decision, Duplicate
from loyalty.events import InvalidEvent, check_activity
from loyalty.limits import DAY_MS
from loyalty.member import NEW_MEMBER
from loyalty.program import Program
from loyalty.program_document import program_from
from schemas.events import EventCodec
from schemas.framing import MalformedRecord
from schemas.intake import checked_activity, checked_campaign_act
from tests.builders import NOON, an_activity, an_order

TRIGGERS = [
    {"id": "spring", "kind": "activity", "activity": "campaign.spring"},
    {"id": "autumn", "kind": "activity", "activity": "campaign.autumn"},
    {"id": "woken", "kind": "activity", "activity": "campaign.wake"},
    {"id": "opened", "kind": "activity", "activity": "app.opened"},
    {"id": "away", "kind": "lapsed", "days": 30},
]


def a_program(**more: object) -> Program:
    return program_from(
        {
            "program": "garden",
            "version": 1,
            "currency": "USD",
            "earn": [{"id": "spend", "kind": "spend", "points": 1, "step_minor": 100}],
            "triggers": TRIGGERS,
            **more,
        }
    )


def test_a_member_has_one_event_id_in_a_campaign_and_others_have_others() -> None:
    acts = [
        campaign_act(campaign, "campaign.spring", member, at=at)
        for campaign, member, at in (
            ("ab", "c", 1),
            ("ab", "c", 2),
            ("a", "bc", 1),
            ("ab", "d", 1),
        )
    ]

    assert acts[0].event_id == acts[1].event_id
    assert len({act.event_id for act in acts}) == 3
    for act in acts:
        check_activity(act._replace(occurred_at=NOON), NOON)
    assert acts[0].attributes == {"campaign": "ab"}


def test_only_triggers_that_wait_for_a_campaign_can_be_set_going() -> None:
    assert [one.trigger_id for one in listeners(a_program())] == ["autumn", "spring"]


@pytest.mark.parametrize("kind", ["campaign.spring", "campaign.", "campaign.wake"])
def test_nobody_outside_sends_the_act_of_a_campaign(kind: str) -> None:
    act = an_activity("a-1")._replace(type=kind)

    assert is_of_campaign(kind)
    with pytest.raises(MalformedRecord) as refused:
        checked_activity(act, EventCodec(), NOON)
    assert refused.value.reason == "type-reserved"
    assert checked_campaign_act(act, EventCodec(), NOON).event_id == "a-1"


def test_what_only_sounds_like_a_campaign_is_taken() -> None:
    for kind in ("campaigns", "campaign", "Campaign.spring", "custom.campaign.x"):
        act = an_activity("a-1")._replace(type=kind)
        assert checked_activity(act, EventCodec(), NOON).event_id == "a-1"


def test_a_campaigns_act_fires_its_trigger_once_however_often_it_comes() -> None:
    program = a_program()
    act = campaign_act("c-1", "campaign.spring", "member-1", at=NOON)
    first = decide(NEW_MEMBER, act, program, member_id="member-1")
    assert isinstance(first, Decision)
    again = decide(first.member, act, program, member_id="member-1")

    assert [one.trigger_id for one in first.triggers] == ["spring"]
    assert isinstance(again, Duplicate)


def test_a_campaigns_act_does_not_keep_points_alive_as_one_of_the_member_does() -> None:
    wallets = [
        {"id": "points", "expiry": {"kind": "sliding", "amount": 30, "unit": "day"}}
    ]
    program = a_program(wallets=wallets)
    bought = decide(
        NEW_MEMBER,
        an_order("o-1", subtotal_minor=10_00),
        program,
        member_id="member-1",
    )
    assert isinstance(bought, Decision)
    (lot,) = bought.member.state.lots
    later = NOON + 10 * DAY_MS

    def end_after(act: object) -> int:
        decision = decide(bought.member, act, program, member_id="member-1")  # type: ignore[arg-type] # an act
        assert isinstance(decision, Decision)
        return decision.member.state.lots[0].expires_at

    told = campaign_act("c-1", "campaign.spring", "member-1", at=later)
    opened = an_activity("a-1", occurred_at=later)
    assert end_after(told) == lot.expires_at
    assert end_after(opened) == lot.expires_at + 10 * DAY_MS


@pytest.mark.parametrize(
    ("pace", "elapsed_ms", "stride"),
    [
        pytest.param(CampaignPace(100), 0, Stride(20, 200), id="five goes a second"),
        pytest.param(CampaignPace(1), 0, Stride(1, 1_000), id="one a second"),
        pytest.param(CampaignPace(3), 0, Stride(1, 334), id="waits rounded up"),
        pytest.param(CampaignPace(7), 0, Stride(1, 143), id="goes rounded down"),
        pytest.param(CampaignPace(5_000), 0, Stride(1_000, 200), id="the fastest"),
        pytest.param(CampaignPace(100, 10), 0, Stride(1, 1_000), id="grows from one"),
        pytest.param(CampaignPace(100, 10), 5_000, Stride(10, 200), id="half way"),
        pytest.param(CampaignPace(100, 10), 10_000, Stride(20, 200), id="grown"),
    ],
)
def test_a_go_is_as_large_as_the_pace_allows(
    pace: CampaignPace, elapsed_ms: int, stride: Stride
) -> None:
    assert stride_at(pace, elapsed_ms) == stride


@pytest.mark.parametrize(
    ("members", "pace", "seconds"),
    [
        pytest.param(0, CampaignPace(100), 0, id="nobody"),
        pytest.param(1, CampaignPace(100), 1, id="rounds up"),
        pytest.param(1_000, CampaignPace(100), 10, id="no ramp"),
        pytest.param(1_000, CampaignPace(100, 10), 15, id="half come while it grows"),
        pytest.param(500, CampaignPace(100, 10), 10, id="just grown"),
        pytest.param(125, CampaignPace(100, 10), 5, id="over while it grows"),
        pytest.param(126, CampaignPace(100, 10), 6, id="and a bit"),
    ],
)
def test_how_long_a_campaign_takes(
    members: int, pace: CampaignPace, seconds: int
) -> None:
    assert seconds_for(members, pace) == seconds


def test_a_campaign_is_through_when_it_was_said_to_be() -> None:
    """The strides of a whole campaign, against the one sum that people are told."""
    for pace in (CampaignPace(100), CampaignPace(40, 20), CampaignPace(1_000, 5)):
        at = sent = 0
        while sent < 2_000:
            stride = stride_at(pace, at)
            sent, at = sent + stride.members, at + stride.lasts_ms
        told = seconds_for(2_000, pace) * 1_000
        assert told <= at + 1_000
        assert at <= told * 1.1 + 2_000


def test_an_act_with_an_id_that_is_too_long_is_refused_as_any_other() -> None:
    act = campaign_act("c", "campaign." + "x" * 200, "member-1", at=NOON)

    with pytest.raises(InvalidEvent):
        check_activity(act, NOON)
