"""A whole day in a real terminal: line, form and timer, a slip amended, one undone, claim, page, workbook."""

from __future__ import annotations

import json
from shlex import join
from time import sleep
from typing import TYPE_CHECKING

import pytest
from python_calamine import CalamineWorkbook

from tests.support import PASSPHRASE_FILE
from tests.tui.test_terminal import Terminal, terminal

if TYPE_CHECKING:
    from tests.support import Cli

__all__ = ["terminal"]


@pytest.fixture
def practice(run_cli: Cli) -> Cli:
    zone = ("--timezone", "America/New_York")
    run_cli("init", "--practice", "Riverside Community Dental", *zone, "--passphrase-file", PASSPHRASE_FILE)
    covered = ("--payer", "Sunrise Medicaid Dental", "--member", "SYN0000001")
    run_cli("patient", "add", "Garcia, Ana", "4/9/2012", *covered)
    run_cli("patient", "add", "Garcia, Ana", "4/9/1985")
    return run_cli


HANDS_SECONDS = 0.25
"""How long a quick hand takes from one key that does something to the next."""


class Hands:
    """Fingers on the keyboard, and eyes on the screen."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal

    def press(self, *keys: str) -> None:
        for key in keys:
            self.terminal("send-keys", key)
            sleep(HANDS_SECONDS)

    def type(self, text: str) -> None:
        self.terminal("send-keys", "-l", text)

    def see(self, *texts: str) -> str:
        return [self.terminal.wait_for(text) for text in texts][-1]

    def log(self, line: str, then: str) -> None:
        self.type(line)
        self.see("✓")
        self.press("Enter")
        self.see(then)


def test_a_day_from_the_first_line_to_the_workbook(practice: Cli, terminal: Terminal) -> None:
    hands = Hands(terminal)
    wanted = {"CASEMGR_HOME": str(practice.home), "PYTHONPATH": practice.environ()["PYTHONPATH"]}
    variables = [part for name, value in wanted.items() for part in ("-e", f"{name}={value}")]
    terminal("new-session", "-d", "-x", "110", "-y", "36", *variables, "sh")
    hands.type(f"{join(practice.command())}; echo left with $?")
    hands.press("Enter")
    hands.see("nothing logged yet")

    # Two by line.
    hands.log("20m referral garcia ana 2012: OS consult => consult booked", "1 activity · 20 min")
    hands.log("15m transport #1001 at 8:00: shuttle => ride confirmed", "2 activities · 35 min")

    # One by form: the patient of the marked row is filled in.
    hands.press("Escape")
    hands.see("Open")
    hands.press("2")
    hands.see("type / and", "2 activities")
    hands.press("n")
    hands.see("New activity", "Garcia, Ana 4/9/2012 #1001", "Kind *")
    hands.type("educ")
    hands.press("Enter", "Tab", "Tab")
    hands.type("10")
    hands.press("C-s")
    hands.see("this is needed")
    hands.type("understood")
    hands.press("C-s")
    hands.see("3 activities")

    # One by timer, on the marked row's patient and kind.
    hands.press("t")
    hands.see("● 0:00:0")
    hands.press("t")
    hands.see("Your timer")
    hands.press("s")
    hands.see("What you timed", "Outcome *")
    hands.type("understood")
    hands.press("C-s")
    hands.see("4 activities")

    # The fifth by line, and undone; then again.
    hands.press("1")
    hands.see("Today · 4 activities")
    hands.press("n")
    hands.see("⏎ Save")
    hands.log("5m education #1001: slip => understood", "5 activities")
    hands.press("Escape")
    hands.see("Open")
    hands.press("z")
    hands.see("4 activities", "undone")
    hands.press("Z")
    hands.see("5 activities", "redone")
    hands.press("z")
    hands.see("4 activities")

    # A slip is amended, with a reason.
    hands.press("2")
    hands.see("type / and", "4 activities")
    hands.press("/")
    hands.see("All")
    hands.type("shuttle")
    hands.see("1 activity")
    hands.press("Enter", "e")
    hands.see("Amend activity", "shuttle")
    hands.press("Tab", "Tab", "Tab")
    hands.press("C-u")
    hands.type("25")
    hands.see("25 min")
    hands.press("C-s")
    hands.see("this is needed")
    hands.type("call log says 25")
    hands.press("C-s")
    hands.see("amended")

    # Claim, page, workbook.
    hands.press("Escape", "5")
    hands.see("more to draft")
    hands.press("D")
    hands.see("1 claim")
    hands.press("P")
    hands.see("Write it in the clear?")
    hands.press("y")
    hands.see("printed")
    hands.press("6")
    hands.see("Billable")
    hands.press("E")
    hands.see("exported", "nothing was changed since")
    hands.press("q")
    assert "Garcia" not in hands.see("left with 0")

    logged = json.loads(practice("activity", "list", "--json").stdout)
    assert sorted(row["minutes"] for row in logged)[1:] == [10, 20, 25]
    (claim,) = json.loads(practice("claim", "list", "--json").stdout)
    assert claim["minutes"] == sum(row["minutes"] for row in logged)
    (pdf,) = (practice.home / "exports").glob("claim-*.pdf")
    assert pdf.read_bytes().startswith(b"%PDF")
    (workbook,) = (practice.home / "exports").glob("billing-*.xlsx")
    rows = CalamineWorkbook.from_path(workbook).get_sheet_by_name("Activities").to_python()
    heads = next(row for row in rows if "Minutes" in row)
    at = heads.index("Minutes")
    minutes = [row[at] for row in rows[rows.index(heads) + 1 :] if "Garcia, Ana" in row]
    assert sorted(int(str(each).partition(".")[0]) for each in minutes) == sorted(
        row["minutes"] for row in logged
    )
    practice("verify")
