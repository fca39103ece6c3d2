"""What SECURITY.md says of bounds and readers is what the code keeps to."""

from __future__ import annotations

import re

from casemgr.cli.imports import import_command
from casemgr.intake.containers import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, MAX_UNPACKED_BYTES
from casemgr.intake.remittance_835 import MAX_835_BYTES
from casemgr.intake.tables import MAX_FILE_BYTES
from casemgr.intake.x12 import MAX_SEGMENTS
from tests.fuzz.bounds import table
from tests.fuzz.readers import READERS
from tests.support import ROOT


def section(name: str) -> str:
    """What stands between two marks."""
    text = (ROOT / "SECURITY.md").read_text("utf-8")
    found = re.search(rf"<!-- {name} -->\n(.*?)\n<!-- /{name} -->", text, re.DOTALL)
    assert found, name
    return found[1]


def test_the_bounds_are_those_of_the_code() -> None:
    assert section("bounds") == table()


def test_the_help_of_imports_says_them_too() -> None:
    said = " ".join(str(import_command.help).split())
    for number in (MAX_ROWS, MAX_COLUMNS, MAX_CELLS, MAX_SEGMENTS):
        assert f"{number:,} " in said
    for megabytes in (MAX_FILE_BYTES, MAX_835_BYTES, MAX_UNPACKED_BYTES):
        assert f"{megabytes >> 20} MB" in said


def test_every_reader_has_its_row_and_none_was_found_wanting() -> None:
    rows = [line.split(" | ") for line in section("inputs").splitlines() if line.startswith("| ")][2:]
    assert [row[0].removeprefix("| ") for row in rows] == [reader.title for reader in READERS.values()]
    for row in rows:
        assert int(row[1].replace(",", "")) > 0
        assert row[2:4] == ["0", "0"]
        assert row[4].removesuffix(" |") in ("0", "writes nothing")
