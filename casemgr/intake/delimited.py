"""Text files with columns (csv, tsv, txt): which encoding, which delimiter, and the cells as text."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from dataclasses import dataclass
from itertools import islice

from casemgr.errors import InputRefused
from casemgr.intake.containers import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, not_a_table, too_big

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_ROWS = 200
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_TEXT_CONTROLS = "\t\n\r\x0b\x0c\x1a"
_END = "\x00end"


@dataclass(frozen=True, slots=True)
class DelimitedText:
    """A text file as rows of text; `rows[n]` is row n + 1 as a spreadsheet program shows it."""

    rows: list[list[str]]
    encoding: str
    delimiter: str


def read_delimited(name: str, data: bytes) -> DelimitedText:
    """Read a text file's bytes.

    Raises:
        InputRefused: it is no text, no known encoding, a quotation mark stays open, or it is too long.
    """
    text, encoding = decode(name, data)
    if text.lstrip()[:9].lower().startswith(("<html", "<!doctype", "<table", "<?xml")):
        raise not_a_table(name, "It is a web page or XML under a table file's name, as some programs export.")
    if any(text.count(delimiter) > MAX_CELLS for delimiter in _DELIMITERS):
        # Looked at first, since a line is cut into its cells before anybody can count them.
        raise too_big(name, f"It has more than {MAX_CELLS:,} cells.")
    delimiter, text = find_delimiter(text)
    return DelimitedText(_rows(name, text, delimiter), encoding, delimiter)


def decode(name: str, data: bytes) -> tuple[str, str]:
    """Text and encoding, by strict attempts: a byte order mark, UTF-16 by its zero bytes, UTF-8, then cp1252.

    Any text in a one-byte encoding of another region decodes as cp1252 too and cannot be told apart from it,
    which is why callers show the encoding.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(name, data, (encoding,))
    if b"\0" in data:
        # Western text in UTF-16 has a zero in every other byte: behind each letter if little-endian.
        little = data[1::2].count(0) >= data[::2].count(0)
        return _strict(name, data, ("utf-16-le" if little else "utf-16-be",))
    return _strict(name, data, ("utf-8", "cp1252"))


def _strict(name: str, data: bytes, encodings: tuple[str, ...]) -> tuple[str, str]:
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if any(ord(letter) < 32 and letter not in _TEXT_CONTROLS for letter in set(text)):
            raise not_a_table(name)
        return text, encoding.removesuffix("-sig")
    raise not_a_table(name, "Its letters are in no encoding that casemgr knows (UTF-8, UTF-16, Windows).")


def find_delimiter(text: str) -> tuple[str, str]:
    """The delimiter, and the text without a leading `sep=` line (which Excel obeys and does not show).

    The delimiter is the one that cuts most rows into the same number of cells, weighed by that number;
    quotation marks are respected, so a comma inside a quoted name counts for nothing.
    """
    first, _, rest = text.partition("\n")
    said = first.strip().strip('"')
    if said.lower().startswith("sep=") and len(said) == 5:
        return said[4], rest
    return max(_DELIMITERS, key=lambda delimiter: _consistency(text, delimiter)), text


def _consistency(text: str, delimiter: str) -> int:
    widths: Counter[int] = Counter()
    try:
        for row in islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), _SAMPLE_ROWS):
            widths[len(row)] += 1
    except csv.Error:
        return -1
    return max(((width - 1) * count for width, count in widths.items() if width > 1), default=0)


def _rows(name: str, text: str, delimiter: str) -> list[list[str]]:
    if text and text[-1] not in "\r\n":
        text += "\n"
    try:
        rows = list(
            islice(csv.reader(io.StringIO(text + _END, newline=""), delimiter=delimiter), MAX_ROWS + 2)
        )
    except csv.Error as fault:
        if "field limit" in str(fault):
            raise too_big(
                name,
                f"A cell has more than {csv.field_size_limit():,} characters, or an open quotation mark "
                "stands before it.",
            ) from None
        raise _open_quote(name, str(fault)) from None
    if len(rows) > MAX_ROWS + 1:
        raise too_big(name, f"It has more than {MAX_ROWS:,} rows.")
    # An open quotation mark swallows every later row into one cell, and with them the mark put at the end.
    if rows.pop() != [_END]:
        raise _open_quote(name, f"The quotation mark stands in row {len(rows) + 1}")
    if max(map(len, rows), default=0) > MAX_COLUMNS:
        raise too_big(name, f"A row of it has more than {MAX_COLUMNS:,} cells.")
    return rows


def _open_quote(name: str, particulars: str) -> InputRefused:
    return InputRefused(
        f"A quotation mark in {name} is never closed",
        f"{particulars}; every row after it would be read as part of one cell.",
        "Close or remove it, or save the table from a spreadsheet program again.",
    )
