"""A member's walk through journeys: a town, and what it was told and sent."""

from typing import Any

from loyalty.decision import Decision
from loyalty.events import MemberEvent, Tick
from loyalty.member import NEW_MEMBER, JourneyRun
from loyalty.messages import Message
from tests.rules.town import Outcome, Town, at, built

TEMPLATES = """
templates:
  - {id: hello, purpose: service, texts: {inbox: {title: Hello, body: Hi}, push: {body: Hi}}}
  - {id: miss, texts: {inbox: {body: "{{ points }} points are waiting"}}}
"""


def a_journey(text: str, **fields: Any) -> Any:
    """Program of one journey `j`, whose entry and steps a test gives as YAML."""
    import yaml

    document = yaml.safe_load(TEMPLATES)
    journey = {"id": "j", "entry": {"event": "activity", "activity": "go"}}
    journey |= yaml.safe_load(text)
    document["journeys"] = [journey]
    return built("", **(document | fields))


class Walk(Town):
    """A town that keeps all messages, and lets time come step by step."""

    def __init__(self, program: Any) -> None:
        super().__init__(program)
        self.messages: list[Message] = []
        self.decisions: list[Decision] = []

    def decide(self, event: MemberEvent, member_id: str = "member-1") -> Outcome:
        outcome = super().decide(event, member_id)
        if isinstance(outcome, Decision):
            self.decisions.append(outcome)
            self.messages += outcome.messages
        return outcome

    def until(self, when: str, *, member_id: str = "member-1") -> None:
        """Let time pass up to a moment, each due time at its own tick."""
        self.until_ms(at(when), member_id=member_id)

    def until_ms(self, end: int, *, member_id: str = "member-1") -> None:
        """Let time pass up to a moment in ms."""
        for _ in range(1_000):
            due_at = self.members.get(member_id, NEW_MEMBER).next_due_at
            if not 0 < due_at <= end:
                return
            self.decide(Tick(max(due_at, self.member(member_id).clock_at)), member_id)
        raise AssertionError("time stands still")

    @property
    def run(self) -> JourneyRun | None:
        """Where the member is, None when in no journey."""
        runs = self.member().journeys
        return runs[0] if runs else None

    @property
    def steps(self) -> list[str]:
        """What was told of journeys, without the prefix of journey `j`."""
        told = [
            one for one in self.told if one.startswith("journey:")
        ]
        return [one.removeprefix("journey:").removeprefix("j/").removeprefix("j#") for one in told]
