"""`regulars new-source`: reads sample files, asks what it can't know, writes the staging folder."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.new_source import project_file
from orchestration.new_source.days import with_days
from orchestration.new_source.decisions import currency_of, decide, usual_in
from orchestration.new_source.delivered import Delivered, deliver
from orchestration.new_source.levels import settled
from orchestration.new_source.page import told
from orchestration.new_source.phones import asked_phones, phones_of, share_read
from orchestration.new_source.questions import Answers, Question
from orchestration.new_source.remarks import of_totals, remarks
from orchestration.new_source.samples import read_sample
from orchestration.new_source.staging import staging_of
from orchestration.new_source.tables import Table, tables_of
from orchestration.new_source.vocabulary import Country, Phones
from orchestration.new_source.writing import files_of
from orchestration.progress import counted
from orchestration.project import Project

__all__ = ["Answers", "Question", "Written", "new_source"]

# The sources of the demo world, as the systems of orchestration/world/ are called.
DEMO = ("pos", "shop", "crm", "app", "service", "marketing", "erp")
# What the project hands over to itself: no system of anybody's, and nobody's numbers are its own.
OWN = "regulars"


@dataclass(frozen=True)
class Written:
    """What was written: the folder, its files, and the samples that were put into landing/."""

    name: str
    folder: Path
    files: tuple[Path, ...]
    copied: tuple[Path, ...]
    changes: tuple[str, ...]
    remarks: tuple[str, ...]

    def lines(self, answers: Answers) -> Iterator[str]:
        """What a person is told at the end."""
        yield ""
        for id_, answer in answers.asked.items():
            yield f"{id_}: {answer}"
        lengths = [len(path.read_text(encoding="utf-8").splitlines()) for path in self.files]
        files, lines = counted(len(self.files), "file"), counted(sum(lengths), "line")
        yield f"Written: {files} with {lines} in {self.folder}"
        yield from (f"  {path.name}" for path in self.files)
        yield f"Changed: dbt_project.yml ({'; '.join(self.changes)})"
        yield from (f"Copied to the landing folder: {path}" for path in self.copied)
        yield from self.remarks
        yield f"Next: `regulars check {self.name}`, then `regulars run`."


def new_source(
    project: Project,
    name: str,
    paths: Sequence[Path],
    answers: Answers,
    say: Callable[[str], None],
) -> Written:
    """Writes the source's folder and its line of `dbt_project.yml`, and delivers the samples.

    Raises `ValueError`, a sentence, when nothing can be made of the files, and has written nothing
    then.
    """
    folder = project.staging_models / name
    _refuse_name(name, folder)
    _refuse_same_names(paths)
    tables = [settled(table) for table in tables_of([read_sample(path) for path in paths], name)]
    for line in told(tables):
        say(line)
    if not any(table.nature for table in tables):
        raise ValueError(
            "Of none of these files it can be told whether it has orders, lines, refunds,"
            " customers or products. Where the first row has no headers, or headers in a language"
            " that the project does not know, give the columns plain ones (order number,"
            " date, quantity, unit price, total, customer number) and try again, or write the"
            " folder by hand, as docs/adding_a_source.md shows."
        )
    changed = _Project(project, name)
    changed.ask_for_demo(answers)
    tables = list(with_days(tables, answers))
    currency = currency_of(tables, changed.reporting_currency, answers)
    changed.ask_for_currency(currency, answers)
    changed.ask_for_phones(phones_of(tables), currency, usual_in(tables), answers)
    others = {each: Delivered(project.landing / each).share_of for each in changed.others}
    decisions = decide(name, tables, currency, others, answers)
    answers.refuse_unknown()
    staged = staging_of(decisions)
    if not staged.models:
        raise ValueError(_nothing_dated(tables))
    landing = project.landing / name
    texts = dict(files_of(decisions, staged, landing))
    changed.settle([model.entity for model in staged.models], decisions.issuers_without_zeros)
    files = _write(folder, texts)
    changed.write()
    read = {model.table.name for model in staged.models}
    copied = deliver([table for table in tables if table.name in read], landing)
    remarked = [
        *remarks(tables, changed.has_unread_phones, answers.assumed, project.root / "seeds"),
        *of_totals(decisions.sales),
    ]
    return Written(name, folder, tuple(files), tuple(copied), changed.told, tuple(remarked))


def _refuse_name(name: str, folder: Path) -> None:
    if not re.fullmatch("[a-z][a-z0-9]*(_[a-z0-9]+)*", name):
        raise ValueError(f"'{name}' is no name of a source: use a-z, 0-9 and single _.")
    if folder.exists():
        raise ValueError(f"{folder} is there already: take another name, or move it away first.")


def _refuse_same_names(paths: Sequence[Path]) -> None:
    """Files of one name would take each other's place in the landing folder."""
    names = Counter(path.name.casefold() for path in paths)
    if several := [name for name, times in names.items() if times > 1]:
        raise ValueError(f"{several[0]} is given twice: give each file a name of its own.")


