"""The month's workbook, whole service call and writer alone, against openpyxl writing the same bare."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook

from casemgr.core.sources import MONTH_PROFILE, ROW_TYPES
from casemgr.documents.workbook import write_workbook
from casemgr.services.exports import export_month
from casemgr.services.month_rows import MonthRows
from casemgr.services.profiles import profile_named
from tests.benchmarks.stores import MONTH
from tests.benchmarks.table import Line, alternated
from tests.documents.months import MADE_AT, SampleMonth, month_profile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from casemgr.core.profiles import Profile
    from casemgr.services.desk import Desk
    from tests.benchmarks.stores import Stores

    Sources = Mapping[str, Iterable[tuple[Any, ...]]]

BAR = 1.15
SIZES = (2_000, 20_000)
ROUNDS = 5


def run(stores: Stores) -> Iterator[Line]:
    """Time at two sizes, then memory at both."""
    few, many = (200, 2_000) if stores.quick else SIZES
    memory = []
    for size in (few, many):
        yield from at_size(stores, size)
        memory.append(most_memory(stores, size))
    yield Line(f"export month, most memory, {many:,} activities / {few:,}", memory[1], memory[0], unit="KiB")


def at_size(stores: Stores, size: int) -> Iterator[Line]:
    """A month of so many activities."""
    path, bare = stores.scratch / "month.xlsx", stores.scratch / "bare.xlsx"
    desk = month_desk(stores, size)
    try:
        profile = profile_named(desk, MONTH_PROFILE)
        with desk.store.snapshot():
            same = {name: list(rows) for name, rows in MonthRows(desk, MONTH).sources().items()}
        took = alternated(
            lambda: export_month(desk, MONTH, path, overwrite=True),
            lambda: write_bare(bare, profile, same),
            stores.rounds(ROUNDS),
        )
    finally:
        desk.close()
    yield Line(f"export month, {size:,} activities / openpyxl bare", *took, BAR)
    made_up = SampleMonth(size)
    took = alternated(
        lambda: write_ours(path, made_up),
        lambda: write_bare(bare, profile, made_up.sources()),
        stores.rounds(ROUNDS),
    )
    yield Line(f"its writer alone, {size:,} activities / openpyxl bare", *took, BAR)


def most_memory(stores: Stores, size: int) -> float:
    """The most memory that Python holds while a month is exported, in KiB."""
    desk = month_desk(stores, size)
    try:
        export_month(desk, MONTH, stores.scratch / "month.xlsx", overwrite=True)
        tracemalloc.start()
        export_month(desk, MONTH, stores.scratch / "month.xlsx", overwrite=True)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    finally:
        desk.close()
    return most / 1024


def month_desk(stores: Stores, size: int) -> Desk:
    """A practice with a month of so many activities, and a few before it."""
    return stores.desk(stores.filled(size + 500, size))


def write_ours(path: Path, month: SampleMonth) -> None:
    """The workbook as `export month` writes it, from rows that are made as they are asked for."""
    profile = month_profile()
    write_workbook(path, profile, month.sources(), month.control(), made_at=MADE_AT, overwrite=True)


def write_bare(path: Path, profile: Profile, sources: Sources) -> None:
    """The same rows and headings in write-only mode: no style, total, table or control sheet."""
    workbook = Workbook(write_only=True)
    for sheet in profile.sheets:
        written = workbook.create_sheet(sheet.title)
        written.append([column.heading for column in sheet.columns])
        fields = ROW_TYPES[sheet.source]._fields
        places = [fields.index(column.key) for column in sheet.columns]
        for row in sources[sheet.source]:
            written.append([row[place] for place in places])
    workbook.save(path)
