"""What goes wrong with what is sent out; docs/problems.md explains each."""

from http import HTTPStatus

from api.problems import Problem


class WebhookNotFound(Problem):
    """No endpoint has this id."""

    status = HTTPStatus.NOT_FOUND
    name = "webhook-not-found"
    title = "No such webhook"


class WebhookRefused(Problem):
    """An address that nothing is sent to."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    name = "webhook-refused"
    title = "Nothing is sent to this address"


class WebhookStale(Problem):
    """Somebody else changed the endpoint meanwhile."""

    status = HTTPStatus.PRECONDITION_FAILED
    name = "webhook-stale"
    title = "The webhook has changed"


class TooManyWebhooks(Problem):
    """As many endpoints, stops or paces as there may be."""

    status = HTTPStatus.CONFLICT
    name = "too-many"
    title = "There are as many as there may be"


class DeliveryNotKept(Problem):
    """Webhooks and addresses need a key that is not set."""

    status = HTTPStatus.NOT_IMPLEMENTED
    name = "delivery-not-kept"
    title = "Webhooks and addresses are switched off"


class MessageNotFound(Problem):
    """The member's inbox has no such message."""

    status = HTTPStatus.NOT_FOUND
    name = "message-not-found"
    title = "No such message"


class NotHeld(Problem):
    """There is no such stop or pace."""

    status = HTTPStatus.NOT_FOUND
    name = "not-held"
    title = "There is no such stop or pace"


class TemplateInvalid(Problem):
    """A template that is not sound, or lacks values; `errors` point into the body."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    name = "template-invalid"
    title = "The template cannot be filled"


class LinkInvalid(Problem):
    """A link that we did not sign."""

    status = HTTPStatus.NOT_FOUND
    name = "link-invalid"
    title = "The link is not one of ours"
