"""A request about a rule: who asks, what was seen, and the answer with its ETag."""

import asyncio
from typing import Annotated, Any, Final

from fastapi import Depends, Header, Response

from api.dependencies import Now, RuleLog, made_of
from api.errors import problem_responses
from api.gate import Caller
from api.problems import BodyTooLarge, InvalidRequest, UnsupportedMediaType
from api.rule_problems import RevisionRequired, RevisionStale, RuleNotFound, RuleNotNow
from api.rule_responses import RuleLifeOut, rule_out
from api.rule_steps import RuleDesk, check_rule, refuse
from loyalty.publishing.changes import Document, ProgramChange, Refused
from loyalty.publishing.rule import Rule

STEP: Final = problem_responses(
    RuleNotFound, RuleNotNow, RevisionStale, BodyTooLarge, UnsupportedMediaType
)


class Asking:
    """One request about a rule, on its way to its answer."""

    def __init__(
        self,
        *,
        response: Response,
        desk: RuleLog,
        caller: Caller,
        now: Now,
        if_match: Annotated[
            str | None, Header(alias="If-Match", max_length=256)
        ] = None,
    ) -> None:
        """Gathered by FastAPI for each request."""
        self.desk: RuleDesk = desk
        self.now = now
        self._response = response
        self._author = caller.subject
        self._if_match = if_match

    def seen(self, rule_id: str, *, required: bool = False) -> Rule:
        """
        Rule at the revision that If-Match names.

        Raises: RuleNotFound, RevisionRequired, RevisionStale.
        """
        rule = self.desk.rule(rule_id)
        if self._if_match is None:
            if required:
                raise RevisionRequired("send If-Match with the ETag of the rule")
            return rule
        given = [one.strip() for one in self._if_match.split(",")]
        if "*" in given or etag_of(rule) in given:
            return rule
        raise RevisionStale(f"the rule is at revision {rule.revision}")

    async def step(self, rule: Rule, kind: str, **more: Any) -> RuleLifeOut:
        """Take a step of a rule; raises what the fold refuses it with."""
        change = ProgramChange(
            self.desk.new_id(),
            kind,
            self._author,
            self.now,
            rule.revision,
            rule.rule_id,
            rule.section,
            lead_ms=self.desk.lead_ms,
            **more,
        )
        _check_time(change.effective_from, self.now)
        verdict = await self.desk.log.append(change)
        if isinstance(verdict, Refused):
            refuse(verdict)
        return await self.answer(self.desk.rule(rule.rule_id))

    async def check(self, section: str, document: Document) -> None:
        """Refuse a rule that is not sound; raises RuleInvalid."""
        # A program of a thousand rules takes a while: others need not wait.
        await asyncio.to_thread(check_rule, self.desk.publishing, section, document)

    async def answer(self, rule: Rule) -> RuleLifeOut:
        """Rule as it stands, with its ETag."""
        self._response.headers["ETag"] = etag_of(rule)
        findings = await asyncio.to_thread(self.desk.findings, rule)
        return rule_out(rule, self.desk.publishing, self.now, findings=findings)

    def created(self, out: RuleLifeOut) -> RuleLifeOut:
        """Rule that is new, with its place."""
        self._response.headers["Location"] = f"/v1/rules/{out.id}"
        return out


def etag_of(rule: Rule) -> str:
    """ETag of a rule: its revision."""
    return f'"{rule.revision}"'


def _check_time(effective_from: int, now: int) -> None:
    """Refuse what would judge events of the past anew; 0 is as soon as may be."""
    if 0 < effective_from < now:
        errors = [{"pointer": "/effective_from", "detail": "lies in the past"}]
        raise InvalidRequest("1 fault(s), see errors", errors=errors)


RuleAsked = Annotated[Asking, Depends(made_of(Asking))]
