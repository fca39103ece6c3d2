"""`casemgr import billing` as processes."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from tests.cli.support import entries, read_json

if TYPE_CHECKING:
    from tests.support import Cli

HEADINGS = ("Claim", "Service date", "Code", "Charge", "Status", "Submitted on")


def test_differences_are_shown_first_and_taken_in_when_wanted(practice: Cli) -> None:
    practice("coverage", "add", "1030", "--payer", "Sunrise", "--member", "S1")
    practice("log", "20m referral #1030 9:00 9/21/2026: consult => booked")
    (claim,) = read_json(practice, "claim", "draft", "--month", "2026-09")["claims"]
    number = claim["number"]
    practice("claim", "ready", number, "--reason", "for a test")
    with (practice.cwd / "billing.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        writer.writerow((number, "9/21/2026", "D9993", "15.00", "submitted", "9/30/2026"))
        for _ in range(2):
            writer.writerow(("ZZZZ-2026-0001", "9/21/2026", "D9993", "15.00", "paid", ""))
        writer.writerow(("Total",))
        writer.writerow(("ZZZZ-2026-0001", "9/21/2026", "D9993", "15.00", "paid", ""))

    before = entries(practice)
    asked = practice("import", "billing", "billing.csv")
    for words in (number, "billing, row 2", "Submitted on", "9/30/2026", "ready", "submitted"):
        assert words in asked.stdout
    assert "There is no claim ZZZZ-2026-0001 here." in asked.stdout
    assert "Status ready → submitted; Submitted on 9/30/2026" in asked.stdout
    assert "3–4, 6" in asked.stdout
    assert "Nothing was saved. Take it in with --yes." in asked.stderr
    tried = read_json(practice, "import", "billing", "billing.csv", "--dry-run")
    assert (tried["dry_run"], tried["taken"][0]["after"], len(tried["refused"])) == (True, "submitted", 3)
    assert entries(practice) == before

    taken = practice("import", "billing", "billing.csv", "--yes", "--method", "paper").stderr
    assert "1 claim moved; 0 rows as known, 1 left alone, 3 refused." in taken
    (sending,) = read_json(practice, "claim", "show", number)["submissions"]
    assert (sending["sent_on"], sending["method"]) == ("2026-09-30", "paper")
    before = entries(practice)
    practice("import", "billing", "billing.csv", "--yes")
    assert entries(practice) == before
