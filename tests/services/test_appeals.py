"""Appeal letters: they quote what was signed in time, as it stood before the denial, and name the rest."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest

from casemgr.core.billing_commands import AnswerClaim, AnsweredLine
from casemgr.core.claim_money import WHOLE
from casemgr.core.commands import AmendActivity, OpenCase
from casemgr.core.dates import format_us
from casemgr.errors import RuleRefused
from casemgr.services.activities import amend_activity
from casemgr.services.appeals import cautions, write_letter
from casemgr.services.attachments import AttachFile, attach
from casemgr.services.cases import open_case
from casemgr.services.claims import draft_claims
from casemgr.services.remittances import answer
from casemgr.store.ledger import witness
from tests.documents.enclosed import pdf
from tests.pages import printed_text
from tests.services.accounts import FEE, HARBOR, now, paid, sent
from tests.services.support import OCTOBER, assert_whole, cover, length, log
from tests.support import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.clock import FixedClock
    from casemgr.core.billing import Claim
    from casemgr.services.desk import Desk

TOLD_OF = date(2026, 11, 9)


@pytest.fixture
def claim(desk: Desk, ana: str, clock: FixedClock) -> Claim:
    return denied(desk, ana, clock)


def denied(desk: Desk, ana: str, clock: FixedClock) -> Claim:
    """Three lines, the first of which was entered late; denied for a document that is missing."""
    cover(desk, ana, payer=HARBOR)
    case = OpenCase(ana, date(2026, 10, 1), complaint="Pain at 17", treating_dentist="Priya Patel, DDS")
    open_case(desk, case)
    log(desk, "15m ride #1030 10/9: no car => ride confirmed")
    log(desk, "20m referral #1030 10/20 phone: faxed the pano => booked 10/28")
    log(desk, "25m education #1030 10/21: brushing => teach-back good")
    (drafted,) = draft_claims(desk, OCTOBER).claims
    sent(desk, drafted)
    clock.move(days=20)
    paid(desk, drafted, 0, f"CO-252={3 * FEE}", on=TOLD_OF)
    return now(desk, drafted)


def letter(desk: Desk, claim: Claim, argument: str = "") -> str:
    return printed_text(write_letter(desk, claim, argument=argument, overwrite=True).path)


def has(text: str, *musts: str) -> None:
    missing = [must for must in musts if "".join(must.split()) not in text]
    assert not missing


def test_a_letter_quotes_what_was_written_in_time(desk: Desk, claim: Claim, tmp_path: Path) -> None:
    (tmp_path / "letter.pdf").write_bytes(pdf(""))
    attach(desk, AttachFile(tmp_path / "letter.pdf", claim.number, what="Letter to Dr. Okafor"))
    written = write_letter(desk, claim, argument="The pano is enclosed.")
    position = witness(desk.store)[0].seq
    assert written.path == desk.places.exports / f"appeal-{claim.number}-at-{position}.pdf"
    text = printed_text(written.path)
    has(
        text,
        HARBOR,
        "11/10/2026",
        "Garcia, Ana",
        f"Our claim number {claim.number}",
        "Denied on 11/09/2026",
        "$67.50 charged, $67.50 denied",
        "CO-252",
        "pay the $67.50 that you denied",
        "The pano is enclosed.",
        "10/20/2026 · Referral coordination · 20 minutes",
        "Note “faxed the pano”",
        "Marisol Rivera · entered 10/21/2026 12:00 · signed 10/21/2026 12:00",
        "10/21/2026 · Oral-care education",
        "Complaint and history “Pain at 17”",
        "or, where it says so, as a late entry within the time that you allow",
        "10/09/2026 · Transport assistance · 15 minutes",
        "LATE ENTRY, 12 days",
        f"Claim packet {claim.number}-1 with 1 attachment",
        "Letter to Dr. Okafor",
        "Priya Patel, DDS",
    )
    assert_whole(desk)


def test_what_the_payer_takes_no_more_is_named_and_not_quoted(
    desk: Desk, ana: str, clock: FixedClock
) -> None:
    rules = (ROOT / "schema" / "payers" / "harbor-dental-ppo.toml").read_text("utf-8")
    strict = re.sub(r"late_entry_days = \d+", "late_entry_days = 11", rules)
    assert strict != rules
    (desk.places.config / "payers").mkdir(parents=True)
    (desk.places.config / "payers" / "harbor-dental-ppo.toml").write_text(strict, "utf-8")
    text = letter(desk, denied(desk, ana, clock))
    has(text, "Transport assistance of 10/09/2026 (entered 12 days after the service)")
    assert "nocar" not in text
    assert "lateentrywithin" not in text


def test_a_letter_is_recorded_and_the_same_each_time(desk: Desk, claim: Claim) -> None:
    first = write_letter(desk, claim)
    before = length(desk)
    assert write_letter(desk, claim) == first
    assert length(desk) == before + 1
    (kept,) = desk.store.rows("SELECT body ->> 'what', action FROM ledger ORDER BY seq DESC LIMIT 1")
    assert tuple(kept) == ("appeal letter", "print")


def test_without_a_denial_or_a_dentist_there_is_no_letter(desk: Desk, ana: str, clock: FixedClock) -> None:
    cover(desk, ana, payer=HARBOR)
    log(desk, "20m referral #1030 10/20 phone: faxed the pano => booked 10/28")
    (drafted,) = draft_claims(desk, OCTOBER).claims
    with pytest.raises(RuleRefused) as refused:
        write_letter(desk, drafted)
    assert refused.value.title == f"Nothing of claim {drafted.number} stands denied"
    sent(desk, drafted)
    clock.move(days=20)
    paid(desk, drafted, 0, f"CO-252={FEE}", on=TOLD_OF)
    with pytest.raises(RuleRefused) as refused:
        write_letter(desk, drafted)
    assert "treating dentist" in refused.value.title


def test_what_was_changed_after_the_denial_is_quoted_as_it_stood(desk: Desk, claim: Claim) -> None:
    (line,) = (one for one in claim.lines if one.service_date == "2026-10-20")
    amend_activity(desk, AmendActivity(line.activity_ids[0], "found the slip", {"note": "faxed and mailed"}))
    text = letter(desk, claim)
    has(
        text,
        "Note “faxed the pano”",
        "Referral coordination of 10/20/2026 (changed after the denial, and quoted as it stood before)",
    )
    assert "mailed" not in text


def test_a_denial_that_was_taken_back_is_not_appealed(desk: Desk, claim: Claim) -> None:
    back = AnswerClaim(claim.number, desk.today(), (AnsweredLine(WHOLE, 0),), reversal=True)
    answer(desk, back)
    part = paid(desk, claim, 3 * FEE - 500, on=desk.today())
    assert part.claim.status == "paid_in_part"
    with pytest.raises(RuleRefused, match=r"Nothing of claim .* stands denied"):
        write_letter(desk, part.claim)
    again = paid(desk, claim, 0, "CO-97=500", on=desk.today())
    has(letter(desk, again.claim), f"Denied on {desk.today():%m/%d/%Y}", "$5.00 that you denied", "CO-97")


def test_a_letter_that_comes_late_or_before_its_correction_is_cautioned_of(
    desk: Desk, claim: Claim, clock: FixedClock
) -> None:
    assert cautions(desk, claim) == ()
    (line, *_) = claim.lines
    amend_activity(desk, AmendActivity(line.activity_ids[0], "call log", {"minutes": 25}))
    clock.move(days=200)
    assert cautions(desk, now(desk, claim)) == (
        f"The last day for an appeal was {format_us(claim.appeal_by)}",
        "A corrected claim is owed: the log changed after the claim was sent",
    )
