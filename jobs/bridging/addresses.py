"""Addresses of other systems, and the adapter that each leads to."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from delivery.choices import target_rules
from delivery.targets import TargetRefused, target_of
from delivery.web import SafeClient
from jobs.bridging.http_events import HttpTarget
from jobs.bridging.ports import CALL_SECONDS_MAX, Source, Target
from jobs.errors import JobRefused
from runtime.settings import Settings

if TYPE_CHECKING:
    from jobs.bridging.service_bus import Place

AMQP_PORT: Final = 5_672


T = TypeVar("T")


class Address(NamedTuple):
    """An address, taken apart; `options` is its query."""

    parts: SplitResult
    options: dict[str, str]

    def endpoint(self, scheme: str) -> str:
        """Host and port with another scheme."""
        return f"{scheme}://{self.parts.netloc}"

    def option(self, name: str) -> str:
        """
        Option that must be there.

        Raises: JobRefused.
        """
        if not self.options.get(name):
            raise JobRefused(f"the {self.parts.scheme} address needs ?{name}=…")
        return self.options[name]


Build = Callable[[Address, Settings], T]


def source_of(settings: Settings) -> Source:
    """
    Source that the settings name.

    Raises: JobRefused; ModuleNotFoundError when its library is not installed.
    """
    address = _address(settings.bridge_source.get_secret_value(), "SOURCE")
    return _chosen(address, SOURCES, "SOURCE")(address, settings)


def target_named(settings: Settings) -> Target:
    """
    Target that the settings name.

    Raises: JobRefused; ModuleNotFoundError when its library is not installed.
    """
    address = _address(settings.bridge_target.get_secret_value(), "TARGET")
    return _chosen(address, TARGETS, "TARGET")(address, settings)


def _address(text: str, side: str) -> Address:
    if not text:
        raise JobRefused(f"REGULARS_BRIDGE_{side} is not set, see docs/bridges.md")
    try:
        parts = urlsplit(text)
        # Only now is it told that a port is none.
        _ = parts.port
    except ValueError as error:
        raise JobRefused(f"REGULARS_BRIDGE_{side} is no address") from error
    return Address(parts, dict(parse_qsl(parts.query)))


def _chosen(address: Address, known: Mapping[str, Build[T]], side: str) -> Build[T]:
    build = known.get(address.parts.scheme)
    if build is None or not address.parts.hostname:
        # The address itself may hold a password.
        raise JobRefused(
            f"REGULARS_BRIDGE_{side} begins with none of "
            f"{', '.join(f'{scheme}://host' for scheme in known)}"
        )
    return build


def _amqp_source(address: Address, settings: Settings) -> Source:
    from jobs.bridging.amqp import AmqpSource

    return AmqpSource(
        _amqp_url(address),
        address.option("queue"),
        messages_max=settings.bridge_messages_max,
    )


def _amqp_target(address: Address, _: Settings) -> Target:
    from jobs.bridging.amqp import AmqpTarget

    exchange = address.options.get("exchange", "")
    key = address.options.get("routing_key", "")
    if not exchange and not key:
        raise JobRefused("the amqp address needs ?exchange=… or ?routing_key=…")
    return AmqpTarget(_amqp_url(address), exchange, key)


def _amqp_url(address: Address) -> str:
    return address.parts._replace(query="", fragment="").geturl()


def _sqs_source(address: Address, _: Settings) -> Source:
    from jobs.bridging.aws import SqsSource

    client, path = _aws(address, "sqs")
    return SqsSource(client, address.endpoint(_plain(address)) + path)


def _sqs_target(address: Address, _: Settings) -> Target:
    from jobs.bridging.aws import SqsTarget

    client, path = _aws(address, "sqs")
    return SqsTarget(client, address.endpoint(_plain(address)) + path)


def _sns_target(address: Address, _: Settings) -> Target:
    from jobs.bridging.aws import SnsTarget

    client, path = _aws(address, "sns")
    return SnsTarget(client, path.removeprefix("/"))


def _eventbridge_target(address: Address, _: Settings) -> Target:
    from jobs.bridging.aws import EventBridgeTarget

    client, path = _aws(address, "events")
    return EventBridgeTarget(client, path.removeprefix("/"))


def _aws(address: Address, service: str) -> tuple[Any, str]:
    from jobs.bridging.aws import REGION, client_of

    # e.g. sqs.eu-west-1.amazonaws.com
    words = (address.parts.hostname or "").split(".")
    named = words[1] if len(words) > 3 and words[0] == service else REGION  # noqa: PLR2004 - service, region, two of Amazon
    region = address.options.get("region", named)
    client = client_of(service, address.endpoint(_plain(address)), region)
    return client, unquote(address.parts.path)


def _plain(address: Address) -> str:
    """Scheme behind the plus: `https` of `sqs+https`."""
    return address.parts.scheme.rpartition("+")[2]


def _service_bus_source(address: Address, _: Settings) -> Source:
    from jobs.bridging.service_bus import ServiceBusSource

    return ServiceBusSource(_place(address))


def _service_bus_target(address: Address, _: Settings) -> Target:
    from jobs.bridging.service_bus import ServiceBusTarget

    return ServiceBusTarget(_place(address))


def _place(address: Address) -> "Place":
    from jobs.bridging.service_bus import Place

    parts = address.parts
    entity = unquote(parts.path.removeprefix("/"))
    if not (parts.username and parts.password and entity):
        raise JobRefused("expected sb://policy:…@namespace/queue")
    uses_tls = parts.scheme == "sb"
    host = parts.hostname or ""
    return Place(
        host if uses_tls else f"{host}:{parts.port or AMQP_PORT}",
        entity,
        policy=unquote(parts.username),
        key=unquote(parts.password),
        uses_tls=uses_tls,
        subscription=address.options.get("subscription", ""),
    )


def _http_target(address: Address, settings: Settings) -> Target:
    rules = target_rules(settings)
    url = address.parts.geturl()
    try:
        target_of(url, rules)
    except TargetRefused as refused:
        raise JobRefused(f"REGULARS_BRIDGE_TARGET: {refused}") from refused
    name, _, value = settings.bridge_header.get_secret_value().partition(":")
    if name and not value.strip():
        raise JobRefused("REGULARS_BRIDGE_HEADER is not `name: value`")
    headers = {name.strip(): value.strip()} if name else {}
    client = SafeClient(rules, timeout_ms=int(CALL_SECONDS_MAX * 1_000))
    return HttpTarget(client, url, headers)


SOURCES: Final[dict[str, Build[Source]]] = {
    "amqp": _amqp_source,
    "amqps": _amqp_source,
    "sqs+https": _sqs_source,
    "sqs+http": _sqs_source,
    "sb": _service_bus_source,
    "sb+plain": _service_bus_source,
}
TARGETS: Final[dict[str, Build[Target]]] = {
    "amqp": _amqp_target,
    "amqps": _amqp_target,
    "sqs+https": _sqs_target,
    "sqs+http": _sqs_target,
    "sns+https": _sns_target,
    "sns+http": _sns_target,
    "eventbridge+https": _eventbridge_target,
    "eventbridge+http": _eventbridge_target,
    "sb": _service_bus_target,
    "sb+plain": _service_bus_target,
    "https": _http_target,
    "http": _http_target,
}
