from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from pypdf import PdfReader

from casemgr.core.packet import ShownChange
from casemgr.documents.packet import PacketPrinter
from casemgr.errors import ContentBroken, InputRefused, RuleRefused
from tests.documents.enclosed import filled_form, jpeg, pdf, png
from tests.documents.packets import AUTHORIZATION, CONTROL_NUMBER, VERIFICATION, enclosure, packet, record
from tests.documents.summaries import HASH, REFERRAL, RIDE, claim, long_claim
from tests.pages import pages, printed_text, squeezed

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.core.packet import Packet

LETTER = enclosure(
    pdf("", "/Rotate 90", texts=("Dear colleague", "Enclosed please find")), "letter.pdf", "application/pdf"
)
FORM = enclosure(filled_form(), "consent.pdf", "application/pdf", "Consent form")
SCAN = enclosure(png(30, 20, alpha=True), "eob.png", "image/png", "Explanation of benefits")
PHOTO = enclosure(jpeg(6), "IMG_0412.jpg", "image/jpeg", "Ride voucher")


@pytest.fixture(scope="module")
def printer() -> PacketPrinter:
    return PacketPrinter()


@pytest.fixture(scope="module")
def whole(printer: PacketPrinter) -> bytes:
    """A packet with a file of each kind."""
    return printer.render(packet(LETTER, SCAN, PHOTO, FORM))


def said(printer: PacketPrinter, told: Packet) -> str:
    return printed_text(printer.render(told))


def conformance(made: bytes) -> set[str]:
    root: Any = PdfReader(BytesIO(made)).trailer["/Root"]
    xmp = root["/Metadata"].get_data().decode()
    return {name for name in ("pdfaid:part", "pdfuaid:part") if f"<{name}>" in xmp}


def test_each_page_is_stamped_also_those_of_other_peoples_files(whole: bytes) -> None:
    texts = pages(whole)
    assert len(texts) == 10
    for number, text in enumerate(texts, 1):
        for must in (
            "Garcia, Ana",
            "born 04/09/2012",
            "chart 1034",
            "10/05/2026 – 10/19/2026",
            "Riverside Community Dental",
            "claim K7Q2-2026-0142",
            f"control no. {CONTROL_NUMBER}",
            f"Page {number} of 10",
            f"K7Q2:123 {HASH[:16]}",
        ):
            assert must in text, (number, must)


def test_the_index_says_on_which_pages_each_part_is(whole: bytes) -> None:
    texts = pages(whole)
    cover = squeezed(texts[0])
    for part, where, mark in (
        ("case,services,activitiesassigned,narrative,checklist,signatures", "2–3", "Claim summary"),
        ("eachofthe3activitiesinfull,witheveryentryandchange", "4", "Activity record"),
        ("whatthepayersaid,andwhatitauthorized", "5", "Benefits and authorization"),
        (f"letter.pdf·PDF·SHA-256{LETTER.sha256[:16]}", "6–7", "Dear colleague"),
        (f"eob.png·PNG·SHA-256{SCAN.sha256[:16]}", "8", "Attachment 2: Explanation of benefits"),
        (f"IMG_0412.jpg·JPEG·SHA-256{PHOTO.sha256[:16]}", "9", "Attachment 3: Ride voucher"),
        (f"consent.pdf·PDF·SHA-256{FORM.sha256[:16]}", "10", "Attachment 4: Consent form"),
    ):
        assert part + where in cover, part
        assert mark in texts[int(where.split("–")[0]) - 1]
    assert "Signatures" in texts[2]
    assert "Enclosed please find" in texts[6]


def test_the_cover_says_what_the_packet_is_for(whole: bytes) -> None:
    cover = squeezed(pages(whole)[0])
    for must in (
        f"Attachment control number {CONTROL_NUMBER}",
        "Status submitted 11/02/2026",
        "AMENDED CLAIM OWED: the log changed on 11/10/2026, after the claim was sent",
        "Case management, 10/05/2026 to 10/19/2026: 3 entries, 65 min.",
        "Member ID SYN4410231",
        f"K7Q2:123 {HASH}",
    ):
        assert squeezed(must) in cover, must


def test_a_page_of_a_file_stands_on_the_sheet_as_it_was_meant(whole: bytes) -> None:
    reader = PdfReader(BytesIO(whole))
    upright, turned, scan = reader.pages[5], reader.pages[6], reader.pages[7]
    assert upright.mediabox.height > upright.mediabox.width
    assert turned.mediabox.width > turned.mediabox.height
    assert scan.mediabox.width > scan.mediabox.height


def test_what_was_filled_into_a_form_is_printed_and_what_only_a_screen_shows_is_not(whole: bytes) -> None:
    last = pages(whole)[-1]
    assert "FILLED IN" in last
    assert "sticky note" not in last


def test_nothing_in_a_packet_acts(printer: PacketPrinter) -> None:
    script = "/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"
    link = "/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(https://example.org)>>>>]"
    made = printer.render(packet(enclosure(pdf(link, root=script), "act.pdf", "application/pdf"), FORM))
    for name in (b"/JavaScript", b"/URI", b"/Widget", b"/AcroForm", b"/EmbeddedFile", b"/Launch"):
        assert name not in made


