"""A claim keeps the payer's rules under which it was drafted, and what else stands on it from the start."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from casemgr.core.billing import Authorization
from casemgr.core.commands import OpenCase
from casemgr.core.payers import Payer
from casemgr.core.rows import ActivityFilter
from casemgr.errors import VerificationFailed
from casemgr.services.activities import listed
from casemgr.services.cases import open_case
from casemgr.services.claim_checks import check_claims
from casemgr.services.claims import draft_claims, the_claim
from casemgr.services.kept_rules import rules_of
from casemgr.services.month_rows import MonthRows
from casemgr.services.summaries import advice_on, remarks_of
from casemgr.store.contents import kept_content
from tests.services.support import ACME, OCTOBER, assert_whole, cover, log, write_payer

if TYPE_CHECKING:
    from collections.abc import Callable

    from casemgr.core.billing import Claim
    from casemgr.services.desk import Desk


def drafted(desk: Desk, patient_id: str, payer: str = "Acme Dental") -> Claim:
    cover(desk, patient_id, payer=payer)
    log(desk, "15m ride #1030 10/1: to visit => ride confirmed")
    (claim,) = draft_claims(desk, OCTOBER).claims
    return claim


def test_a_claim_keeps_the_file_as_it_stood_under_its_digest(desk: Desk, ana: str) -> None:
    write_payer(desk, ACME)
    claim = drafted(desk, ana)
    kept = kept_content(desk.store, claim.payer_rules)
    assert kept is not None
    assert sha256(kept).hexdigest() == claim.payer_rules == desk.payers.rules_for("acme").digest
    write_payer(desk, ACME.replace("4500", "9900") + '[[rule]]\ncodes = ["D9993"]\ncovered = false\n')
    rules = rules_of(desk, the_claim(desk, claim.number))
    assert (rules.id, rules.name, rules.fees, rules.rules) == ("acme", "Acme Dental", {"D9993": 4500}, ())
    assert rules.digest == claim.payer_rules
    assert desk.payers.rules_for("acme").fees == {"D9993": 9900}
    assert_whole(desk)


def test_the_words_that_a_payer_wants_begin_the_remarks(desk: Desk, ana: str) -> None:
    write_payer(desk, ACME.replace("[fees]", 'remarks = ["CASE MGMT PROGRAM 7."]\n[fees]'))
    claim = drafted(desk, ana)
    write_payer(desk, ACME)
    assert remarks_of(desk, claim).startswith("CASE MGMT PROGRAM 7. Case management, 10/1/2026")


def test_every_shipped_file_is_kept_and_read_again_as_it_is(desk: Desk) -> None:
    for payer in desk.payers:
        assert Payer.of_kept(payer.kept) == payer


def test_a_payer_without_a_file_keeps_the_generic_rules(desk: Desk, ana: str) -> None:
    claim = drafted(desk, ana, "Unheard-of Dental")
    write_payer(desk, 'name = "Any"\nsynthetic = true\n', "generic")
    rules = rules_of(desk, claim)
    assert (rules.id, rules.synthetic) == ("generic", False)
    assert not any("made-up" in text for text in advice_on(desk, [claim]))


def test_a_claim_from_before_rules_were_kept_goes_by_todays(desk: Desk, ana: str) -> None:
    claim = drafted(desk, ana).model_copy(update={"payer_rules": "0" * 64})
    assert rules_of(desk, claim) == desk.payers.rules_for(claim.payer)
    assert rules_of(desk, claim.model_copy(update={"payer_rules": ""})).id == "generic"


@pytest.mark.parametrize("put", ["garbage = [", ACME.replace("4500", "9900")])
def test_rules_whose_bytes_were_changed_judge_no_claim(desk: Desk, ana: str, put: str) -> None:
    write_payer(desk, ACME)
    claim = drafted(desk, ana)
    desk.store.connection.execute(
        "UPDATE contents SET bytes = ? WHERE sha256 = ?", (put.encode(), claim.payer_rules)
    )
    with pytest.raises(VerificationFailed, match="not what was kept"):
        rules_of(desk, claim)
    with pytest.raises(VerificationFailed, match="not what was kept"):
        list(check_claims(desk, [claim.number]))


def test_barriers_that_have_a_code_become_diagnoses_the_first_four(desk: Desk, ana: str) -> None:
    barriers = ("Z59.82", "speaks little English", "Z91.19", "z55.6", "Z59.6", "Z59.82", "Z60.2", "Z60.3")
    open_case(desk, OpenCase(ana, date(2026, 9, 1), barriers=barriers))
    assert drafted(desk, ana).diagnoses == ("Z59.82", "Z55.6", "Z59.6", "Z60.2")


@pytest.mark.parametrize(
    ("codes", "first", "last", "named"),
    [
        ((), "", "", True),
        (("D9993",), "2026-10-01", "2026-10-01", True),
        (("D9991",), "", "", False),
        (("D9993",), "2026-10-02", "", False),
        (("D9993",), "", "2026-09-30", False),
    ],
)
def test_an_authorization_that_fits_is_named_on_the_claim(
    desk: Desk, ana: str, codes: tuple[str, ...], first: str, last: str, named: bool
) -> None:
    coverage = cover(desk, ana, payer="Acme Dental")
    with desk.write() as tx:
        one = Authorization(
            id=tx.new_id(),
            patient_id=ana,
            coverage_id=coverage.id,
            number="PA1",
            codes=codes,
            valid_from=first,
            valid_to=last,
        )
        tx.append("add", "authorization", one)
    log(desk, "15m ride #1030 10/1: to visit => ride confirmed")
    (claim,) = draft_claims(desk, OCTOBER).claims
    assert claim.authorization_id == (one.id if named else "")


RULED = """name = "Acme Dental"
[fees]
D9993 = 1000
[[rule]]
codes = ["*"]
unit = "month"
monthly_minutes = 20
not_billable = [{ why = "A voicemail is no contact", outcomes = ["voicemail"] }]
source = "Made up for this test"
"""


def test_what_the_rules_leave_out_is_told_in_their_words_before_and_after_drafting(
    desk: Desk, ana: str, desk_of: Callable[[str], Desk]
) -> None:
    write_payer(desk, RULED)
    cover(desk, ana, payer="Acme Dental")
    log(desk, "9m ride #1030 10/1: to visit => ride confirmed")
    log(desk, "11m ride #1030 10/5: to visit => ride confirmed")
    voicemail = log(desk, "5m outreach #1030 10/6: called => left voicemail")

    def month() -> tuple[list[tuple[str, int, int, int]], list[tuple[str, str]]]:
        rows = MonthRows(desk, OCTOBER)
        lines = [
            (str(line.service_date), line.minutes, line.quantity, line.activities)
            for line in rows.billing_lines()
        ]
        return lines, [(row.activity_id, row.detail) for row in rows.left_out()]

    left_out = [
        (
            voicemail.id,
            "A voicemail is no contact. It stays in the record, unpaid. "
            "If it is told wrong: casemgr activity amend",
        )
    ]
    assert month() == ([("2026-10-05", 20, 1, 2)], left_out)
    drafted = draft_claims(desk, OCTOBER)
    assert drafted.words == {voicemail.id: "A voicemail is no contact"}
    assert month() == ([("2026-10-05", 20, 1, 2)], left_out)
    assert [row.line_date for row in listed(desk, ActivityFilter())] == ["2026-10-05", "2026-10-05", ""]
    late = log(desk, "30m ride #1030 10/20: to visit => ride confirmed")
    assert [(row.activity_id, str(row.why)) for row in MonthRows(desk, OCTOBER).left_out()] == [
        (voicemail.id, "Not billable"),
        (late.id, "Date is on a claim"),
    ]
    assert_whole(desk)
