"""Printing on a real CUPS with its PDF printer, and where there is none."""

from __future__ import annotations

import socket
from io import BytesIO
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from pypdf import PdfReader

from casemgr.documents import spool as spooling
from casemgr.documents.pdf import ClaimPrinter
from casemgr.documents.spool import printers, spool, the_printer
from casemgr.errors import NotFound, NotWritten
from tests.cups import PRINTER
from tests.documents.summaries import PATIENT, claim

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cups import Cups


@pytest.fixture
def number() -> str:
    """A claim's number that no other test prints."""
    return f"T{uuid4().hex[:3]}-2026-{uuid4().int % 10000:04}"


@pytest.fixture
def pdf(number: str) -> bytes:
    return ClaimPrinter().render(claim(claim_number=number))


def test_a_page_comes_out_of_the_printer(cups: Cups, pdf: bytes, number: str) -> None:
    job = spool(pdf, PRINTER, f"claim {number}", copies=2)
    assert job.startswith(f"{PRINTER}-")
    (out,) = cups.printed(number)
    printed = PdfReader(BytesIO(out))
    for each in printed.pages:
        text = each.extract_text()
        assert number in text
        assert PATIENT.name in text
        assert f"{PATIENT.birth_date:%m/%d/%Y}" in text
    assert printed.metadata
    assert printed.metadata.title == f"(claim {number})"
    assert cups.pages(job) == 2 * len(printed.pages)


def test_a_printer_is_known_by_its_name_in_any_case(cups: Cups) -> None:
    assert printers() == (PRINTER,)
    assert the_printer(PRINTER.upper()) == PRINTER
    with pytest.raises(NotFound, match="“Nowhere”") as told:
        the_printer("Nowhere")
    assert told.value.candidates == (PRINTER,)


def test_a_job_that_is_refused_is_told_in_the_printers_words(cups: Cups, pdf: bytes) -> None:
    cups.admin("cupsreject", PRINTER)
    try:
        with pytest.raises(NotWritten, match=PRINTER) as told:
            spool(pdf, PRINTER, "claim")
    finally:
        cups.admin("cupsaccept", PRINTER)
    assert told.value.detail == f'Destination "{PRINTER}" is not accepting jobs. It was not printed.'


def test_a_service_without_printers_says_so(cups: Cups) -> None:
    cups.admin("lpadmin", "-x", PRINTER)
    try:
        assert printers() == ()
        with pytest.raises(NotFound, match="no printer here"):
            the_printer(PRINTER)
    finally:
        cups.add_printer()


def test_a_service_that_does_not_run_is_told(
    cups: Cups, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = str(tmp_path / "nobody")
    monkeypatch.setenv("CUPS_SERVER", nowhere)
    with pytest.raises(NotWritten, match="not running") as told:
        the_printer(PRINTER)
    assert nowhere in told.value.detail
    assert "systemctl" in told.value.todo


def test_a_service_that_says_nothing_is_not_waited_for(
    cups: Cups, pdf: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spooling, "LISTING_SECONDS", 0.2)
    monkeypatch.setattr(spooling, "HANDOVER_SECONDS", 0.2)
    with socket.socket(socket.AF_UNIX) as silent:
        place = cups.folder / uuid4().hex[:8]
        silent.bind(str(place))
        silent.listen()
        monkeypatch.setenv("CUPS_SERVER", str(place))
        with pytest.raises(NotWritten, match="does not answer") as listing:
            printers()
        with pytest.raises(NotWritten, match="does not answer") as printing:
            spool(pdf, PRINTER, "claim")
    assert "Nothing was printed" in listing.value.detail
    assert "Whether it prints is not known" in printing.value.detail


def test_without_a_print_service_it_says_how(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for print_somehow in (printers, lambda: spool(b"", PRINTER, "claim")):
        with pytest.raises(NotWritten, match="no print service") as told:
            print_somehow()
        assert "print to a file" in told.value.todo
