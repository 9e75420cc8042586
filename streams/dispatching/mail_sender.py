"""The sender of e-mails: finds the address, writes the letter, hands it over."""

import json
import time
from collections.abc import Callable, Sequence

from delivery.mail import (
    PATIENCE,
    Letter,
    MailNotSent,
    MailServer,
    Patience,
    send_mail,
)
from delivery.sealing import DeliveryKey, NotSealed
from delivery.unsubscribing import Unsubscription, token_of
from loyalty.messages import MARKETING
from stores.email_addresses_contract import EmailAddresses
from stores.outbox_contract import Delivery
from streams.dispatching.attempts import Attempt


class MailSender:
    """E-mails one at a time; whoever has no address gets none."""

    batch_max = 1

    def __init__(
        self,
        server: MailServer,
        addresses: EmailAddresses,
        *,
        key: DeliveryKey,
        public_address: str,
        clock: Callable[[], float] = time.time,
        patience: Patience = PATIENCE,
    ) -> None:
        """`public_address` is where links lead; `clock` gives seconds since 1970."""
        self._server = server
        self._addresses = addresses
        self._key = key
        self._public_address = public_address
        self._clock = clock
        self._patience = patience

    async def send(self, deliveries: Sequence[Delivery]) -> list[Attempt]:
        """Send each."""
        return [await self._send(one) for one in deliveries]

    async def _send(self, delivery: Delivery) -> Attempt:
        sealed = await self._addresses.get(delivery.member_id)
        if sealed is None:
            return Attempt(
                False, detail="no address is known", is_final=True, counts=False
            )
        try:
            letter = self._letter(delivery, self._key.unseal(sealed))
            await send_mail(letter, self._server, self._patience)
        except NotSealed as error:
            return Attempt(False, detail=str(error), counts=False)
        except MailNotSent as error:
            # A mailbox that is not there says nothing of the server.
            return Attempt(
                False,
                error.code,
                error.detail,
                is_final=error.is_final,
                counts=not error.is_final,
            )
        return Attempt(True)

    def _letter(self, delivery: Delivery, address: str) -> Letter:
        told = json.loads(delivery.body)
        url = ""
        if told["purpose"] == MARKETING and self._public_address:
            wish = Unsubscription(
                delivery.member_id, told["purpose"], delivery.message_id
            )
            token = token_of(wish, self._key)
            url = f"{self._public_address}/unsubscribe/{token}"
        return Letter(
            delivery.message_id,
            address,
            told["title"],
            told["body"],
            told.get("html", ""),
            url,
            int(self._clock() * 1_000),
        )
