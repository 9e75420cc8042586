"""What goes wrong with campaigns; docs/campaigns.md says what to do."""

from http import HTTPStatus

from api.problems import Problem


class CampaignNotFound(Problem):
    """No campaign has this id, or it is too long ago."""

    status = HTTPStatus.NOT_FOUND
    name = "campaign-not-found"
    title = "No such campaign"


class CampaignExists(Problem):
    """A new campaign with the id of another one."""

    status = HTTPStatus.CONFLICT
    name = "campaign-exists"
    title = "There is a campaign of this id"


class CampaignNotNow(Problem):
    """A step that does not follow from how the campaign stands."""

    status = HTTPStatus.CONFLICT
    name = "campaign-not-now"
    title = "The campaign does not stand so that this could follow"


class CampaignInvalid(Problem):
    """A campaign that could not be sent."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    name = "campaign-invalid"
    title = "The campaign could not be sent as it is"


class CampaignStale(Problem):
    """If-Match names a revision that is not the campaign's any more."""

    status = HTTPStatus.PRECONDITION_FAILED
    name = "campaign-stale"
    title = "The campaign has changed meanwhile"


class CampaignUnseen(Problem):
    """An edit of a campaign without If-Match."""

    status = HTTPStatus.PRECONDITION_REQUIRED
    name = "campaign-unseen"
    title = "If-Match is needed: the ETag of the campaign"


class TooManyCampaigns(Problem):
    """As many campaigns are under way as may be."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    name = "too-many-campaigns"
    title = "Too many campaigns are under way"
