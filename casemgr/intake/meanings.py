"""What the texts of a log's cells mean: patients, kinds, outcomes, methods, and what is no case work."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.dates import MONTH_WORDS, format_us
from casemgr.core.methods import read_method
from casemgr.core.people import Found, explain, read_person
from casemgr.core.text import fold, words
from casemgr.core.wording import listed, quoted
from casemgr.errors import ParseError
from casemgr.intake.cells import cell_birth_date, cell_text

if TYPE_CHECKING:
    from datetime import date

    from casemgr.core.kinds import Kind, Kinds
    from casemgr.core.people import PatientLookup, PatientRef
    from casemgr.intake.tables import Cell
    from casemgr.intake.vocabulary import Vocabulary

_LONGEST_NOTHING = 16
"""Longer texts are not looked at for n/a and the like, unless they begin with a mark."""


class LogCells(NamedTuple):
    """A log row's cells by column; None where the sheet has no such column."""

    date: Cell
    patient: Cell
    last_name: Cell
    first_name: Cell
    birth_date: Cell
    chart: Cell
    type: Cell
    minutes: Cell
    method: Cell
    note: Cell
    outcome: Cell
    follow_up: Cell
    staff: Cell
    contacted: Cell
    mends: Cell
    because: Cell


_BESIDE_NAME = slice(LogCells._fields.index("last_name"), LogCells._fields.index("chart") + 1)
_NOTHING_BESIDE = (None,) * 4
"""What these columns hold in a log that has one for the patient only, as most do."""


class Named(NamedTuple):
    """Whom a row names.

    Attributes:
        text: the patient's name or chart number as written; "" where nobody is named.
        patient: who is meant, or None.
        why: why that cannot be told; "" where it can.
    """

    text: str
    patient: PatientRef | None
    why: str


class Meanings:
    """Remembers what each text was found to mean: a log says the same things again and again."""

    def __init__(self, kinds: Kinds, patients: PatientLookup, vocabulary: Vocabulary, today: date) -> None:
        """Take what the texts are looked up in."""
        self._all_kinds = kinds
        self._lookup = patients
        self._today = today
        self._labels = vocabulary.words["not_case_work"]
        self._nothing = vocabulary.words["nothing"]
        self._texts: dict[str, str] = {}
        self._kinds: dict[str, Kind | None] = {}
        self._outcomes: dict[tuple[str, str], str] = {}
        self._methods: dict[str, str] = {}
        self._by_name: dict[str, Named] = {}
        self._by_columns: dict[tuple[str, ...], Named] = {}

    def said(self, cell: Cell) -> str:
        """A cell's text; "" for a dash, n/a and the like."""
        if cell is None or cell == "":
            return ""
        if not isinstance(cell, str):
            return cell_text(cell)
        text = self._texts.get(cell)
        if text is None:
            text = cell_text(cell)
            if len(text) <= _LONGEST_NOTHING or not text[0].isalnum():
                folded = fold(text)
                text = "" if not folded or folded in self._nothing else text
            self._texts[cell] = text
        return text

    def named(self, cells: LogCells) -> Named:
        """Whom a row names."""
        cell = cells.patient
        if isinstance(cell, str) and cells[_BESIDE_NAME] == _NOTHING_BESIDE:
            found = self._by_name.get(cell)
            if found is None:
                found = self._by_name[cell] = self._named(cells)
            return found
        key = tuple(cell_text(cell) for cell in cells[1 : _BESIDE_NAME.stop])
        found = self._by_columns.get(key)
        if found is None:
            found = self._by_columns[key] = self._named(cells)
        return found

    def _named(self, cells: LogCells) -> Named:
        # Names in columns of their own are taken as they stand: there are people called Na.
        in_columns = f"{cell_text(cells.last_name)}, {cell_text(cells.first_name)}".strip(", ")
        name, chart = self.said(cells.patient) or in_columns, self.said(cells.chart).lstrip("# ")
        text = name or chart
        try:
            person = read_person(name, self._today)
            if self.said(cells.birth_date):
                born = cell_birth_date(cells.birth_date, self._today)
                if person.birth_date not in (None, born):
                    return Named(
                        text, None, f"The birth date column says {format_us(born)}, the name does not."
                    )
                person = replace(person, birth_date=born)
            if chart:
                if person.chart is not None and fold(person.chart) != fold(chart):
                    return Named(text, None, f"The chart number column says {chart}, the name does not.")
                person = replace(person, chart=chart)
        except ParseError as fault:
            return Named(text, None, str(fault))
        match = self._lookup.find(person)
        if isinstance(match, Found):
            return Named(text, match.patient, "")
        return Named(text, None, explain(person, match))

    def kind(self, text: str) -> Kind | None:
        """The kind of activity that a text means."""
        if text not in self._kinds:
            self._kinds[text] = self._all_kinds.find(text) if text else None
        return self._kinds[text]

    def no_kind(self, text: str) -> str:
        """Why a text means no kind of activity, and what to write."""
        kinds = self._all_kinds
        titles = listed(kinds.title(kind) for kind in (kinds.nearest(text) if text else kinds.ids))
        if not text:
            return f"There is no type: write {titles}."
        return f"{quoted(text)} is no type of activity: write {titles}."

    def outcome(self, kind: Kind, text: str) -> str:
        """The id of the kind's outcome that a text means."""
        key = (kind.kind, text)
        found = self._outcomes.get(key)
        if found is None:
            found = self._outcomes[key] = kind.match_outcome(text).id
        return found

    def method(self, cell: Cell) -> str:
        """The id of a contact method, or the words as written."""
        text = self.said(cell)
        found = self._methods.get(text)
        if found is None:
            found = self._methods[text] = read_method(text) if text else ""
        return found

    def no_case_work(self, cells: LogCells, named: Named, kind_text: str, outcome_words: str) -> str:
        """Why a row without a kind of activity is no case work at all; "" where it may be some."""
        note = self.said(cells.note)
        if named.text:
            # A patient may be called Page or Day: nobody who is known is taken for a label.
            bare = not (kind_text or outcome_words or note)
            is_label = named.patient is None and self.is_label(named.text, whole=not bare)
            return f"{quoted(named.text)} is no case work" if is_label else ""
        if kind_text or outcome_words:
            is_label = bool(kind_text) and self.is_label(kind_text, whole=bool(outcome_words))
            return f"{quoted(kind_text)} is no case work" if is_label else ""
        date_text = self.said(cells.date)
        for text, whole in ((date_text, False), (note, True)):
            if self.is_label(text, whole=whole):
                return f"{quoted(text)} is no case work"
        minutes = self.said(cells.minutes)
        if note or (minutes and date_text):
            return ""
        return "a sum" if minutes else "only a date or a title"

    def is_label(self, text: str, *, whole: bool) -> bool:
        """Whether a text is one of the words for what is no case work, numbers and months aside.

        Unless the whole text must be one, it is enough that it begins or ends with one.
        """
        said = [word for word in words(text) if not word.isdigit() and word not in MONTH_WORDS]
        if " ".join(said) in self._labels:
            return True
        return not whole and any(
            " ".join(part) in self._labels for at in range(1, len(said)) for part in (said[:at], said[at:])
        )
