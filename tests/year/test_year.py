"""A year of a practice from the command line alone, to the minute and cent.

At every month's end, log, claims, workbooks, pages and aging are held against tests.year.recount, which works
them out anew from the ledger, and against the books of the payers that paid.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from tests.year.month_end import MonthEnd
from tests.year.office import Office
from tests.year.papers import Book, cents
from tests.year.practice import UNION as UNION_TRUST
from tests.year.practice import YEAR, ZONE, last_day
from tests.year.recount import Books, read_entries

if TYPE_CHECKING:
    from tests.support import Cli
    from tests.year.accounts import Image
    from tests.year.recount import Aged

SEED = 20250101
MONTHS = range(1, 13)
STORIES = (
    *("late", "signed late", "voided", "amended", "corrected", "denied", "appealed", "written off", "closed"),
    *("answered whole", "reversed", "rejected", "shares"),
)
"""What must have happened in the year."""


def test_a_year_from_the_command_line_agrees_with_its_ledger_at_every_month_s_end(run_cli: Cli) -> None:
    office, books = Office(run_cli, SEED), Books(ZONE)
    office.open()
    owed: dict[int, dict[str, Aged]] = {}
    for month in MONTHS:
        if month == 7:
            office.change_coverage()
        office.it_is(last_day(month).replace(day=17), 9)
        office.book_answers(month)
        office.react(month)
        if month == 4:
            office.type_in()
        if month == 8:
            office.reopen(one_to_correct(office, books))
        office.it_is(last_day(month), 20)
        office.bill(month, office.log(month))
        closed = office.close(month)
        books.take(read_entries(run_cli.home, office.key, books.position))
        assert books.wrong == []
        end = MonthEnd(office, books, month)
        end.log()
        end.claims()
        end.frozen(closed["figures"])
        end.workbook(Path(closed["workbook"]["path"]))
        end.pages()
        end.payers()
        owed[month] = end.aging()
    the_year_holds(office, books, owed)


def one_to_correct(office: Office, books: Books) -> Image:
    """A claim that its payer lost, and pays by the month: the line's date moves with the minutes."""
    days = {each: one["service_date"] for each, one in books.of["activity"].items()}
    lost = office.payers[UNION_TRUST].lost
    found = (
        one
        for one in books.live("claim")
        for line in one["lines"]
        if one["number"] in lost
        and line["code"] == "D9993"
        and days[line["activity_ids"][0]] < line["service_date"]
    )
    return next(found)


def the_year_holds(office: Office, books: Books, owed: dict[int, dict[str, Aged]]) -> None:
    """All of it together: sums, what was owed on past days, closed months, the ledger and its proof."""
    money = [books.money(one) for one in books.live("claim")]
    charges = sum(one.charge for one in money)
    answered = sum(one.paid + one.patient + one.contractual + one.written_off for one in money)
    assert charges == answered + sum(one.insurer for one in money)
    assert sum(one.paid for one in money) == sum(
        account.paid for payer in office.payers.values() for account in payer.accounts.values()
    )
    for month in (3, 8):
        report = office.run("report", "aging", "--as-of", last_day(month).isoformat())
        MonthEnd.held(report, owed[month])
    for month in (2, 7, 10):
        # What is billed is as when it was closed, and what was answered since stands beside it.
        made = office.run("export", "month", f"{YEAR}-{month:02}", "-o", f"later-{month:02}.xlsx")
        MonthEnd(office, books, month).workbook(Path(made["path"]))
    listed = {one["month"]: one for one in office.run("month", "list")}
    for month in MONTHS:
        run = books.run(f"{YEAR}-{month:02}")
        one = listed[f"{YEAR}-{month:02}"]
        assert (one["state"]["closed"], one["activities"], one["minutes"], one["charge_cents"]) == (
            True,
            len(run.activities),
            run.minutes,
            run.charge_cents,
        )
    span = "--from", f"1/1/{YEAR}", "--to", f"12/31/{YEAR}"
    path = office.cli.cwd / "remittances.xlsx"
    office.run("export", "workbook", "remittances", *span, "-o", path)
    remittances = Book(path).table("Remittances")
    assert remittances.cents("Paid") == cents(remittances.total["Paid"]) == sum(one.paid for one in money)
    path = office.cli.cwd / "activity-log.xlsx"
    office.run("export", "workbook", "activity-log", *span, "-o", path)
    log = Book(path).table("Activities")
    assert log.minutes("Minutes") == sum(
        one["minutes"] for one in books.live("activity") if one["service_date"].startswith(str(YEAR))
    )
    entries = office.run("ledger", "list", "--limit", "0", "--body")
    read = read_entries(office.cli.home, office.key)
    assert [(one["seq"], json.loads(one["body"])) for one in reversed(entries)][: len(read)] == [
        (one.seq, one.image) for one in read
    ]
    witness = Book(office.cli.cwd / "month-01.xlsx").fact("Ledger position")
    digest = Book(office.cli.cwd / "month-01.xlsx").fact("Ledger hash")
    assert office.run("verify", "--against", f"{witness} {digest}")["ok"]
    assert all(office.done[what] > 1 for what in STORIES), office.done
