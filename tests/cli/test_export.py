"""`casemgr export month` as processes: its answer, and what stands in its way."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from tests.cli.support import entries, read_json

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support import Cli

LINE = "20m referral #1030 10/20/2026: consult => booked"


def test_its_answer_says_what_was_written(practice: Cli, tmp_path: Path) -> None:
    practice("log", LINE)
    told = read_json(practice, "export", "month", "2026-10", "-o", "october.xlsx")
    path = tmp_path / "october.xlsx"
    head = read_json(practice, "verify")["head"]
    assert told.keys() >= {"path", "rows", "minutes", "sha256", "ledger_head"}
    assert (told["path"], told["rows"], told["minutes"]) == (str(path), 1, 20)
    assert told["sha256"] == sha256(path.read_bytes()).hexdigest()
    # The export itself was recorded after the entry that it bears witness to.
    assert told["ledger_head"] != head
    assert "Agrees with the log" in practice("export", "month", "October 2026").stderr
    assert (practice.home / "exports" / "billing-2026-10.xlsx").read_bytes() == path.read_bytes()


def test_another_file_is_replaced_only_where_that_is_said(practice: Cli, tmp_path: Path) -> None:
    path = tmp_path / "october.xlsx"
    path.write_bytes(b"somebody's")
    before = entries(practice)
    assert "--overwrite" in practice("export", "month", "2026-10", "-o", path, code=7).stderr
    assert path.read_bytes() == b"somebody's"
    assert entries(practice) == before
    practice("export", "month", "2026-10", "-o", path, "--overwrite")
    assert path.read_bytes().startswith(b"PK")


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("2026-10", "-o", "file/october.xlsx"), 7, "file"),
        (("2026-10", "-o", "folder"), 7, "folder"),
        (("2026-10", "-o", "open.xlsx", "--overwrite"), 7, "open in another program"),
        (("2026-10", "-o", "/proc/october.xlsx"), 7, "october.xlsx"),
        (("2026-13",), 3, "no month 13"),
        (("soon",), 3, "soon"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_where_it_cannot_be_written_that_is_told_and_nothing_recorded(
    practice: Cli, tmp_path: Path, args: tuple[str, ...], code: int, said: str
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "open.xlsx").write_bytes(b"being edited")
    (tmp_path / "~$open.xlsx").touch()
    before, names = entries(practice), sorted(path.name for path in tmp_path.iterdir())
    done = practice("export", "month", *args, code=code)
    assert said in done.stderr, done.stderr
    assert "Traceback" not in done.stderr
    assert entries(practice) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    assert (tmp_path / "open.xlsx").read_bytes() == b"being edited"
