"""A month's end: all that casemgr says of it, held against the recount and against the payers' own books."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.year.contract import UNION
from tests.year.office import sums
from tests.year.papers import Book, Table, cents, dollars, page_text, whole
from tests.year.practice import YEAR, last_day
from tests.year.recount import BUCKETS, OLDEST

if TYPE_CHECKING:
    from tests.year.accounts import Image
    from tests.year.office import Office
    from tests.year.recount import Aged, Books

NAMES = (*(name for _, name in BUCKETS), OLDEST)


class MonthEnd:
    """The end of a month of the year."""

    def __init__(self, office: Office, books: Books, month: int) -> None:
        """When it was closed, and before anything else is done."""
        self.office, self.books, self.month = office, books, month
        self.run = f"{YEAR}-{month:02}"
        self.recounted = books.run(self.run)

    def log(self) -> None:
        """The list of activities says of the month's services what the ledger does."""
        listed = self.office.run("activity", "list", "--month", self.run)
        numbers = {image["id"]: image["number"] for image in self.books.live("claim")}
        claimed = self.books.claim_of()
        expected = {
            one["id"]: (one["minutes"], one["staff"], numbers.get(claimed.get(one["id"], ""), ""))
            for one in self.books.live("activity")
            if one["service_date"].startswith(self.run)
        }
        found = {one["id"]: (one["minutes"], one["staff"], one["claim"]) for one in listed}
        assert found == expected

    def claims(self) -> None:
        """Every claim of the year so far says what its entries make, and the office knows its state."""
        listed = self.office.run("claim", "list")
        expected = {}
        for claim in self.books.live("claim"):
            lines = self.books.lines_of(claim)
            figures = sum(one.minutes for one in lines), sum(one.charge_cents for one in lines)
            expected[claim["number"]] = (claim["month"], claim["status"], len(lines), *figures)
        found = {
            one["number"]: (one["month"], one["status"], one["lines"], one["minutes"], one["charge_cents"])
            for one in listed
        }
        assert found == expected
        assert {number: said[1] for number, said in found.items()} == self.office.statuses

    def workbook(self, path: Path) -> None:
        """The month's workbook: each line, each activity, each reason, and all sums."""
        book = Book(path)
        assert set(book.checks) == {"agrees"}
        run = self.recounted
        activities, lines, left_out = (
            book.table(title) for title in ("Activities", "Billing lines", "Left out")
        )
        assert activities.minutes("Minutes") == whole(activities.total["Minutes"]) == run.minutes
        assert len(activities.rows) == len(run.activities)
        assert sums_of(lines, "Charge", "Minutes", "Quantity") == (
            run.charge_cents,
            sum(line.minutes for _, line in run.lines),
            sum(line.quantity for _, line in run.lines),
        )
        expected = Counter((number or "to draft", *line[:5]) for number, line in run.lines)
        assert Counter(map(_billing_line, lines.rows)) == expected
        why = Counter(run.left_out.values())
        voided = Counter(row["Why"] for row in left_out.rows)
        voided.pop("Voided", None)
        assert voided == why
        minutes = {one["id"]: one["minutes"] for one in run.activities}
        assert left_out.minutes("Minutes") == sum(minutes[each] for each in run.left_out)
        self._by_staff(book.table("By staff"))
        self._by_patient(book.table("By patient"))
        self._answers(lines)

    def frozen(self, figures: dict[str, int]) -> None:
        """The figures with which the month was closed."""
        run = self.recounted
        expected = {
            "activities.rows": len(run.activities),
            "activities.minutes": run.minutes,
            "billing_lines.rows": len(run.lines),
            "billing_lines.charge_cents": run.charge_cents,
            "left_out.minutes": sum(one["minutes"] for one in run.activities if one["id"] in run.left_out),
        }
        assert {name: figures[name] for name in expected} == expected

    def _by_staff(self, table: Table) -> None:
        names = {one["id"]: one["name"] for one in self.books.live("staff")}
        expected = {names[login]: minutes for login, minutes in self.recounted.minutes_by("staff").items()}
        assert {row["Staff"]: whole(row["Minutes"]) for row in table.rows} == expected

    def _by_patient(self, table: Table) -> None:
        charts = {one["id"]: one["chart_number"] for one in self.books.live("patient")}
        expected = {
            charts[each]: minutes for each, minutes in self.recounted.minutes_by("patient_id").items()
        }
        assert {row["Chart no."]: whole(row["Minutes"]) for row in table.rows} == expected
        assert table.cents("Charge") == cents(table.total["Charge"]) == self.recounted.charge_cents

    def _answers(self, lines: Table) -> None:
        """What the billing lines say was paid and taken off, claim by claim."""
        claims = {one["number"]: one for one in self.books.live("claim") if one["month"] == self.run}
        money = {number: self.books.money(one) for number, one in claims.items()}
        for heading, expected in (
            ("Paid", {number: one.paid for number, one in money.items()}),
            ("Patient (PR)", {number: one.patient for number, one in money.items()}),
            ("Adjusted (CO)", {number: self._adjusted(one) for number, one in claims.items()}),
        ):
            found = sums((str(row["Claim"]), cents(row[heading])) for row in lines.rows)
            assert found == {number: amount for number, amount in expected.items() if amount}
        states = {row["Claim"]: str(row["Status"]).replace(" ", "_") for row in lines.rows}
        assert states == {number: one["status"] for number, one in claims.items()}

    def _adjusted(self, claim: Image) -> int:
        adjusted = self.books.stands(claim).adjusted.values()
        return sum(one["cents"] for said in adjusted for one in said if one["group"] != "PR")

    def pages(self) -> None:
        """The documentation of two claims: a long one, and one of the payer that pays by the month."""
        claims = [one for one in self.books.live("claim") if one["month"] == self.run]
        claims.sort(key=lambda one: (one["payer"] == UNION, len(one["lines"]), one["number"]))
        monthly = sum(one["payer"] == UNION for one in claims)
        wanted = {one["number"]: one for one in (claims[-1], claims[-monthly - 1])}
        folder = self.office.cli.cwd / f"pages-{self.run}"
        printed = self.office.run("claim", "print", *wanted, "-o", folder)
        for one in printed:
            self._page(wanted[one["number"]], Path(one["path"]))
        if self.month % 6 == 0:
            (packet,) = self.office.run("claim", "packet", claims[-1]["number"], "-o", folder / "packet.pdf")
            self._page(claims[-1], Path(packet["path"]))

    def _page(self, claim: Image, path: Path) -> None:
        text = page_text(path)
        lines = self.books.lines_of(claim)
        minutes, charge = sum(one.minutes for one in lines), sum(one.charge_cents for one in lines)
        assert f"Total {minutes} {dollars(charge)}" in text
        assert f"{minutes} minutes" in text
        for each in (each for line in lines for each in line.ids):
            assert self.books.of["activity"][each]["note"].rpartition(" (")[2] in " ".join(text.split())

    def aging(self) -> dict[str, Aged]:
        """What is owed, by age: as a list and as a workbook; what it should be."""
        expected = self.books.aging(last_day(self.month))
        report = self.office.run("report", "aging")
        self.held(report, expected)
        path = self.office.cli.cwd / f"aging-{self.run}.xlsx"
        self.office.run("export", "workbook", "ar-aging", "-o", path)
        book = Book(path)
        assert set(book.checks) == {"agrees"}
        table = book.table("Claims")
        found = {
            row["Claim"]: (cents(row["Payer owes"]), cents(row["Patient owes"]))
            for row in table.rows
            if cents(row["Payer owes"]) or cents(row["Patient owes"])
        }
        assert found == {number: (one.insurer, one.patient) for number, one in expected.items()}
        in_buckets = sums((one.bucket, one.insurer) for one in expected.values())
        assert {
            name: cents(table.total[f"{name} days"]) for name in NAMES if cents(table.total[f"{name} days"])
        } == in_buckets
        return expected

    @staticmethod
    def held(report: Any, expected: dict[str, Aged]) -> None:
        """A report of what is owed says it claim by claim, and in each bucket."""
        found = {
            one["claim_number"]: (one["insurer_cents"], one["patient_cents"])
            for one in report["claims"]
            if one["insurer_cents"] or one["patient_cents"]
        }
        assert found == {number: (one.insurer, one.patient) for number, one in expected.items()}
        for whose, field in (("insurer", "insurer_cents"), ("patient", "patient_cents")):
            by_bucket = sums((one.bucket, getattr(one, whose)) for one in expected.values())
            assert sums((one["days"], one[field]) for one in report["buckets"]) == by_bucket
            assert report["total"][field] == sum(by_bucket.values())

    def payers(self) -> None:
        """The payers' books have the same cents; and every charge is accounted for."""
        claims = {one["number"]: one for one in self.books.live("claim")}
        for payer in self.office.payers.values():
            for account in payer.accounts.values():
                money = self.books.money(claims[account.number])
                assert (money.paid, money.patient, money.contractual) == (
                    account.paid,
                    account.taken("PR"),
                    account.taken("CO", contractual=True),
                ), account.number
                assert money.charge == account.charge
                assert money.denied in (0, account.taken("CO"))
        for claim in claims.values():
            money = self.books.money(claim)
            accounted = money.paid + money.patient + money.contractual + money.written_off + money.insurer
            assert money.charge == accounted


def _billing_line(row: dict[str, Any]) -> tuple[Any, ...]:
    return (
        row["Claim"],
        row["Service date"],
        row["Code"],
        whole(row["Minutes"]),
        whole(row["Quantity"]),
        cents(row["Charge"]),
    )


def sums_of(lines: Table, charge: str, *numbers: str) -> tuple[int, ...]:
    """Sums of columns, which the row of totals must say too."""
    found = (lines.cents(charge), *(lines.minutes(name) for name in numbers))
    assert found == (cents(lines.total[charge]), *(whole(lines.total[name]) for name in numbers))
    return found
