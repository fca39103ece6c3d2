"""Taking in what billing filled in: the difference alone, legal moves only, and nothing twice."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from casemgr.core.commands import AmendActivity
from casemgr.core.records import ImportBatch
from casemgr.errors import InputRefused, NotFound
from casemgr.services.activities import amend_activity
from casemgr.services.claim_life import close, correct, ready
from casemgr.services.claim_money import account_of
from casemgr.services.exports import export_month
from casemgr.services.importing_billing import import_billing
from casemgr.services.month_close import close_month
from casemgr.services.remittances import void_remittance
from casemgr.store.reads.answers import remittances_of
from casemgr.store.reads.claims import last_import
from tests.services.accounts import FEE, drafted, now, off, paid, sent
from tests.services.support import OCTOBER, TODAY, assert_whole, length

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.core.billing import Claim
    from casemgr.services.desk import Desk
    from casemgr.services.importing_billing import ImportedBilling

SHEET = "Billing lines"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "october.xlsx"


@pytest.fixture
def claim(desk: Desk, ana: str) -> Claim:
    """A ready claim of two lines, 10/5 and 10/6."""
    made = drafted(desk, ana, 5, 6)
    return ready(desk, (made.number,), "for a test")[0].claim


def fill(path: Path, *rows: dict[str, Any]) -> Path:
    """Fill in cells below the headings, by heading; a row of nothing is left as it is."""
    book = openpyxl.load_workbook(path)
    sheet: Any = book[SHEET]
    at = {cell.value: cell.column for cell in sheet[1]}
    for number, row in enumerate(rows, 2):
        for heading, value in row.items():
            sheet.cell(number, at[heading]).value = value
    book.save(path)
    return path


def exported(desk: Desk, file: Path, *rows: dict[str, Any]) -> Path:
    export_month(desk, OCTOBER, file, overwrite=True)
    return fill(file, *rows)


def reasons(done: ImportedBilling) -> list[str]:
    assert not done.taken
    return list(dict.fromkeys(one.reason for one in done.refused))


PAID = {
    "Status": "paid",
    "Submitted on": date(2026, 10, 12),
    "Paid": 15,
    "Adjusted (CO)": 7.5,
    "Reason (CARC)": "CO-45",
    "Payer claim no.": "0098",
    "Answered on": date(2026, 10, 20),
}


def test_a_workbook_that_nobody_filled_in_says_nothing_new(desk: Desk, claim: Claim, file: Path) -> None:
    before = length(desk)
    exported(desk, file)
    done = import_billing(desk, file)
    assert (done.taken, done.refused, done.same) == ((), (), 2)
    assert length(desk) == before + 1
    assert done.ignored == 1
    assert "Activities" in done.skipped


def test_a_line_is_sent_answered_and_paid_in_one_go(desk: Desk, claim: Claim, file: Path) -> None:
    exported(desk, file, PAID, PAID)
    tried = import_billing(desk, file, dry_run=True)
    assert now(desk, claim) == claim
    done = import_billing(desk, file)
    assert tried == done._replace(dry_run=True)
    (one,) = done.taken
    assert (one.before, one.after) == ("ready", "paid")
    assert [(each.place, each.label, each.known, each.said) for each in one.differences][:4] == [
        ("Billing lines, row 2", "Status", "ready", "paid"),
        ("Billing lines, row 2", "Submitted on", "", "10/12/2026"),
        ("Billing lines, row 2", "Paid", "", "$15.00"),
        ("Billing lines, row 2", "Adjusted (CO)", "", "$7.50"),
    ]
    moved = now(desk, claim)
    assert (moved.status, moved.sent_on, moved.payer_claim_number) == ("paid", "2026-10-12", "0098")
    money = account_of(desk, moved).money
    assert (money.paid_cents, money.contractual_cents, money.insurer_cents) == (3000, 1500, 0)
    (answer,) = remittances_of(desk.store, claim.id)
    assert (answer.paid_on, answer.file) == ("2026-10-20", "october.xlsx")
    batch = last_import(desk.store, "billing", "october.xlsx")
    assert isinstance(batch, ImportBatch)
    assert (batch.accepted, batch.rejected) == (1, ())
    assert_whole(desk)


def test_the_same_workbook_again_and_a_fresh_export_change_nothing(
    desk: Desk, claim: Claim, file: Path, tmp_path: Path
) -> None:
    other = PAID | {"Reason (CARC)": "CO-45 5.00; CO-97 2.50", "Answered on": date(2026, 10, 19)}
    exported(desk, file, PAID | {"Status": "paid in part"}, other | {"Status": "paid in part"})
    done = import_billing(desk, file)
    assert done.taken[0].after == "paid_in_part"
    before = length(desk)
    again = import_billing(desk, file)
    assert (again.taken, again.refused, again.same) == ((), (), 2)
    assert length(desk) == before
    fresh = exported(desk, tmp_path / "fresh.xlsx")
    assert import_billing(desk, fresh).same == 2


def test_what_is_paid_later_is_booked_beyond_what_is_known(desk: Desk, claim: Claim, file: Path) -> None:
    sent(desk, redrafted(desk, claim), date(2026, 10, 10))
    paid(desk, claim, 1000, "CO-45=500", key=("2026-10-05", "D9993"))
    exported(desk, file, {"Paid": 15, "Answered on": TODAY})
    (one,) = import_billing(desk, file).taken
    assert [each.label for each in one.differences] == ["Paid"]
    first, second = remittances_of(desk.store, claim.id)
    assert (first.paid_cents, second.paid_cents) == (1000, 500)
    assert second.lines[0].adjustments == (off("CO-45=500"),)
    exported(desk, file, {"Paid": 12, "Answered on": TODAY})
    (why,) = reasons(import_billing(desk, file))
    assert why.startswith("$12.00 paid is less than the $15.00 that is booked.")
    assert "casemgr remittance void" in why


def test_what_is_left_to_the_patient_needs_no_reason(
    desk: Desk, claim: Claim, file: Path, tmp_path: Path
) -> None:
    told = PAID | {"Patient (PR)": 7.5, "Adjusted (CO)": None, "Reason (CARC)": None}
    exported(desk, file, told, told)
    assert import_billing(desk, file).taken[0].after == "paid"
    assert account_of(desk, now(desk, claim)).money.patient_balance_cents == 1500
    assert import_billing(desk, file).same == 2
    assert import_billing(desk, exported(desk, tmp_path / "fresh.xlsx")).same == 2


def redrafted(desk: Desk, claim: Claim) -> Claim:
    """The claim as a draft again, for `sent`."""
    return correct(desk, (claim.number,))[0].claim


def test_a_denial_says_why(desk: Desk, claim: Claim, file: Path) -> None:
    told = {"Status": "denied", "Submitted on": date(2026, 10, 12), "Paid": 0, "Answered on": TODAY}
    exported(desk, file, told, told)
    assert reasons(import_billing(desk, file)) == [
        "It says denied, and not why. Write the reason's code, such as CO-197."
    ]
    fill(file, {"Reason (CARC)": "CO-197"}, {"Reason (CARC)": "CO-197"})
    (one,) = import_billing(desk, file).taken
    assert one.after == "denied"
    assert account_of(desk, now(desk, claim)).money.denied_cents == 2 * FEE


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"Status": "submitted"}, "Fill in what is missing"),
        ({"Status": "closed"}, "claim close"),
        ({"Status": "sbmitted"}, "Status: “sbmitted” is none. Did you mean submitted?"),
        ({"Submitted on": "2026-10-30"}, "Submitted on: 10/30/2026 is in the future."),
        ({"Submitted on": date(2026, 10, 5)}, "before its last work"),
        ({"Paid": 15, "Answered on": TODAY}, "Fill in “Submitted on”"),
        ({"Submitted on": date(2026, 10, 12), "Paid": 15}, "does not say when the payer answered"),
        ({"Submitted on": date(2026, 10, 12), "Answered on": TODAY}, "nothing new of what"),
        (PAID | {"Adjusted (CO)": 8}, "more than the charge of $22.50"),
        (PAID | {"Reason (CARC)": ""}, "it does not say why"),
        (PAID | {"Reason (CARC)": "CO-45; CO-97"}, "CO-45 and CO-97 have no amounts"),
        (PAID | {"Reason (CARC)": "CO-45 5.00"}, "its reasons come to $5.00"),
        (PAID | {"Reason (CARC)": "too high"}, "Reason: "),
        (PAID | {"Paid": -15}, "less than nothing"),
        (PAID | {"Adjusted (CO)": None, "Reason (CARC)": None}, "by its amounts and dates"),
        ({"Minutes": 25}, "The minutes of D9993 on 10/5/2026 is 25 in the workbook and 20 on the claim"),
        ({"Charge": 99}, "$99.00 in the workbook and $22.50 on the claim"),
        ({"Service date": date(2026, 10, 4), "Status": "paid"}, "has no line D9993 on 10/4/2026"),
        ({"Claim": "ZZZZ-2026-0001", "Status": "paid"}, "workbook of another practice?"),
    ],
)
def test_what_is_no_legal_move_is_refused_with_its_place(
    desk: Desk, claim: Claim, file: Path, cells: dict[str, Any], why: str
) -> None:
    exported(desk, file, cells)
    before = length(desk)
    done = import_billing(desk, file, dry_run=True)
    assert not done.taken
    assert any(why in one.reason for one in done.refused), done.refused
    assert done.refused[0].origin == (SHEET, 2)
    assert length(desk) == before


def test_one_claim_refused_keeps_no_other_out(desk: Desk, claim: Claim, file: Path) -> None:
    other = drafted(desk, patient(desk, "1032"), 7)
    ready(desk, (other.number,), "for a test")
    submitted = {"Status": "submitted", "Submitted on": date(2026, 10, 12)}
    exported(desk, file, submitted | {"Minutes": 25}, {}, submitted)
    done = import_billing(desk, file)
    assert [one.number for one in done.taken] == [other.number]
    assert [(one.origin.row, one.number) for one in done.refused] == [(2, claim.number), (3, claim.number)]
    assert (now(desk, claim).status, now(desk, other).status) == ("ready", "submitted")
    batch = last_import(desk.store, "billing", "october.xlsx")
    assert batch is not None
    assert [(one.sheet, one.row, one.said) for one in batch.rejected] == [
        (SHEET, 2, claim.number),
        (SHEET, 3, claim.number),
    ]
    before = length(desk)
    import_billing(desk, file)
    assert length(desk) == before
    assert_whole(desk)


def patient(desk: Desk, chart: str) -> str:
    found = desk.store.one("SELECT id FROM patients WHERE chart_number = ?", (chart,))
    assert found is not None
    return str(found[0])


def test_an_older_workbook_is_no_news(desk: Desk, claim: Claim, file: Path) -> None:
    exported(desk, file)
    sent(desk, redrafted(desk, claim), date(2026, 10, 10))
    paid(desk, claim, 2 * FEE)
    close(desk, (claim.number,))
    done = import_billing(desk, file)
    assert (done.taken, done.refused, done.same) == ((), (), 2)
    assert now(desk, claim).status == "closed"


def test_a_workbook_of_a_changed_log_is_refused(desk: Desk, claim: Claim, file: Path) -> None:
    exported(desk, file, PAID, PAID)
    amend_activity(desk, AmendActivity(claim.lines[0].activity_ids[0], "why", {"minutes": 35}))
    (why,) = reasons(import_billing(desk, file))
    assert "is 20 in the workbook and 35 on the claim. Export the month anew" in why


def test_lines_that_were_answered_as_a_whole_are_not_answered_line_by_line(
    desk: Desk, claim: Claim, file: Path
) -> None:
    sent(desk, redrafted(desk, claim), date(2026, 10, 10))
    paid(desk, claim, 3000, "CO-45=1500")
    exported(desk, file)
    assert import_billing(desk, file).same == 2
    fill(file, {"Paid": 35, "Answered on": TODAY})
    (why,) = reasons(import_billing(desk, file))
    assert "answered as a whole" in why


def test_an_answer_is_taken_back_and_comes_in_anew(desk: Desk, claim: Claim, file: Path) -> None:
    exported(desk, file, PAID, PAID)
    import_billing(desk, file)
    (answer,) = remittances_of(desk.store, claim.id)
    void_remittance(desk, answer.id, "the wrong claim")
    assert now(desk, claim).status == "submitted"
    assert import_billing(desk, file).taken[0].after == "paid"


def test_money_comes_in_for_a_closed_month(desk: Desk, claim: Claim, file: Path, clock: Any) -> None:
    clock.at = datetime(2026, 11, 3, 12, 0, tzinfo=desk.zone)
    close_month(desk, OCTOBER, "a test", path=file)
    fill(file, PAID, PAID)
    assert import_billing(desk, file).taken[0].after == "paid"


def test_a_file_without_lines_of_claims_is_refused(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("Date,Patient\n10/5/2026,Garcia\n", encoding="utf-8")
    with pytest.raises(InputRefused, match=r"columns of other\.csv"):
        import_billing(desk, path)
    with pytest.raises(NotFound):
        import_billing(desk, tmp_path / "none.xlsx")
