"""Hands an audience over: the files of a day, what has changed, and the record of the experiment.

    exports/audiences/<audience>/<day>/
        crm.csv, crm.xlsx, google.csv, …           whom to address
        <format>.adds.csv, <format>.removals.csv   who came and went since the last export
        manifest.json                              what they are, and who is left out

The day is the day of analysis. The same day again is written anew, from the same last export; who
went since the first of the day is among the removals too.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from orchestration.audiences.coupons import codes_of
from orchestration.audiences.files import (
    ERASED,
    as_manifest,
    has_rows,
    sha256_of,
    write_format,
)
from orchestration.audiences.formats import FORMATS, INERT, Format, formats_of, holdout_share
from orchestration.audiences.members import Members, audiences_in_use, connected, find_members
from orchestration.audiences.record import record
from orchestration.progress import Progress
from orchestration.project import Project
from orchestration.request import Request

ADDRESSED = """
create or replace temp table addressed as
select members.*, codes.coupon_code
from members
left join ({codes}) as codes using (customer_id)
where arm = 'treatment'
"""


@dataclass(frozen=True)
class Exported:
    """What came of one audience; `folder` is None where nothing was to be written."""

    audience: str
    counts: dict[str, int]
    newly_assigned: int
    folder: Path | None

    def __str__(self) -> str:
        told = (
            f"{self.audience}: {self.counts['addressed']:,} to address, "
            f"{self.counts['hold_out']:,} held out"
        )
        left_out = [
            f"{count:,} {name}"
            for name, count in sorted(self.counts.items())
            if count and name not in ("addressed", "hold_out")
        ]
        told += f"; left out: {', '.join(left_out)}." if left_out else "."
        return f"{told} {self.newly_assigned:,} are new: {self.folder}" if self.folder else told


def export(
    request: Request, names: Sequence[str], is_dry: bool, progress: Progress
) -> Iterator[Exported]:
    """Exports the audiences of these names, or all that are in use.

    A dry run counts, and writes nothing. Raises `ValueError` for a name that is neither published
    nor among the former exports.
    """
    project = request.project
    with closing(connected(request)) as connection:
        connection.execute(INERT)
        for audience in audiences_in_use(project, names):
            progress(f"Audience {audience}")
            members = find_members(connection, audience)
            if is_dry:
                yield Exported(audience, members.counts, 0, None)
            else:
                rules = project.audience_rules / f"audience_{audience}.yml"
                formats = formats_of(rules)
                assigned = record(members, project.landing, holdout_share(rules))
                yield Exported(
                    audience, members.counts, assigned, _write(project, members, formats)
                )


def _write(project: Project, members: Members, formats: Sequence[Format]) -> Path:
    """Writes the files of a day beside those of before, and puts them in their place at once."""
    home = project.exports / "audiences" / members.audience
    folder, draft = home / str(members.day), home / f".{members.day}"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    last = max(
        (path for path in home.iterdir() if path.name < folder.name and path.name[0] != "."),
        default=None,
    )
    codes = codes_of(project.landing, members)
    members.connection.execute(ADDRESSED.format(codes=codes))
    _forget_erased(home, last)
    written = [
        file
        for form in formats
        for file in write_format(members.connection, form, draft, last, folder)
    ]
    # Who is still there of a format that is not asked for any more is to be taken away.
    for form in FORMATS.values():
        handed_over = [each / f"{form.name}.csv" for each in (last, folder) if each]
        handed_over.append(folder / f"{form.name}.removals.csv")
        if form not in formats and any(map(has_rows, handed_over)):
            written += write_format(members.connection, form.over, draft, last, folder)
    manifest = {
        "audience": members.audience,
        "day": str(members.day),
        "generation": members.generation,
        "compared_with": last.name if last else None,
        "people": members.counts,
        "files": as_manifest(written),
        "also_to_be_removed": _erased(home),
    }
    (draft / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    draft.rename(folder)
    return folder


def _erased(home: Path) -> dict[str, str]:
    """The lists of erased persons that are to be handed over beside an export, with digests."""
    return {path.name: sha256_of(path) for path in sorted((home / ERASED).glob("*.csv"))}


def _forget_erased(home: Path, last: Path | None) -> None:
    """Removes those of which the export of a day before this one told, as they are now."""
    told = json.loads((last / "manifest.json").read_text(encoding="utf-8")) if last else {}
    for name, digest in _erased(home).items():
        if told.get("also_to_be_removed", {}).get(name) == digest:
            (home / ERASED / name).unlink()
