"""Where a partition goes on reading: what its checkpoint says, if that is there."""

from schemas.state import Checkpoint
from streams.changelog import RestoreFailed
from streams.tools import Edges


def positions_from(
    checkpoint: Checkpoint, edges: Edges, partition: int
) -> dict[str, int]:
    """
    Next offset of every source topic.

    Raises: RestoreFailed when the broker has deleted what was not applied yet.
    """
    positions = {
        topic: checkpoint.offsets.get(topic, beginning)
        for topic, (beginning, _) in edges.items()
    }
    for topic, position in positions.items():
        if position < edges[topic][0]:
            raise RestoreFailed(
                f"{topic}-{partition}: the next record is {position}, but the "
                f"broker has deleted everything before {edges[topic][0]}"
            )
    return positions
