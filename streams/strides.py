"""Records of one topic, a few at a time."""

from collections.abc import Sequence
from typing import Final

from streams.accounts import Holdings
from streams.batches import SourceRecord
from streams.judge import Judge
from streams.outcome import Outcome

# Their members are brought near side by side, not one after the other. Whoever decides
# looks at the clock only between two strides.
STRIDE: Final = 16


def judge_some(
    judge: Judge,
    topic: str,
    records: Sequence[SourceRecord],
    *,
    holdings: Holdings,
    outcome: Outcome,
) -> int:
    """Decide a stride of records, or until the outcome is full; how many it were."""
    holdings.members.foresee([record.key for record in records])
    for number, record in enumerate(records):
        judge.judge(topic, record, holdings, outcome=outcome)
        if outcome.is_full:
            return number + 1
    return len(records)
