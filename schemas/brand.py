"""
The brand whose topics a process knows: one, from its start to its end.

It is the setting REGULARS_BRAND, read here once and before any name is made, so that no
code path can name another brand's topic: there is no argument to get wrong. Settings
check its form before anything is connected.
"""

import os
from typing import Final

BRAND: Final = os.environ.get("REGULARS_BRAND", "")


def topic_of_brand(name: str) -> str:
    """Name of a topic as the broker knows it: `orders`, or `bistro.orders`."""
    return f"{BRAND}.{name}" if BRAND else name
