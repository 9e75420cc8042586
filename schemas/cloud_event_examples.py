"""An order and an act as CloudEvents, as documents show them."""

from typing import Final

from schemas.event_examples import ACTIVITY, ORDER, Example

_OF_ENVELOPE: Final = ("event_id", "kind")
ORDER_DATA: Final = {k: v for k, v in ORDER.items() if k not in _OF_ENVELOPE}
_OF_ACTS: Final = (*_OF_ENVELOPE, "type")
_ACT_DATA: Final = {k: v for k, v in ACTIVITY.items() if k not in _OF_ACTS}
ORDER_PLACED: Final[Example] = {
    "specversion": "1.0",
    "id": "000123",
    "source": "/stores/7/tills/2",
    "type": "regulars.order.placed",
    "time": "2026-11-24T12:30:00Z",
    "data": ORDER_DATA,
}
MENU_VIEWED: Final[Example] = {
    "specversion": "1.0",
    "id": "77",
    "source": "https://app.example/devices/9",
    "type": "regulars.activity.menu.viewed",
    "data": _ACT_DATA,
}
