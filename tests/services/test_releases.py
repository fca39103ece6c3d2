"""What leaves: encrypted for those who may read it, or in the clear once its writer has said so."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

import pyrage
import pytest

from casemgr.core.commands import AddStaff
from casemgr.core.records import Disclosure
from casemgr.errors import InputRefused, NotWritten
from casemgr.services.appeals import write_letter
from casemgr.services.attachments import AttachFile, attach, save_attachment
from casemgr.services.claims import draft_claims
from casemgr.services.disclosures import accounting
from casemgr.services.exports import export_month, export_workbook
from casemgr.services.importing import import_log
from casemgr.services.month_close import close_month
from casemgr.services.packets import write_packets
from casemgr.services.printing import print_claims, remarks
from casemgr.services.profiles import profile_named
from casemgr.services.recipients import add_recipient
from casemgr.services.releases import ClearNotAllowed, ReleaseWish, allow_clear, allowed_clear
from casemgr.services.sources import Scope
from casemgr.services.staff import add_staff
from casemgr.store.ledger import witness
from casemgr.store.reads.months import close_of
from tests.documents.enclosed import png
from tests.services.support import OCTOBER, assert_whole, cover, length, log, put_claim

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from casemgr.core.billing import Claim
    from casemgr.services.desk import Desk


@pytest.fixture
def identity() -> pyrage.x25519.Identity:
    return pyrage.x25519.Identity.generate()


@pytest.fixture
def audit(desk: Desk, identity: pyrage.x25519.Identity) -> ReleaseWish:
    """A wish for the one in the address book."""
    add_recipient(desk.places, "audit", str(identity.to_public()))
    return ReleaseWish(("audit",), sent_to="  Harbor  Dental ", purpose="audit")


@pytest.fixture
def claim(desk: Desk, ana: str) -> Claim:
    cover(desk, ana)
    log(desk, "20m referral garcia ana 2012: OS consult => booked")
    return draft_claims(desk, OCTOBER).claims[0]


@pytest.fixture
def newcomer(desk: Desk) -> Desk:
    """The desk of somebody who has not said yet that files may leave in the clear."""
    add_staff(desk, AddStaff("bokafor", "Bisi Okafor", "CDHC"))
    desk.seat("bokafor")
    return desk


def last(desk: Desk) -> Disclosure:
    """What was recorded last as having left."""
    found = desk.store.one("SELECT body FROM ledger WHERE entity = 'disclosure' ORDER BY rowid DESC LIMIT 1")
    assert found is not None
    return Disclosure.model_validate_json(found[0])


def files(desk: Desk) -> set[str]:
    return {path.name for path in desk.places.exports.iterdir()}


def test_an_encrypted_workbook_holds_the_bytes_of_the_clear_one(
    desk: Desk, claim: Claim, audit: ReleaseWish, identity: pyrage.x25519.Identity
) -> None:
    sealed = export_month(desk, OCTOBER, wish=audit)
    record = last(desk)
    clear = export_month(desk, OCTOBER)

    assert sealed.path.name == f"{clear.path.name}.age"
    assert sealed.path.stat().st_mode & 0o777 == 0o600
    content = pyrage.decrypt(sealed.path.read_bytes(), [identity])
    assert content == clear.path.read_bytes()
    assert record.sha256 == sealed.sha256 == clear.sha256 == sha256(content).hexdigest()
    assert record.sealed_sha256 == sha256(sealed.path.read_bytes()).hexdigest()
    assert (record.left_as, record.sent_to, record.purpose) == ("encrypted", "Harbor Dental", "audit")
    assert record.recipients == (
        f"audit ({str(identity.to_public())[:12]}…{str(identity.to_public())[-6:]})",
    )
    assert (last(desk).left_as, last(desk).purpose, last(desk).sealed_sha256) == ("clear", "payment", "")
    assert_whole(desk)


def test_nothing_of_an_encrypted_workbook_lies_on_the_disk_in_the_clear(
    desk: Desk, claim: Claim, audit: ReleaseWish, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every file that is opened for it while it is made is looked at when it is renamed or taken away."""
    from casemgr.documents import files as writing

    seen: list[bytes] = []
    real = writing._put_in_place

    def put(partial: Path, path: Path, *, overwrite: bool) -> None:
        seen.extend(each.read_bytes() for each in path.parent.iterdir() if each.is_file())
        real(partial, path, overwrite=overwrite)

    monkeypatch.setattr(writing, "_put_in_place", put)
    sealed = export_month(desk, OCTOBER, wish=audit)

    assert [each[:21] for each in seen] == [b"age-encryption.org/v1"]
    assert files(desk) == {sealed.path.name}


