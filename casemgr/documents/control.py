"""The control sheet: what the workbook is, and each of its sums as a formula beside the log's own figure."""

from __future__ import annotations

from dataclasses import dataclass, field
from textwrap import wrap
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from openpyxl.utils import get_column_letter

from casemgr.documents.cells import formula_cell, money_cell, number_cell, row_xml, text_cell
from casemgr.documents.looks import colour_verdicts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from openpyxl.worksheet.worksheet import Worksheet

    from casemgr.core.month import ControlSheet
    from casemgr.core.profiles import Control, Profile, Sheet
    from casemgr.documents.looks import Looks

WIDTHS = (46, 20, 20, 20)
FACT_WIDTH = 68
"""How many characters of a fact fit beside its label."""
HEADINGS = ("Figure", "On the sheets", "In the log", "Check")
BALANCE_HEADINGS = ("Balance", "One side", "Other side", "Check")
AGREES, DIFFERS, NOT_COMPARED = "agrees", "differs", "not compared"
AGREE, DIFFER = "agree with the log", "differ from the log: see below"


@dataclass
class Tally:
    """What has been written to a sheet so far."""

    sheet: Sheet
    rows: int = 0
    named: int = 0
    """Of the rows, those whose first cell is filled."""
    sums: dict[str, int] = field(default_factory=dict)
    """By column key; minutes, cents or counts."""

    @property
    def last_row(self) -> int:
        """The row number of the last row of data; a table without any has one blank row."""
        return 1 + max(1, self.rows)


@dataclass(frozen=True)
class Figure:
    """A number with the formula that gives it, if it has one."""

    value: int
    money: bool = False
    formula: str = ""

    def __add__(self, other: Figure) -> Figure:
        """Both together, formulas and all."""
        return Figure(self.value + other.value, self.money or other.money, f"{self.formula}+{other.formula}")


@dataclass(frozen=True)
class Check:
    """Two figures that must be equal."""

    label: str
    left: Figure
    right: Figure | None
    """None where the log states no figure of its own, as for a column that the practice sums in addition."""

    @property
    def verdict(self) -> str:
        """AGREES, DIFFERS or NOT_COMPARED."""
        if self.right is None:
            return NOT_COMPARED
        return AGREES if self.left.value == self.right.value else DIFFERS


class Checks:
    """The checks of a workbook whose sheets have all been written."""

    def __init__(self, control: Control, tallies: Sequence[Tally], figures: Mapping[str, int]) -> None:
        """Compare what was written with the log's own figures, and the sheets with each other."""
        sums = {
            f"{tally.sheet.id}.{name}": figure
            for tally in tallies
            for name, figure in _figures(tally).items()
        }
        self.against_log = [
            Check(
                label, sums[f"{tally.sheet.id}.{name}"], _own(figures, f"{tally.sheet.source}.{name}", money)
            )
            for tally in tallies
            for name, label, money in _names(tally.sheet)
        ]
        self.balances = [
            Check(balance.label, _added(sums, balance.left), _added(sums, balance.right))
            for balance in control.balances
        ]

    @property
    def differing(self) -> tuple[str, ...]:
        """The labels of the checks that failed."""
        return tuple(c.label for c in (*self.against_log, *self.balances) if c.verdict == DIFFERS)


def control_rows(
    profile: Profile, stated: ControlSheet, checks: Checks, looks: Looks, at: datetime
) -> list[str]:
    """The rows of the control sheet.

    Args:
        profile: the workbook's, with the control sheet's own declaration.
        stated: what it states.
        checks: the compared figures; made after the last row of every other sheet.
        looks: the workbook's styles.
        at: when the last entry that changed the record was made, an aware datetime.
    """
    control = profile.control
    label, fact = text_cell("A", looks.label()), text_cell("B", looks.fact())
    rows = [row_xml(1, [text_cell("A", looks.title())(f"{control.title}: {stated.period}", 1)])]
    verdict = DIFFER if checks.differing else AGREE
    formula = f'IF(COUNTIF($D:$D,"{DIFFERS}")>0,"{DIFFER}","{AGREE}")'
    rows.append(row_xml(2, [label("All figures", 2), formula_cell("B2", looks.fact(), formula, verdict)]))
    facts = _facts(profile, stated, at)
    for line in control.facts:
        # A text that is too long for the page goes on in the row below.
        for further, text in enumerate(wrap(facts[line.key], FACT_WIDTH, break_long_words=False) or [""]):
            number = len(rows) + 1
            rows.append(row_xml(number, [label("" if further else line.label, number), fact(text, number)]))
    for headings, block in ((HEADINGS, checks.against_log), (BALANCE_HEADINGS, checks.balances)):
        if block:
            rows.append(row_xml(len(rows) + 1, ()))
            rows.append(_heading_row(len(rows) + 1, headings, looks))
            rows.extend(
                [_check_row(number, check, looks) for number, check in enumerate(block, len(rows) + 1)]
            )
    return rows


