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


def test_what_is_handed_over_is_its_owners_alone_and_lands_as_arms(own_tiny: Shop) -> None:
    [audience] = own_tiny.query(
        """
        select audience from marts.audiences where arm = 'treatment'
        group by 1 order by count(*) desc, 1 limit 1
        """
    )[0]
    done = own_tiny.command("regulars", "audiences", audience, "--example", "tiny")
    assert done.returncode == 0, done.stderr
    exports = own_tiny.data / "exports"
    assert {
        stat.S_IMODE(path.stat().st_mode) for path in exports.rglob("*.*") if path.is_file()
    } == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in exports.rglob("*") if path.is_dir()} == {
        0o700
    }
    landed = own_tiny.command("regulars", "land", "--example", "tiny")
    assert landed.returncode == 0 and "Landed 2 new files" in landed.stdout
