"""How a page is made: templates, texts, and what every page is told."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from api.console.navigation import navigation_of
from api.console.places import PREFIX, TEMPLATES, TEXTS, asset
from api.console.showing import Shown, plotted
from api.console.texts import Texts
from api.console.viewers import Viewer
from loyalty.program import Programs
from stores.questions import COUNT, MINOR, POINTS, SHARE

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
# Kinds of columns whose values stand at the right.
NUMERIC: Final = (COUNT, POINTS, MINOR, SHARE)
THEMES: Final = ("light", "dark")


class Pages:
    """Makes pages; whoever asks for a text or a value that is not there is wrong."""

    def __init__(self, programs: Programs) -> None:
        """Read templates and texts."""
        self.texts = Texts(TEXTS / "en.yaml")
        self._programs = programs
        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals |= {
            "t": self.texts,
            "asset": asset,
            "prefix": PREFIX,
            "plotted": plotted,
            "numeric": NUMERIC,
        }

    @property
    def shown(self) -> Shown:
        """Values in the currency and on the clock of the latest program."""
        program = self._programs.latest
        return Shown(program.currency, program.zone)

    def page(
        self,
        request: Request,
        template: str,
        values: Mapping[str, Any],
        *,
        status: int = 200,
    ) -> HTMLResponse:
        """Answer with a page, or with a part of one."""
        viewer: Viewer | None = getattr(request.state, "viewer", None)
        theme = request.cookies.get("regulars_theme", "")
        nav = navigation_of(viewer) if viewer else []
        html = self._templates.get_template(template).render(
            request=request,
            viewer=viewer,
            shown=self.shown,
            theme=theme if theme in THEMES else "",
            **{"nav": nav, "here": "", **values},
        )
        return HTMLResponse(html, status, {"Content-Security-Policy": POLICY})
