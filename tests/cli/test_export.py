"""`casemgr export` as processes: its answers, and what stands in its way."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from casemgr.services.desk import open_desk
from casemgr.settings import read_settings
from tests.cli.support import entries, read_json
from tests.services.support import length
from tests.support import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support import Cli

LINE = "20m referral #1030 10/20/2026: consult => booked"


def test_its_answer_says_what_was_written(practice: Cli, tmp_path: Path) -> None:
    practice("coverage", "add", "1030", "--payer", "Sunrise", "--member", "S1")
    practice("log", LINE)
    told = read_json(practice, "export", "month", "2026-10", "-o", "october.xlsx")
    path = tmp_path / "october.xlsx"
    head = read_json(practice, "verify")["head"]
    assert told.keys() >= {"path", "rows", "minutes", "sha256", "ledger_head"}
    assert (told["path"], told["rows"], told["minutes"]) == (str(path), 1, 20)
    assert (told["billing_lines"], told["to_draft"]) == (1, 1)
    assert told["sha256"] == sha256(path.read_bytes()).hexdigest()
    # The export itself was recorded after the entry that it bears witness to.
    assert told["ledger_head"] != head
    assert "Agrees with the log" in practice("export", "month", "October 2026").stderr
    position = told["ledger_head"].split()[0].partition(":")[2]
    assert (
        practice.home / "exports" / f"billing-2026-10-at-{position}.xlsx"
    ).read_bytes() == path.read_bytes()


def test_lines_on_a_claim_are_told_from_those_to_draft(practice: Cli) -> None:
    practice("coverage", "add", "1030", "--payer", "Sunrise", "--member", "S1")
    practice("log", LINE)
    practice("claim", "draft", "--month", "2026-10")
    practice("log", "15m ride #1030 10/19/2026: no car => ride confirmed")
    told = read_json(practice, "export", "month", "2026-10")
    assert (told["billing_lines"], told["to_draft"]) == (2, 1)
    assert "2 billing lines, 1 of them to draft" in practice("export", "month", "2026-10").stderr


def test_altered_tables_are_not_exported_and_the_way_out_is_told(practice: Cli, home: Path) -> None:
    practice("log", LINE)
    desk = open_desk(read_settings({"CASEMGR_HOME": str(home)}))
    with desk.store.immediate():
        desk.store.connection.execute("UPDATE activities SET minutes = 200")
    before = length(desk)
    done = practice("export", "month", "2026-10", code=8)
    assert "casemgr verify" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert not list((home / "exports").iterdir())
    assert length(desk) == before
    desk.close()


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


def test_a_profile_is_found_told_of_and_written(practice: Cli, tmp_path: Path) -> None:
    practice("log", LINE)
    found = {each["id"]: each for each in read_json(practice, "export", "profiles")}
    assert {"activity-log", "claim-form", "minimum-necessary", "month"} <= found.keys()
    assert all(each["usable"] and each["about"] and not each["own"] for each in found.values())
    assert "164.502(b)" in found["minimum-necessary"]["leaves_out"]
    told = read_json(
        practice,
        *("export", "workbook", "activity-log", "--from", "10/1/2026", "--to", "10/20/2026"),
        *("--patient", "1030", "-o", "log.xlsx"),
    )
    path = tmp_path / "log.xlsx"
    assert (told["profile"], told["of"]) == ("activity-log", "10/1/2026 to 10/20/2026")
    assert (told["path"], told["rows"]) == (str(path), {"Activities": 1})
    assert told["sha256"] == sha256(path.read_bytes()).hexdigest()
    done = practice("export", "workbook", "Claim form", "--month", "2026-09")
    assert "nothing to show" in done.stderr
    assert done.stdout.strip().startswith(str(practice.home / "exports" / "claim-form-2026-09-at-"))


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("bord",), 4, "minimum-necessary"),
        (("activity-log", "--month", "2026-10", "--from", "10/1/2026"), 3, "not both"),
        (("activity-log", "--to", "10/1/2026"), 3, "--from"),
        (("activity-log", "--from", "10/3/2026", "--to", "10/1/2026"), 3, "before the first"),
        (("activity-log", "--patient", "nobody"), 4, "nobody"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_what_a_workbook_cannot_be_of_is_told(
    practice: Cli, args: tuple[str, ...], code: int, said: str
) -> None:
    before = entries(practice)
    assert said in practice("export", "workbook", *args, code=code).stderr
    assert entries(practice) == before
    assert not list((practice.home / "exports").glob("*.xlsx"))


def test_what_is_wrong_with_a_profile_is_told(run_cli: Cli, tmp_path: Path) -> None:
    text = (ROOT / "exports/workbooks/minimum-necessary.toml").read_text(encoding="utf-8")
    good, bad = tmp_path / "ours.toml", tmp_path / "theirs.toml"
    good.write_text(text, encoding="utf-8")
    bad.write_text(text.replace('"initials"', '"initals"').replace('= "billing_lines"\nf', '= "lines"\nf'))
    assert "nothing is wrong" in run_cli("export", "check", good).stdout
    told = read_json(run_cli, "export", "check", good)
    assert (told["id"], told["faults"], told["sheets"][0]["source"]) == ("ours", [], "billing_lines")
    assert 'did you mean "billing_lines"?' in run_cli("export", "check", bad, code=9).stderr
    bad.write_text(text.replace('"initials"', '"initals"').replace("width = 12", "wdth = 12", 1))
    told = json.loads(run_cli("export", "check", bad, "--json", code=9).stdout)
    assert any('did you mean "width"?' in fault for fault in told["faults"])
    bad.write_text(text.replace('"initials"', '"initals"'))
    assert 'did you mean "initials"?' in run_cli("export", "check", bad, code=9).stderr
    assert "cannot" in run_cli("export", "check", tmp_path / "none.toml", code=9).stderr


def test_what_a_profile_may_name_is_listed(run_cli: Cli) -> None:
    sources = {each["source"]: each["fields"] for each in read_json(run_cli, "export", "sources")}
    assert {"billing_lines", "log", "claim_form", "remittances"} <= sources.keys()
    fields = read_json(run_cli, "export", "sources", "billing_lines")
    assert [each["key"] for each in fields] == sources["billing_lines"]
    assert {"key": "charge_cents", "formats": ["money", "balance"]} in fields
    assert "remittances" in run_cli("export", "sources", "remitances", code=4).stderr
