"""What the settings choose: where webhooks may go, and the key."""

from delivery.sealing import DeliveryKey
from delivery.targets import TargetRules, networks_of
from runtime.settings import InvalidSettings, Settings


def target_rules(settings: Settings) -> TargetRules:
    """
    Where webhooks may go.

    Raises: InvalidSettings.
    """
    try:
        networks = networks_of(settings.webhook_networks)
    except ValueError as error:
        raise InvalidSettings(f"REGULARS_WEBHOOK_NETWORKS: {error}") from error
    return TargetRules(settings.webhook_http, networks)


def delivery_key(settings: Settings) -> DeliveryKey | None:
    """Key that secrets are sealed with, None if there is none."""
    secret = settings.delivery_key.get_secret_value()
    return DeliveryKey(secret) if secret else None
