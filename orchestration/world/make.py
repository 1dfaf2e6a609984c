"""Makes a world: people by people what happens, then feed by feed what is delivered of it."""

from __future__ import annotations

import shutil
from pathlib import Path

from orchestration.duck import connect, literal
from orchestration.landing import claim
from orchestration.world.delivery import Progress, deliver
from orchestration.world.lives import Life, act, learn
from orchestration.world.record import Record
from orchestration.world.retailer import Retailer
from orchestration.world.scale import World
from orchestration.world.spool import Spool
from orchestration.world.systems import SYSTEMS
from orchestration.world.truth import Truth

MEMORY = "2GB"  # what DuckDB may take before it sorts on disk


def make_world(world: World, out: Path, progress: Progress) -> None:
    """Writes `out/landing/<source>/…`, the files that seven systems deliver, and `out/truth/`.

    The same world gives the same bytes, and is not made twice. Memory does not grow with the number
    of customers: they are simulated in chunks, and DuckDB sorts what they did on disk. Raises
    `ValueError` where another world or files of others lie.
    """
    truth = Truth(world, out / "truth")
    if truth.is_complete():
        progress("World: it is there already")
        return
    claim(out / "landing", out / "raw", SYSTEMS, "world")
    truth.begin()
    work = out / ".world"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    with connect() as connection:
        connection.execute(f"set temp_directory = {literal(work / 'spill')}")
        connection.execute(f"set memory_limit = '{MEMORY}'")
        spool = Spool(world, work / "spool", connection)
        retailer = Retailer.of(world)
        # What the stores order depends on what all people want. So these live twice, and alike: at
        # first they only want, then they find what is there. Few people need not do it again.
        for chunk in range(world.chunks):
            progress(f"World: wishes of {_up_to(world, chunk)}")
            life = Life.of(retailer, chunk)
            learn(retailer, life)
        retailer.shelves.replenish()
        record = Record(retailer, spool)
        for chunk in range(world.chunks):
            progress(f"World: {_up_to(world, chunk)}")
            life = life if world.chunks == 1 else Life.of(retailer, chunk, record.accounts)
            record.write(act(retailer, chunk, life, record.sales))
        record.finish()
        spool.name_tables()
        deliver(world, connection, out / "landing", progress)
        progress("World: the truth")
        truth.write(connection)
    shutil.rmtree(work)


def _up_to(world: World, chunk: int) -> str:
    return f"customers {world.people_of(chunk)[-1] + 1:,} of {world.customers:,}"
