"""Nothing is drafted, printed or exported from rows that were altered behind the ledger's back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from casemgr.core.commands import OpenCase
from casemgr.errors import VerificationFailed
from casemgr.services.cases import open_case
from casemgr.services.claims import draft_claims, void_claim
from casemgr.services.exports import export_month
from casemgr.services.importing import import_log
from casemgr.services.printing import print_claims, remarks
from tests.services.support import OCTOBER, SEPTEMBER, cover, length, log

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.core.billing import Claim
    from casemgr.services.desk import Desk

IN_THE_MONTH = {
    "minutes": "UPDATE activities SET minutes = minutes + 1 WHERE minutes = 20",
    "note": "UPDATE activities SET note = 'never said' WHERE minutes = 20",
    "whose": "UPDATE activities SET patient_id = (SELECT id FROM patients WHERE chart_number = '1031')",
    "patient": "UPDATE patients SET birth_date = '2012-04-10' WHERE chart_number = '1030'",
    "credential": "UPDATE staff SET credential = 'DDS' WHERE id = 'tchen'",
    "practice": "UPDATE practice SET name = 'Another'",
    "fee": "UPDATE claim_lines SET fee_cents = fee_cents + 1",
    "line minutes": "UPDATE claim_lines SET minutes = minutes + 1",
    "line gone": "DELETE FROM claim_lines WHERE line = 2",
    "claimed": "DELETE FROM claim_activities WHERE line = 2",
    "member id": "UPDATE claims SET member_id = 'SYN0000009'",
    "voided": "UPDATE claims SET voided = 1",
}
"""What the month's claims and workbook and the claim's paper are both made of."""

OF_THE_MONTH_ALONE = {
    "coverage": "UPDATE coverages SET payer = 'harbor-dental-ppo'",
    "unclaimed": "UPDATE activities SET status = 'signed' WHERE status = 'draft'",
    "voided reason": "UPDATE activities SET voided = 1 WHERE status = 'draft'",
    "rejected": "UPDATE imports SET rejected = '[]'",
}
OF_THE_CLAIM_ALONE = {
    "case": "UPDATE cases SET complaint = 'Worse'",
    "follow-up": "UPDATE follow_ups SET what = 'never said'",
}


@pytest.fixture
def claim(desk: Desk, ana: str, tmp_path: Path) -> Claim:
    """A claim of two lines; the month has a draft and a refused row besides."""
    cover(desk, ana)
    open_case(desk, OpenCase(ana, date(2026, 10, 1), complaint="Pain at 17"))
    log(desk, "20m referral #1030 10/19 phone: consult => booked !10/26 confirm")
    log(desk, "15m ride #1030 10/20: no car => ride confirmed")
    log(desk, "7m ride #1030 10/21: to visit", draft=True)
    path = tmp_path / "log.csv"
    path.write_text(
        "Date,Patient,Type,Mins,Staff,Outcome\n10/5/2026,Garcia Ana 4/9/2012,Referral,900,Tam Chen,booked\n",
        encoding="utf-8",
    )
    import_log(desk, path)
    (claim,) = draft_claims(desk, OCTOBER).claims
    assert len(claim.lines) == 2
    return claim


def alter(desk: Desk, sql: str) -> None:
    """What a hand with the key does to the tables."""
    with desk.store.immediate():
        assert desk.store.connection.execute(sql).rowcount > 0


def files(desk: Desk) -> list[str]:
    return sorted(path.name for path in desk.places.exports.iterdir())


@pytest.mark.parametrize(
    "sql", (IN_THE_MONTH | OF_THE_MONTH_ALONE).values(), ids=(IN_THE_MONTH | OF_THE_MONTH_ALONE).keys()
)
def test_nothing_of_the_month_is_exported_or_drafted(
    desk: Desk, claim: Claim, tmp_path: Path, sql: str
) -> None:
    log(desk, "5m ride #1030 10/18: to visit => ride confirmed")
    alter(desk, sql)
    before, there, beside = length(desk), files(desk), sorted(tmp_path.iterdir())
    for attempt in (
        lambda: export_month(desk, OCTOBER),
        lambda: export_month(desk, OCTOBER, tmp_path / "october.xlsx"),
        lambda: draft_claims(desk, OCTOBER),
    ):
        with pytest.raises(VerificationFailed, match="tables do not say what the ledger says") as refused:
            attempt()
        assert refused.value.exit_code == 8
        assert "casemgr verify" in refused.value.todo
    assert (length(desk), files(desk), sorted(tmp_path.iterdir())) == (before, there, beside)


@pytest.mark.parametrize(
    "sql", (IN_THE_MONTH | OF_THE_CLAIM_ALONE).values(), ids=(IN_THE_MONTH | OF_THE_CLAIM_ALONE).keys()
)
def test_no_page_of_the_claim_is_printed(desk: Desk, claim: Claim, tmp_path: Path, sql: str) -> None:
    alter(desk, sql)
    before, there, beside = length(desk), files(desk), sorted(tmp_path.iterdir())
    for attempt in (
        lambda: list(print_claims(desk, [claim])),
        lambda: list(print_claims(desk, [claim], path=tmp_path / "claim.pdf")),
        lambda: remarks(desk, claim),
    ):
        with pytest.raises(VerificationFailed):
            attempt()
    assert (length(desk), files(desk), sorted(tmp_path.iterdir())) == (before, there, beside)


def test_a_record_that_the_ledger_does_not_have_is_found(desk: Desk, claim: Claim) -> None:
    names = ", ".join(
        row[1] for row in desk.store.rows("PRAGMA table_info(activities)") if row[1] not in ("id", "row")
    )
    alter(
        desk,
        f"INSERT INTO activities (id, {names}) SELECT 'made-up', {names} FROM activities WHERE minutes = 20",
    )
    with pytest.raises(VerificationFailed, match="tables do not say"):
        export_month(desk, OCTOBER)


def test_another_month_or_patient_is_no_matter(desk: Desk, ana: str, claim: Claim) -> None:
    log(desk, "9m ride #1031 9/8: to visit => ride confirmed")
    alter(desk, "UPDATE activities SET minutes = 10 WHERE minutes = 9")
    assert export_month(desk, OCTOBER).rows == 3
    assert not draft_claims(desk, OCTOBER, ana).claims
    assert list(print_claims(desk, [claim]))
    with pytest.raises(VerificationFailed):
        export_month(desk, SEPTEMBER)


def test_a_claim_that_took_the_place_of_a_forged_one_is_not_printed(desk: Desk, claim: Claim) -> None:
    void_claim(desk, claim.number, "wrong payer")
    (anew,) = draft_claims(desk, OCTOBER).claims
    alter(desk, f"UPDATE claims SET number = 'K7Q2-2026-9999' WHERE number = '{claim.number}'")
    with pytest.raises(VerificationFailed):
        list(print_claims(desk, [anew]))


def test_a_voided_claim_is_proven_too(desk: Desk, claim: Claim) -> None:
    void_claim(desk, claim.number, "wrong payer")
    assert export_month(desk, OCTOBER).to_draft == 2
    assert draft_claims(desk, OCTOBER).claims
