"""Claims straight to a printer: nothing leaves unrecorded, and nothing is recorded that could not leave."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from casemgr.errors import NotFound, NotWritten, RuleRefused
from casemgr.services.claim_page import claim_page
from casemgr.services.claims import draft_claims, void_claim
from casemgr.services.printing import print_claims
from casemgr.services.spooling import printers_beginning, spool_claims
from tests.cups import PRINTER
from tests.services.support import OCTOBER, assert_whole, cover, length, log

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.core.billing import Claim
    from casemgr.services.desk import Desk
    from tests.cups import Cups


@pytest.fixture
def claim(desk: Desk, ana: str) -> Claim:
    cover(desk, ana)
    log(desk, "20m referral #1030 10/19 phone: oral surgery consult => booked 10/28")
    (claim,) = draft_claims(desk, OCTOBER).claims
    return claim


def test_what_is_printed_is_recorded_and_listed_with_its_printer(
    cups: Cups, desk: Desk, claim: Claim, tmp_path: Path
) -> None:
    (written,) = print_claims(desk, [claim], path=tmp_path / "claim.pdf")
    before = length(desk)
    (one,) = spool_claims(desk, [claim], PRINTER.upper())
    (two,) = spool_claims(desk, [claim], PRINTER, copies=2)
    assert length(desk) == before + 2
    assert (one.number, one.printer) == (claim.number, PRINTER)
    assert one.job != two.job
    assert one.sha256 == two.sha256 == written.sha256 == sha256(written.path.read_bytes()).hexdigest()
    assert len(cups.printed(claim.number)) == 2
    assert [cups.pages(each.job) for each in (one, two)] == [2, 4]
    assert [(each.what, each.file) for each in claim_page(desk, claim.number).printed] == [
        ("claim summary", f"printer {PRINTER}, 2 copies"),
        ("claim summary", f"printer {PRINTER}"),
        ("claim summary", "claim.pdf"),
    ]
    assert_whole(desk)


def test_what_cannot_be_printed_is_not_recorded(cups: Cups, desk: Desk, claim: Claim) -> None:
    before = length(desk)
    with pytest.raises(NotFound) as told:
        list(spool_claims(desk, [claim], "Nowhere"))
    assert told.value.candidates == (PRINTER,)
    assert length(desk) == before
    void_claim(desk, claim.number, "wrong payer")
    with pytest.raises(RuleRefused, match="voided"):
        list(spool_claims(desk, [claim], PRINTER))
    assert length(desk) == before + 1
    assert not claim_page(desk, claim.number).printed


def test_a_job_that_the_printer_refuses_stays_in_the_record(cups: Cups, desk: Desk, claim: Claim) -> None:
    cups.admin("cupsreject", PRINTER)
    try:
        with pytest.raises(NotWritten) as told:
            list(spool_claims(desk, [claim], PRINTER))
    finally:
        cups.admin("cupsaccept", PRINTER)
    assert "The record keeps the attempt." in told.value.detail
    assert [each.file for each in claim_page(desk, claim.number).printed] == [f"printer {PRINTER}"]


def test_a_half_typed_printer_goes_on(cups: Cups, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert printers_beginning("") == printers_beginning("CASE") == (PRINTER,)
    assert printers_beginning("x") == ()
    monkeypatch.setenv("CUPS_SERVER", str(tmp_path / "nobody"))
    assert printers_beginning("") == ()
