"""Workbook profiles: which sheets and columns a workbook has, declared in exports/workbooks/*.toml."""

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date, time
from enum import StrEnum
from pathlib import PurePath
from types import NoneType
from typing import Annotated, Literal, NamedTuple, Self, get_args, get_type_hints

from pydantic import Field, field_validator, model_validator

from casemgr.core.base import Content
from casemgr.core.content import broken, did_you_mean, parse_toml, read_content
from casemgr.core.text import tidy
from casemgr.core.wording import listed

MAX_TITLE = 31
"""Excel's longest sheet title."""
BARRED_IN_TITLE = frozenset("[]:*?/\\")
"""Characters that Excel does not allow in a sheet title."""

MAX_CHOICES = 255
"""The most characters that Excel takes for the words of a cell's list."""

Format = Literal["text", "flag", "date", "time", "year", "integer", "minutes", "days", "money", "balance"]
"""How a column is written. `flag` is yes or nothing, `days` and `balance` show no zero.

`money` and `balance` take cents.
"""
IN_CENTS: tuple[Format, ...] = ("money", "balance")
"""The formats of fields whose names end with `_cents`."""

FORMATS_OF: Mapping[type, tuple[Format, ...]] = {
    str: ("text",),
    bool: ("flag",),
    int: ("integer", "minutes", "days", "year"),
    date: ("date",),
    time: ("time",),
}
"""The formats that a row's field can have, by its type."""

_ID = re.compile(r"[a-z0-9][a-z0-9_-]*")
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
SumOf = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]
"""`sheet.column`, or `sheet.rows` for the number of rows."""


class Column(Content):
    """A column of a sheet."""

    key: Name
    """The field of the source's row."""
    heading: Annotated[str, Field(min_length=1, max_length=120)]
    format: Format = "text"
    width: Annotated[float, Field(ge=2, le=120)]
    """In characters of the body font."""
    total: Literal["none", "sum"] = "none"
    wrap: bool = False
    """Whether long text goes on in a further line of the cell."""
    fill_in: bool = False
    """Whether whoever gets the workbook may fill it in: empty cells are tinted."""
    choices: tuple[Annotated[str, Field(min_length=1, pattern=r'^[^",]+$')], ...] = ()
    """The words that a cell to be filled in may hold, offered as a list."""

    @property
    def in_cents(self) -> bool:
        """Whether it shows cents as dollars."""
        return self.format in IN_CENTS

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.heading != tidy(self.heading):
            raise ValueError(f'the heading "{self.heading}" has line breaks or spaces at its ends')
        if self.total == "sum" and self.format not in ("integer", "minutes", "days", *IN_CENTS):
            raise ValueError(f"a column of format {self.format} has no sum")
        if self.wrap and self.format != "text":
            raise ValueError(f"a column of format {self.format} does not wrap")
        if self.choices and not (self.fill_in and self.format == "text"):
            raise ValueError("only a column of text that is filled in has choices")
        if len(",".join(self.choices)) > MAX_CHOICES:
            raise ValueError(f"the choices have more than the {MAX_CHOICES} characters that Excel takes")
        return self


class Sheet(Content):
    """A sheet: a table with one row for each row of its source, and a row of totals below."""

    id: Name
    title: str
    source: Name
    """Name of the rows that the service hands in; they are gone through once, so that one sheet has them."""
    freeze: Annotated[int, Field(ge=0, le=8)] = 0
    """How many columns stay in sight when one scrolls to the right; the heading always does."""
    landscape: bool = True
    paper: Literal["letter", "legal", "tabloid", "a4", "a3"] = "letter"
    columns: Annotated[tuple[Column, ...], Field(alias="column")] = ()

    @field_validator("title")
    @classmethod
    def _fits_excel(cls, title: str) -> str:
        return sheet_title(title)

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not self.columns:
            raise ValueError("a sheet needs a [[sheet.column]]")
        _unique("column key", [c.key for c in self.columns])
        _unique("heading", [c.heading.casefold() for c in self.columns])
        return self

    @property
    def sums(self) -> tuple[Column, ...]:
        """The columns that have a sum."""
        return tuple(column for column in self.columns if column.total == "sum")


class Fact(Content):
    """A line of the control sheet about the workbook as a whole."""

    key: Literal[
        "practice",
        "period",
        "filters",
        "about",
        "leaves_out",
        "time_zone",
        "witness",
        "witness_hash",
        "recorded",
        "version",
    ]
    """`about` and `leaves_out` are the profile's own words; `recorded` is when the last entry that changed
    the record was made."""
    label: str


class Balance(Content):
    """Sums that must be equal across sheets; each side is added up."""

    label: str
    left: Annotated[tuple[SumOf, ...], Field(min_length=1)]
    right: Annotated[tuple[SumOf, ...], Field(min_length=1)]


