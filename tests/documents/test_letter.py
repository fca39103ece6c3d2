from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from casemgr.documents.letter import LetterPrinter
from tests.documents.appeals import ENTRY, RIDE, appeal
from tests.documents.summaries import HASH
from tests.pages import pages, squeezed


@pytest.fixture(scope="module")
def printer() -> LetterPrinter:
    return LetterPrinter()


def test_a_letter_says_who_what_why_and_quotes_the_record(printer: LetterPrinter) -> None:
    made = printer.render(appeal())
    texts = pages(made)
    assert len(texts) <= 2
    text = squeezed("".join(texts))
    for must in (
        "Sunrise Medicaid Dental Appeals and Grievances PO Box 4410 Springfield, IL 62705",
        "11/22/2026",
        "Patient Garcia, Ana",
        "Birth date 04/09/2012",
        "Member ID SYN4410231",
        "Dates of service 10/05/2026 – 10/19/2026",
        "Your claim number 2026-330-88172",
        "Our claim number K7Q2-2026-0142",
        "Denied on 11/20/2026",
        "Codes D9992, D9991",
        "Amount $75.00 charged, $57.00 denied",
        "10/19/2026 D9991 Case management: barriers to appointments $30.00 $12.00",
        "CO-252 An attachment is needed to decide the claim ($57.00)",
        "N706 Documentation is missing",
        "Please reconsider this claim and pay the denied amount of $57.00.",
        "10/05/2026 · Referral coordination · 35 minutes D9992",
        "Note “Records and pano faxed (12 pages). The referral could not be found.”",
        "Marisol Rivera, CDHC · entered 10/05/2026 10:42 · signed 10/05/2026 10:42 · K7Q2:41 3f1d90aa",
        *RIDE.labels,
        "Complaint and history “Pain lower right since August; missed two of three visits.”",
        "Missed-visit outreach of 10/12/2026 (entered 12 days after the service).",
        "– Claim packet K7Q2-2026-0142-A1 – Explanation of benefits of 11/20/2026",
        "Priya Patel, DDS",
        "NPI 1987654321",
        f"K7Q2:123 {HASH}",
    ):
        assert squeezed(must) in text, must


def test_each_page_names_patient_and_claim(printer: LetterPrinter) -> None:
    note = "They could not find the referral, so letter, image and medication list were faxed again. " * 12
    texts = pages(printer.render(appeal(*(replace(ENTRY, said=(("Note", note),)) for _ in range(6)))))
    assert len(texts) > 2
    for number, text in enumerate(texts, 1):
        assert "Garcia, Ana" in text
        assert "K7Q2-2026-0142" in text
        assert f"Page {number} of {len(texts)}" in text
    # The signature is never alone on its page.
    assert "The case that the work was done for documented" in texts[-1]


def test_what_is_not_known_leaves_no_empty_row(printer: LetterPrinter) -> None:
    bare = appeal(control_number="", points=(), left_out=(), argument="")
    text = "".join(pages(printer.render(bare)))
    assert not [name for name in ("Control number", "Not quoted") if name in text]


def test_a_letter_without_an_entry_made_in_time_quotes_none_and_points_to_the_packet(
    printer: LetterPrinter,
) -> None:
    text = squeezed("".join(pages(printer.render(replace(appeal(), entries=())))))
    assert squeezed("The enclosed packet shows") in text
    assert squeezed("as it was written at the time") not in text


def test_quoted_text_is_never_markup(printer: LetterPrinter) -> None:
    hostile = '#panic("no") *x* [y](z) $1$ <b>'
    text = squeezed(
        "".join(pages(printer.render(appeal(replace(ENTRY, said=(("Note", hostile),)), asked=hostile))))
    )
    assert text.count(squeezed(hostile)) == 2


def test_a_letter_is_archivable_and_the_same_each_time(printer: LetterPrinter) -> None:
    made = printer.render(appeal())
    assert LetterPrinter().render(appeal()) == made
    reader = PdfReader(BytesIO(made))
    root: Any = reader.trailer["/Root"]
    xmp = root["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in xmp
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert reader.metadata is not None
    assert reader.metadata.title == "Appeal, claim K7Q2-2026-0142"
