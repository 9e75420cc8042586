"""Desks of the service, each put together from its stores."""

from collections.abc import Callable

from fastapi import FastAPI

from api.code_uses import CodeUses
from api.commands import CommandDesk
from api.contacts import ContactKey
from api.dead_letter_desk import DeadLetterDesk
from api.feed_hub import FeedHub
from api.imports import ImportDesk
from api.inbox_hub import InboxHub
from api.inbox_streams import InboxStreams
from api.member_streams import MemberStreams
from api.offer_codes import OfferCodes
from api.parts import Stores
from api.result_hub import ResultHub
from api.stream_places import StreamPlaces
from api.till import Till
from api.till_members import TillMembers
from api.till_steps import TillSteps
from schemas.events import EventCodec
from schemas.source_documents import SourceDocuments
from stores.till_notes import TillNotes


def desk_of(stores: Stores, codec: EventCodec, wait_seconds_max: float) -> CommandDesk:
    """Commands over the log, and where they are answered."""
    return CommandDesk(
        stores.publisher,
        stores.views,
        stores.notes,
        codec=codec,
        hub=ResultHub(stores.result_bell),
        wait_seconds_max=wait_seconds_max,
    )


def hold_desks(
    app: FastAPI, stores: Stores, codec: EventCodec, *, clock: Callable[[], float]
) -> None:
    """Keep the desks that need no other where routes find them."""
    state = app.state
    state.imports = ImportDesk(stores.imports, stores.publisher, clock)
    documents = SourceDocuments(codec.registry)
    state.dead_letters = DeadLetterDesk(stores.dead_letters, documents)


def hold_codes(app: FastAPI, stores: Stores, key: ContactKey | None) -> None:
    """Keep what knows codes of offers where routes find it."""
    state = app.state
    state.offer_codes = OfferCodes(stores.code_lists, key)
    state.code_uses = CodeUses(state.offer_codes, stores.views, state.programs)


def hold_streams(
    app: FastAPI,
    stores: Stores,
    *,
    clock: Callable[[], float],
    stream_seconds_max: float,
) -> None:
    """Keep the streams of both kinds; they share the places of the process."""
    state, places = app.state, StreamPlaces()
    state.stream_places = places
    state.streams = MemberStreams(
        FeedHub(stores.feed, places),
        stores.views,
        stream_seconds_max=stream_seconds_max,
    )
    state.inbox_streams = InboxStreams(
        InboxHub(stores.deliveries.bell, places),
        stores.deliveries.inbox,
        views=stores.views,
        clock=clock,
        stream_seconds_max=stream_seconds_max,
    )


def tills_of(app: FastAPI, notes: TillNotes) -> Till:
    """Tills over what the application has already."""
    state = app.state
    members = TillMembers(
        state.views, state.states, state.estimates, programs=state.programs
    )
    steps = TillSteps(
        state.desk,
        notes,
        state.publisher,
        codec=state.codec,
        members=members,
        identification=state.identification,
        code_uses=state.code_uses,
    )
    return Till(notes, steps, members=members, identification=state.identification)
