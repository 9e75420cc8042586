"""Which methods a path has, whichever of our routers has them."""

import re
from typing import Any, Final

from fastapi import FastAPI

_PART: Final = re.compile(r"\\\{[^/]+?\\\}")


class AllowedMethods:
    """
    Methods by path, as the API's own document lists them.

    The framework tells of a path's first route only, and ours are in families.
    """

    def __init__(self, app: FastAPI) -> None:
        """Look when first asked: the routes come later."""
        self._app = app
        self._methods: list[tuple[re.Pattern[str], str]] = []

    def of(self, path: str) -> str:
        """Methods of a path, as `Allow` lists them; empty if there are none."""
        if not self._methods:
            document: dict[str, dict[str, Any]] = self._app.openapi()["paths"]
            self._methods = [
                (_pattern(template), ", ".join(sorted(map(str.upper, operations))))
                # A path that is written out comes before one that it would fit.
                for template, operations in sorted(
                    document.items(), key=lambda one: one[0].count("{")
                )
            ]
        found = (methods for form, methods in self._methods if form.fullmatch(path))
        return next(found, "")


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(_PART.sub("[^/]+", re.escape(template)))
