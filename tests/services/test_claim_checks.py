"""Checking claims on a real store: the facts are those of the log, one by one or by the thousand."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING

import pytest

from casemgr.core.billing import (
    Adjustment,
    Authorization,
    Claim,
    Remittance,
    RemittanceLine,
    Verification,
)
from casemgr.core.commands import EditCase, OpenCase
from casemgr.core.findings import Severity
from casemgr.core.readiness import Denials
from casemgr.errors import ContentBroken, NotFound, RuleRefused
from casemgr.services import claim_facts
from casemgr.services.cases import edit_case, open_case
from casemgr.services.claim_checks import check_claim, check_claims, denials_of
from casemgr.services.claim_facts import gather
from casemgr.services.claims import draft_claims, void_claim
from tests.services.support import OCTOBER, SEPTEMBER, copied_practice, cover, filled_practice, log

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from casemgr.core.readiness import Readiness
    from casemgr.services.desk import Desk

TIGHT = """
name = "Sunrise Medicaid Dental"
source = "Manual"
verified_on = 2026-10-01
filing_days = 30
[fees]
D9993 = 1500
[[rule]]
codes = ["*"]
source = "Manual, p. 4"
verified_on = 2026-10-01
authorization = true
limit = [{ count = 2, per = "month" }, { count = 1, per = "days", days = 3, scope = "provider" }]
"""


def tighten(desk: Desk) -> None:
    """Let Sunrise have rules, which are looked up anew."""
    own = desk.places.config / "payers"
    own.mkdir(parents=True, exist_ok=True)
    (own / "sunrise-medicaid-dental.toml").write_text(TIGHT, "utf-8")
    desk.__dict__.pop("payers", None)


@pytest.fixture
def claim(desk: Desk, ana: str) -> Claim:
    """Ana's October: three days, under rules that allow two and want an authorization."""
    tighten(desk)
    cover(desk, ana)
    open_case(
        desk,
        OpenCase(ana, date(2026, 10, 1), complaint="pain", findings="caries", plan="extract", consent="yes"),
    )
    log(desk, "20m referral 1030 10/5 9am: called the surgeon about it => consult booked")
    log(desk, "15m transport 1030 10/5 9:10am: ride => ride confirmed")
    log(desk, "10m referral 1030 10/12: again => packet sent")
    log(desk, "10m referral 1030 10/19: third time => packet sent")
    (made,) = draft_claims(desk, OCTOBER).claims
    return made


def checks_of(found: Readiness, severity: Severity) -> set[str]:
    return {finding.check for finding in found.findings if finding.severity is severity}


def test_a_claim_is_checked_by_its_log_its_case_and_its_payers_rules(desk: Desk, claim: Claim) -> None:
    found = check_claim(desk, claim.number.lower())
    errors = checks_of(found, Severity.ERROR)
    assert {"authorization", "frequency", "dentist", "practice", "overlap"} <= errors
    assert {"supplementary", "benefits", "diagnosis"} <= checks_of(found, Severity.WARNING)
    assert not found.ready
    (third,) = [one for one in found.findings if one.check == "frequency" and one.severity is Severity.ERROR]
    assert third.title == "Over the limit: 2 of 2 used, next eligible Nov 1"
    assert third.line == 3

    before = found.score
    edit_case(desk, EditCase(claim.case_id, {"supplementary": "pano of 9/3"}))
    better = check_claim(desk, claim.number)
    assert better.score >= before
    assert "supplementary" not in checks_of(better, Severity.WARNING)


def test_what_stands_on_other_claims_counts(desk: Desk, claim: Claim, ana: str) -> None:
    log(desk, "5m referral 1030 9/30: before => packet sent")
    (before,) = draft_claims(desk, SEPTEMBER).claims
    (facts,) = gather(desk, [claim.id])
    assert [(one.number, one.service_date.day) for one in facts.billed] == [
        (before.number, 30),
        *((claim.number, day) for day in (5, 12, 19)),
    ]
    assert all(one.staff == {"mrivera"} for one in facts.billed)
    assert [one.service_date for one in facts.elsewhere] == []
    void_claim(desk, before.number, "wrong")
    (facts,) = gather(desk, [claim.id])
    assert len(facts.billed) == 3


def test_benefits_and_authorization_are_those_of_the_coverage(desk: Desk, claim: Claim) -> None:
    with desk.write() as tx:
        asked = Verification(
            id=tx.new_id(),
            patient_id=claim.patient_id,
            coverage_id=claim.coverage_id,
            verified_on="2026-10-01",
            verified_by="mrivera",
            covered="yes",
        )
        tx.append("verify", "verification", asked)
        held = Authorization(
            id=tx.new_id(),
            patient_id=claim.patient_id,
            coverage_id=claim.coverage_id,
            number="PA7",
            units=6,
            valid_to="2026-12-31",
        )
        tx.append("authorize", "authorization", held)
        tx.append("edit", "claim", claim.model_copy(update={"authorization_id": held.id}))
    found = check_claim(desk, claim.number)
    (used,) = [one for one in found.findings if one.check == "authorization"]
    assert used.title == "3 of 6 units used of authorization PA7"
    assert not any(one.check == "benefits" for one in found.findings)


