"""Conditional reads (RFC 9110): who knows the version is not sent it again."""

from hashlib import sha256
from typing import Annotated, Final

import orjson
from fastapi import Header, Response
from pydantic import BaseModel

IfNoneMatch = Annotated[str | None, Header()]
NOT_MODIFIED: Final[dict[int | str, dict[str, object]]] = {
    304: {"description": "Not modified: the version is the one you know"}
}
_DIGEST_LENGTH: Final = 24


def headers_of(etag: str) -> dict[str, str]:
    """Headers of a private answer that may be kept if it is asked after each time."""
    return {"ETag": etag, "Cache-Control": "private, no-cache"}


def unless_known(if_none_match: str | None, etag: str) -> Response | None:
    """304 for somebody who names the tag."""
    if if_none_match is None or not is_known(if_none_match, etag):
        return None
    return Response(status_code=304, headers=headers_of(etag))


def etag_of_version(version: int, *more: int) -> str:
    """Tag of something that has a version, or several numbers that make one."""
    return f'"{".".join(str(number) for number in (version, *more))}"'


def etag_of_content(answer: BaseModel) -> str:
    """
    Tag of something without a version: a digest of what is shown.

    It saves the way to the client, not the read.
    """
    content = orjson.dumps(answer.model_dump(mode="json"))
    return f'"{sha256(content).hexdigest()[:_DIGEST_LENGTH]}"'


def is_known(if_none_match: str, etag: str) -> bool:
    """Whether a list of entity tags holds ours; weak ones compare as equal."""
    tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return etag in tags or tags == ["*"]
