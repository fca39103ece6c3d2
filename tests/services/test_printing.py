"""Claims on paper: what stands on it is what stands in the log, the same whenever the record is the same."""

from __future__ import annotations

import re
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from casemgr.core.commands import AddPatient
from casemgr.core.money import format_cents
from casemgr.errors import ContentBroken, NotWritten, RuleRefused
from casemgr.services.claims import draft_claims, the_claim, void_claim
from casemgr.services.patients import add_patient, the_patient_id
from casemgr.services.printing import print_claims, remarks
from casemgr.store.ledger import witness
from tests.pages import pages, squeezed
from tests.services.support import (
    OCTOBER,
    activities_of,
    amended_claim,
    assert_whole,
    cover,
    length,
    log,
    minutes_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from casemgr.clock import FixedClock
    from casemgr.core.billing import Claim
    from casemgr.services.desk import Desk


@pytest.fixture
def claim(desk: Desk, ana: str) -> Claim:
    return amended_claim(desk, ana)


def text_of(path: Path) -> str:
    return "\n".join(pages(path))


def test_the_page_agrees_with_the_log(desk: Desk, claim: Claim) -> None:
    (printed,) = print_claims(desk, [claim])
    position = witness(desk.store)[0].seq
    assert printed.path == desk.places.exports / f"claim-{claim.number}-at-{position}.pdf"
    assert sha256(printed.path.read_bytes()).hexdigest() == printed.sha256
    text = text_of(printed.path)
    rows = activities_of(desk, claim)
    assert minutes_of(rows) == claim.minutes == 45
    assert claim.charge_cents == 3000
    for must in (
        "Riverside Community Dental",
        "Garcia, Ana",
        "04/09/2012",
        claim.number,
        claim.member_id,
        "Pain at 17",
        "Rides, since no car",
        format_cents(claim.charge_cents),
        "LATE ENTRY, 12 days",
        "AMENDED 10/21/2026 by Marisol Rivera: call log says 25 (minutes was 15, now 25)",
        "Page 1 of",
        witness(desk.store)[0].short,
    ):
        assert squeezed(must) in squeezed(text), must
    told = [int(found) for found in re.findall(r"spent (\d+) minutes", " ".join(text.split()))]
    assert sorted(told) == sorted(row.minutes for row in rows)
    for row in rows:
        assert squeezed(row.outcome_words) in squeezed(text)


def test_the_same_record_gives_the_same_bytes_however_often_it_is_printed(
    desk: Desk, claim: Claim, clock: FixedClock, tmp_path: Path
) -> None:
    (first,) = print_claims(desk, [claim])
    head = witness(desk.store)
    clock.move(days=3)
    (second,) = print_claims(desk, [claim], path=tmp_path / "again.pdf")
    assert first.sha256 == second.sha256
    assert first.path.read_bytes() == second.path.read_bytes()
    modified = first.path.stat().st_mtime_ns
    (third,) = print_claims(desk, [claim])
    assert third.path == first.path
    assert first.path.stat().st_mtime_ns == modified
    assert witness(desk.store) == head


def test_each_print_is_recorded_without_names(desk: Desk, claim: Claim) -> None:
    before = length(desk)
    (printed,) = print_claims(desk, [claim])
    assert length(desk) == before + 1
    found = desk.store.one("SELECT action, body FROM ledger ORDER BY at DESC LIMIT 1")
    assert found is not None
    action, body = found
    assert action == "print"
    assert printed.sha256 in body
    assert claim.number in body
    assert "Garcia" not in body
    assert_whole(desk)


def test_another_file_of_that_name_stays_unless_it_may_go(desk: Desk, claim: Claim, tmp_path: Path) -> None:
    path = tmp_path / "claim.pdf"
    path.write_bytes(b"somebody's")
    before = length(desk)
    with pytest.raises(NotWritten, match="already there"):
        list(print_claims(desk, [claim], path=path))
    assert path.read_bytes() == b"somebody's"
    assert length(desk) == before
    (printed,) = print_claims(desk, [claim], path=path, overwrite=True)
    assert sha256(path.read_bytes()).hexdigest() == printed.sha256


def test_a_changed_record_is_another_paper(desk: Desk, claim: Claim, tmp_path: Path) -> None:
    (first,) = print_claims(desk, [claim])
    (named,) = print_claims(desk, [claim], path=tmp_path / "claim.pdf")
    log(desk, "5m ride #1030: again => ride confirmed")
    (second,) = print_claims(desk, [claim])
    assert second.path != first.path
    assert sha256(first.path.read_bytes()).hexdigest() == first.sha256 != second.sha256
    before = length(desk)
    with pytest.raises(NotWritten, match="already there"):
        list(print_claims(desk, [claim], path=named.path))
    assert length(desk) == before
    (replaced,) = print_claims(desk, [claim], path=named.path, overwrite=True)
    assert replaced.sha256 == second.sha256


def test_every_claim_has_its_file_in_a_folder_of_ones_own(desk: Desk, claim: Claim, tmp_path: Path) -> None:
    added = add_patient(desk, AddPatient("Zed", "Amy", date(1990, 1, 1), payer="Harbor", member_id="H1"))
    log(desk, f"15m ride #{added.patient.chart_number} 10/1: to visit => ride confirmed")
    (other,) = draft_claims(desk, OCTOBER).claims
    printed = list(print_claims(desk, [claim, other], tmp_path / "october"))
    at = f"at-{witness(desk.store)[0].seq}.pdf"
    assert [one.path.name for one in printed] == [f"claim-{one.number}-{at}" for one in (claim, other)]
    assert "Zed, Amy" in text_of(printed[1].path)
    assert "Zed" not in text_of(printed[0].path)


def test_a_voided_claim_is_not_printed(desk: Desk, claim: Claim) -> None:
    void_claim(desk, claim.number, "wrong payer")
    voided = the_claim(desk, claim.number)
    with pytest.raises(RuleRefused, match="voided"):
        list(print_claims(desk, [voided]))
    with pytest.raises(RuleRefused, match="voided"):
        remarks(desk, voided)
    assert not list(desk.places.exports.iterdir())


def test_a_claim_that_is_taken_back_while_others_print_is_not_printed(
    desk: Desk, claim: Claim, desk_of: Callable[[str], Desk], tmp_path: Path
) -> None:
    log(desk, "20m referral #1032 10/19 phone: oral surgery consult => booked 10/28")
    cover(desk, the_patient_id(desk, "1032"))
    (second,) = draft_claims(desk, OCTOBER).claims
    printing = print_claims(desk, [claim, second], tmp_path)
    assert next(printing).number == claim.number
    void_claim(desk_of("tchen"), second.number, "wrong payer")
    before = length(desk)
    with pytest.raises(RuleRefused, match="voided"):
        next(printing)
    with pytest.raises(RuleRefused, match="voided"):
        remarks(desk, second)
    assert len(list(tmp_path.glob("*.pdf"))) == 1
    assert length(desk) == before


def test_remarks_are_recorded_too(desk: Desk, claim: Claim) -> None:
    head = witness(desk.store)
    before = length(desk)
    assert remarks(desk, claim).startswith(
        "Case management, 10/9/2026 to 10/19/2026: 2 entries, 45 min. "
        "10/9/2026: Transport assistance, 25 min; ride confirmed."
    )
    assert length(desk) == before + 1
    assert witness(desk.store) == head


def test_where_nothing_can_be_written_nothing_is_recorded(desk: Desk, claim: Claim, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder.pdf").mkdir()
    (tmp_path / "open.pdf").write_bytes(b"being read")
    (tmp_path / ".~lock.open.pdf#").touch()
    before, names = length(desk), sorted(path.name for path in tmp_path.iterdir())
    for name in ("file/claim.pdf", "none/claim.pdf", "folder.pdf", "open.pdf"):
        with pytest.raises(NotWritten):
            list(print_claims(desk, [claim], path=tmp_path / name, overwrite=True))
    assert length(desk) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == names


def test_a_broken_template_of_the_practice_prints_nothing(desk: Desk, claim: Claim) -> None:
    folder = desk.places.config / "documents"
    folder.mkdir(parents=True)
    (folder / "claim_summary.typ").write_text("#let x = (\n", encoding="utf-8")
    with pytest.raises(ContentBroken, match=r"claim_summary\.typ"):
        list(print_claims(desk, [claim]))
    assert not list(desk.places.exports.iterdir())
