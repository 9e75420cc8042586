"""The records of one transaction, of one partition."""

from schemas.accounts import account_key
from schemas.state import Checkpoint
from streams.outcome import Keep, Outcome, Telling, nobody_keeps


class Writes:
    """The records of one transaction, encoded."""

    def __init__(
        self,
        outcome: Outcome,
        checkpoint: Checkpoint,
        telling: Telling,
        *,
        keep: Keep = nobody_keeps,
    ) -> None:
        """Encode all of an outcome that is not encoded yet, and the checkpoint."""
        outcome.tell(telling, keep)
        codec = telling.states
        self.checkpoint = checkpoint
        self.encoded_checkpoint = codec.encode_checkpoint(checkpoint)
        self.changed_accounts = list(outcome.accounts.items())
        self.accounts = [
            (account_key(account_id), codec.accounts.encode(account_id, account))
            for account_id, account in self.changed_accounts
        ]
        self.outbox = outcome.outbox
        self.headers = outcome.spans.headers
        self.members = outcome.states
        self.updates = outcome.updates
        # Of states, updates and commands: all else is small beside them.
        self.bytes = sum([len(told.state) for told in self.members.values()])
        self.bytes += sum([len(update) for _, update in self.updates])
        self.bytes += sum([len(sent.value) for sent in self.outbox])
        self.dead_letters = [
            (letter.key, codec.encode_dead_letter(letter))
            for letter in outcome.dead_letters
        ]
