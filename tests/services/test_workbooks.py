"""Every workbook that we ship, on the practice's own months: each column, each sum, and what is narrowed."""

from __future__ import annotations

import re
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from casemgr.core.billing import Adjustment
from casemgr.core.billing_commands import AnswerClaim, AnsweredLine, DenyClaim, SubmitClaims
from casemgr.core.billing_rows import FORM_LINES
from casemgr.core.commands import AmendActivity
from casemgr.core.dates import Month, Span
from casemgr.core.records import Disclosure
from casemgr.core.rows import ActivityFilter
from casemgr.core.sources import SOURCES, kind_of
from casemgr.errors import InputRefused, RuleRefused, VerificationFailed
from casemgr.services.activities import amend_activity, listed
from casemgr.services.claim_life import ready, submit
from casemgr.services.claims import draft_claims, the_claim, void_claim
from casemgr.services.claims import listed as listed_claims
from casemgr.services.exports import export_month, export_workbook
from casemgr.services.importing import import_log
from casemgr.services.month_view import last_export
from casemgr.services.patients import the_patient, the_patient_id
from casemgr.services.profiles import profile_named
from casemgr.services.remittances import answer, deny
from casemgr.services.sources import MAKERS, Scope
from casemgr.services.undo import undo
from casemgr.store.reads.records import load
from tests.documents.formulas import value_of
from tests.services.support import (
    OCTOBER,
    PRACTICE,
    SEPTEMBER,
    copied_practice,
    cover,
    filled_practice,
    length,
    log,
    minutes_of,
)
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from casemgr.core.dates import Period
    from casemgr.services.desk import Desk
    from casemgr.services.exports import ExportedWorkbook

