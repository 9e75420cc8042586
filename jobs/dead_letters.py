"""Dead letters: list them, look at one, send them again or discard them."""

import argparse
import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from jobs.daytwo.letter_arguments import SHOWN_MAX, letter_parser
from jobs.errors import JobFailed, JobRefused
from jobs.send_ticks import shown, time_from
from runtime.settings import Settings
from schemas.framing import MalformedRecord
from schemas.registries import registry_at
from schemas.source_documents import SourceDocuments
from stores.dead_letters import KafkaDeadLetters
from stores.dead_letters_contract import (
    DEEDS_MAX,
    END_OF_TIME_MS,
    PAGE_MAX,
    UNKNOWN,
    DeadLetters,
    Deed,
    Kept,
    Place,
    Selection,
)

SUMMARY: Final = "list dead letters, look at one, send them again or discard them"
WHY_LENGTH_MAX: Final = 1_024


def run(settings: Settings, arguments: list[str]) -> None:
    """
    Do what the first argument says: list, count, show, redrive, discard.

    Raises: JobRefused for what cannot be done; JobFailed when a letter is not there.
    """
    asked = letter_parser(SUMMARY).parse_args(arguments)
    letters = KafkaDeadLetters(
        settings.kafka_bootstrap_servers, settings.app_id, settings.partitions
    )
    if asked.do == "list":
        _list(letters, asked)
    elif asked.do == "count":
        _count(letters, asked)
    elif asked.do == "show":
        _show(letters, asked, _documents(settings))
    else:
        _deal(letters, asked, _documents(settings))


def selected(letters: DeadLetters, selection: Selection) -> Iterator[Kept]:
    """Every letter of a selection, page by page."""
    after: Place | None = None
    while True:
        page = asyncio.run(letters.page(selection, after=after, limit=PAGE_MAX))
        yield from page.letters
        after = page.after
        if after is None:
            return


def line_of(one: Kept) -> str:
    """A letter in a line; what was done with it is in a second one."""
    letter = one.letter
    where = f"{letter.source_topic}-{letter.source_partition}@{letter.source_offset}"
    line = (
        f"{one.letter_id:<12} {shown(letter.recorded_at):<32} {letter.reason:<20} "
        f"{where:<24} {letter.detail[:80]!r}"
    )
    mark = one.mark
    if mark is None:
        return line
    edited = ", edited" if mark.is_edited else ""
    return (
        f"{line}\n{'':<12} {mark.action}{edited} by {mark.actor} at "
        f"{shown(mark.marked_at)}: {mark.why}"
    )


def document_of(one: Kept, documents: SourceDocuments) -> dict[str, Any]:
    """All of a letter, as JSON takes it."""
    letter = one.letter
    return {
        "letter_id": one.letter_id,
        "status": one.status,
        **letter._asdict(),
        "key": None if letter.key is None else letter.key.decode(errors="replace"),
        "value": None if letter.value is None else letter.value.hex(),
        "document": documents.shown(letter.source_topic, letter.value),
        "mark": None if one.mark is None else one.mark._asdict(),
    }


def _documents(settings: Settings) -> SourceDocuments:
    return SourceDocuments(registry_at(settings.schema_registry_url))


def _list(letters: DeadLetters, asked: argparse.Namespace) -> None:
    count = 0
    for one in selected(letters, _selection(asked)):
        if count == SHOWN_MAX and not asked.all:
            print(f"there are more than {SHOWN_MAX}: --all lists them")
            return
        print(line_of(one))
        count += 1
    print(f"{count} letters")


def _count(letters: DeadLetters, asked: argparse.Namespace) -> None:
    counts = Counter(
        (one.status, one.letter.source_topic, one.letter.reason)
        for one in selected(letters, _selection(asked))
    )
    for (status, topic, reason), count in sorted(counts.items()):
        print(f"{count:>10,}  {status:<10} {topic:<14} {reason}")
    print(f"{counts.total():>10,}  letters")


def _show(
    letters: DeadLetters, asked: argparse.Namespace, documents: SourceDocuments
) -> None:
    one = asyncio.run(letters.find(asked.letter_id))
    if one is None:
        raise JobFailed(f"there is no dead letter {asked.letter_id}")
    json.dump(document_of(one, documents), sys.stdout, indent=2, default=str)
    print()


def _deal(
    letters: DeadLetters, asked: argparse.Namespace, documents: SourceDocuments
) -> None:
    if not 0 < len(asked.why) <= WHY_LENGTH_MAX:
        raise JobRefused(f"--why needs 1 to {WHY_LENGTH_MAX} characters")
    selection = _selection(asked)
    if bool(asked.letter_ids) == (selection != Selection()):
        raise JobRefused("name letters, or select them by reason, topic or time")
    deed = Deed(asked.author, asked.why, int(time.time() * 1_000))
    edited = _edited(letters, asked, documents, at=deed.at)
    # Chosen before the first is sent: what comes back as a new letter is none of them.
    names = asked.letter_ids or [one.letter_id for one in selected(letters, selection)]
    counts: Counter[str] = Counter()
    for start in range(0, len(names), DEEDS_MAX):
        some = names[start : start + DEEDS_MAX]
        if asked.do == "redrive":
            done = letters.redrive(some, deed, edited=edited)
        else:
            done = letters.discard(some, deed)
        counts.update(asyncio.run(done).values())
    told = ", ".join(f"{count} {what}" for what, count in sorted(counts.items()))
    print(told or "no letters")
    if counts[UNKNOWN]:
        raise JobFailed(f"{counts[UNKNOWN]} letters are not there")


def _edited(
    letters: DeadLetters,
    asked: argparse.Namespace,
    documents: SourceDocuments,
    *,
    at: int,
) -> dict[str, bytes]:
    """The value that takes the original's place, if one is given."""
    given = getattr(asked, "document", None)
    if given is None:
        return {}
    if len(asked.letter_ids) != 1:
        raise JobRefused("--document is for one letter, by its name")
    one = asyncio.run(letters.find(asked.letter_ids[0]))
    if one is None:
        raise JobFailed(f"there is no dead letter {asked.letter_ids[0]}")
    topic = one.letter.source_topic
    try:
        value = documents.written(topic, json.loads(given.read_text()))
        documents.check(topic, one.letter.key, value, at=at)
    except (OSError, ValueError) as error:
        # A MalformedRecord is a ValueError, too, and says what is wrong.
        reason = error.reason if isinstance(error, MalformedRecord) else "file"
        raise JobRefused(f"{given}: {reason}: {error}") from error
    return {one.letter_id: value}


def _selection(asked: argparse.Namespace) -> Selection:
    until = END_OF_TIME_MS if asked.until_at is None else time_from(asked.until_at)
    return Selection(
        asked.reason,
        asked.topic,
        0 if asked.from_at is None else time_from(asked.from_at),
        until,
        asked.status,
    )
