from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from casemgr.core.summary import ShownPatient, ShownPractice
from casemgr.documents.glyphs import showable
from casemgr.documents.pdf import ClaimPrinter, render_claim
from casemgr.errors import ContentBroken, RuleRefused
from casemgr.resources import content_root
from tests.documents.enclosed import png
from tests.documents.summaries import CASE, CONTENT, HASH, PATIENT, REFERRAL, RIDE, claim, long_claim
from tests.pages import pages, printed_text, squeezed
from tests.support import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.core.summary import ClaimSummary


@pytest.fixture(scope="module")
def printer() -> ClaimPrinter:
    return ClaimPrinter()


def test_each_page_names_patient_dates_provider_claim_and_its_own_number(printer: ClaimPrinter) -> None:
    texts = pages(printer.render(long_claim()))
    assert len(texts) > 5
    for number, text in enumerate(texts, 1):
        for must in (
            "Garcia, Ana",
            "04/09/2012",
            "10/01/2026 – 10/30/2026",
            "Riverside Community Dental",
            "1234567893",
            "K7Q2-2026-0000",
            f"Page {number} of {len(texts)}",
            f"K7Q2:123 {HASH[:16]}",
        ):
            assert must in text, (number, must)


def test_everything_that_the_record_says_is_on_the_page(printer: ClaimPrinter) -> None:
    text = printed_text(printer.render(claim()))
    for must in (
        "1200 River Road, Suite 4, Springfield, IL 62701",
        "(217) 555-0142",
        "Tax ID 37-1234567",
        "Chart 1034",
        "Language: Spanish",
        "Sunrise Medicaid Dental",
        "Member ID SYN4410231",
        "missed two of three visits before the extraction of #17.",
        "Z59.82 transport insecurity; mother works nights",
        "Plan and rationale Not recorded",
        "Priya Patel, DDS · NPI 1987654321",
        "10/05/2026 D9992 Case management 35 1 $15.00 $15.00",
        "Total 60 $30.00",
        "This claim takes the place of K7Q2-2026-0141, voided on 10/30/2026: wrong payer",
        "Springfield Oral Surgery, front desk",
        "packet faxed, they call back",
        "Mother agreed by phone.",
        "Call back on 10/08 if no date is offered.",
        "Records and pano faxed (12 pages).",
        "Marisol Rivera, CDHC · 10/05/2026",
        "Trip number AR-55120",
        "not billed",
        "3 activities, 65 minutes, of which 60 on this claim",
        "On 10/19/26 Tam Chen spent 25 minutes on transport assistance; outcome: no vehicle, moved to 10/28.",
        "✓ Complaint and history Case of 09/03/2026",
        "✗ Plan with its rationale Missing: the case has no plan",
        "Treating dentist",
        "Rendering staff",
        f"K7Q2:123 {HASH}",
        f"as they were worded when this was printed: {CONTENT[:16]}.",
        *RIDE.labels,
    ):
        assert squeezed(must) in text, must


def test_what_only_the_practice_should_look_at_is_not_printed(printer: ClaimPrinter) -> None:
    told = claim()
    assert told.advice
    text = printed_text(printer.render(told))
    assert not [one for one in told.advice if squeezed(one) in text]
    assert printer.render(replace(told, advice=())) == printer.render(told)


def test_a_status_is_printed_where_there_is_one(printer: ClaimPrinter) -> None:
    assert "Status:" not in printed_text(printer.render(claim()))
    assert "Status:voided" in printed_text(printer.render(claim(status="voided")))


def test_changes_of_the_case_are_labelled(printer: ClaimPrinter) -> None:
    label = "AMENDED 11/10/2026 by Tam Chen, RDH: typo (plan was Rides, now Buses)"
    amended = claim(case=replace(CASE, labels=(label,)))
    assert squeezed(label) in printed_text(printer.render(amended))


def test_the_hash_can_be_copied_whole(printer: ClaimPrinter) -> None:
    assert f"K7Q2:123 {HASH}" in pages(printer.render(claim()))[-1]


def test_what_was_not_recorded_is_said_so(printer: ClaimPrinter) -> None:
    bare = claim(
        replace(REFERRAL, start="", contacted="", method="", details=(), note="", response="", next_step=""),
        case=None,
        warnings=(),
        checklist=(),
        practice=ShownPractice(name="Riverside"),
    )
    text = printed_text(printer.render(bare))
    assert "Nocaseisonfileforthispatient." in text
    assert "Notrecorded" in text
    assert "NPI" not in text


def test_the_head_of_the_activities_stands_on_each_of_their_pages(printer: ClaimPrinter) -> None:
    texts = pages(printer.render(long_claim()))
    first = next(i for i, text in enumerate(texts) if "Activities, as signed" in text)
    last = next(i for i, text in enumerate(texts) if "40 activities" in text)
    assert last > first
    assert all("Date, start" in text for text in texts[first : last + 1])


