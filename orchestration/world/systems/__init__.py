"""The seven systems, and the feeds that each of them delivers."""

from orchestration.world.scale import World
from orchestration.world.systems import app, crm, erp, marketing, pos, service, shop
from orchestration.world.systems.feed import Feed

SYSTEMS = {
    "erp": erp,
    "crm": crm,
    "pos": pos,
    "shop": shop,
    "app": app,
    "service": service,
    "marketing": marketing,
}


def feeds(world: World) -> list[Feed]:
    """All feeds, system by system."""
    return [feed for system in SYSTEMS.values() for feed in system.feeds(world)]
