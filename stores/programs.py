"""Program files: YAML or JSON on disk."""

from pathlib import Path
from typing import Any, Final

import yaml

from loyalty.document import Fault, InvalidProgram
from loyalty.program import Program
from loyalty.program_document import program_from
from loyalty.windows import Window
from loyalty.zones import Zone
from stores.calendars import window_from_rrule, zone_of


class EdgeCalendars:
    """Zones and recurrences from locked packages, as every worker has them."""

    def zone(self, name: str) -> Zone:
        """Zone by its IANA name; raises ValueError when there is none."""
        return zone_of(name)

    def recurrence(self, start: str, minutes: int, rule: str) -> Window:
        """Windows of an RFC 5545 rule; raises ValueError when it is not one."""
        return window_from_rrule(start, minutes, rule)


EDGE_CALENDARS: Final = EdgeCalendars()
FILE_BYTES_MAX: Final = 4_194_304


def load_program(path: Path) -> Program:
    """
    Read a program file.

    Raises: InvalidProgram with a pointer to each fault; FileNotFoundError.
    """
    return program_from(load_document(path), EDGE_CALENDARS)


def load_document(path: Path) -> dict[str, Any]:
    """
    Read a program file without judging what it says.

    Raises: InvalidProgram when it is too long or not YAML; FileNotFoundError.
    """
    if path.stat().st_size > FILE_BYTES_MAX:
        raise InvalidProgram([Fault("", f"{path} is over {FILE_BYTES_MAX} bytes")])
    try:
        document = yaml.safe_load(path.read_text())
    except (yaml.YAMLError, ValueError) as error:
        # Also a date that no calendar has, which YAML itself takes for one.
        raise InvalidProgram([Fault("", f"{path} is not YAML: {error}")]) from error
    if not isinstance(document, dict):
        raise InvalidProgram([Fault("", f"{path} is not a mapping")])
    return document
