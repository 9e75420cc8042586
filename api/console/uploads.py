"""A form that may hold a file: its fields, and the file's text."""

import codecs
from typing import Annotated, Final, NamedTuple

from fastapi import Depends, Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from api.console.doors import BadForm, check_sender, check_session
from api.middleware import BODY_BYTES_MAX

UPLOAD_TYPE: Final = "multipart/form-data"
UPLOAD_FIELDS_MAX: Final = 10


class Uploaded(NamedTuple):
    """Fields of a form, and the text of its file; None for a file that is no text."""

    fields: dict[str, str]
    text: str | None


async def _uploaded(request: Request) -> Uploaded:
    """
    What a form of this session uploads.

    Raises: BadForm for what no form of ours sends.
    """
    check_sender(request, UPLOAD_TYPE)
    try:
        form = await request.form(
            max_files=1, max_fields=UPLOAD_FIELDS_MAX, max_part_size=BODY_BYTES_MAX
        )
    except HTTPException as error:
        raise BadForm("this is not a form") from error
    fields = {name: one for name, one in form.items() if isinstance(one, str)}
    check_session(request, fields.get("csrf", ""))
    content = b""
    for one in form.values():
        if isinstance(one, UploadFile):
            content = await one.read()
    await form.close()
    return Uploaded(fields, text_of_file(content))


def text_of_file(content: bytes) -> str | None:
    """Text of a file as editors and spreadsheets save it; None for one that is none."""
    is_wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = content.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


# After `needs`: the form is the viewer's.
UploadForm = Annotated[Uploaded, Depends(_uploaded)]
