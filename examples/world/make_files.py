"""The demo world: seven systems of an invented retailer, two years, 2,500 customers, known faults.

`regulars world` makes larger ones. The truth of it lies in `truth/` beside `landing/`.
"""

from collections.abc import Callable
from pathlib import Path

from orchestration.world import World, make_world

WORLD = World(customers=2_500, days=730, seed=7)


def make_files(landing: Path, progress: Callable[[str], None]) -> None:
    """Makes the world, unless it is there already."""
    make_world(WORLD, landing.parent, progress)
