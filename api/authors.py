"""Who takes a step in a rule's life."""

from typing import Annotated

from fastapi import Depends, Header

from loyalty.limits import ID_LENGTH_MAX


def _author(
    subject: Annotated[
        str, Header(alias="X-Author", min_length=1, max_length=ID_LENGTH_MAX)
    ] = "somebody",
) -> str:
    return subject


Author = Annotated[str, Depends(_author)]
