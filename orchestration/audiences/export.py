"""Hands an audience over: the files of a day, what has changed, and the record of the experiment.

    exports/audiences/<audience>/<day>/
        crm.csv, crm.xlsx, google.csv, …           whom to address
        <format>.adds.csv, <format>.removals.csv   who came and went since the last export
        manifest.json                              what they are, and who is left out

The day is the day of analysis. The same day again is written anew, from the same last export.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from orchestration.audiences.coupons import codes_of
from orchestration.audiences.files import as_manifest, write_format
from orchestration.audiences.formats import INERT, Format, formats_of, holdout_share
from orchestration.audiences.members import Members, audiences_in_use, connected, find_members
from orchestration.audiences.record import record
from orchestration.progress import Progress
from orchestration.project import Project

ADDRESSED = """
create or replace temp table addressed as
select members.*, codes.coupon_code
from members
left join ({codes}) as codes using (account_id)
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
    project: Project, names: Sequence[str], is_dry: bool, progress: Progress
) -> Iterator[Exported]:
    """Exports the audiences of these names, or all that are published.

    A dry run counts, and writes nothing. Raises `ValueError` for a name that is not published.
    """
    with closing(connected(project)) as connection:
        connection.execute(INERT)
        published = audiences_in_use(connection)
        if unknown := sorted(set(names) - set(published)):
            raise ValueError(
                f"No audience {', '.join(unknown)} is published: choose of {', '.join(published)}."
            )
        for audience in names or published:
            progress(f"Audience {audience}")
            members = find_members(connection, audience)
            if is_dry:
                yield Exported(audience, members.counts, 0, None)
            else:
                rules, file = _rules(project, audience)
                formats = formats_of(rules, file)
                assigned = record(members, project.landing, holdout_share(rules))
                yield Exported(
                    audience, members.counts, assigned, _write(project, members, formats)
                )


def _rules(project: Project, audience: str) -> tuple[Mapping[str, Any], str]:
    """What the YAML of an audience declares, and the name of the file."""
    path = project.audience_rules / f"audience_{audience}.yml"
    return yaml.safe_load(path.read_text(encoding="utf-8")), path.name


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
    written = [
        file
        for form in formats
        for file in write_format(members.connection, form, draft, last, folder)
    ]
    manifest = {
        "audience": members.audience,
        "day": str(members.day),
        "generation": members.generation,
        "compared_with": last.name if last else None,
        "people": members.counts,
        "files": as_manifest(written),
    }
    (draft / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    draft.rename(folder)
    return folder
