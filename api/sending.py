"""What the API needs of deliveries: their stores, a key, and what addresses may be."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from api.delivery_problems import DeliveryNotKept
from delivery.sealing import DeliveryKey, NotSealed
from delivery.targets import TargetRules
from delivery.web import SafeClient
from stores.delivery_controls_contract import DeliveryControls
from stores.email_addresses_contract import EmailAddresses
from stores.endpoints_contract import Endpoints
from stores.inbox_contract import Inbox, InboxBell
from stores.outbox_contract import Outbox

# Raises TargetRefused.
CheckUrl = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryStores:
    """Every store of deliveries, real or in memory."""

    outbox: Outbox
    controls: DeliveryControls
    endpoints: Endpoints
    inbox: Inbox
    bell: InboxBell
    addresses: EmailAddresses

    async def close(self) -> None:
        """Let go of all of them."""
        await self.outbox.close()
        await self.controls.close()
        await self.endpoints.close()
        await self.inbox.close()
        await self.addresses.close()


def public_only() -> CheckUrl:
    """Check of addresses by this machine's resolver, public ones only."""
    return SafeClient(TargetRules(), timeout_ms=1_000).check


class Sending:
    """Deliveries as routes see them."""

    def __init__(
        self,
        stores: DeliveryStores,
        key: DeliveryKey | None = None,
        check_url: CheckUrl | None = None,
    ) -> None:
        """Without a key there are neither endpoints nor addresses."""
        self.stores = stores
        self.check_url = check_url or public_only()
        self._key = key

    @property
    def key(self) -> DeliveryKey:
        """
        Key that secrets and addresses are sealed with.

        Raises: DeliveryNotKept.
        """
        if self._key is None:
            raise DeliveryNotKept("set REGULARS_DELIVERY_KEY")
        return self._key

    async def address_of(self, member_id: str) -> str | None:
        """Where a member's e-mails go, None if it is not known to us."""
        sealed = await self.stores.addresses.get(member_id)
        if sealed is None or self._key is None:
            return None
        try:
            return self._key.unseal(sealed)
        except NotSealed:
            return None