def test_the_activity_record_is_verbatim_with_all_that_happened_to_it(printer: PacketPrinter) -> None:
    note = 'She said: "#call *back*" – then $hung up$.\nSecond line.'
    shown = record(replace(REFERRAL, note=note))
    step = replace(
        shown.steps[-1],
        at=datetime(2026, 11, 3, 8, 7, tzinfo=UTC),
        by="Tam Chen, RDH",
        why="typo",
        changes=(ShownChange(field="Note", before="She sad", after=note),),
        entry="K7Q2:99 0badcafe",
    )
    text = said(printer, packet(records=(replace(shown, steps=(*shown.steps, step)), record(RIDE))))
    assert text.count(squeezed(note)) == 2
    for must in (
        "1. 10/05/2026 · Referral coordination (D9992)",
        "Nothing was recorded of: Reason, Patient's response",
        "10/05/2026 10:42 Marisol Rivera, CDHC entered K7Q2:7 3f1d90aa",
        "11/03/2026 08:07 Tam Chen, RDH amended typo",
        "Note: was “She sad”, now “She said",
        "Response: was empty, now “Mother agreed by phone.”",
        "K7Q2:99 0badcafe",
        "Times are those of America/Chicago. Positions",
        *RIDE.labels,
    ):
        assert squeezed(must) in text, must


def test_benefits_and_authorizations_are_shown_with_who_said_what(printer: PacketPrinter) -> None:
    text = said(printer, packet())
    for must in (
        "Verified on 09/28/2026 · Marisol Rivera, CDHC",
        "With whom Denise, provider line · Telephone",
        "Reference REF-88213",
        "Codes asked about D9991, D9992",
        VERIFICATION.answer,
        "Number PA-2026-5521",
        "Valid 10/01/2026 – 12/31/2026",
        AUTHORIZATION.units,
    ):
        assert squeezed(must) in text, must
    bare = said(
        printer, packet(verifications=(), authorizations=(replace(AUTHORIZATION, first=None, codes=()),))
    )
    assert squeezed("No verification of benefits is on file for this claim.") in bare
    assert squeezed("Codes All Valid – 12/31/2026") in bare


@pytest.mark.parametrize("files", [(), (SCAN, PHOTO)])
def test_a_packet_without_foreign_pages_is_archivable_and_accessible(
    printer: PacketPrinter, files: tuple[Any, ...]
) -> None:
    made = printer.render(packet(*files))
    assert conformance(made) == {"pdfaid:part", "pdfuaid:part"}
    assert made.startswith(b"%PDF-1.7")


@pytest.mark.parametrize(
    "file", [LETTER, enclosure(jpeg(press=True), "flyer.jpg", "image/jpeg")], ids=["pdf", "cmyk"]
)
def test_a_packet_with_what_nobody_can_vouch_for_does_not_claim_to_be(
    printer: PacketPrinter, file: Any
) -> None:
    made = printer.render(packet(file))
    assert conformance(made) == set()
    root: Any = PdfReader(BytesIO(made)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert b"page 1 of" in made  # what stands for the page in words, for those who cannot see it


def test_the_same_packet_gives_the_same_bytes(printer: PacketPrinter, whole: bytes) -> None:
    printer.render(packet(summary=long_claim(2)))
    assert PacketPrinter().render(packet(LETTER, SCAN, PHOTO, FORM)) == whole
    created = PdfReader(BytesIO(whole)).metadata
    assert created is not None
    assert created.creation_date == datetime.fromtimestamp(claim().witnessed_at // 1_000_000, UTC)


def test_a_file_may_be_attached_twice(printer: PacketPrinter) -> None:
    texts = pages(printer.render(packet(LETTER, PHOTO, LETTER, PHOTO)))
    assert [number for number, text in enumerate(texts, 1) if "Dear colleague" in text] == [6, 9]


def test_a_file_that_cannot_be_printed_is_named(printer: PacketPrinter) -> None:
    broken = enclosure(LETTER.content[:300], "scan 3.pdf", "application/pdf")
    with pytest.raises(InputRefused) as refused:
        printer.render(packet(LETTER, broken))
    assert refused.value.title == "scan 3.pdf cannot go into a packet"
    assert "It is attached to claim K7Q2-2026-0142" in refused.value.detail


def test_a_claim_that_no_longer_agrees_with_the_log_is_refused(printer: PacketPrinter) -> None:
    sound = claim()
    with pytest.raises(RuleRefused):
        printer.render(packet(summary=replace(sound, lines=sound.lines[:1])))


@pytest.mark.parametrize("file", [LETTER, PHOTO], ids=["pdf", "jpeg"])
def test_a_template_that_leaves_out_an_attached_file_is_refused(tmp_path: Path, file: Any) -> None:
    (tmp_path / "claim_packet.typ").write_text(
        '#import "letterhead.typ": *\n#let d = json(bytes(sys.inputs.data))\n'
        '#show: sheet.with(d, title: "Own form")\nFor #d.patient.name',
        "utf-8",
    )
    with pytest.raises(ContentBroken) as broken:
        PacketPrinter(tmp_path).render(packet(file))
    assert broken.value.title == f"The packet leaves out {file.name}"


def test_names_of_files_and_parts_are_never_markup(printer: PacketPrinter) -> None:
    hostile = '#panic("no") *x* [y](z) $1$ <b> ../../etc'
    text = said(printer, packet(replace(LETTER, name=hostile, what=hostile), zone=hostile, status=hostile))
    assert text.count(squeezed(hostile)) >= 6


def test_a_long_packet_keeps_its_index_right(printer: PacketPrinter) -> None:
    summary = long_claim(24)
    texts = pages(printer.render(packet(SCAN, summary=summary)))
    cover = squeezed(texts[0])
    starts = {
        name: next(number for number, text in enumerate(texts, 1) if number > 1 and name in text)
        for name in ("Claim summary", "Activity record", "Benefits and authorization", "Attachment 1:")
    }
    assert f"signatures{starts['Claim summary']}–{starts['Activity record'] - 1}" in cover
    assert f"change{starts['Activity record']}–{starts['Benefits and authorization'] - 1}" in cover
    assert starts["Attachment 1:"] == len(texts)
    assert date(2026, 10, 1) == summary.first_service
