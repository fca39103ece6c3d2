"""The bounds as SECURITY.md states them, out of the code that keeps them."""

from __future__ import annotations

from casemgr.cli.log import MAX_BATCH, MAX_BATCH_LINES
from casemgr.core.bounds import MAX_LINE, MAX_NAME, MAX_NOTE, MAX_WORDS
from casemgr.core.minutes import MAX_MINUTES
from casemgr.core.money import MAX_CENTS, format_cents
from casemgr.documents.enclosures import MAX_BYTES
from casemgr.documents.pages import MAX_PAGES
from casemgr.documents.pictures import MAX_PIXELS
from casemgr.intake.apart import MAX_MEMORY, MAX_SECONDS
from casemgr.intake.containers import MAX_CELLS, MAX_COLUMNS, MAX_PARTS, MAX_ROWS, MAX_UNPACKED_BYTES
from casemgr.intake.remittance_835 import MAX_835_BYTES
from casemgr.intake.tables import MAX_FILE_BYTES
from casemgr.intake.x12 import LONGEST_SEGMENT, MAX_SEGMENTS
from casemgr.resources import MAX_CONTENT_BYTES
from casemgr.store.key_slots import LARGEST

BOUNDS: tuple[tuple[str, str], ...] = (
    ("a note, and what a case or a payer says at length", f"{MAX_NOTE:,} characters"),
    ("an outcome, a reason, a next step, an address, a field of a kind", f"{MAX_WORDS:,} characters"),
    ("a name, a number, and every other text", f"{MAX_NAME:,} characters"),
    ("the one line that logs an activity", f"{MAX_LINE:,} characters"),
    ("minutes; an amount", f"{MAX_MINUTES}; {format_cents(MAX_CENTS)}"),
    ("a batch in JSON", f"{MAX_BATCH_LINES:,} lines, {MAX_BATCH:,} characters"),
    ("a table file (xlsx, xls, xlsb, ods, csv)", f"{MAX_FILE_BYTES >> 20} MB"),
    ("its tables", f"{MAX_ROWS:,} rows and {MAX_COLUMNS:,} columns a sheet, {MAX_CELLS:,} cells in all"),
    (
        "a zipped one (xlsx, ods)",
        f"{MAX_UNPACKED_BYTES >> 20} MB unpacked, whatever it states; {MAX_PARTS:,} parts; no entities",
    ),
    (
        "a binary one (xls, xlsb)",
        f"{MAX_MEMORY >> 30} GB of memory and {MAX_SECONDS} seconds in a process of its own",
    ),
    ("an 835", f"{MAX_835_BYTES >> 20} MB, {MAX_SEGMENTS:,} segments of {LONGEST_SEGMENT:,} characters"),
    ("a content file, and the settings", f"{MAX_CONTENT_BYTES >> 20} MB"),
    ("the file of the key slots", f"{LARGEST >> 20} MB"),
    (
        "an attached file",
        f"{MAX_BYTES // 1_000_000} MB, {MAX_PAGES} pages, {MAX_PIXELS // 1_000_000} megapixels",
    ),
)
"""What there is, and how much of it at most."""


def table() -> str:
    """As SECURITY.md has them."""
    rows = (f"| {what} | {most} |" for what, most in BOUNDS)
    return "\n".join(("| what | at most |", "| --- | --- |", *rows))