HOSTILE = (
    '# heading *bold* _it_ $x^2$ [link](x) #panic("no") #sys.inputs.data =cmd|/C calc!A0 \\ \\u{41} @ref '
    "<label> `raw` // comment /* c */ ~ -- --- ... \"q\" 'q' https://example.org/a#b"
)


def test_markup_in_any_text_is_printed_as_it_stands(printer: ClaimPrinter) -> None:
    noted = claim(
        replace(REFERRAL, note=HOSTILE, contacted="*#x* $", details=(("#label", "$$"),), labels=("[#y]",)),
        patient=replace(PATIENT, name='O\'Brien-Núñez, Mary "#Jo"'),
        narrative=(HOSTILE,),
        warnings=("= no heading",),
    )
    text = printed_text(printer.render(noted))
    assert text.count(squeezed(HOSTILE)) == 2
    for must in ("*#x*$", "#label$$", "[#y]", "=noheading", 'O\'Brien-Núñez,Mary"#Jo"'):
        assert must in text, must


def test_lines_of_a_note_stay_lines(printer: ClaimPrinter) -> None:
    page = pages(printer.render(claim(replace(REFERRAL, note="first line\r\nsecond line\n\nthird line"))))[0]
    lines = [line.strip() for line in page.splitlines()]
    assert {"second line", "third line"} <= set(lines)


def test_words_of_any_length_wrap_in_every_column(printer: ClaimPrinter) -> None:
    word = "Wolkenkuckucksheim" * 12
    noted = claim(replace(REFERRAL, note=word, contacted=word, staff=word, credential=word, outcome=word))
    pdf = printer.render(noted)
    ends: list[float] = []

    def measure(text: str, page: list[float], line: list[float], _font: Any, size: float) -> None:
        if "kuckuck" in text:
            # 0.5 em a letter is a little less than Noto Sans takes, so that a run off the page is not missed.
            ends.append(page[4] + line[4] + len(text.strip().replace("\u200b", "")) * size * 0.5)

    for page in PdfReader(BytesIO(pdf)).pages:
        page.extract_text(visitor_text=measure)
    assert len(ends) > 20
    assert max(ends) < 8.5 * 72


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("李, 小龍", "Cantonese"),
        ("さくら, 美咲", "Japanese"),
        ("김, 민준", "Korean"),
        ("Nguyễn, Thanh Hằng", "Vietnamese"),
        ("O'Brien-Núñez, Máire", "English"),
        ("Żółć, Łukasz", "Polish"),
        ("Ёлкин, Фёдор", "Russian"),
        ("Παπαδοπούλου, Ελένη", "Greek"),
        ("Գրիգորյան, Անահիտ", "Armenian"),
        ("ገብረ, ሰላም", "Amharic"),
    ],
)
def test_names_are_printed_as_themselves(printer: ClaimPrinter, name: str, language: str) -> None:
    patient = ShownPatient(name=name, birth_date=date(1980, 1, 2), chart_number="7", language=language)
    texts = pages(printer.render(claim(patient=patient)))
    assert all(name in text for text in texts)


@pytest.mark.parametrize("name", ["الزهراء, فاطمة", "כהן, שרה", "देवी, सीता", "ใจดี, สมชาย", "ဦး, မောင်"])
def test_scripts_that_join_or_reorder_have_all_their_glyphs(printer: ClaimPrinter, name: str) -> None:
    patient = ShownPatient(name=name, birth_date=date(1980, 1, 2), chart_number="7")
    assert "[U+" not in printed_text(printer.render(claim(patient=patient)))


def test_what_no_font_has_is_shown_by_its_number_and_explained(printer: ClaimPrinter) -> None:
    noted = claim(replace(REFERRAL, note="ᚠ, 𓀀, own \ue000, bell \x07, turned \u202egnorw\u202c, 😀"))
    texts = pages(printer.render(noted))
    text = squeezed("".join(texts))
    assert "[U+16A0],[U+13000],own[U+E000],bell[U+0007],turned[U+202E]gnorw[U+202C],😀" in text
    assert "shown by their Unicode number" in " ".join(texts[-1].split())
    assert "Unicode number" not in "".join(pages(printer.render(claim())))


@given(note=st.text(max_size=60), name=st.text(max_size=30))
def test_any_text_at_all_can_be_printed(printer: ClaimPrinter, note: str, name: str) -> None:
    patient = replace(PATIENT, name=name)
    assert printer.render(claim(replace(REFERRAL, note=note), patient=patient)).startswith(b"%PDF-1.7")


@given(st.text())
def test_text_within_reach_of_the_fonts_is_left_alone(text: str) -> None:
    plain = text.encode("ascii", "ignore").decode()
    kept = "".join(ch for ch in plain if ch.isprintable())
    assert showable(kept).replace("\u200b", "") == kept


