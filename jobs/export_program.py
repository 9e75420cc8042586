"""Writes the program that runs, with all that is published, as a file."""

import argparse
import sys
from pathlib import Path
from typing import Final

import yaml

from loyalty.publishing.planning import exported
from runtime.settings import Settings
from stores.program_reader import read_program

SUMMARY: Final = "write the latest program as YAML, rules as they are published"


def run(settings: Settings, arguments: list[str]) -> None:
    """Write to a file, or to standard output; raises what reading the log raises."""
    parser = argparse.ArgumentParser("export-program", description=SUMMARY)
    parser.add_argument("file", nargs="?", type=Path, help="where; else standard out")
    file = parser.parse_args(arguments).file
    document = exported(read_program(settings).publishing)
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100)
    if file is None:
        sys.stdout.write(text)
    else:
        file.write_text(text)
        print(f"version {document['version']} of {document['program']} is in {file}")
