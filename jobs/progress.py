"""How far a long job has come: a bar on a terminal, plain lines elsewhere."""

import sys
import time
from typing import Final, TextIO

BAR_WIDTH: Final = 30
REDRAW_S: Final = 0.1
PLAIN_LINE_S: Final = 5.0


class Progress:
    """Shows a count against its total, often enough to see that it moves."""

    def __init__(self, what: str, total: int, *, out: TextIO = sys.stderr) -> None:
        """Name what is counted, and how many there will be (0: not known)."""
        self._what = what
        self._total = total
        self._out = out
        self._terminal = out.isatty()
        self._began = time.monotonic()
        self._shown_at = self._began
        self._step = REDRAW_S if self._terminal else PLAIN_LINE_S

    @property
    def seconds(self) -> float:
        """Seconds since the beginning."""
        return max(time.monotonic() - self._began, 1e-9)

    def show(self, count: int, note: str = "") -> None:
        """Show the count if the last one is old enough; the note says where we are."""
        if time.monotonic() - self._shown_at >= self._step:
            self._draw(count, note)

    def finish(self, count: int, note: str = "") -> None:
        """Show the last count, and leave the line."""
        self._draw(count, note)
        if self._terminal:
            print(file=self._out)

    def _draw(self, count: int, note: str) -> None:
        self._shown_at = time.monotonic()
        line = f"{self.line(count)}  {note}".rstrip()
        if self._terminal:
            print(f"\r\x1b[K{line}", end="", file=self._out, flush=True)
        else:
            print(line, file=self._out, flush=True)

    def line(self, count: int) -> str:
        """Text for a count: bar, share, count and rate."""
        rate = f"{count / self.seconds:,.0f}/s"
        if not self._total:
            return f"{count:,} {self._what}  {rate}"
        share = min(count / self._total, 1.0)
        done = int(share * BAR_WIDTH)
        bar = "#" * done + "." * (BAR_WIDTH - done)
        of = f"{count:,} of {self._total:,} {self._what}"
        return f"[{bar}] {share:4.0%}  {of}  {rate}"