SAME = """
import sys
from hashlib import sha256
from casemgr.documents.pdf import ClaimPrinter
from tests.documents.enclosed import png
from tests.documents.summaries import claim, long_claim
printer = ClaimPrinter()
if sys.argv[1] == "after others":
    printer.render(long_claim(3, seed=9))
print(sha256(printer.render(claim())).hexdigest())
"""


def test_the_same_claim_gives_the_same_bytes_in_any_process(printer: ClaimPrinter) -> None:
    wanted = sha256(printer.render(claim())).hexdigest()
    for seed, zone, before in (("1", "Asia/Tokyo", "nothing"), ("2", "America/Chicago", "after others")):
        env = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-c", SAME, before], env=env, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == wanted


def test_the_file_says_that_it_is_archivable_and_accessible(printer: ClaimPrinter) -> None:
    reader = PdfReader(BytesIO(printer.render(claim())))
    root: Any = reader.trailer["/Root"]
    xmp = root["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in xmp
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert str(root["/Lang"]).startswith("en")
    assert root["/MarkInfo"]["/Marked"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Case management documentation, claim K7Q2-2026-0142"
    created = reader.metadata.creation_date
    assert created is not None
    assert int(created.timestamp()) == claim().witnessed_at // 1_000_000


def test_no_name_of_a_patient_is_in_the_files_own_description(printer: ClaimPrinter) -> None:
    reader = PdfReader(BytesIO(printer.render(claim())))
    root: Any = reader.trailer["/Root"]
    described = root["/Metadata"].get_data().decode() + str(reader.metadata)
    assert "Garcia" not in described


def test_each_font_is_embedded(printer: ClaimPrinter) -> None:
    fonts: list[Any] = []
    for page in PdfReader(BytesIO(printer.render(claim()))).pages:
        resources: Any = page["/Resources"]
        fonts.extend(font.get_object() for font in resources["/Font"].values())
    assert fonts
    for font in fonts:
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & set(descriptor)


def test_a_claim_that_no_longer_agrees_with_the_log_is_refused(printer: ClaimPrinter) -> None:
    sound = claim()
    broken = replace(sound, lines=(replace(sound.lines[0], minutes=36), *sound.lines[1:]))
    with pytest.raises(RuleRefused) as refused:
        printer.render(broken)
    assert "2026-10-05 D9992: 36 minutes on the claim, 35 in the log" in refused.value.detail


def own_template(folder: Path, text: str, name: str = "claim_summary.typ") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    return folder


def rendered_with(folder: Path, summary: ClaimSummary | None = None) -> str:
    return printed_text(render_claim(summary or claim(), folder))


def test_a_practice_puts_its_own_template_in_place_of_ours(tmp_path: Path) -> None:
    folder = own_template(
        tmp_path / "documents",
        '#import "letterhead.typ": *\n#let d = json(bytes(sys.inputs.data))\n'
        '#show: sheet.with(d, title: "Own form")\nFor #d.patient.name: #d.charge',
    )
    text = rendered_with(folder)
    assert "ForGarcia,Ana:$30.00" in text
    assert "Page1of1" in text


def test_a_practice_puts_its_own_letterhead_and_logo_in_place_of_ours(tmp_path: Path) -> None:
    ours = (content_root() / "exports" / "documents" / "letterhead.typ").read_text("utf-8")
    head = '\n#let letterhead(practice, fonts) = [#image("logo.svg", width: 9pt, alt: "Logo") Our own head]\n'
    folder = own_template(tmp_path / "documents", ours + head, "letterhead.typ")
    own_template(folder, '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', "logo.svg")
    text = rendered_with(folder)
    assert "Ourownhead" in text
    assert "Casemanagementdocumentation" in text


def test_a_logo_may_be_a_photograph(tmp_path: Path) -> None:
    folder = own_template(
        tmp_path / "documents",
        '#import "letterhead.typ": *\n#let d = json(bytes(sys.inputs.data))\n'
        '#show: sheet.with(d, title: "Own form")\n#image("logo.png", width: 9pt, alt: "Logo")',
    )
    (folder / "logo.png").write_bytes(png())
    reader = PdfReader(BytesIO(render_claim(claim(), folder)))
    assert len(reader.pages[0].images) == 1


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("claim_summary.typ", "#set document(title: [T])\n\n#nonsense", "Line 3"),
        ("letterhead.typ", "#let accent = red\n#let broken = (", "Line 2"),
    ],
)
def test_a_broken_template_is_named_with_its_line(tmp_path: Path, name: str, text: str, line: str) -> None:
    folder = own_template(tmp_path / "documents", text, name)
    with pytest.raises(ContentBroken) as broken:
        render_claim(claim(), folder)
    assert name in broken.value.title
    assert line in broken.value.detail
    assert "Garcia" not in broken.value.detail


def test_importing_the_module_does_not_load_the_compiler() -> None:
    code = "import casemgr.documents.pdf, sys; sys.exit('typst' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