def test_denials_are_those_of_this_practices_answers(desk: Desk, claim: Claim) -> None:
    assert denials_of(desk) == Denials(0, {})

    def answer(carc: str, paid: int, **more: object) -> None:
        line = RemittanceLine(
            billed_cents=1500,
            paid_cents=paid,
            adjustments=(Adjustment(group="CO", carc=carc, cents=1500 - paid),),
        )
        with desk.write() as tx:
            record = Remittance(id=tx.new_id(), claim_id=claim.id, received_on="2026-10-20", lines=(line,))
            tx.append("deny", "remittance", record.model_copy(update=more))

    answer("45", 900)
    answer("16", 0, received_on="2024-10-20")
    answer("16", 0, reversal=True)
    assert denials_of(desk) == Denials(0, {})
    before = check_claim(desk, claim.number).score
    answer("16", 0)
    answer("16", 0)
    answer("119", 0)
    assert denials_of(desk) == Denials(1, {"documentation": 1, "frequency": 1})
    assert check_claim(desk, claim.number).score <= before


def test_a_payers_file_that_changed_since_is_noted_and_the_old_rules_hold(desk: Desk, claim: Claim) -> None:
    own = desk.places.config / "payers" / "sunrise-medicaid-dental.toml"
    own.write_text(TIGHT.replace("authorization = true", "authorization = false"), "utf-8")
    desk.__dict__.pop("payers", None)
    found = check_claim(desk, claim.number)
    assert "authorization" in checks_of(found, Severity.ERROR)
    assert "payer_dates" in checks_of(found, Severity.NOTE)


def test_what_is_not_there_or_voided_is_told(desk: Desk, claim: Claim) -> None:
    with pytest.raises(NotFound):
        check_claim(desk, "XXXX-2026-0001")
    void_claim(desk, claim.number, "wrong")
    with pytest.raises(RuleRefused):
        check_claim(desk, claim.number)
    assert list(check_claims(desk, OCTOBER)) == []


def test_a_practices_own_table_of_diagnoses_goes_before_ours(desk: Desk, claim: Claim) -> None:
    with desk.write() as tx:
        tx.append("edit", "claim", claim.model_copy(update={"diagnoses": ("Z59.99",)}))
    assert "diagnosis_codes" in checks_of(check_claim(desk, claim.number), Severity.WARNING)
    own = desk.places.config / "diagnoses"
    own.mkdir(parents=True)
    table = own / claim_facts.TABLE
    table.write_text("# in force 2026-10-01 to 2027-03-31\nZ59 99\n", "utf-8")
    found = check_claim(desk, claim.number)
    assert not any(one.check == "diagnosis_codes" for one in found.findings)
    table.write_text("Z59 99\n", "utf-8")
    with pytest.raises(ContentBroken) as error:
        check_claim(desk, claim.number)
    assert "in force" in error.value.detail


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The practice of the logs with two months of claims."""
    from casemgr.services.importing import import_log
    from tests.services.support import PRACTICE

    home = tmp_path_factory.mktemp("checked") / "home"
    desk = filled_practice(home)
    for month, file in ((SEPTEMBER, "log-2026-09.xlsx"), (OCTOBER, "log-2026-10.xlsx")):
        import_log(desk, PRACTICE / file)
        draft_claims(desk, month)
    desk.close()
    return home


@pytest.fixture
def busy(months: Path, tmp_path: Path) -> Iterator[Desk]:
    desk = copied_practice(months, tmp_path / "home")
    yield desk
    desk.close()


def test_the_facts_of_a_batch_are_those_of_each_claim_alone(
    busy: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    tighten(busy)
    ids = [row[0] for row in busy.store.rows("SELECT id FROM claims ORDER BY number")]
    assert len(ids) > 20
    together = list(gather(busy, ids))
    assert [facts.claim_id for facts in together] == ids
    monkeypatch.setattr(claim_facts, "BATCH", 7)
    for whole, small in zip(together, gather(busy, ids), strict=True):
        alone = next(iter(gather(busy, [whole.claim_id])))
        for facts in (small, alone):
            for field in fields(facts):
                if field.name not in {"house", "lines", "work", "billed"}:
                    assert getattr(facts, field.name) == getattr(whole, field.name), field.name
            for one, other in zip(facts.lines, whole.lines, strict=True):
                assert one._replace(asks=other.asks) == other
    monkeypatch.undo()
    numbers = [facts.number for facts in together]
    assert [one.readiness for one in check_claims(busy, numbers)] == [
        check_claim(busy, number) for number in numbers
    ]


def test_a_month_is_checked_with_few_statements(busy: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    rows = type(busy.store).rows

    def counted(store: object, sql: str, parameters: object = ()) -> object:
        asked.append(sql)
        return rows(store, sql, parameters)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(type(busy.store), "rows", counted)
    checked = list(check_claims(busy, OCTOBER))
    assert len(checked) > 10
    assert len(asked) < 25
    assert [one.number for one in checked] == sorted(one.number for one in checked)
