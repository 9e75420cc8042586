"""Templates of messages, tried out before they are published."""

from collections.abc import Iterator

from fastapi import APIRouter

from api.delivery_problems import TemplateInvalid
from api.delivery_requests import PreviewIn
from api.delivery_responses import PreviewOut, TextOut
from api.dependencies import AllPrograms, JsonOnly, Now
from api.errors import problem_responses
from api.gate import requires
from api.problems import (
    BodyTooLarge,
    InvalidRequest,
    Problem,
    Unavailable,
    UnsupportedMediaType,
)
from delivery.rendering import TemplateFault, faults_of, names_in, rendered
from loyalty.document import Fault, Node
from loyalty.message_documents import message_template
from loyalty.messages import MessageTemplate
from loyalty.program import Program

router = APIRouter(
    prefix="/v1/templates",
    tags=["delivery"],
    responses=problem_responses(
        InvalidRequest, BodyTooLarge, UnsupportedMediaType, Unavailable, Problem
    ),
)


@router.post(
    "/preview",
    dependencies=[requires("rules:read", "rules:write", for_members=False), JsonOnly],
    responses=problem_responses(TemplateInvalid),
)
async def preview_template(
    *, body: PreviewIn, programs: AllPrograms, now: Now
) -> PreviewOut:
    """Fill a template as the dispatcher would; a name without a value is a fault."""
    template = _template(body, programs.at(now))
    texts, errors = [], list[dict[str, str]]()
    for text in template.texts:
        found = list(faults_of(text))
        try:
            made = None if found else rendered(text, body.values)
        except TemplateFault as fault:
            found.append(fault)
        if found or made is None:
            errors += _errors(text.channel, found)
        else:
            texts.append(TextOut(channel=text.channel, **made._asdict()))
    if errors:
        raise TemplateInvalid(f"{len(errors)} fault(s), see errors", errors=errors)
    needed = frozenset[str]().union(*(names_in(text) for text in template.texts))
    return PreviewOut(
        template_id=template.template_id, names=sorted(needed), texts=texts
    )


def _errors(channel: str, faults: list[TemplateFault]) -> Iterator[dict[str, str]]:
    for fault in faults:
        pointer = f"/template/texts/{channel}/{fault.part}"
        yield {"pointer": pointer, "detail": fault.message}


def _template(body: PreviewIn, program: Program) -> MessageTemplate:
    if (body.template is None) == (body.template_id is None):
        detail = "expected one of template and template_id"
        errors = [{"pointer": "", "detail": detail}]
        raise TemplateInvalid("1 fault(s), see errors", errors=errors)
    if body.template is None:
        for known in program.templates:
            if known.template_id == body.template_id:
                return known
        errors = [{"pointer": "/template_id", "detail": "no template has this id"}]
        raise TemplateInvalid("1 fault(s), see errors", errors=errors)
    faults: list[Fault] = []
    node = Node(body.template, "/template", faults)
    template = message_template(node)
    node.close()
    if faults:
        errors = [
            {"pointer": fault.pointer, "detail": fault.message} for fault in faults[:20]
        ]
        raise TemplateInvalid(f"{len(faults)} fault(s), see errors", errors=errors)
    return template
