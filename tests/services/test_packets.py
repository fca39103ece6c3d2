"""Packets: one PDF with all about a claim, the same bytes as long as the record is the same."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from casemgr.errors import NotWritten, RuleRefused, VerificationFailed
from casemgr.services.attachments import AttachFile, attach, void_attachment
from casemgr.services.claims import void_claim
from casemgr.services.packets import write_packets
from casemgr.store.ledger import witness
from tests.documents.enclosed import jpeg, pdf
from tests.pages import printed_text
from tests.services.support import amended_claim, assert_whole, length

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.core.billing import Claim
    from casemgr.services.desk import Desk


@pytest.fixture
def claim(desk: Desk, ana: str) -> Claim:
    return amended_claim(desk, ana)


def attached(desk: Desk, claim: Claim, folder: Path, name: str, content: bytes, what: str = "") -> str:
    (folder / name).write_bytes(content)
    return attach(desk, AttachFile(folder / name, claim.number, kind="referral", what=what)).id


def test_a_packet_has_summary_record_and_files(desk: Desk, claim: Claim, tmp_path: Path) -> None:
    letter = pdf("", texts=("Dear colleague",))
    attached(desk, claim, tmp_path, "letter.pdf", letter, "Letter to Dr. Okafor")
    attached(desk, claim, tmp_path, "voucher.jpg", jpeg(6))
    (written,) = write_packets(desk, [claim])
    position = witness(desk.store)[0].seq
    assert written.path == desk.places.exports / f"packet-{claim.number}-at-{position}.pdf"
    assert sha256(written.path.read_bytes()).hexdigest() == written.sha256
    text = printed_text(written.path)
    for must in (
        f"Attachment control number {claim.number}-1",
        "draft, not sent yet",
        "Pain at 17",
        "2. 10/19/2026 · Referral coordination",
        "amended call log says 25 Minutes: was “15 min”, now “25 min”",
        "Signed 10/21/2026 12:00 by Marisol Rivera",
        "LATE ENTRY, 12 days",
        "No verification of benefits is on file",
        "Attachment 1: Letter to Dr. Okafor",
        f"letter.pdf · PDF · SHA-256 {sha256(letter).hexdigest()[:16]}",
        "Dear colleague",
        "Attachment 2: Referral form or letter",
        witness(desk.store)[0].short,
    ):
        assert "".join(must.split()) in text, must
    assert_whole(desk)


def test_the_same_record_gives_the_same_bytes_and_each_writing_is_recorded(
    desk: Desk, claim: Claim, tmp_path: Path
) -> None:
    attached(desk, claim, tmp_path, "letter.pdf", pdf(""))
    (first,) = write_packets(desk, [claim])
    before = length(desk)
    (again,) = write_packets(desk, [claim])
    assert again == first
    assert length(desk) == before + 1
    (kept,) = desk.store.rows("SELECT body ->> 'what', action FROM ledger ORDER BY seq DESC LIMIT 1")
    assert tuple(kept) == ("claim packet", "print")


def test_an_existing_file_is_not_replaced_unasked(desk: Desk, claim: Claim, tmp_path: Path) -> None:
    path = tmp_path / "packet.pdf"
    path.write_bytes(b"another")
    before = length(desk)
    with pytest.raises(NotWritten):
        list(write_packets(desk, [claim], path=path))
    assert (path.read_bytes(), length(desk)) == (b"another", before)
    list(write_packets(desk, [claim], path=path, overwrite=True))
    assert path.read_bytes().startswith(b"%PDF")


def test_a_withdrawn_file_is_left_out_and_a_changed_one_refused(
    desk: Desk, claim: Claim, tmp_path: Path
) -> None:
    first = attached(desk, claim, tmp_path, "letter.pdf", pdf(""), "Letter")
    void_attachment(desk, first, "wrong patient")
    (written,) = write_packets(desk, [claim])
    assert "Attachment1" not in printed_text(written.path)
    other = pdf("", "")
    attached(desk, claim, tmp_path, "other.pdf", other, "Other")
    desk.store.connection.execute(
        "UPDATE contents SET bytes = x'00' WHERE sha256 = ?", (sha256(other).hexdigest(),)
    )
    before = length(desk)
    with pytest.raises(VerificationFailed):
        list(write_packets(desk, [claim]))
    assert length(desk) == before


def test_a_voided_claim_has_no_packet(desk: Desk, claim: Claim) -> None:
    void_claim(desk, claim.number, "wrong payer")
    with pytest.raises(RuleRefused):
        list(write_packets(desk, [claim]))