SHIPPED = sorted(path.stem for path in (ROOT / "exports/workbooks").glob("*.toml"))
OF_DAYS = ("activity-log", "claim-form", "minimum-necessary", "remittances")
"""Those that need no whole month."""
PERIODS = {"remittances": Month(2026, 11), "ar-aging": Month(2026, 11)}
"""Where those workbooks have their rows; in September unless it is said here."""
TAKEN = (Adjustment(group="CO", carc="45", cents=300), Adjustment(group="PR", carc="3", cents=200))
AUTUMN = Span(date(2026, 9, 15), date(2026, 11, 20))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a practice with both months in its log, and the claims of September, some answered."""
    home = tmp_path_factory.mktemp("practice") / "home"
    desk = filled_practice(home)
    for month in ("2026-09", "2026-10"):
        import_log(desk, PRACTICE / f"log-{month}.xlsx")
    drafted = draft_claims(desk, SEPTEMBER).claims[:6]
    numbers = tuple(claim.number for claim in drafted)
    ready(desk, numbers, "for the test")
    submit(desk, SubmitClaims(numbers, "paper", date(2026, 10, 5)))
    for claim in drafted[:3]:
        said = tuple(
            AnsweredLine((line.service_date, line.code), line.charge_cents - 500, TAKEN)
            for line in claim.lines
        )
        answer(desk, AnswerClaim(claim.number, date(2026, 11, 3), said, ("N130",), "CHK 7"))
    deny(desk, DenyClaim(drafted[3].number, date(2026, 11, 4), "16", remarks=("N706",)))
    desk.close()
    return home


@pytest.fixture
def clinic(made: Path, home: Path) -> Iterator[Desk]:
    desk = copied_practice(made, home)
    yield desk
    desk.close()


def export(desk: Desk, name: str, period: Period | None = None, patient_id: str = "") -> ExportedWorkbook:
    period = period or PERIODS.get(name, SEPTEMBER)
    return export_workbook(desk, profile_named(desk, name), Scope(period, patient_id))


def rows_of(path: Path, sheet: str) -> list[dict[str, Any]]:
    """The rows of a sheet by heading, without its totals."""
    heading, *rows, _ = CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python()
    return [dict(zip(map(str, heading), row, strict=True)) for row in rows]


def everything_said(path: Path) -> str:
    book = CalamineWorkbook.from_path(path)
    return "\n".join(
        str(cell)
        for name in book.sheet_names
        for row in book.get_sheet_by_name(name).to_python()
        for cell in row
    )


@pytest.mark.parametrize("name", SHIPPED)
def test_each_workbook_that_we_ship_agrees_with_the_log(clinic: Desk, name: str) -> None:
    profile = profile_named(clinic, name)
    assert profile.about
    exported = export(clinic, name)
    book = openpyxl.load_workbook(exported.path)
    assert book.sheetnames == [*(sheet.title for sheet in profile.sheets), profile.control.title]
    assert all(exported.rows.values())
    verdicts = 0
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    found = value_of(book, sheet, cell.coordinate)
                    assert found != "differs", (sheet.title, cell.coordinate)
                    verdicts += found == "agrees"
    assert verdicts >= len(profile.sheets)
    for declared in profile.sheets:
        rows = rows_of(exported.path, declared.title)
        assert len(rows) == exported.rows[declared.title] == exported.figures[f"{declared.source}.rows"]
        for column in declared.sums:
            total = sum(row[column.heading] or 0 for row in rows)
            scale = 100 if column.in_cents else 1
            assert round(total * scale) == exported.figures[f"{declared.source}.{column.key}"], column.key
    assert exported.sha256 == sha256(exported.path.read_bytes()).hexdigest()
    assert export(clinic, name).sha256 == exported.sha256


def test_each_source_has_its_makers() -> None:
    assert MAKERS.keys() == SOURCES.keys()


@pytest.mark.parametrize(
    ("name", "period"),
    [
        *((name, Month(2026, 1)) for name in SHIPPED),
        *((name, Span(date(2026, 1, 1), date(2026, 1, 2))) for name in OF_DAYS),
    ],
    ids=str,
)
def test_what_has_nothing_is_a_workbook_too(desk: Desk, name: str, period: Period) -> None:
    exported = export(desk, name, period)
    assert set(exported.rows.values()) == {0}
    assert "agree with the log" in everything_said(exported.path)


@pytest.mark.parametrize("name", OF_DAYS)
def test_other_days_and_one_patient_agree_with_the_log(clinic: Desk, name: str) -> None:
    patient_id = the_patient_id(clinic, "1033")
    exported = export(clinic, name, AUTUMN, patient_id)
    assert sum(exported.rows.values()) > 0
    assert re.fullmatch(
        rf"{profile_named(clinic, name).stem}-2026-09-15-to-2026-11-20-patient-[0-9a-f]{{6}}-at-\d+\.xlsx",
        exported.path.name,
    )
    said = everything_said(exported.path)
    assert "9/15/2026 to 11/20/2026" in said
    assert "patient F.A., chart 1033" in said
    for title in (title for title, count in exported.rows.items() if count):
        for row in rows_of(exported.path, title):
            who = row.get("Chart no.", row.get("23 Patient account no."))
            assert who in ("1033", None), title


def test_what_is_billed_and_left_out_is_told_of_a_whole_month(clinic: Desk) -> None:
    before = length(clinic)
    with pytest.raises(InputRefused, match="is no month"):
        export(clinic, "month", AUTUMN)
    assert length(clinic) == before
    assert not list(clinic.places.exports.glob("billing-*"))
    of_one = export(clinic, "month", SEPTEMBER, the_patient_id(clinic, "1033"))
    whole = export(clinic, "month", SEPTEMBER)
    assert 0 < of_one.rows["Activities"] < whole.rows["Activities"]
    assert of_one.rows["By patient"] == 1


def test_the_log_is_whole(clinic: Desk) -> None:
    exported = export(clinic, "activity-log", OCTOBER)
    assert exported.path.name == f"activity-log-2026-10-at-{exported.witness.seq}.xlsx"
    wanted = listed(clinic, ActivityFilter(first="2026-10-01", last="2026-10-31"))
    rows = rows_of(exported.path, "Activities")
    assert (len(rows), sum(row["Minutes"] for row in rows)) == (len(wanted), minutes_of(wanted))
    for row, one in zip(rows, wanted, strict=True):
        assert row["Service date"] == date.fromisoformat(one.service_date)
        assert (row["Patient"], row["Chart no."]) == (one.patient, one.chart_number)
        assert (row["Note"], row["Outcome as written"]) == (one.note, one.outcome_words)
        assert (row["Reason"], row["Response"], row["Entered by"]) == (one.reason, one.response, "mrivera")
        assert row["Entered on"] == date(2026, 11, 21)
        assert row["Copied from"].startswith("log-2026-10.xlsx, ")


def test_the_least_names_nobody_and_holds_no_words(clinic: Desk) -> None:
    profile = profile_named(clinic, "minimum-necessary")
    assert "164.502(b)" in profile.leaves_out
    exported = export(clinic, "minimum-necessary", AUTUMN)
    said = everything_said(exported.path)
    assert "Names (initials and chart number stand for the patient)" in said
    for one in listed(clinic, ActivityFilter(first="2026-09-15", last="2026-11-20")):
        for name in (one.last_name, one.first_name):
            # Whole words only, since a name may begin a payer's; one of one letter is its own initial.
            assert len(name) < 2 or not re.search(rf"\b{re.escape(name)}\b", said), name
        for words in (one.note, one.outcome_words, one.contacted, one.birth_date):
            assert not words or words not in said
    rows = rows_of(exported.path, "Billing lines")
    assert {row["Patient"] for row in rows if row["Chart no."] == "1033"} == {"F.A."}
    assert {row["Born in"] for row in rows if row["Chart no."] == "1033"} == {1988}
    month = export(clinic, "minimum-necessary")
    same = export_month(clinic, SEPTEMBER)
    ours, billing = rows_of(month.path, "Billing lines"), rows_of(same.path, "Billing lines")
    keys = ("Claim", "Chart no.", "Service date", "Code", "Minutes", "Quantity", "Charge")
    assert [[row[key] for key in keys] for row in ours] == [[row[key] for key in keys] for row in billing]


def test_remittances_say_what_was_answered(clinic: Desk) -> None:
    exported = export(clinic, "remittances")
    rows = rows_of(exported.path, "Remittances")
    paid = [row for row in rows if row["Reasons (CARC)"].startswith("CO-45")]
    denied = [row for row in rows if row["Reasons (CARC)"].startswith("CO-16")]
    assert len(paid) + len(denied) == len(rows)
    for row in paid:
        assert (row["By contract"], row["Patient (PR)"], row["Denied"]) == (3, 2, 0)
        assert row["Billed"] == row["Paid"] + 5
        assert (row["Check no."], row["Check date"], row["Remarks (RARC)"]) == (
            "CHK 7",
            date(2026, 11, 3),
            "N130",
        )
    for row in denied:
        assert (row["Paid"], row["Denied"]) == (0, row["Billed"])
    assert {row["Chart no."] for row in rows} == {
        the_patient(clinic, the_claim(clinic, row["Claim"]).patient_id).chart_number for row in rows
    }
    assert export(clinic, "remittances", SEPTEMBER).rows == {"Remittances": 0}


def test_aging_stands_as_of_a_day(clinic: Desk) -> None:
    exported = export(clinic, "ar-aging")
    assert exported.title == "as of 11/21/2026"
    assert exported.path.name == f"ar-aging-2026-11-21-at-{exported.witness.seq}.xlsx"
    rows, payers = rows_of(exported.path, "Claims"), rows_of(exported.path, "By payer")
    # Three were paid but for the patient's part, one was denied, two are waiting; all for 47 days.
    assert [row["Status"] for row in rows].count("paid") == 3
    for row in rows:
        charge = the_claim(clinic, row["Claim"]).charge_cents / 100
        lines = len(the_claim(clinic, row["Claim"]).lines)
        owes = (0, 2 * lines) if row["Status"] == "paid" else (charge, 0)
        assert (row["Payer owes"], row["Patient owes"]) == owes
        assert (row["First sent"], row["Days"]) == (date(2026, 10, 5), 47)
        assert (row["0–30 days"], row["31–60 days"], row["61–90 days"], row["91+ days"]) == (0, owes[0], 0, 0)
        assert row["Next"]
        assert bool(row["Last answer"]) == (row["Status"] != "submitted")
    assert sum(row["Claims"] for row in payers) == len(rows) == 6
    assert sum(row["Payer owes"] for row in payers) == sum(row["Payer owes"] for row in rows) > 0
    # Before they were answered, all six waited for the payer.
    before = export(clinic, "ar-aging", OCTOBER)
    assert before.title == "as of 10/31/2026"
    assert {row["Status"] for row in rows_of(before.path, "Claims")} == {"submitted"}
    assert before.figures["aging.patient_cents"] == 0
    of_one = export(clinic, "ar-aging", patient_id=the_patient_id(clinic, "1033"))
    assert of_one.rows == {"Claims": 1, "By payer": 1}


def test_a_claim_form_has_ten_lines(clinic: Desk) -> None:
    rows = rows_of(export(clinic, "claim-form").path, "Claim form")
    by_claim: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_claim.setdefault(row["Claim"], []).append(row)
    assert {one.number for one in listed_claims(clinic, SEPTEMBER)} == by_claim.keys()
    assert max(map(len, by_claim.values())) > FORM_LINES
    for number, lines in by_claim.items():
        claim = the_claim(clinic, number)
        assert [(row["Form"], row["Line"]) for row in lines] == [
            (at // FORM_LINES + 1, at % FORM_LINES + 1) for at in range(len(lines))
        ]
        assert [row["24 Procedure date"].isoformat() for row in lines] == [
            line.service_date for line in claim.lines
        ]
        assert round(sum(row["31 Fee"] for row in lines) * 100) == claim.charge_cents
        assert [bool(row["35 Remarks"]) for row in lines] == [row["Line"] == 1 for row in lines]
        for row in lines:
            on_form = [each["31 Fee"] for each in lines if each["Form"] == row["Form"]]
            assert row["32 Total fee"] == (round(sum(on_form), 2) if row["Line"] == 1 else "")
        assert {(row["15 Subscriber ID"], row["38 Place of treatment"]) for row in lines} == {
            (claim.member_id, "11")
        }


def test_lines_of_a_voided_claim_are_on_no_form(clinic: Desk) -> None:
    *others, one = listed_claims(clinic, SEPTEMBER)
    void_claim(clinic, one.number, "wrong payer")
    rows = rows_of(export(clinic, "claim-form").path, "Claim form")
    assert {row["Claim"] for row in rows} == {other.number for other in others}


def test_each_is_recorded_by_its_name_and_without_a_persons(clinic: Desk) -> None:
    before = length(clinic)
    exported = export(clinic, "activity-log", SEPTEMBER, the_patient_id(clinic, "1033"))
    assert length(clinic) == before + 1
    found = clinic.store.one("SELECT id FROM disclosures ORDER BY row DESC LIMIT 1")
    assert found is not None
    disclosure = load(clinic.store, Disclosure, found[0])
    assert disclosure is not None
    assert disclosure.what == kind_of("activity-log") == "activity-log workbook"
    assert disclosure.filters == "2026-09, patient F.A., chart 1033"
    assert (disclosure.rows, disclosure.sha256) == (exported.rows["Activities"], exported.sha256)
    assert disclosure.file == exported.path.name


def test_another_workbook_is_not_taken_for_the_months(clinic: Desk) -> None:
    export(clinic, "activity-log", OCTOBER)
    assert last_export(clinic, OCTOBER) is None
    done = export_month(clinic, OCTOBER)
    export(clinic, "activity-log", OCTOBER)
    found = last_export(clinic, OCTOBER)
    assert found is not None
    assert found.file == done.path.name


def test_what_a_workbook_of_other_days_shows_is_not_undone(desk: Desk) -> None:
    log(desk, "20m referral #1030 10/20: consult => booked")
    export(desk, "activity-log", Span(date(2026, 9, 1), date(2026, 11, 3)))
    with pytest.raises(RuleRefused, match="exported"):
        undo(desk)


def test_altered_claims_are_on_no_form(desk: Desk) -> None:
    cover(desk, the_patient_id(desk, "1030"))
    log(desk, "20m referral #1030 10/20: consult => booked")
    draft_claims(desk, OCTOBER)
    with desk.store.immediate():
        desk.store.connection.execute("UPDATE claim_lines SET fee_cents = 99")
    with pytest.raises(VerificationFailed):
        export(desk, "claim-form", OCTOBER)
    assert not list(desk.places.exports.iterdir())


def test_an_amended_entry_is_marked(desk: Desk) -> None:
    activity = log(desk, "20m referral #1030 10/20: consult => booked")
    amend_activity(desk, AmendActivity(activity.id, "miscounted", {"minutes": 25}))
    (row,) = rows_of(export(desk, "activity-log", OCTOBER).path, "Activities")
    assert (row["Minutes"], row["Amended"], row["Signed by"]) == (25, "yes", "mrivera")
