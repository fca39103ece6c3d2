"""Values to the XML of a worksheet's cells (ECMA-376 part 1, 18.3.1.4), each with its type and style.

openpyxl writes the package; its cell writer takes ten times as long for the same cells and cannot store a
formula together with its value, so the rows are written here.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from casemgr.core.profiles import Format

Render: TypeAlias = "Callable[[Any, int], str]"
"""Takes a value and a row number and gives the cell's XML: an empty cell for None and empty text."""

MAX_TEXT = 32_767
"""The longest text that a cell holds, in UTF-16 units."""
FIRST_DATE = date(1900, 3, 1)
"""Excel's calendar has a 29 February 1900; before the day after it, dates are written as text."""
FIRST_ORDINAL = 693_594
"""The ordinal of Excel's day 0."""
LINE_HEIGHT, MAX_HEIGHT = 15, 405
"""Of a row, in points."""
DAY_SECONDS = 86_400

NUMBER_FORMATS: dict[str, str] = {
    "text": "@",
    "flag": "@",
    "date": "m/d/yyyy",
    "time": "h:mm AM/PM",
    "year": "0",
    "integer": "#,##0",
    "minutes": "#,##0",
    "days": "0;-0;;@",
    "money": "$#,##0.00",
    "balance": "$#,##0.00;-$#,##0.00;;@",
    "number": "General",
    "datetime": "m/d/yyyy h:mm",
    "clock": "h:mm",
    "duration": "[h]:mm",
}
"""Excel's number format for each of ours; `@` keeps text that begins with = text when it is edited."""

_SPECIAL = re.compile("[&<>\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]|_x(?=[0-9A-Fa-f]{4}_)")
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\x7f": "\u2421", "_x": "_x005F_x"}


def xml_text(text: str) -> str:
    """Text as it stands in a cell: control characters made visible (␀ to ␡), cut at MAX_TEXT with a mark.

    Excel reads `_x0041_` as an escape for a character, so that what looks like one is escaped itself.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) * 2 > MAX_TEXT:
        text = _cut(text)
    return _SPECIAL.sub(_visible, text)


def _visible(found: re.Match[str]) -> str:
    character = found[0]
    if character in _NAMED:
        return _NAMED[character]
    return chr(0x2400 + ord(character)) if character < " " else "\ufffd"


def _cut(text: str) -> str:
    """The text, or as much of it as a cell holds with a mark that says how much is missing."""
    encoded = text.encode("utf-16-le", "surrogatepass")
    if len(encoded) <= 2 * MAX_TEXT:
        return text
    room = MAX_TEXT - 64
    kept = encoded[: 2 * room].decode("utf-16-le", "ignore")
    return f"{kept} [… cut: {len(text) - len(kept):,} more characters than a cell holds]"


def row_xml(number: int, cells: Iterable[str], lines: int = 1) -> str:
    """A row of cells, high enough for a number of lines of text."""
    height = f' ht="{min(lines * LINE_HEIGHT, MAX_HEIGHT)}"' if lines > 1 else ""
    return f'<row r="{number}"{height}>{"".join(cells)}</row>'


def count_lines(text: str, width: float) -> int:
    """About how many lines a text takes in a column of a width in characters.

    The width counts digits of the body font; running text is narrower, capitals are wider.
    """
    room = width * (0.9 if text.isupper() else 1.15)
    if len(text) <= room and "\n" not in text:
        return 1
    lines = 0
    for paragraph in text.split("\n"):
        used = -1.0
        lines += 1
        for word in paragraph.split(" "):
            used += 1 + len(word)
            if used > room:
                lines += 1 + int(len(word) / room)
                used = len(word) % room
    return lines


def text_cell(letter: str, style: int) -> Render:
    """Cells of text that stays text, whatever it begins with."""
    head, tail, blank = f'<c r="{letter}', f'" s="{style}" t="inlineStr"><is><t', f'" s="{style}"/>'

    def render(value: str | None, row: int) -> str:
        if not value:
            return f"{head}{row}{blank}"
        text = xml_text(value)
        keep = ' xml:space="preserve"' if text[0].isspace() or text[-1].isspace() else ""
        return f"{head}{row}{tail}{keep}>{text}</t></is></c>"

    return render


def flag_cell(letter: str, style: int) -> Render:
    """Cells that say yes or nothing."""
    text = text_cell(letter, style)
    return lambda value, row: text("yes" if value else "", row)


def number_cell(letter: str, style: int) -> Render:
    """Cells of integers and floats."""
    return _value_cell(letter, style, str)


def money_cell(letter: str, style: int) -> Render:
    """Cells of cents, written as exact dollars."""
    return _value_cell(letter, style, dollars)


def dollars(cents: int) -> str:
    """Cents as decimal dollars: -5 is -0.05."""
    whole, part = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole}.{part:02d}"


def date_cell(letter: str, style: int) -> Render:
    """Cells of dates; those before Excel's calendar become text."""
    number = _value_cell(letter, style, lambda day: str(day.toordinal() - FIRST_ORDINAL))
    text = text_cell(letter, style)

    def render(value: date | None, row: int) -> str:
        if value is None or value >= FIRST_DATE:
            return number(value, row)
        return text(f"{value.month}/{value.day}/{value.year:04d}", row)

    return render


