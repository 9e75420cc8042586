"""Program files: YAML or JSON on disk."""

from collections import OrderedDict
from pathlib import Path
from typing import Any, Final

import yaml

from loyalty.document import Fault, InvalidProgram, Node
from loyalty.program import Program
from loyalty.program_document import KnownRules, program_from
from loyalty.publishing.catalogue import ANYTHING, Catalogue, catalogue_from
from loyalty.publishing.changes import Document
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
BUILT_MAX: Final = 8
RULES_KEPT_MAX: Final = 20_000


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


def load_catalogue(name: str) -> Catalogue:
    """
    Read a catalogue's file; an empty name is one that knows anything.

    Raises: InvalidProgram with a pointer to each fault; FileNotFoundError.
    """
    if not name:
        return ANYTHING
    faults: list[Fault] = []
    catalogue = catalogue_from(Node(load_document(Path(name)), "", faults))
    if faults:
        raise InvalidProgram(faults)
    return catalogue


class ProgramBuilder:
    """Builds programs from documents, and keeps the latest few built."""

    def __init__(self, kept_max: int = BUILT_MAX) -> None:
        """Have built nothing."""
        self._kept_max = kept_max
        # By identity: documents never change, and each is held here.
        self._built: OrderedDict[int, tuple[Document, Program]] = OrderedDict()
        # Versions of a program share all rules but one.
        self._rules: KnownRules = {}

    def __call__(self, document: Document) -> Program:
        """
        Build a program.

        Raises: InvalidProgram with a pointer to each fault.
        """
        known = self._built.get(id(document))
        if known is not None:
            return known[1]
        if sum(map(len, self._rules.values())) > RULES_KEPT_MAX:
            self._rules.clear()
        program = program_from(document, EDGE_CALENDARS, known=self._rules)
        self._built[id(document)] = (document, program)
        if len(self._built) > self._kept_max:
            self._built.popitem(last=False)
        return program
