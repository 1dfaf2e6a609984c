"""Audiences from the commands that hand them over."""

from __future__ import annotations

import stat

from conftest import Shop


def test_a_dry_run_tells_of_every_published_audience(world: Shop) -> None:
    done = world.command("regulars", "audiences", "--dry-run")
    assert done.returncode == 0, done.stderr
    published = world.query(
        """
        select audience, count(*) filter (where refusal = 'withdrawn')
        from marts.audiences
        group by 1
        order by 1
        """
    )
    told = done.stdout.splitlines()
    assert [line.partition(":")[0] for line in told] == [audience for audience, _ in published]
    for line, (_, withdrawn) in zip(told, published, strict=True):
        assert not withdrawn or f"{withdrawn:,} withdrawn" in line
    assert not (world.data / "exports").exists()


def test_what_is_handed_over_is_its_owners_alone(own_tiny: Shop) -> None:
    """Of the tiny example's people nobody has agreed to anything that an audience asks for."""
    done = own_tiny.command("regulars", "audiences", "win_back", "--example", "tiny")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("win_back: 0 to address, 0 held out; left out: ")
    modes = {
        path.suffix: stat.S_IMODE(path.stat().st_mode)
        for path in (own_tiny.data / "exports").rglob("*")
    }
    assert modes == {"": 0o700, ".csv": 0o600, ".xlsx": 0o600, ".json": 0o600}
    coupons = own_tiny.command("regulars", "coupons", "win_back", "--example", "tiny")
    assert coupons.stdout == "win_back: 0 new codes.\n"