def time_cell(letter: str, style: int) -> Render:
    """Cells of times of day."""
    return _value_cell(letter, style, lambda at: repr(_seconds(at) / DAY_SECONDS))


def datetime_cell(letter: str, style: int) -> Render:
    """Cells of dates with a time of day, without time zone; those before Excel's calendar become text."""
    number = _value_cell(
        letter, style, lambda at: repr(at.toordinal() - FIRST_ORDINAL + _seconds(at.time()) / DAY_SECONDS)
    )
    text = text_cell(letter, style)

    def render(value: datetime, row: int) -> str:
        return number(value, row) if value.date() >= FIRST_DATE else text(value.isoformat(" "), row)

    return render


def duration_cell(letter: str, style: int) -> Render:
    """Cells of durations."""
    return _value_cell(letter, style, lambda span: repr(span / timedelta(days=1)))


def boolean_cell(letter: str, style: int) -> Render:
    """Cells of Excel's own TRUE and FALSE."""
    return _value_cell(letter, style, lambda value: "1" if value else "0", "b")


def to_fill(letter: str, style: int, render: Render) -> Render:
    """Cells with a style of their own while they are empty, for whoever fills them in."""
    head, blank = f'<c r="{letter}', f'" s="{style}"/>'
    return lambda value, row: f"{head}{row}{blank}" if value is None or value == "" else render(value, row)


def formula_cell(place: str, style: int, formula: str, value: int | str, *, money: bool = False) -> str:
    """A formula, without its =, and the value that it gives: readers that do not calculate show the value."""
    if isinstance(value, str):
        return f'<c r="{place}" s="{style}" t="str"><f>{xml_text(formula)}</f><v>{xml_text(value)}</v></c>'
    shown = dollars(value) if money else str(value)
    return f'<c r="{place}" s="{style}"><f>{xml_text(formula)}</f><v>{shown}</v></c>'


def blank_cell(place: str, style: int) -> str:
    """An empty cell with a style."""
    return f'<c r="{place}" s="{style}"/>'


def _value_cell(letter: str, style: int, shown: Callable[[Any], str], kind: str = "n") -> Render:
    head, tail = f'<c r="{letter}', f'" s="{style}" t="{kind}"><v>' if kind != "n" else f'" s="{style}"><v>'
    blank = f'" s="{style}"/>'

    def render(value: object, row: int) -> str:
        return f"{head}{row}{blank}" if value is None else f"{head}{row}{tail}{shown(value)}</v></c>"

    return render


def _seconds(at: time) -> float:
    return at.hour * 3600 + at.minute * 60 + at.second + at.microsecond / 1_000_000


RENDERERS: dict[Format, Callable[[str, int], Render]] = {
    "text": text_cell,
    "flag": flag_cell,
    "date": date_cell,
    "time": time_cell,
    "year": number_cell,
    "integer": number_cell,
    "minutes": number_cell,
    "days": number_cell,
    "money": money_cell,
    "balance": money_cell,
}
"""For each format of a profile, what makes a column's cells from its letter and style."""


BY_TYPE: dict[type, tuple[str, Callable[[str, int], Render]]] = {
    str: ("text", text_cell),
    bool: ("number", boolean_cell),
    int: ("number", number_cell),
    float: ("number", number_cell),
    datetime: ("datetime", datetime_cell),
    date: ("date", date_cell),
    time: ("clock", time_cell),
    timedelta: ("duration", duration_cell),
}
"""For each type of value that a spreadsheet reader gives, its number format and what makes its cells."""
