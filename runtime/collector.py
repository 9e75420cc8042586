"""Python's garbage collector, in processes that live long and make hardly a cycle."""

import gc


def tune_collector(every: int) -> None:
    """
    Let the collector look less often: each `every` objects that are new.

    What is there by now stays, and is not looked at again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(every, 20, 50)
