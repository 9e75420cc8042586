"""Program files: YAML or JSON on disk."""

from pathlib import Path
from typing import Final

import yaml

from loyalty.document import Fault, InvalidProgram
from loyalty.program import Program
from loyalty.program_document import program_from

FILE_BYTES_MAX: Final = 4_194_304


def load_program(path: Path) -> Program:
    """
    Read a program file.

    Raises: InvalidProgram with a pointer to each fault; FileNotFoundError.
    """
    if path.stat().st_size > FILE_BYTES_MAX:
        raise InvalidProgram([Fault("", f"{path} is over {FILE_BYTES_MAX} bytes")])
    try:
        document = yaml.safe_load(path.read_text())
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InvalidProgram([Fault("", f"{path} is not YAML: {error}")]) from error
    return program_from(document)
