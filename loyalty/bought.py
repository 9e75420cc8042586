"""When a member bought something."""

from typing import NamedTuple


class BoughtItem(NamedTuple):
    """When a member bought something: its latest orders, the latest last."""

    history_id: str
    times: tuple[int, ...]
