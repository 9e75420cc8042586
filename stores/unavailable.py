"""The one error of every store: it did not do it now, and may do it later."""


class StoreUnavailable(Exception):
    """A store did not answer, or not in time; the same call may be tried again."""

    def __init__(self, store: str, detail: str) -> None:
        """Say which store, and what it said."""
        super().__init__(f"{store}: {detail}")
        self.store = store
        self.detail = detail
