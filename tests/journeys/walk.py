"""A member's walk through journeys: a town, and what it was told and sent."""

from typing import Any

import yaml

from loyalty.events import Tick
from loyalty.journeys.remembered import JourneyRun
from loyalty.member import NEW_MEMBER
from loyalty.program import Program
from tests.rules.town import Town, at, built

PARTS = """
time_zone: America/New_York
member_time_zones: [Europe/Berlin]
tiers:
  - {id: low, name: Low, from_points: 0}
  - {id: high, name: High, from_points: 100}
wallets: [{id: points, name: Points}, {id: stamps, name: Stamps}]
earn: [{id: spend, kind: spend, points: 1}]
engagement: {consent_assumed: [inbox, push]}
templates:
  - {id: hello, purpose: service, texts: {inbox: {title: Hello, body: Hi}, push: {body: Hi}}}
  - {id: miss, texts: {inbox: {body: "{{ points }} points are waiting"}}}
"""
GO = {"event": "activity", "activity": "go"}


def document_of(text: str, **fields: Any) -> dict[str, Any]:
    """Program document of one journey `j`, which an act `go` lets in."""
    journey = {"id": "j", "entry": GO} | yaml.safe_load(text)
    return yaml.safe_load(PARTS) | {"journeys": [journey]} | fields


def a_journey(text: str, **fields: Any) -> Program:
    """Program of one journey `j`."""
    return built("", **document_of(text, **fields))


def steps(*listed: str) -> str:
    """Journey of steps, each as YAML."""
    return "steps:\n" + "".join(f"  - {{{one}}}\n" for one in listed)


class Walk(Town):
    """A town that lets time come step by step."""

    def until(self, when: str, *, zone: str = "UTC") -> None:
        """Let time pass up to a moment, each due time at its own tick."""
        self.until_ms(at(when, zone))

    def until_ms(self, end: int) -> None:
        """Let time pass up to a moment in ms."""
        for _ in range(10_000):
            member = self.members.get("member-1", NEW_MEMBER)
            if not 0 < member.next_due_at <= end:
                return
            self.decide(Tick(max(member.next_due_at, member.clock_at)))
        raise AssertionError("time stands still")

    @property
    def run(self) -> JourneyRun | None:
        """Where the member is, None when in no journey."""
        runs = self.member().journeys
        return runs[0] if runs else None

    @property
    def steps(self) -> list[str]:
        """What was told of journeys; of `j` without its name."""
        told = [one for one in self.told if one.startswith("journey:")]
        return [one.removeprefix("journey:").lstrip("j/").lstrip("#") for one in told]


def walked(text: str, **fields: Any) -> Walk:
    """A walk under the program of one journey."""
    return Walk(a_journey(text, **fields))
