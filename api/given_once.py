"""Parameters that are given more than once: nobody can say which of them was meant."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final, get_origin

from fastapi import Request
from fastapi.dependencies.models import Dependant

from api.errors import FAULTS_MAX
from api.problems import InvalidRequest

# Its lines are one list (RFC 9110, 13.1.2); of more than is read, more is sent.
_LISTS: Final = frozenset({"if-none-match"})


def check_given_once(request: Request) -> None:
    """
    Let a request pass whose parameters are there once each, but for those of a list.

    What no parameter of the route is called is nobody's, however often it is there.

    Raises: InvalidRequest, which names them.
    """
    headers = [name for name, _ in request.scope["headers"]]
    query = request.scope["query_string"]
    # Nearly always there is nothing to find, and no name has to be looked at.
    if b"&" not in query and len(set(headers)) == len(headers):
        return
    asked = [name for name, _ in request.query_params.multi_items()]
    sent = [name.decode("latin-1") for name in headers]
    dependant: Dependant = request.scope["route"].dependant
    faults = [
        {"pointer": f"{place}/{name}", "detail": given_often(times)}
        for place, name, times in (
            *(("query", *each) for each in _often(asked, _of_query(dependant))),
            *(("header", *each) for each in _often(sent, _of_headers(dependant))),
        )
    ][:FAULTS_MAX]
    if faults:
        raise InvalidRequest(f"{len(faults)} fault(s), see errors", errors=faults)


def given_often(times: int) -> str:
    """Say what is wrong with a parameter."""
    return f"is given {times} times, not once"


def _often(names: Iterable[str], single: Iterable[str]) -> Iterator[tuple[str, int]]:
    times = Counter(names)
    return ((name, times[name]) for name in sorted(set(single)) if times[name] > 1)


def _of_query(dependant: Dependant) -> Iterator[str]:
    for field in dependant.query_params:
        if get_origin(field.field_info.annotation) is not list:
            yield field.alias
    for needed in dependant.dependencies:
        yield from _of_query(needed)


def _of_headers(dependant: Dependant) -> Iterator[str]:
    for field in dependant.header_params:
        if field.alias.lower() not in _LISTS:
            yield field.alias.lower()
    for needed in dependant.dependencies:
        yield from _of_headers(needed)
