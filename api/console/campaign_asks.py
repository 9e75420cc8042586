"""Steps of campaigns in the name of whoever is signed in, by the API's own way."""

from http import HTTPStatus
from urllib.parse import quote

from fastapi import Request, Response
from starlette.responses import RedirectResponse

from api.campaign_asking import CampaignAsking
from api.console.places import PREFIX
from api.console.rulebook.asks import CLIENT
from api.console.viewers import Viewer
from api.principals import Principal
from stores.campaigns_contract import Campaigns


def asking_of(
    request: Request, campaigns: Campaigns, *, now: int, revision: str = ""
) -> CampaignAsking:
    """Asking of the viewer, who saw a campaign at a revision, or does not mind."""
    return CampaignAsking(
        response=Response(),
        campaigns=campaigns,
        caller=caller_of(request.state.viewer),
        now=now,
        if_match=f'"{revision}"' if revision.isdecimal() else None,
    )


def caller_of(viewer: Viewer) -> Principal:
    """The viewer, as the API knows who asks."""
    return Principal(viewer.subject, CLIENT, viewer.scopes)


def to_campaign(campaign_id: str) -> RedirectResponse:
    """Lead to a campaign's page."""
    address = f"{PREFIX}/campaigns/{quote(campaign_id, safe='')}"
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)
