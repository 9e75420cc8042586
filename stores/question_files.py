"""Questions as files of SQL, put together from the parts that they share."""

import re
from functools import cache
from pathlib import Path
from typing import Final

QUESTIONS_FOLDER: Final = Path(__file__).parent / "queries" / "questions"
_PART: Final = re.compile(r"\{(\w+)\}")


@cache
def statement_of(name: str) -> str:
    """The SQL of a question by its name."""
    return assembled(QUESTIONS_FOLDER / f"{name}.sql", QUESTIONS_FOLDER)


def assembled(path: Path, *folders: Path) -> str:
    """Statement of a file, with the parts that it names, of one of these folders."""

    # `{part}` stands for a piece that several questions share; a parameter has a type.
    def part(found: re.Match[str]) -> str:
        paths = [folder / f"{found[1]}.part.sql" for folder in folders]
        return assembled(next(filter(Path.exists, paths)), *folders)

    return _PART.sub(part, path.read_text())