def set_up_control(sheet: Worksheet) -> None:
    """Column widths and the colours of the verdicts."""
    for index, width in enumerate(WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.sheet_view.showGridLines = False
    colour_verdicts(sheet, "B2:D500", "B2")


def _heading_row(number: int, headings: Sequence[str], looks: Looks) -> str:
    kinds = ("text", "integer", "integer", "text")
    places = zip("ABCD", kinds, headings, strict=True)
    return row_xml(number, [text_cell(x, looks.heading(kind))(text, number) for x, kind, text in places])


def _check_row(number: int, check: Check, looks: Looks) -> str:
    kind = "money" if check.left.money else "integer"
    body, verdict = looks.body(kind), looks.check()
    cells = [text_cell("A", looks.check())(check.label, number), _figure("B", number, body, check.left)]
    if check.right is None:
        return row_xml(number, [*cells, text_cell("D", verdict)(check.verdict, number)])
    places = 2 if check.left.money else 0
    equal = f"ROUND(B{number}-C{number},{places})=0"
    formula = f'IF({equal},"{AGREES}","{DIFFERS}")'
    cells += [
        _figure("C", number, body, check.right),
        formula_cell(f"D{number}", verdict, formula, check.verdict),
    ]
    return row_xml(number, cells)


def _figure(letter: str, row: int, style: int, figure: Figure) -> str:
    if figure.formula:
        return formula_cell(f"{letter}{row}", style, figure.formula, figure.value, money=figure.money)
    return (money_cell if figure.money else number_cell)(letter, style)(figure.value, row)


def _names(sheet: Sheet) -> Iterator[tuple[str, str, bool]]:
    """Each figure of a sheet: its name, its label, and whether it is money."""
    yield "rows", f"{sheet.title}: rows", False
    for column in sheet.sums:
        heading = f"{column.heading[0].lower()}{column.heading[1:]}"
        yield column.key, f"{sheet.title}: {heading}", column.in_cents


def _figures(tally: Tally) -> dict[str, Figure]:
    """A sheet's figures by name, with formulas over its rows."""
    title = tally.sheet.title.replace("'", "''")
    made: dict[str, Figure] = {}
    for index, column in enumerate(tally.sheet.columns, 1):
        letter = get_column_letter(index)
        cells = f"'{title}'!${letter}$2:${letter}${tally.last_row}"
        if index == 1:
            # A first column with gaps cannot be counted by its values.
            count = "COUNTA" if tally.named == tally.rows else "ROWS"
            made["rows"] = Figure(tally.rows, formula=f"{count}({cells})")
        if column.total == "sum":
            made[column.key] = Figure(tally.sums[column.key], column.in_cents, f"SUM({cells})")
    return made


def _own(figures: Mapping[str, int], name: str, money: bool) -> Figure | None:
    return Figure(figures[name], money) if name in figures else None


def _added(sums: Mapping[str, Figure], names: Sequence[str]) -> Figure:
    first, *more = (sums[name] for name in names)
    for figure in more:
        first = first + figure
    return first


def _facts(profile: Profile, stated: ControlSheet, at: datetime) -> dict[str, str]:
    """The values of the facts that a profile may name."""
    local = at.astimezone(ZoneInfo(stated.time_zone))
    return {
        "practice": stated.practice,
        "period": stated.period,
        "filters": stated.filters or "none",
        "about": profile.about,
        "leaves_out": profile.leaves_out or "nothing",
        "time_zone": stated.time_zone,
        "witness": f"{stated.witness.device}:{stated.witness.seq}",
        "witness_hash": stated.witness.hash,
        "recorded": f"{local.month}/{local.day}/{local.year} {local:%H:%M:%S}",
        "version": f"casemgr {stated.version}",
    }
