"""`casemgr import` as processes, on the practice's own months; then the workbook of each, cell by cell."""

from __future__ import annotations

import json
import tomllib
from collections import defaultdict
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from python_calamine import CalamineWorkbook

from tests.cli.support import entries, read_json
from tests.support import ROOT, WITH_PASSPHRASE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support import Cli

PRACTICE = ROOT / "tests" / "data" / "practice"
MONTHS = {"2026-09": (290, 8516, 11), "2026-10": (307, 8903, 7)}
INIT = (
    *("init", "--practice", "Riverside Dental", "--timezone", "America/New_York"),
    *("--owner", "mrivera", "--owner-name", "Marisol Rivera"),
    *WITH_PASSPHRASE,
)


@pytest.fixture
def clinic(run_cli: Cli) -> Cli:
    """The practice of the logs, with its patients and staff."""
    run_cli(*INIT)
    assert read_json(run_cli, "import", "staff", PRACTICE / "staff.csv")["rejected"] == []
    assert read_json(run_cli, "import", "patients", PRACTICE / "patients.csv")["rejected"] == []
    return run_cli


def without_reasons(told: dict[str, Any]) -> dict[str, Any]:
    for row in told["rejected"]:
        assert row.pop("reason")
    return told


def expected(month: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((PRACTICE / f"expected-{month}.json").read_text("utf-8"))
    del told["month"]
    return told


@pytest.mark.parametrize("month", list(MONTHS))
def test_a_month_comes_in_as_expected_once_and_its_workbook_agrees(
    clinic: Cli, tmp_path: Path, month: str
) -> None:
    rows, minutes, rejected = MONTHS[month]
    log = PRACTICE / f"log-{month}.xlsx"
    before = entries(clinic)
    dry = read_json(clinic, "import", "log", log, "--dry-run")
    assert without_reasons(dry) == expected(month)
    assert entries(clinic) == before

    assert without_reasons(read_json(clinic, "import", "log", log)) == expected(month)
    again = read_json(clinic, "import", "log", log)
    assert (again["accepted"], again["minutes"], len(again["rejected"])) == (0, 0, rejected)

    undone = clinic("undo").stderr
    assert f"Undone: import of {rows} activities, 1 import" in undone
    assert without_reasons(read_json(clinic, "import", "log", log)) == expected(month)

    clinic("claim", "draft", "--month", month, "--patient", "1002")
    exported = read_json(clinic, "export", "month", month, "-o", tmp_path / "month.xlsx", "--clear")
    assert (exported["rows"], exported["minutes"]) == (rows, minutes)
    assert exported["sha256"] == sha256((tmp_path / "month.xlsx").read_bytes()).hexdigest()
    again = read_json(clinic, "export", "month", month, "-o", tmp_path / "again.xlsx")
    assert (again["sha256"], again["ledger_head"]) == (exported["sha256"], exported["ledger_head"])
    device, _, head = exported["ledger_head"].partition(" ")
    assert ":" in device
    assert len(head) == 64
    compare(clinic, tmp_path / "month.xlsx", month, rejected)


def grid(path: Path, sheet: str) -> list[dict[str, Any]]:
    """A sheet by its headings, without the row of totals."""
    heading, *rows, _ = CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python()
    return [dict(zip(map(str, heading), row, strict=True)) for row in rows]


def content(folder: str) -> dict[str, Any]:
    """The content files of a folder by their names."""
    return {
        path.stem: tomllib.loads(path.read_text("utf-8"))
        for path in (ROOT / "schema" / folder).glob("*.toml")
    }


def compare(cli: Cli, path: Path, month: str, rejected: int) -> None:
    """Every cell of the workbook against what the log and the claims say, worked out here once more."""
    log = read_json(cli, "activity", "list", "--month", month)
    kinds = {kind["kind"]: kind for kind in content("activities").values()}
    names = {member["login"]: member for member in read_json(cli, "staff", "list")}
    codes = {name: code["title"] for name, code in content("codes").items()}
    outcomes = {name: {each["id"]: each["label"] for each in kind["outcome"]} for name, kind in kinds.items()}
    shown = grid(path, "Activities")
    assert len(shown) == len(log)
    for cells, row in zip(shown, log, strict=True):
        assert cells["Service date"] == date.fromisoformat(row["service_date"])
        assert cells["Birth date"] == date.fromisoformat(row["birth_date"])
        assert (cells["Patient"], cells["Chart no."]) == (row["patient"], row["chart_number"])
        assert (cells["Kind"], cells["Minutes"]) == (kinds[row["kind"]]["title"], row["minutes"])
        assert (cells["Staff"], cells["Credential"]) == (
            names[row["staff"]]["name"],
            names[row["staff"]]["credential"],
        )
        assert (cells["Outcome"], cells["Outcome as written"]) == (
            outcomes[row["kind"]][row["outcome"]],
            row["outcome_words"],
        )
        assert (cells["Note"], cells["Next step"]) == (row["note"], row["next_step"])
        assert (cells["Status"], cells["Claim"]) == (row["status"], row["claim"])
        assert cells["Days late"] == (row["late_days"] or "")
        assert (cells["Amended"], cells["Entry"]) == ("", row["id"][-6:])

    lines, left_out, unpaid = billing(cli, log, kinds)
    billed = {
        (
            cells["Chart no."],
            cells["Service date"].isoformat(),
            cells["Code"],
            cells["Claim"],
            cells["Payer"],
            cells["Member ID"],
        ): (
            cells["Minutes"],
            cells["Quantity"],
            round(cells["Fee"] * 100),
            round(cells["Charge"] * 100),
            cells["Activities"],
            set(cells["Rendered by"].split(", ")),
            cells["Procedure"],
        )
        for cells in grid(path, "Billing lines")
    }
    assert billed == {
        key: (minutes, 1, fee, fee, count, {names[each]["name"] for each in staff}, codes[key[2]])
        for key, (minutes, fee, count, staff) in lines.items()
    }
    shown_left_out = grid(path, "Left out")
    for why, rows in (("No coverage", left_out), ("Not billable", unpaid)):
        assert [
            (cells["Service date"].isoformat(), cells["Patient"], cells["Kind"], cells["Minutes"])
            for cells in shown_left_out
            if cells["Why"] == why
        ] == [
            (row["service_date"], row["patient"], kinds[row["kind"]]["title"], row["minutes"])
            for row in sorted(rows, key=lambda row: (row["patient"], row["birth_date"]))
        ]
    assert sum(cells["Why"] == "Rejected at import" for cells in shown_left_out) == rejected
    assert {cells["Why"] for cells in shown_left_out} == {"No coverage", "Not billable", "Rejected at import"}

    by_patient = {
        (cells["Chart no."]): (cells["Activities"], cells["Minutes"], cells["Billing lines"], cells["Charge"])
        for cells in grid(path, "By patient")
    }
    assert by_patient == {
        chart: (
            sum(row["chart_number"] == chart for row in log),
            sum(row["minutes"] for row in log if row["chart_number"] == chart),
            sum(key[0] == chart for key in lines),
            sum(line[1] for key, line in lines.items() if key[0] == chart) / 100,
        )
        for chart in {row["chart_number"] for row in log}
    }
    not_billed = {row["id"] for row in (*left_out, *unpaid)}
    by_staff = {
        cells["Staff"]: (
            cells["Activities"],
            cells["Minutes"],
            cells["Minutes on lines"],
            cells["Minutes left out"],
        )
        for cells in grid(path, "By staff")
    }
    assert by_staff == {
        names[login]["name"]: (
            sum(row["staff"] == login for row in log),
            sum(row["minutes"] for row in log if row["staff"] == login),
            sum(row["minutes"] for row in log if row["staff"] == login and row["id"] not in not_billed),
            sum(row["minutes"] for row in log if row["staff"] == login and row["id"] in not_billed),
        )
        for login in {row["staff"] for row in log}
    }


def billing(
    cli: Cli, log: list[dict[str, Any]], kinds: dict[str, Any]
) -> tuple[dict[tuple[str, ...], tuple[int, int, int, set[str]]], list[dict[str, Any]], list[dict[str, Any]]]:
    """Billing lines by chart, date, code, claim, payer and member id; what has no coverage; voicemails.

    Of the payers' rules, this knows the one that these months meet: one of them pays for no voicemail.
    """
    coverages = {each["patient_id"]: each for each in read_json(cli, "coverage", "list")}
    payers = content("payers")
    gathered: dict[tuple[str, ...], list[tuple[dict[str, Any], int]]] = defaultdict(list)
    left_out, unpaid = [], []
    for row in log:
        coverage = coverages.get(row["patient_id"])
        if coverage is None:
            left_out.append(row)
            continue
        if coverage["payer"] == "sunrise-medicaid-dental" and row["outcome"] == "voicemail":
            unpaid.append(row)
            continue
        rules = payers.get(coverage["payer"], payers["generic"])
        code = rules["codes"].get(row["kind"], rules["codes"].get("*", kinds[row["kind"]]["code"]))
        key = (
            row["chart_number"],
            row["service_date"],
            code,
            row["claim"] or "to draft",
            coverage["payer_name"],
            coverage["member_id"],
        )
        gathered[key].append((row, rules["fees"].get(code, 0)))
    lines = {
        key: (
            sum(row["minutes"] for row, _ in found),
            found[0][1],
            len(found),
            {row["staff"] for row, _ in found},
        )
        for key, found in gathered.items()
    }
    return lines, left_out, unpaid


def test_what_is_done_is_told_on_standard_error_and_the_rejects_are_named(
    clinic: Cli, tmp_path: Path
) -> None:
    rejects = tmp_path / "mend.xlsx"
    done = clinic("import", "log", PRACTICE / "log-2026-10.xlsx", "--rejects", rejects)
    assert "307 rows taken in" in done.stderr
    assert "7 rejected" in done.stderr
    assert str(rejects) in done.stderr
    assert "13/45/26" in done.stdout
    assert rejects.is_file()
    # The same name again would write over what may be half mended: nothing is done.
    before = entries(clinic)
    again = clinic("import", "log", PRACTICE / "log-2026-10.xlsx", "--rejects", rejects, code=7)
    assert "already there" in again.stderr
    assert entries(clinic) == before


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("log", "none.xlsx"), 4, "none.xlsx"),
        (("log", "broken.xlsx"), 3, "broken.xlsx"),
        (("log", "log.csv", "--map", "minuts=Duration"), 3, "minuts"),
        (("log", "log.csv", "--map", "minutes=Length"), 3, "Length"),
        (("log", "log.csv", "--map", "minutes"), 3, "minutes"),
        (("log", "odd.csv"), 3, "minutes"),
        (("patients", "log.csv"), 3, "log.csv"),
        (("log",), 2, "FILE"),
    ],
)
def test_what_cannot_be_read_is_told_and_nothing_comes_in(
    practice: Cli, tmp_path: Path, args: tuple[str, ...], code: int, said: str
) -> None:
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    (tmp_path / "log.csv").write_text(
        "Date,Client,Type,Duration,Staff,Outcome\n10/20/2026,1030,Referral,20,Tam Chen,booked\n",
        encoding="utf-8",
    )
    (tmp_path / "odd.csv").write_text(
        "Date,Wer,Was,Wie lange\n10/20/2026,1030,Referral,20\n", encoding="utf-8"
    )
    done = practice("import", *args, code=code)
    assert said.lower() in done.stderr.lower(), done.stderr
    assert "Traceback" not in done.stderr
    assert read_json(practice, "activity", "list", "--month", "2026-10") == []


def test_columns_are_named_where_guessing_fails(practice: Cli, tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(
        "Date;Who was it;Type;Spent;Staff;Outcome\n10/20/2026;#1030;Referral;20;Tam Chen;booked\n",
        encoding="utf-16",
    )
    told = read_json(
        practice,
        "import",
        "log",
        "log.csv",
        "--map",
        "patient=Who was it",
        "--map",
        "minutes=Spent",
        "--draft",
    )
    assert (told["accepted"], told["rejected"]) == (1, [])
    assert [row["status"] for row in read_json(practice, "activity", "list", "--month", "2026-10")] == [
        "draft"
    ]
