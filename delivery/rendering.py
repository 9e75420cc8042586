"""Templates to texts: Jinja, of which only what ends soon and reaches nothing."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from jinja2 import StrictUndefined, Template, nodes
from jinja2.exceptions import SecurityError, TemplateError, TemplateSyntaxError
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment

from loyalty.messages import ChannelText

NODES_MAX: Final = 2_000
# Python compiles what a template comes to, and has limits of its own that are near.
NESTED_MAX: Final = 32
TEXT_LENGTH_MAX: Final = 100_000
TITLE_LENGTH_MAX: Final = 500
CACHED_MAX: Final = 1_024
FILTERS: Final = ("upper", "lower", "title", "capitalize", "trim", "escape", "e")
# No loops, no calls, no attributes, no arithmetic: as long as its text, at most.
ALLOWED: Final = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.Filter,
    nodes.If,
    nodes.CondExpr,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
)


class TemplateFault(ValueError):
    """A template that cannot be taken, or not with these values; `part` says where."""

    def __init__(self, part: str, message: str) -> None:
        """Keep the part (`title`, `body`, `html`) beside the sentence."""
        super().__init__(message)
        self.part = part
        self.message = message


class Rendered(NamedTuple):
    """What a message says on one channel; `html` is for e-mail only."""

    title: str
    body: str
    html: str = ""


def _environment(*, autoescape: bool) -> ImmutableSandboxedEnvironment:
    made = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=autoescape, keep_trailing_newline=True
    )
    made.filters = {name: made.filters[name] for name in FILTERS}
    made.globals.clear()
    made.tests = {name: made.tests[name] for name in ("defined", "undefined")}
    return made


_TEXT: Final = _environment(autoescape=False)
_HTML: Final = _environment(autoescape=True)


def rendered(text: ChannelText, values: Mapping[str, str]) -> Rendered:
    """
    Text of a channel with its values.

    Raises: TemplateFault, for a name without a value too.
    """
    title = _filled("title", text.title, values, length_max=TITLE_LENGTH_MAX)
    body = _filled("body", text.body, values, length_max=TEXT_LENGTH_MAX)
    html = ""
    if text.html:
        html = _filled("html", text.html, values, length_max=TEXT_LENGTH_MAX)
    # A title becomes a header or a line: nothing in it may begin another one.
    return Rendered(" ".join(title.split()), body, html)


def faults_of(text: ChannelText) -> Iterator[TemplateFault]:
    """Whatever keeps a channel's text from being a template."""
    for part in ("title", "body", "html"):
        try:
            _compiled(part, getattr(text, part))
        except TemplateFault as fault:
            yield fault


def names_in(text: ChannelText) -> frozenset[str]:
    """Names that a sound template of a channel needs values for."""
    parts = (text.title, text.body, text.html)
    trees = [_TEXT.parse(part) for part in parts]
    return frozenset().union(*(find_undeclared_variables(tree) for tree in trees))


def _filled(
    part: str, source: str, values: Mapping[str, str], *, length_max: int
) -> str:
    try:
        made = _compiled(part, source).render(values)
    except (TemplateError, SecurityError, TypeError) as error:
        raise TemplateFault(part, str(error)[:300]) from error
    if len(made) > length_max:
        raise TemplateFault(part, f"longer than {length_max} characters")
    return made


@lru_cache(CACHED_MAX)
def _compiled(part: str, source: str) -> Template:
    environment = _HTML if part == "html" else _TEXT
    try:
        tree = environment.parse(source)
        _check(part, tree)
        return environment.from_string(tree)
    except TemplateFault:
        raise
    except TemplateSyntaxError as error:
        told = f"the braces in line {error.lineno} make no sense: {error}"
        raise TemplateFault(part, told[:300]) from error
    # A number may be too long even to be read.
    except (TemplateError, RecursionError, ValueError) as error:
        raise TemplateFault(part, str(error)[:300]) from error


def _check(part: str, tree: nodes.Template) -> None:
    count = 0
    waiting: list[tuple[nodes.Node, int]] = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        count += 1
        if not isinstance(node, ALLOWED):
            kind = type(node).__name__.lower()
            raise TemplateFault(part, f"{kind} is not allowed (line {node.lineno})")
        if isinstance(node, nodes.Filter) and node.name not in FILTERS:
            raise TemplateFault(part, f"there is no filter {node.name!r}")
        if depth > NESTED_MAX:
            raise TemplateFault(part, f"nested over {NESTED_MAX} deep")
        waiting.extend((child, depth + 1) for child in node.iter_child_nodes())
    if count > NODES_MAX:
        raise TemplateFault(part, f"more than {NODES_MAX} parts")
