"""Parameters that are given more than once: nobody can say which of them was meant."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final, get_origin

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError

# Its lines are one list (RFC 9110, 13.1.2); of more than is read, more is sent.
_LISTS: Final = frozenset({"if-none-match"})


def check_given_once(request: Request) -> None:
    """
    Let a request pass whose parameters are there once each, but for those of a list.

    What no parameter of the route is called is nobody's, however often it is there.

    Raises: RequestValidationError, which names them.
    """
    asked = (name for name, _ in request.query_params.multi_items())
    faults = repeated("query", asked) + repeated("header", request.headers.keys())
    if faults:
        # Nearly never: so only now it is looked up what the route knows.
        single = set(_single(request.scope["route"].dependant))
        faults = [fault for fault in faults if fault["loc"] in single]
    if faults:
        raise RequestValidationError(faults)


def repeated(place: str, names: Iterable[str]) -> list[dict[str, Any]]:
    """Faults of a request: names that are more than once in a place."""
    return [
        {
            "type": "repeated",
            "loc": (place, name),
            "msg": f"is given {times} times, not once",
        }
        for name, times in sorted(Counter(names).items())
        if times > 1
    ]


def _single(dependant: Dependant) -> Iterator[tuple[str, str]]:
    for field in dependant.query_params:
        if get_origin(field.field_info.annotation) is not list:
            yield "query", field.alias
    for field in dependant.header_params:
        if field.alias.lower() not in _LISTS:
            yield "header", field.alias.lower()
    for needed in dependant.dependencies:
        yield from _single(needed)
