"""Messages of a step that has fired: sent, kept until they may go, or withheld."""

from typing import Final

from loyalty.engagement.capping import Outgoing, note_sent
from loyalty.engagement.remembered import Waiting
from loyalty.engagement.round import Round
from loyalty.engagement.rules import EXEMPT, Trigger, TriggerStep
from loyalty.engagement.sending import (
    EXPIRED,
    HELD_OUT,
    NO_CONSENT,
    NO_ROOM,
    held_out,
    may_speak,
    verdict_of,
)
from loyalty.limits import MESSAGES_MAX
from loyalty.member import balance_of
from loyalty.messages import Message, MessageValue

MS: Final = 1


def speak(
    this: Round, waiting: Waiting, trigger: Trigger, *, step: TriggerStep
) -> None:
    """Send on each channel, or let it wait, or withhold and tell it."""
    message = step.message
    assert message is not None, "only steps with a message have channels"
    purpose = this.program.purpose_of(message.template_id)
    later: dict[tuple[int, str], list[str]] = {}
    for channel in waiting.channels:
        outgoing = Outgoing(
            waiting.trigger_id,
            channel,
            purpose,
            EXEMPT if message.urgent else message.frequency,
            message.own_frequency,
        )
        if not may_speak(this.memory, this.policy, channel, purpose=purpose):
            this.tell("withheld", waiting, f"{NO_CONSENT}: {channel}, {purpose}")
            continue
        go_at, held_for = this.at, ""
        if not message.urgent:
            go_at, held_for = verdict_of(
                this.memory, this.policy, this.at, message=outgoing, zone=this.zone
            )
        if go_at == this.at and len(this.messages) >= MESSAGES_MAX:
            go_at, held_for = this.at + MS, NO_ROOM
        if go_at < 0 or max(go_at, this.at) >= waiting.expires_at:
            why = held_for or waiting.held_for or EXPIRED
            this.tell("withheld", waiting, f"{why}: {channel}, too late")
        elif go_at > this.at:
            later.setdefault((go_at, held_for), []).append(channel)
        else:
            _go(this, waiting, trigger, outgoing=outgoing)
    for (due_at, why), channels in sorted(later.items()):
        held = waiting._replace(due_at=due_at, channels=tuple(channels), held_for=why)
        if why != waiting.held_for:
            this.tell("held", held, f"{why}: {', '.join(channels)}")
        this.hold(held)


def _go(this: Round, waiting: Waiting, trigger: Trigger, *, outgoing: Outgoing) -> None:
    """Send one message now; of who is held out, tell that one would have gone."""
    message = trigger.steps[waiting.step].message
    assert message is not None, "it has channels"
    channel = outgoing.channel
    # Also of who is held out: both groups meet the same caps.
    note_sent(this.memory, this.policy, this.at, message=outgoing)
    if held_out(trigger, this.policy, this.turn.member_id):
        this.tell(HELD_OUT, waiting, channel)
        return
    key = f"{waiting.trigger_id}/{waiting.occasion}/{waiting.step}/{channel}"
    this.messages.append(
        Message(
            key,
            # Of a journey all of it: who stops a campaign stops every step.
            waiting.trigger_id.partition("/")[0],
            channel,
            outgoing.purpose,
            message.template_id,
            _values(this, waiting, message.values),
            this.at,
            waiting.expires_at,
            waiting.held_for,
        )
    )


def _values(
    this: Round, waiting: Waiting, own: tuple[MessageValue, ...]
) -> tuple[MessageValue, ...]:
    """What stands for a template's names: of the rule, the occasion, the member."""
    state = this.turn.state
    found = {
        "balance": str(balance_of(state.lots, this.program.wallet_id)),
        "tier": state.tier,
    }
    found.update(waiting.values)
    found.update(own)
    return tuple([MessageValue(name, found[name]) for name in sorted(found)])
