"""Where a program is in force: its zones and stores, from its document."""

from collections.abc import Mapping

from loyalty.benefits import Store
from loyalty.condition_documents import Calendars
from loyalty.document import Node
from loyalty.limits import STORES_MAX, ZONES_MAX
from loyalty.zones import UTC, Zone


def zones_of(node: Node, calendars: Calendars) -> dict[str, Zone]:
    """Every zone that the document names; an unknown one is a fault, and UTC."""
    named = {"/time_zone": node.text("time_zone", default=UTC.name)}
    zones = {UTC.name: UTC}
    of_members = node.raw("member_time_zones") or []
    if node.names("member_time_zones") and len(of_members) > ZONES_MAX:
        node.fault("member_time_zones", f"has more than {ZONES_MAX} elements")
    for number, name in enumerate(list(of_members)[:ZONES_MAX]):
        if isinstance(name, str):
            named[f"/member_time_zones/{number}"] = name
    stores = node.raw("stores")
    for number, store in enumerate(stores if isinstance(stores, list) else []):
        if isinstance(store, Mapping) and isinstance(store.get("time_zone"), str):
            named[f"/stores/{number}/time_zone"] = store["time_zone"]
    for pointer, name in named.items():
        if name in zones:
            continue
        try:
            zones[name] = calendars.zone(name)
        except ValueError as error:
            node.fault(pointer[1:], str(error))
            zones[name] = UTC
    return zones


def stores_of(node: Node, zones: Mapping[str, Zone]) -> tuple[Store, ...]:
    """Stores, each in its zone, the program's unless it names one."""
    default = node.text("time_zone", default=UTC.name)

    def store(one: Node) -> Store:
        zone = one.text("time_zone", default=default)
        known = zone if zone in zones else UTC.name
        area = one.text("area", default="")
        return Store(one.text("id"), known, area, one.text("franchise", default=""))

    return node.each("stores", store, STORES_MAX)
