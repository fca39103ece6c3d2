"""Files kept with a claim or a patient, inside the encrypted store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from casemgr.core.dates import Month
from casemgr.errors import InputRefused, NotFound, NotWritten, RuleRefused, VerificationFailed
from casemgr.services.attachments import (
    AttachFile,
    attach,
    attachments,
    content_of,
    save_attachment,
    void_attachment,
)
from casemgr.services.claims import draft_claims, void_claim
from casemgr.services.undo import undo
from casemgr.store.reads.disclosures import disclosed
from casemgr.store.verify import verify
from tests.services.support import MIGRATIONS, assert_whole, cover, log

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.core.billing import Claim
    from casemgr.services.desk import Desk


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """A PDF of two pages."""
    from pypdf import PdfWriter

    writer = PdfWriter()
    for _ in range(2):
        writer.add_blank_page(612, 792)
    path = tmp_path / "letter.pdf"
    writer.write(path)
    return path


@pytest.fixture
def claim(desk: Desk, ana: str) -> Claim:
    cover(desk, ana)
    log(desk, "20m referral garcia ana 2012: OS consult => booked")
    return draft_claims(desk, Month(2026, 10)).claims[0]


def test_a_file_is_kept_with_its_claim_and_comes_out_as_it_went_in(
    desk: Desk, claim: Claim, letter: Path, tmp_path: Path
) -> None:
    saved = attach(desk, AttachFile(letter, claim.number, kind="referral", what=" letter to  Dr. Patel "))
    content = letter.read_bytes()
    letter.unlink()

    assert (saved.claim_id, saved.patient_id) == (claim.id, claim.patient_id)
    assert (saved.pages, saved.size, saved.what) == (2, len(content), "letter to Dr. Patel")
    assert attachments(desk, claim=claim.number) == attachments(desk, patient_id=claim.patient_id) == [saved]
    assert content_of(desk, saved) == content
    out = save_attachment(desk, saved.id[-6:], tmp_path / "again.pdf")
    assert out.read_bytes() == content
    assert [one.file for one in disclosed(desk.store, "export", claim.number)] == ["again.pdf"]
    with pytest.raises(NotWritten):
        save_attachment(desk, saved.id, out)
    assert_whole(desk)


def test_the_name_that_is_suggested_is_nobodys(desk: Desk, ana: str, letter: Path) -> None:
    named = letter.rename(letter.with_name("garcia ana.pdf"))
    saved = attach(desk, AttachFile(named, patient_id=ana))
    assert "garcia" not in save_attachment(desk, saved.id).name


def test_what_is_no_file_of_ours_is_refused(desk: Desk, ana: str, tmp_path: Path) -> None:
    page = tmp_path / "page.pdf"
    page.write_text("<html>")
    with pytest.raises(InputRefused, match="cannot go into a packet"):
        attach(desk, AttachFile(page, patient_id=ana))
    with pytest.raises(NotFound):
        attach(desk, AttachFile(tmp_path / "none.pdf", patient_id=ana))
    assert attachments(desk, patient_id=ana) == []


def test_the_same_file_is_attached_once_to_each(desk: Desk, claim: Claim, letter: Path) -> None:
    attach(desk, AttachFile(letter, claim.number))
    with pytest.raises(InputRefused, match="attached already"):
        attach(desk, AttachFile(letter, claim.number))
    attach(desk, AttachFile(letter, patient_id=claim.patient_id))
    assert len(attachments(desk, patient_id=claim.patient_id)) == 2
    assert (desk.store.one("SELECT count(*) FROM contents WHERE bytes LIKE '%PDF%'") or (0,))[0] == 1


def test_a_voided_claim_takes_no_more(desk: Desk, claim: Claim, letter: Path) -> None:
    void_claim(desk, claim.number, "wrong coverage")
    with pytest.raises(RuleRefused, match="is voided"):
        attach(desk, AttachFile(letter, claim.number))


def test_an_attachment_is_withdrawn_with_a_reason_and_undone(desk: Desk, claim: Claim, letter: Path) -> None:
    saved = attach(desk, AttachFile(letter, claim.number))
    with pytest.raises(InputRefused, match="with a reason"):
        void_attachment(desk, saved.id, "")
    void_attachment(desk, saved.id, "another patient's")
    assert attachments(desk, claim=claim.number) == []
    with pytest.raises(RuleRefused, match="already"):
        void_attachment(desk, saved.id, "again")
    undo(desk)
    assert attachments(desk, claim=claim.number) == [saved]
    assert_whole(desk)


def test_changed_bytes_never_leave(desk: Desk, ana: str, letter: Path) -> None:
    saved = attach(desk, AttachFile(letter, patient_id=ana))
    desk.store.connection.execute("UPDATE contents SET bytes = x'00'")
    with pytest.raises(VerificationFailed):
        save_attachment(desk, saved.id)
    assert not verify(desk.store, MIGRATIONS).ok
