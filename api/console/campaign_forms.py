"""What a marketer's form says of a campaign, as the API takes it; and its choices."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from api.campaign_problems import CampaignInvalid
from api.campaign_requests import CampaignCountIn, CampaignIn
from api.console.pages import Pages
from api.console.routes.rules import told_problem
from api.console.rulebook.asks import local_time
from api.problems import Problem
from api.rule_steps import RuleDesk
from loyalty.campaigns import listeners
from loyalty.limits import ID_LENGTH_MAX
from loyalty.program import Program
from loyalty.publishing.sentences import sentence
from loyalty.publishing.timeline import rule_in
from stores.audiences_contract import SEGMENTS

RATE: Final = 100
IDLE_DAYS: Final = 60
NAME_PART_MAX: Final = 48
NOT_A_SLUG: Final = re.compile(r"[^a-z0-9]+")
IDS_MAX: Final = 50_000
# Texts of the fields that a fault may point at.
WORDS: Final = {
    "/name": "name",
    "/trigger": "says",
    "/audience/kind": "whom",
    "/audience/name": "whom",
    "/audience/days": "days",
    "/starts_at": "starts",
    "/ends_at": "ends",
    "/rate_per_second": "rate",
    "/ramp_seconds": "ramp",
}
Body = TypeVar("Body", bound=BaseModel)


def choices_of(program: Program, desk: RuleDesk) -> dict[str, Any]:
    """What a form may choose: triggers with what each says, tiers, segments."""
    base = desk.publishing.latest_document
    triggers = []
    for one in listeners(program):
        document = rule_in(base, "triggers", one.trigger_id) or {}
        text = sentence("triggers", document, desk.currency) if document else ""
        triggers.append((one.trigger_id, text))
    return {
        "triggers": triggers,
        "tiers": [(tier.tier_id, tier.name or tier.tier_id) for tier in program.tiers],
        "segments": SEGMENTS,
    }


def body_of(
    form: Mapping[str, str],
    list_id: str,
    *,
    pages: Pages,
    now: int,
    campaign_id: str = "",
) -> CampaignIn:
    """
    Campaign that a form asks for; a new one's id is made of its name and the day.

    Raises: CampaignInvalid, InvalidRequest.
    """
    zone, fault = pages.shown.zone, pages.texts("campaign.time_wrong")
    name = form.get("name", "").strip()
    asked: dict[str, Any] = {
        "campaign_id": campaign_id or id_of(name, pages.shown.local(now)),
        "name": name,
        "trigger": form.get("trigger", ""),
        "audience": audience_in(form, list_id),
        "starts_at": local_time(form.get("starts", ""), zone, fault) or None,
        "ends_at": local_time(form.get("ends", ""), zone, fault) or None,
        "rate_per_second": number_of(form, "rate"),
        "ramp_seconds": number_of(form, "ramp"),
    }
    return checked(CampaignIn, asked)


def id_of(name: str, local: datetime) -> str:
    """Id of a campaign by its name and the local day on which it was written."""
    slug = NOT_A_SLUG.sub("-", name.lower()).strip("-")[:NAME_PART_MAX].strip("-")
    return f"{slug or 'campaign'}-{local:%Y%m%d-%H%M%S}"


def count_of(form: Mapping[str, str]) -> CampaignCountIn:
    """Audience and pace that a form asks for; raises CampaignInvalid."""
    return checked(
        CampaignCountIn,
        {
            "audience": audience_in(form, ""),
            "rate_per_second": number_of(form, "rate"),
            "ramp_seconds": number_of(form, "ramp"),
        },
    )


def told_fault(problem: Problem, pages: Pages) -> str:
    """What is wrong with a form, each fault by the name of its field."""
    if not isinstance(problem, CampaignInvalid):
        return told_problem(problem, pages)
    told = []
    for one in problem.extra["errors"]:
        word = WORDS.get(one["pointer"])
        name = pages.texts(f"campaign.{word}") if word else one["pointer"]
        told.append(f"{name}: {one['detail']}")
    return "; ".join(told)


def audience_in(form: Mapping[str, str], list_id: str) -> dict[str, Any]:
    """Audience of a form, as the API takes it: of all fields those of its kind."""
    kind = form.get("kind", "")
    names = {
        "tier": form.get("tier", ""),
        "segment": form.get("segment", ""),
        "list": list_id,
    }
    days = number_of(form, "days") if kind == "idle" else None
    return {"kind": kind, "name": names.get(kind), "days": days}


def ids_of(form: Mapping[str, str]) -> list[str]:
    """Member ids of a form: one a line, or with commas between them; each once."""
    found = re.split(r"[\s,;]+", form.get("ids", ""))
    return list(dict.fromkeys(one for one in found if one))


def bad_ids(ids: list[str]) -> list[str]:
    """Those that can be no member's."""
    return [one for one in ids if len(one) > ID_LENGTH_MAX]


def number_of(form: Mapping[str, str], name: str) -> int | str:
    """Number of a field; what is none is left to be refused."""
    text = form.get(name, "").strip()
    return int(text) if text.isdecimal() and len(text) <= 9 else text  # noqa: PLR2004 - more is over every bound


def checked(shape: type[Body], asked: dict[str, Any]) -> Body:
    """A body as the API would take it; raises CampaignInvalid."""
    try:
        return shape.model_validate(asked)
    except ValidationError as error:
        faults = [
            {
                "pointer": "".join(f"/{part}" for part in one["loc"]),
                "detail": one["msg"],
            }
            for one in error.errors(include_url=False)
        ]
        raise CampaignInvalid(f"{len(faults)} fault(s)", errors=faults) from error
