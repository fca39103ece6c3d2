"""`casemgr claim print --printer` as processes, on a real CUPS: from the log to the page in the tray."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from tests.cli.support import entries, read_json
from tests.cups import PRINTER

if TYPE_CHECKING:
    from tests.cups import Cups
    from tests.support import Cli


@pytest.fixture
def number(practice: Cli) -> str:
    practice("coverage", "add", "1030", "--payer", "Sunrise Medicaid Dental", "--member", "SYN1030")
    practice("log", "20m referral #1030 10/20/2026 phone: oral surgery consult => booked")
    (claim,) = read_json(practice, "claim", "draft", "--month", "2026-10")["claims"]
    return str(claim["number"])


def test_a_claim_comes_out_of_the_printer_and_stands_in_the_record(
    cups: Cups, practice: Cli, number: str
) -> None:
    before = entries(practice)
    said = practice("claim", "print", number, "--printer", PRINTER).stdout
    assert said.startswith(f"{number}  {PRINTER}-")
    (pdf,) = cups.printed(number)
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    assert number in text
    assert "Garcia, Ana" in text
    assert "04/09/2012" in text
    assert entries(practice) == before + 1
    assert not list((practice.home / "exports").glob("*.pdf"))

    (listed,) = read_json(practice, "claim", "show", number)["printed"]
    assert (listed["by"], listed["file"]) == ("mrivera", f"printer {PRINTER}")
    assert f"printer {PRINTER}" in practice("claim", "show", number).stdout

    refused = practice("claim", "print", number, "--printer", "Nowhere", code=4)
    assert "“Nowhere”" in refused.stderr
    assert PRINTER in refused.stderr
    for wrong in (("--printer", PRINTER, "-o", "claim.pdf"), ("--copies", "2")):
        practice("claim", "print", number, *wrong, code=2)
    assert entries(practice) == before + 1


def test_the_shell_goes_on_with_printers(cups: Cups, practice: Cli) -> None:
    asked = {
        "_CASEMGR_COMPLETE": "bash_complete",
        "COMP_WORDS": "casemgr claim print --printer case",
        "COMP_CWORD": "4",
    }
    assert practice(env=asked).stdout == f"plain,{PRINTER}\n"
