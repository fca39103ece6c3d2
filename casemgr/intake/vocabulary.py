"""The words that practices use in their own tables: schema/intake/ and the practice's own files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from casemgr.core.base import Content
from casemgr.core.content import broken, did_you_mean, read_content
from casemgr.core.text import fold
from casemgr.errors import InputRefused
from casemgr.resources import load_toml_folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

TableName = Literal["log", "patients", "staff", "remittance", "billing"]

AREA = "schema/intake"

_MARKS = frozenset({"mends", "because"})
"""What the workbook of rejected rows has beside each row."""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split()) | _MARKS


COLUMNS: Mapping[TableName, frozenset[str]] = {
    "log": _names(
        "date patient last_name first_name birth_date chart type minutes method note outcome follow_up staff "
        "contacted"
    ),
    "patients": _names(
        "chart name last_name first_name birth_date gender language phone carrier member_id address "
        "address_2 city state zip"
    ),
    "staff": _names("login name last_name first_name role credential npi"),
    "remittance": _names(
        "claim payer_claim payer patient service_date code units billed allowed paid patient_pays deductible "
        "coinsurance copay write_off adjustments group adjusted remarks status reason check check_date "
        "received patient_paid billed_on balance"
    ),
    "billing": _names(
        "claim service_date code minutes quantity charge status submitted_on paid adjusted patient_pays "
        "reason payer_claim answered_on"
    ),
}
"""The columns that the readers know what to do with."""

WORDS: Mapping[TableName, frozenset[str]] = {
    "log": frozenset({"not_case_work", "nothing"}),
    "patients": frozenset({"no_payer", "nothing"}),
    "staff": frozenset({"credentials"}),
    "remittance": frozenset({"nothing", "not_claims", "paid", "denied", "reversed"})
    | {f"carc_{carc}" for carc in (16, 18, 29, 96, 97, 119, 197, 252)},
    "billing": frozenset({"nothing", "no_line"}),
}
"""The lists of words that the readers ask for."""


class Column(Content):
    """A column, and what practices call it."""

    name: str
    """One of COLUMNS; what `--map name=heading` says."""
    label: str = ""
    headings: tuple[str, ...]


class VocabularyFile(Content):
    """A file of schema/intake/. Several with the same table add up."""

    table: TableName
    essential: tuple[tuple[str, ...], ...] = ()
    """Groups of columns: of each, one must be there for a sheet to be such a table."""
    column: tuple[Column, ...] = ()
    words: dict[str, tuple[str, ...]] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All words for one table, folded for comparison.

    Attributes:
        table: which table.
        essential: groups of columns, of each of which one is needed.
        labels: a column's name to what people are told.
        headings: a folded heading to its column and its place in the column's list (0 is the likeliest).
        longest: words of the longest heading.
        words: lists of folded words by name.
    """

    table: TableName
    essential: tuple[tuple[str, ...], ...]
    labels: Mapping[str, str]
    headings: Mapping[str, tuple[str, int]]
    longest: int
    words: Mapping[str, frozenset[str]]

    def label(self, name: str) -> str:
        """What people are told a column is."""
        return self.labels.get(name) or name


def load_vocabulary(table: TableName, own: Path | None = None) -> Vocabulary:
    """The words for a table; `own` is the practice's own folder of such files, or None.

    Raises:
        ContentBroken: a file cannot be read, or names a column or list that is not known.
    """
    essential: tuple[tuple[str, ...], ...] = ()
    labels: dict[str, str] = {}
    headings: dict[str, tuple[str, int]] = {}
    words: dict[str, frozenset[str]] = {name: frozenset() for name in WORDS[table]}
    # The practice's own files come last, so that its word wins over ours: `time` may be a time of day to it.
    for path, raw in sorted(load_toml_folder(AREA, own), key=lambda found: found[0].parent == own):
        file = read_content(VocabularyFile, raw, path)
        if file.table != table:
            continue
        _check_names(file, path)
        essential = file.essential or essential
        for column in file.column:
            labels[column.name] = column.label or labels.get(column.name, "")
            headings.update(
                {fold(heading): (column.name, rank) for rank, heading in enumerate(column.headings)}
            )
        for name, listed in file.words.items():
            words[name] |= {fold(word) for word in listed}
    longest = max((heading.count(" ") + 1 for heading in headings), default=0)
    return Vocabulary(table, essential, labels, headings, longest, words)


def _check_names(file: VocabularyFile, path: Path) -> None:
    columns, lists = COLUMNS[file.table], WORDS[file.table]
    used = [column.name for column in file.column] + [name for group in file.essential for name in group]
    faults = [f'unknown column "{name}"{did_you_mean(name, columns)}' for name in used if name not in columns]
    faults += [
        f'unknown list of words "{name}"{did_you_mean(name, lists)}'
        for name in file.words
        if name not in lists
    ]
    if faults:
        raise broken(path, faults)


def read_mapping(pairs: tuple[str, ...], vocabulary: Vocabulary) -> dict[str, str]:
    """`--map` values, each `column=heading`, as column to heading.

    Raises:
        InputRefused: a value is not of that form, or names a column that is not known or twice.
    """
    known = sorted(COLUMNS[vocabulary.table].difference(_MARKS))
    mapping: dict[str, str] = {}
    for pair in pairs:
        name, equals, heading = (part.strip() for part in pair.partition("="))
        name = fold(name).replace(" ", "_")
        if not equals or not fold(heading):
            raise InputRefused(
                f'"{pair}" is no column=heading',
                "",
                f'Write it such as --map "{known[0]}=The heading in your file".',
            )
        if name not in known:
            raise InputRefused(
                f'There is no column "{name}" in a {vocabulary.table} table',
                f"It has: {', '.join(known)}.",
                f"Use one of these{did_you_mean(name, known)}",
                tuple(known),
            )
        if name in mapping:
            raise InputRefused(f"The column {name} is mapped twice", "", "Keep one of the two --map options.")
        mapping[name] = heading
    return mapping