def test_encrypted_again_it_is_another_file(
    desk: Desk, claim: Claim, audit: ReleaseWish, tmp_path: Path
) -> None:
    first, second = (export_month(desk, OCTOBER, wish=audit) for _ in range(2))

    assert first.path != second.path
    assert first.path.read_bytes() != second.path.read_bytes()
    named = export_month(desk, OCTOBER, tmp_path / "october.xlsx", wish=audit).path
    assert named == tmp_path / "october.xlsx.age"
    with pytest.raises(NotWritten):
        export_month(desk, OCTOBER, tmp_path / "october.xlsx.age", wish=audit)
    before = named.read_bytes()
    assert export_month(desk, OCTOBER, named, wish=audit, overwrite=True).path.read_bytes() != before


def test_papers_letters_and_attachments_are_encrypted_too(
    desk: Desk, claim: Claim, audit: ReleaseWish, identity: pyrage.x25519.Identity, tmp_path: Path
) -> None:
    picture = tmp_path / "call.png"
    picture.write_bytes(png())
    attached = attach(desk, AttachFile(picture, claim.number))
    position = witness(desk.store)[0].seq

    (printed,) = print_claims(desk, [claim], wish=audit)
    (packet,) = write_packets(desk, [claim], wish=audit)
    saved = save_attachment(desk, attached.id, wish=audit)

    assert printed.path.name == f"claim-{claim.number}-at-{position}.pdf.age"
    for path, digest in (
        (printed.path, printed.sha256),
        (packet.path, packet.sha256),
        (saved, attached.sha256),
    ):
        assert path.suffix == ".age"
        assert sha256(pyrage.decrypt(path.read_bytes(), [identity])).hexdigest() == digest
    (clear,) = print_claims(desk, [claim])
    assert clear.path.read_bytes() == pyrage.decrypt(printed.path.read_bytes(), [identity])


def test_in_the_clear_is_refused_until_it_was_said_once(newcomer: Desk, claim: Claim, tmp_path: Path) -> None:
    desk = newcomer
    attached = tmp_path / "call.png"
    attached.write_bytes(png())
    file = attach(desk, AttachFile(attached, claim.number))
    desk.seat("mrivera")
    denied = put_claim(desk, claim, "denied", "2026-10-31")
    desk.seat("bokafor")
    before = length(desk)
    ways: list[Callable[[], object]] = [
        lambda: export_month(desk, OCTOBER),
        lambda: export_workbook(desk, profile_named(desk, "activity-log"), Scope(OCTOBER)),
        lambda: print_claims(desk, [denied]),
        lambda: write_packets(desk, [denied]),
        lambda: write_letter(desk, denied),
        lambda: save_attachment(desk, file.id),
    ]
    for way in ways:
        with pytest.raises(ClearNotAllowed) as caught:
            way()
        assert caught.value.exit_code == 5
        assert "--clear" in caught.value.todo and "--recipient" in caught.value.todo
    assert length(desk) == before
    assert not files(desk)

    export_month(desk, OCTOBER, wish=ReleaseWish(clear=True))
    export_month(desk, OCTOBER)
    list(print_claims(desk, [denied]))

    said = list(
        desk.store.rows(
            "SELECT staff, entity_id FROM ledger WHERE action = 'clear' AND staff = ?", ("bokafor",)
        )
    )
    assert said == [("bokafor", "clear-bokafor")]
    assert last(desk).left_as == "clear"
    assert_whole(desk)


