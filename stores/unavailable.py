"""The one error of every store: it did not do it now, and may do it later."""


class StoreUnavailable(Exception):
    """A store did not answer, or not in time; the same call may be tried again."""

    def __init__(
        self,
        store: str,
        detail: str,
        *,
        is_away: bool = True,
        retry_after_seconds: int = 0,
    ) -> None:
        """
        Say which store, and what it said.

        `is_away` is false where it answered, and will not do it; trying again is of
        no use before `retry_after_seconds`, 0 if that is not known.
        """
        super().__init__(f"{store}: {detail}")
        self.store = store
        self.detail = detail
        self.is_away = is_away
        self.retry_after_seconds = retry_after_seconds
