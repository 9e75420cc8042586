"""Where a partition goes on reading: what its checkpoint says, if that is there."""

import logging

from schemas.state import Checkpoint
from schemas.topics import CLOCK
from streams.changelog import RestoreFailed
from streams.tools import Edges

logger = logging.getLogger(__name__)


def positions_from(
    checkpoint: Checkpoint, edges: Edges, partition: int
) -> dict[str, int]:
    """
    Next offset of every source topic.

    Ticks that the broker has deleted are not missed: the first that is there makes due
    all that they would have.

    Raises: RestoreFailed when the broker has deleted what was not applied yet, or has
    less than was applied: what it takes next would be passed as known.
    """
    positions = {
        topic: checkpoint.offsets.get(topic, beginning)
        for topic, (beginning, _) in edges.items()
    }
    for topic, position in positions.items():
        beginning, end = edges[topic]
        if position > end:
            raise RestoreFailed(
                f"{topic}-{partition}: the next record is {position}, but the broker's "
                f"log ends at {end}: it was cut back, or made anew; see "
                "docs/operations.md, 'A source that ends too early'"
            )
        if position >= beginning:
            continue
        if topic != CLOCK.name:
            raise RestoreFailed(
                f"{topic}-{partition}: the next record is {position}, but the "
                f"broker has deleted everything before {beginning}"
            )
        logger.warning(
            "ticks are passed that the broker has deleted",
            extra={"partition": partition, "ticks": beginning - position},
        )
        positions[topic] = beginning
    return positions