def test_it_was_said_for_oneself_alone_and_moves_no_witness(newcomer: Desk) -> None:
    at = witness(newcomer.store)

    allow_clear(newcomer)
    allow_clear(newcomer)

    assert allowed_clear(newcomer)
    assert witness(newcomer.store) == at
    newcomer.seat("mrivera")
    add_staff(newcomer, AddStaff("jlee", "Jo Lee"))
    newcomer.seat("jlee")
    assert not allowed_clear(newcomer)


def test_a_month_is_not_closed_whose_workbook_may_not_leave(newcomer: Desk) -> None:
    newcomer.seat("mrivera")
    add_staff(newcomer, AddStaff("jlee", "Jo Lee", access="biller"))
    newcomer.seat("jlee")

    with pytest.raises(ClearNotAllowed):
        close_month(newcomer, OCTOBER, "early")
    assert close_of(newcomer.store, str(OCTOBER)) is None
    closed = close_month(newcomer, OCTOBER, "early", wish=ReleaseWish(clear=True))
    assert closed.workbook is not None


def test_both_ways_at_once_and_paper_encrypted_make_no_sense(
    desk: Desk, claim: Claim, audit: ReleaseWish
) -> None:
    before = length(desk)

    with pytest.raises(InputRefused, match="not both"):
        export_month(desk, OCTOBER, wish=audit._replace(clear=True))
    with pytest.raises(InputRefused, match="Only files"):
        remarks(desk, claim, audit)
    assert length(desk) == before


def test_rejected_rows_go_back_in_the_clear_unasked_and_recorded(newcomer: Desk, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(
        "Date,Patient,Type,Mins,Staff,Outcome\n10/19/2026,Nobody Known,Referral,20,Tam Chen,booked\n", "utf-8"
    )

    imported = import_log(newcomer, path)

    assert imported.rejects is not None
    record = last(newcomer)
    assert (record.what, record.left_as, record.sent_to) == ("rejected rows", "clear", "bokafor")


def test_the_accounting_says_what_left_to_whom_and_why(
    desk: Desk, ana: str, claim: Claim, audit: ReleaseWish
) -> None:
    export_month(desk, OCTOBER, wish=audit)
    list(print_claims(desk, [claim], wish=ReleaseWish(sent_to="Sunrise Medicaid Dental")))
    export_workbook(desk, profile_named(desk, "activity-log"), Scope(OCTOBER, ana))
    remarks(desk, claim)

    found = accounting(desk)

    assert [(one.what, one.how.split(" (")[0], one.sent_to, one.purpose) for one in found.listed] == [
        ("claim remarks", "on the screen", "", "payment"),
        ("activity-log workbook", "in the clear", "", "health care operations"),
        ("claim summary", "in the clear", "Sunrise Medicaid Dental", "payment"),
        ("month workbook", "encrypted for audit", "Harbor Dental", "audit"),
    ]
    assert found.listed[-1].encrypted and found.listed[-1].rows == 1
    of_ana = accounting(desk, patient_id=ana)
    assert [one.what for one in of_ana.listed] == ["claim remarks", "activity-log workbook", "claim summary"]
    assert of_ana.of_several == 1
    assert not accounting(desk, since=desk.today().replace(year=2027)).listed
    assert json.dumps([one.value() for one in found.listed])


def test_the_reason_in_the_ledger_says_how_it_left(desk: Desk, claim: Claim, audit: ReleaseWish) -> None:
    export_month(desk, OCTOBER, wish=audit)

    found = desk.store.one(
        "SELECT reason FROM ledger WHERE entity = 'disclosure' ORDER BY rowid DESC LIMIT 1"
    )

    assert found is not None
    assert found[0].startswith("encrypted for audit (age1")
    assert found[0].endswith("; to Harbor Dental")
