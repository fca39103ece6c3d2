"""The heading row of a sheet and what its columns are, found by what practices call them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from casemgr.core.text import fold
from casemgr.core.wording import listed
from casemgr.errors import InputRefused
from casemgr.intake.cells import cell_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from casemgr.intake.tables import Table
    from casemgr.intake.vocabulary import Vocabulary

SEARCHED_ROWS = 25
"""The heading row is looked for in so many rows from the top."""
_LONGEST_HEADING = 80


@dataclass(frozen=True, slots=True)
class Headings:
    """Where a sheet's columns are.

    Attributes:
        index: index in `table.rows` of the heading row; the rows before it are titles, those after it data.
        columns: a column's name to its 0-based index.
        texts: the headings as written, by index; "" where there is none.
        unused: headings that no column was recognised under, in order.
    """

    index: int
    columns: Mapping[str, int]
    texts: tuple[str, ...]
    unused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoHeadings:
    """A sheet without a row that has all that is needed.

    Attributes:
        index: the row that came nearest, or -1 where none had any known heading.
        found: the columns recognised in it.
        missing: the groups of columns of which it has none.
        texts: its headings as written.
    """

    index: int
    found: tuple[str, ...]
    missing: tuple[tuple[str, ...], ...]
    texts: tuple[str, ...]


def find_headings(
    table: Table, vocabulary: Vocabulary, mapping: Mapping[str, str] | None = None
) -> Headings | NoHeadings:
    """Look for the row among the first 25 with most known headings, and take its columns.

    Args:
        table: the sheet.
        vocabulary: what practices call the columns.
        mapping: column to heading, as told by `--map`; goes before all guessing.
    """
    told = {name: fold(heading) for name, heading in (mapping or {}).items()}
    best: tuple[int, int, Headings] | None = None
    nearest = NoHeadings(-1, (), vocabulary.essential, ())
    most = 0
    for index, row in enumerate(table.rows[:SEARCHED_ROWS]):
        texts = tuple(cell_text(cell) for cell in row)
        columns, score = _recognise(texts, vocabulary, told)
        missing = tuple(group for group in vocabulary.essential if not any(name in columns for name in group))
        if missing:
            if score > most:
                most, nearest = score, NoHeadings(index, tuple(columns), missing, texts)
        elif best is None or score > best[0]:
            used = set(columns.values())
            unused = tuple(text for at, text in enumerate(texts) if text and at not in used)
            best = (score, index, Headings(index, columns, texts, unused))
    return best[2] if best else nearest


def no_headings(file: str, sheets: Sequence[tuple[str, NoHeadings]], vocabulary: Vocabulary) -> InputRefused:
    """The error where no sheet of a file has the columns that are needed."""
    lines = []
    for sheet, found in sheets:
        if found.index < 0:
            lines.append(f'Sheet "{sheet}": no row has a heading that casemgr knows.')
            continue
        missing = listed(
            (" or ".join(vocabulary.label(name) for name in group) for group in found.missing), "and"
        )
        headings = ", ".join(f'"{text}"' for text in found.texts if text)
        lines.append(f'Sheet "{sheet}": no column for {missing}. Its headings are {headings}.')
    missing_name = next((found.missing[0][0] for _, found in sheets if found.missing), "date")
    return InputRefused(
        f"The columns of {file} are not all known",
        "\n".join(lines),
        f'Say which column it is, such as --map {missing_name}="Its heading"; nothing was imported.',
        tuple(dict.fromkeys(text for _, found in sheets for text in found.texts if text)),
    )


def check_mapping(file: str, tables: Sequence[Table], mapping: Mapping[str, str]) -> None:
    """Refuse a `--map` whose heading stands in no sheet.

    Raises:
        InputRefused: with the headings that there are.
    """
    rows = [[cell_text(cell) for cell in row] for table in tables for row in table.rows[:SEARCHED_ROWS]]
    present = {fold(text) for row in rows for text in row}
    for name, heading in mapping.items():
        if fold(heading) not in present:
            widest = max(rows, key=lambda row: sum(1 for text in row if fold(text)), default=[])
            there = tuple(text for text in widest if fold(text))
            raise InputRefused(
                f'No column of {file} is called "{heading}"',
                f"Its columns are {', '.join(there)}." if there else "",
                f"Mend --map {name}={heading} and run it again; nothing was imported.",
                there,
            )


def _recognise(
    texts: tuple[str, ...], vocabulary: Vocabulary, told: Mapping[str, str]
) -> tuple[dict[str, int], int]:
    """The columns of a row, and how sure it is that this is the heading row."""
    candidates: list[tuple[tuple[int, int, int, int], str, int]] = []
    for index, text in enumerate(texts):
        if not text or len(text) > _LONGEST_HEADING:
            continue
        folded = fold(text)
        words = folded.split()
        for name, heading in told.items():
            if folded == heading:
                candidates.append(((0, 0, 0, index), name, index))
        for start in range(len(words)):
            for end in range(start + 1, min(len(words), start + vocabulary.longest) + 1):
                known = vocabulary.headings.get(" ".join(words[start:end]))
                if known is None or known[0] in told:
                    continue
                name, rank = known
                exact = end - start == len(words)
                sureness = (1, rank, 0, index) if exact else (2, start - end, start, index)
                candidates.append((sureness, name, index))
    columns: dict[str, int] = {}
    taken: set[int] = set()
    score = 0
    for (grade, *_), name, index in sorted(candidates):
        if name not in columns and index not in taken:
            columns[name] = index
            taken.add(index)
            score += 3 - grade if grade else 3
    return columns, score
