"""What a route may ask for; the clock enters here, so that a test can replace it."""

import time
from typing import Annotated, cast

from fastapi import Depends, Path, Request

from api.errors import UnsupportedMediaType
from loyalty.limits import ID_LENGTH_MAX
from schemas.events import EventCodec
from stores.analytics import Analytics
from stores.member_views import MemberViews
from stores.publisher import Publisher


def _views(request: Request) -> MemberViews:
    return cast("MemberViews", request.app.state.views)


def _analytics(request: Request) -> Analytics:
    return cast("Analytics", request.app.state.analytics)


def _publisher(request: Request) -> Publisher:
    return cast("Publisher", request.app.state.publisher)


def _codec(request: Request) -> EventCodec:
    return cast("EventCodec", request.app.state.codec)


def _now_ms(request: Request) -> int:
    clock = request.app.state.clock
    return int(clock() * 1000)


def _json_only(request: Request) -> None:
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind != "application/json":
        raise UnsupportedMediaType(f"found {kind or 'no content type'}")


Views = Annotated[MemberViews, Depends(_views)]
AnalyticsStore = Annotated[Analytics, Depends(_analytics)]
Log = Annotated[Publisher, Depends(_publisher)]
Codec = Annotated[EventCodec, Depends(_codec)]
Now = Annotated[int, Depends(_now_ms)]
JsonOnly = Depends(_json_only)
MemberId = Annotated[
    str, Path(min_length=1, max_length=ID_LENGTH_MAX, examples=["household-900"])
]

wall_clock = time.time