class _Project:
    """What a new source changes in `dbt_project.yml`."""

    def __init__(self, project: Project, name: str):
        self._path = project.root / "dbt_project.yml"
        self._landing = project.landing
        self._name = name
        variables = project.configuration["vars"]
        self._currency_before: str = variables["reporting_currency"]
        self.reporting_currency = self._currency_before
        self._variables: Mapping[str, Any] = variables
        self._phones: Phones | None = None
        self.has_unread_phones = False
        self.sources: list[str] = [each for each in variables["sources"] or {} if each != name]
        self._removed: list[str] = []
        self._issuers_without_zeros: Sequence[str] = ()
        self._text = ""

    @property
    def told(self) -> tuple[str, ...]:
        """What is changed, for a person."""
        told = [f"`sources` names {self._name}"]
        if self._removed:
            told.append(f"without {', '.join(self._removed)}")
        if self.reporting_currency != self._currency_before:
            told.append(f"reporting_currency {self.reporting_currency}")
        if self._issuers_without_zeros:
            told.append(f"keys_without_leading_zeros {', '.join(self._issuers_without_zeros)}")
        if self._phones:
            told.append(f"phones of {self._phones.names}")
        return tuple(told)

    @property
    def others(self) -> list[str]:
        """The sources that stay beside the new one."""
        return [each for each in self.sources if each not in (*self._removed, OWN)]

    @property
    def _has_money(self) -> bool:
        """Whether any of the others has orders, which are counted in the former currency."""
        delivered: Mapping[str, Sequence[str]] = self._variables["sources"] or {}
        return any(each.split("__")[0] == "orders" for o in self.others for each in delivered[o])

    def ask_for_phones(
        self, values: Sequence[str], currency: str, usual: Country | None, answers: Answers
    ) -> None:
        """Whether phones are those of another country from now on, where most can't be read."""
        if values:
            is_alone, read = not self.others, share_read(values, self._variables)
            zone = usual and usual.time_zone
            self._phones = asked_phones(values, self._variables, currency, zone, is_alone, answers)
            self.has_unread_phones = self._phones is None and read < 0.5

    def ask_for_demo(self, answers: Answers) -> None:
        """Whether the demo world's sources go: one that nobody delivers is only told of."""
        demo = [each for each in self.sources if each in DEMO]
        if not demo:
            return
        has_files = any(Delivered(self._landing / each).has_files for each in demo)
        goes = answers.is_yes(
            "take_demo_away",
            f"Take the demo world's sources ({', '.join(demo)}) out of dbt_project.yml?"
            " The examples tiny and world need them there",
            not has_files,
        )
        self._removed = demo if goes else []

    def ask_for_currency(self, currency: str, answers: Answers) -> None:
        """Whether the marts shall count in the source's currency from now on.

        Where no other source has orders, nothing else can be meant.
        """
        if currency != self.reporting_currency and (
            not self._has_money
            or answers.is_yes(
                "set_reporting_currency",
                f"Amounts are in {currency}, and reporting_currency is {self.reporting_currency}:"
                " without rates in seeds/exchange_rates.csv all these orders would be refused."
                f" Count in {currency} from now on?",
                False,
            )
        ):
            self.reporting_currency = currency

    def settle(self, entities: Sequence[str], issuers_without_zeros: Sequence[str]) -> None:
        """Makes the new text of what was answered, and of which entities the source delivers."""
        self._issuers_without_zeros = issuers_without_zeros
        text = self._path.read_text(encoding="utf-8")
        text = project_file.without_sources(text, self._removed)
        if self.reporting_currency != self._currency_before:
            text = project_file.with_variable(text, "reporting_currency", self.reporting_currency)
        for key, value in self._phones.variables.items() if self._phones else ():
            text = project_file.with_variable(text, key, json.dumps(value))
        if issuers_without_zeros:
            text = project_file.with_issuers_without_zeros(text, issuers_without_zeros)
        self._text = project_file.with_source(text, self._name, entities)

    def write(self) -> None:
        """Writes the text that is settled."""
        project_file.rewrite(self._path, self._text)


def _write(folder: Path, texts: Mapping[str, str]) -> list[Path]:
    """All files or none: the folder gets its name when it is whole."""
    unfinished = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    for name, text in texts.items():
        (unfinished / name).write_text(text, encoding="utf-8")
    unfinished.rename(folder)
    return [folder / name for name in texts]


def _nothing_dated(tables: Sequence[Table]) -> str:
    """Why nothing is made of files that are known."""
    if any(table.nature == "sales" for table in tables):
        return (
            "No column says on which day each order was made, so nothing can be made of these"
            " files: ask the system for an export with the date of each sale, or give the file that"
            " has it together with these."
        )
    return "These files tell of no orders: give the files of the orders together with them."