class Control(Content):
    """The control sheet: facts, each sheet's rows and sums against the log, and balances between sheets."""

    title: str
    facts: Annotated[tuple[Fact, ...], Field(alias="fact")] = ()
    balances: Annotated[tuple[Balance, ...], Field(alias="balance")] = ()

    @field_validator("title")
    @classmethod
    def _fits_excel(cls, title: str) -> str:
        return sheet_title(title)


class Profile(Content):
    """A workbook. The file's name is its id."""

    id: str
    title: str
    """What the workbook is, for its properties and page headings."""
    about: str = ""
    """What it is for, in a sentence."""
    leaves_out: str = ""
    """What it leaves out on purpose, and why."""
    file: Annotated[str, Field(pattern=r"^([a-z0-9][a-z0-9_-]*)?$")] = ""
    """How the names of its files begin; the id unless it is given."""
    sheets: Annotated[tuple[Sheet, ...], Field(alias="sheet")] = ()
    control: Control

    @property
    def stem(self) -> str:
        """How the names of its files begin."""
        return self.file or self.id

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not self.sheets:
            raise ValueError("a workbook needs a [[sheet]]")
        _unique("sheet id", [s.id for s in self.sheets])
        _unique("source", [s.source for s in self.sheets])
        _unique("sheet title", [t.casefold() for t in (*(s.title for s in self.sheets), self.control.title)])
        return self


def sheet_title(title: str) -> str:
    """The title itself, when Excel takes it.

    Raises:
        ValueError: it is empty, too long, reserved, or has a character that Excel does not allow.
    """
    if not 0 < len(title) <= MAX_TITLE:
        raise ValueError(f'the sheet title "{title}" must have 1 to {MAX_TITLE} characters')
    if title != tidy(title) or BARRED_IN_TITLE & set(title) or "'" in (title[0], title[-1]):
        raise ValueError(f'the sheet title "{title}" has a character that Excel does not allow there')
    if title.casefold() == "history":
        raise ValueError(f'Excel keeps the sheet title "{title}" for itself')
    return title


def read_profile(text: str, place: str, row_types: Mapping[str, type[NamedTuple]]) -> Profile:
    """Read a workbook profile and check every column against the rows that it will be given.

    Args:
        text: the TOML file's text.
        place: the file, as people are to be told it; its name gives the profile's id.
        row_types: the sources, and the row that each of them gives.

    Raises:
        ContentBroken: a key, source, field or format is not known or does not fit; the nearest one is named.
    """
    name = PurePath(place).stem
    if not _ID.fullmatch(name):
        raise broken(place, [f'the name "{name}" must be small letters, digits and hyphens'])
    profile = read_content(Profile, parse_toml(text, place), place, id=name)
    faults = [fault for sheet in profile.sheets for fault in _misfits(sheet, row_types)]
    faults = faults or _unknown_sums(profile)
    if faults:
        raise broken(place, faults)
    return profile


def _misfits(sheet: Sheet, row_types: Mapping[str, type[NamedTuple]]) -> list[str]:
    """What of a sheet its source cannot give."""
    here = f'sheet "{sheet.title}"'
    if sheet.source not in row_types:
        return [f'{here} has no source "{sheet.source}"{did_you_mean(sheet.source, row_types)}']
    fields = fields_of(row_types[sheet.source])
    faults: list[str] = []
    for column in sheet.columns:
        key = column.key
        if key not in fields:
            faults.append(f'{here} has no field "{key}"{did_you_mean(key, fields)}')
        elif column.format not in fields[key]:
            faults.append(f'{here}: format of "{key}" is {listed(fields[key])}, not {column.format}')
    return faults


def fields_of(row: type[NamedTuple]) -> dict[str, tuple[Format, ...]]:
    """The fields of a row, each with the formats that a column of it can have."""
    return {
        name: IN_CENTS if name.endswith("_cents") else FORMATS_OF[_plain(hint)]
        for name, hint in get_type_hints(row).items()
    }


def _unknown_sums(profile: Profile) -> list[str]:
    """The sums in balances that no sheet has."""
    known = {f"{sheet.id}.rows" for sheet in profile.sheets}
    known |= {f"{sheet.id}.{column.key}" for sheet in profile.sheets for column in sheet.sums}
    return [
        f'balance "{balance.label}" has no sum "{name}"{did_you_mean(name, known)}'
        for balance in profile.control.balances
        for name in (*balance.left, *balance.right)
        if name not in known
    ]


def _plain(hint: object) -> type:
    """The type inside `X | None`, with an enumeration of words as text."""
    kind = next((part for part in get_args(hint) if part is not NoneType), hint)
    assert isinstance(kind, type)
    return str if issubclass(kind, StrEnum) else kind


def _unique(what: str, names: list[str]) -> None:
    """Raise ValueError when a name comes twice."""
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise ValueError(f'the {what} "{twice[0]}" comes twice')
