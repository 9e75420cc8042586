"""What a rule's form shows: its fields with what is said at each, its cards."""

from collections.abc import Mapping
from typing import Any

from api.console.rulebook.cards import Cards, cards_of
from api.console.rulebook.entries import entry_of
from api.console.rulebook.fields import ID, Group
from api.console.rulebook.known import known_of
from api.console.rulebook.messages import quiet_of, templates_of
from api.console.rulebook.parts import arms_of, cases_of
from api.console.rulebook.pointers import field_at
from api.console.rulebook.sheets import AS_FIELDS, Judged, Said, Sheet, kept
from api.console.rulebook.unshown import unshown_of
from api.rule_steps import RuleDesk
from loyalty.limits import ARMS_MAX


def form_values(
    desk: RuleDesk, sheet: Sheet, found: Judged, *, cents: int
) -> dict[str, Any]:
    """What the form and the part beside it show."""
    document: Mapping[str, Any] = sheet.document or {}
    groups = (sheet.groups or ()) if sheet.mode == AS_FIELDS else ()
    cards = cards_of(
        sheet.section,
        document,
        groups,
        is_open=sheet.is_open,
        currency=desk.currency,
    )
    said = _said(groups, cards, found)
    names = [field.name for _, group in groups for field in group]
    program = desk.publishing.latest_document
    return {
        "here": "rules",
        "sheet": sheet,
        "kind": document.get("kind", ""),
        "groups": groups,
        "entries": {
            field.name: entry_of(field, document, cents)
            for _, group in groups
            for field in group
        }
        | {"id": str(document.get("id", ""))},
        "said": said,
        "general": said.get("", []),
        "names": [*([] if sheet.rule_id else [ID.name]), *_open(names, cards)],
        "found": found,
        "before": kept(document),
        "known": known_of(program),
        "can_be_fields": sheet.groups is not None,
        "cases": cases_of(document),
        "arms": [(path, "/".join(map(str, path))) for path in arms_of(document)],
        "arms_max": ARMS_MAX,
        "cards": cards,
        "unshown": unshown_of(document, groups) if groups else [],
        "templates": templates_of(document, program),
        "quiet": quiet_of(program),
    }


def _said(
    groups: tuple[Group, ...], cards: Cards, found: Judged
) -> dict[str, list[Said]]:
    """What is said, by the name of its field; of a closed step by its card's."""
    closed = {
        name: f"card-{card.number}"
        for card in cards.steps
        if not card.is_open
        for name in card.names
    }
    said: dict[str, list[Said]] = {}
    for one in found.said:
        name = field_at(groups, one.pointer) if groups else ""
        said.setdefault(closed.get(name, name), []).append(one)
    return said


def _open(names: list[str], cards: Cards) -> list[str]:
    """Names under which something may be said: fields that are shown, and cards."""
    closed = [card for card in cards.steps if not card.is_open]
    hidden = {name for card in closed for name in card.names}
    return [one for one in names if one not in hidden] + [
        f"card-{card.number}" for card in closed
    ]
