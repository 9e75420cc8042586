"""What we take about rules: a version, and the steps of its life."""

from typing import Annotated, Any, Literal

from pydantic import Field

from api import rule_examples as examples
from loyalty.limits import REASON_LENGTH_MAX, RULE_STEPS_MAX
from schemas.event_bodies import Strict
from schemas.json_values import Moment

Section = Literal[
    "earn",
    "bonuses",
    "streaks",
    "challenges",
    "offers",
    "triggers",
    "journeys",
    "gifts",
    "auto_redeem",
    "discounts",
    "templates",
    "personal_offers",
    "code_pools",
]
Why = Annotated[str, Field(max_length=REASON_LENGTH_MAX)]
Version = Annotated[int, Field(strict=True, ge=1, le=RULE_STEPS_MAX)]
RunningVersion = Annotated[int, Field(ge=0, le=RULE_STEPS_MAX)]


class NewRuleIn(Strict):
    """A new rule, as the section of a program has it: docs/program-rules.md."""

    model_config = Strict.model_config | Strict.shown(examples.RULE_IN)

    section: Section
    rule: dict[str, Any]
    why: Why = ""


class RuleVersionIn(Strict):
    """
    Another version of a rule: a new draft.

    With `version` it goes on from that draft, and no other: a version that is
    submitted, approved or published never changes.
    """

    model_config = Strict.model_config | Strict.shown(examples.VERSION_IN)

    rule: dict[str, Any]
    version: Version | None = None
    why: Why = ""


class StepIn(Strict):
    """A step of the newest version; `version` makes sure that it is that one."""

    model_config = Strict.model_config | Strict.shown(examples.STEP_IN)

    version: Version | None = None
    why: Why = ""


class RejectionIn(Strict):
    """Why a version cannot go on as it is."""

    model_config = Strict.model_config | Strict.shown(examples.REJECTION_IN)

    version: Version | None = None
    why: Annotated[str, Field(min_length=1, max_length=REASON_LENGTH_MAX)]


class PublicationIn(Strict):
    """
    What runs from when: the newest approved version, as soon as all workers can.

    An older `version` rolls back; 0 is the rule as the program's file has it.
    """

    model_config = Strict.model_config | Strict.shown(examples.PUBLICATION_IN)

    version: Annotated[RunningVersion, Field(strict=True)] | None = None
    effective_from: Moment | None = None
    why: Why = ""


class StopIn(Strict):
    """When a rule stops, or goes on; as soon as all workers can, if not said."""

    model_config = Strict.model_config | Strict.shown(examples.STOP_IN)

    effective_from: Moment | None = None
    why: Why = ""
