"""What the job of dead letters can be asked."""

import argparse
from pathlib import Path
from typing import Final

from stores.dead_letters_contract import OPEN, STATUSES

# One page by hand; `--all` reads on.
SHOWN_MAX: Final = 100


def letter_parser(summary: str) -> argparse.ArgumentParser:
    """Arguments of list, count, show, redrive, discard."""
    parser = argparse.ArgumentParser("dead-letters", description=summary)
    parts = parser.add_subparsers(dest="do", required=True)
    chosen = argparse.ArgumentParser(add_help=False)
    chosen.add_argument("--reason", default="", help="only of this reason")
    chosen.add_argument("--topic", default="", help="only from this source topic")
    chosen.add_argument("--from", dest="from_at", metavar="TIME")
    chosen.add_argument("--until", dest="until_at", metavar="TIME")
    looked = argparse.ArgumentParser(add_help=False, parents=[chosen])
    looked.add_argument("--status", choices=STATUSES, default=OPEN)
    listing = parts.add_parser("list", parents=[looked], help="one a line")
    listing.add_argument("--all", action="store_true", help=f"not only {SHOWN_MAX}")
    parts.add_parser("count", parents=[looked], help="by status, topic and reason")
    showing = parts.add_parser("show", help="one letter as JSON")
    showing.add_argument("letter_id")
    for name, what in (("redrive", "send again"), ("discard", "leave for good")):
        dealing = parts.add_parser(name, parents=[chosen], help=what)
        dealing.add_argument("letter_ids", nargs="*", metavar="letter")
        dealing.add_argument("--author", required=True, help="whose deed it is")
        dealing.add_argument("--why", required=True)
        dealing.set_defaults(status=OPEN)
        if name == "redrive":
            dealing.add_argument(
                "--document", type=Path, help="JSON file: the value to send instead"
            )
    return parser
