"""`regulars new-source`: reads sample files, asks what it can't know, writes the staging folder."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestration.new_source import project_file
from orchestration.new_source.days import with_days
from orchestration.new_source.decisions import currency_of, decide
from orchestration.new_source.delivered import Delivered, deliver
from orchestration.new_source.levels import settled
from orchestration.new_source.page import told
from orchestration.new_source.questions import Answers, Question
from orchestration.new_source.sales import left_out
from orchestration.new_source.samples import read_sample
from orchestration.new_source.staging import staging_of
from orchestration.new_source.tables import Table, tables_of
from orchestration.new_source.writing import files_of
from orchestration.project import Project

__all__ = ["Answers", "Question", "Written", "new_source"]

# The sources of the demo world, as the systems of orchestration/world/ are called.
DEMO = ("pos", "shop", "crm", "app", "service", "marketing", "erp")
PHONES = ("phone", "contact_phone")


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
        yield f"Written: {len(self.files)} files with {sum(lengths)} lines in {self.folder}"
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
            " customers or products: write the folder by hand, as docs/adding_a_source.md shows."
        )
    changed = _Project(project, name)
    changed.ask_for_demo(answers)
    tables = list(with_days(tables, answers))
    currency = currency_of(tables, changed.reporting_currency, answers)
    changed.ask_for_currency(currency, answers)
    others = {each: Delivered(project.landing / each).share_of for each in changed.others}
    decisions = decide(name, tables, currency, others, answers)
    answers.refuse_unknown()
    staged = staging_of(decisions)
    if not staged.models:
        raise ValueError("These files have neither orders with a date nor their lines.")
    landing = project.landing / name
    texts = dict(files_of(decisions, staged, landing))
    changed.settle([model.entity for model in staged.models], decisions.issuers_without_zeros)
    files = _write(folder, texts)
    changed.write()
    read = {model.table.name for model in staged.models}
    copied = deliver([table for table in tables if table.name in read], landing)
    remarks = _remarks(tables, changed)
    return Written(name, folder, tuple(files), tuple(copied), changed.told, tuple(remarks))


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
        self._mobile = f"(00)?({variables['phone_country_code']})?0?({variables['phone_mobile']})"
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
        return tuple(told)

    @property
    def others(self) -> list[str]:
        """The sources that stay beside the new one."""
        return [each for each in self.sources if each not in self._removed]

    def phones_are_foreign(self, phones: Sequence[str]) -> bool:
        """Whether most of some phones are no mobile numbers as the project reads them."""
        digits = [re.sub("[^0-9]", "", phone) for phone in phones]
        return sum(bool(re.fullmatch(self._mobile, each)) for each in digits) < len(digits) / 2

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

        Where no other source stays, nothing else can be meant.
        """
        if currency != self.reporting_currency and (
            not self.others
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
        text = project_file.with_reporting_currency(text, self.reporting_currency)
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


def _remarks(tables: Sequence[Table], changed: _Project) -> Iterator[str]:
    without_day = {table.name for table in left_out(tables)}
    for table in tables:
        names = ", ".join(sample.path.name for sample in table.samples)
        if not table.nature:
            yield f"{names}: it can't be told what it holds; it was left out."
        elif table.name in without_day:
            yield (
                f"{names}: left out, for no column says when its orders were made, and no other"
                " file has days of orders with these numbers."
            )
        elif table.nature == "refunds" and not table.has("order_number"):
            yield (
                f"{names}: no column says which order was refunded, so that this money is taken off"
                " no order and no customer."
            )
        for column in table.columns:
            if not column.meaning and column.holds_lists:
                yield (
                    f"{names}: {column.headers[0]} holds lists, of which nothing is read. If they"
                    " are the lines of orders, deliver one object for each of them."
                )
    phones = [v for t in tables for m in PHONES if t.has(m) for v in t.of(m).present]
    if phones and changed.phones_are_foreign(phones):
        yield (
            "Its phones are not those of the country of phone_country_code: set it, phone_mobile"
            " and phone_landline in dbt_project.yml, else they link nobody."
        )
