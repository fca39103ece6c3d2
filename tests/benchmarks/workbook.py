"""How long a month's workbook takes, against openpyxl writing the same cells bare, and what memory it needs.

Run with `python -m tests.benchmarks.workbook [ACTIVITIES …]`.
"""

from __future__ import annotations

import sys
import tracemalloc
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING

from openpyxl import Workbook

from casemgr.core.month import ROW_TYPES
from casemgr.documents.workbook import write_workbook
from tests.documents.months import MADE_AT, SampleMonth, month_profile

if TYPE_CHECKING:
    from collections.abc import Callable

BAR = 1.15
"""design.md part 8: at most so many times what openpyxl takes bare."""
SIZES = (1_000, 10_000, 50_000)


def write_ours(path: Path, month: SampleMonth) -> None:
    """The workbook as `export month` writes it, from rows that are made as they are asked for."""
    profile = month_profile()
    write_workbook(path, profile, month.sources(), month.control(), made_at=MADE_AT, overwrite=True)


def write_bare(path: Path, month: SampleMonth) -> None:
    """The same rows and headings in write-only mode: no style, total, table or control sheet."""
    workbook, sources = Workbook(write_only=True), month.sources()
    for sheet in month_profile().sheets:
        written = workbook.create_sheet(sheet.title)
        written.append([column.heading for column in sheet.columns])
        fields = ROW_TYPES[sheet.source]._fields
        places = [fields.index(column.key) for column in sheet.columns]
        for row in sources[sheet.source]:
            written.append([row[place] for place in places])
    workbook.save(path)


def seconds(work: Callable[[Path, SampleMonth], None], path: Path, month: SampleMonth) -> float:
    """How long it takes, once."""
    start = perf_counter()
    work(path, month)
    return perf_counter() - start


def peak_kib(path: Path, month: SampleMonth) -> int:
    """The most memory that Python held while ours was written, in KiB."""
    tracemalloc.start()
    write_ours(path, month)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most // 1024


def main(sizes: tuple[int, ...] = SIZES) -> None:
    """Print the table."""
    print(f"{'month workbook, activities':28} {'bare s':>8} {'ours s':>8} {'ratio':>6} {'bar':>5} {'KiB':>7}")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "month.xlsx"
        write_ours(path, SampleMonth(10))
        write_bare(path, SampleMonth(10))
        for size in sizes:
            month = SampleMonth(size)
            rounds = 3 if size <= 10_000 else 1
            bare = min(seconds(write_bare, path, month) for _ in range(rounds))
            ours = min(seconds(write_ours, path, month) for _ in range(rounds))
            memory = peak_kib(path, SampleMonth(min(size, 50_000)))
            print(
                f"{size:<28,} {bare:8.2f} {ours:8.2f} {ours / bare:6.2f} {BAR:5.2f} {memory:7,}", flush=True
            )


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or SIZES)
