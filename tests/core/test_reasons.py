"""Denial reasons with their codes, and barriers as diagnosis codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from casemgr.core.billing import Adjustment, RemittanceLine
from casemgr.core.codes import Codes
from casemgr.core.denials import advise
from casemgr.core.reasons import Reasons
from casemgr.errors import ContentBroken
from casemgr.resources import load_toml_folder

if TYPE_CHECKING:
    from pathlib import Path

REASONS = Reasons.load(load_toml_folder("schema/reasons", None))


def test_what_the_patient_is_to_pay_is_no_denial_even_without_a_reason() -> None:
    adjustments = (Adjustment(group="PR", carc="", cents=500), Adjustment(group="CO", carc="197", cents=1000))
    line = RemittanceLine(billed_cents=4500, paid_cents=3000, adjustments=adjustments)
    (told,) = advise([line], (), REASONS)
    assert (told.codes[0][0], told.cents) == ("CO-197", 1000)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("documentation", "documentation"),
        ("CARC 16", "documentation"),
        ("252", "documentation"),
        ("n706", "documentation"),
        ("119", "frequency"),
        ("RARC N362", "frequency"),
        ("11", "diagnosis"),
        ("197", "authorization"),
        ("97", "bundled"),
        ("96", "not_covered"),
        ("29", "late_filing"),
        ("18", "duplicate"),
        ("8", "provider_type"),
    ],
)
def test_a_payers_code_leads_to_the_reason(written: str, meant: str) -> None:
    reason = REASONS.denial(written)
    assert reason is not None
    assert reason.id == meant
    assert reason.what_to_do


def test_an_unknown_code_leads_nowhere() -> None:
    assert REASONS.denial("CARC 9999") is None


def test_no_code_stands_under_two_reasons() -> None:
    codes = [remark.code for reason in REASONS.denials for remark in (*reason.carc, *reason.rarc)]
    assert len(codes) == len(set(codes))


def test_group_codes_say_who_bears_an_adjustment() -> None:
    assert {group.code for group in REASONS.groups} == {"CO", "PR", "OA", "PI", "CR"}


def test_a_remark_says_more_than_a_general_reason_beside_it_and_less_than_another() -> None:
    exact = REASONS.denied_with("197", ("N706",))
    assert exact is not None
    assert exact.id == "authorization"
    unknown = REASONS.denied_with("9999", ("N706",))
    assert unknown is not None
    assert unknown.id == "documentation"
    found = REASONS.denied_with("16", ("N999", "M76"))
    assert found is not None
    assert found.id == "diagnosis"
    plain = REASONS.denied_with("16", ("N999",))
    assert plain is not None
    assert plain.id == "documentation"
    assert REASONS.denied_with("9999", ()) is None


def test_what_a_contract_takes_off_and_what_the_patient_shares_are_no_denials() -> None:
    assert all(REASONS.no_denial(code) for code in ("45", "253", "1", "2", "3"))
    assert not REASONS.no_denial("197")
    assert REASONS.denied_with("45", ("N706",)) is None
    denials = {remark.code for reason in REASONS.denials for remark in reason.carc}
    assert not denials & {one.code for one in (*REASONS.accepted, *REASONS.shares)}


def test_a_code_is_told_with_our_meaning_or_none() -> None:
    assert REASONS.meaning("197") == "there was no prior authorization"
    assert REASONS.meaning("N706") == "documentation is missing"
    assert REASONS.meaning("45")
    assert REASONS.meaning("N999") == ""


def test_a_barrier_is_told_with_its_words_and_plain_words_stay() -> None:
    assert REASONS.barrier_text("z59.82") == "Z59.82 no reliable transport"
    assert REASONS.barrier_text("mother works nights") == "mother works nights"


def test_barriers_that_pair_with_a_code_name_one_that_there_is() -> None:
    codes = Codes.load(load_toml_folder("schema/codes", None))
    assert all(codes.find(barrier.pairs_with) for barrier in REASONS.barriers if barrier.pairs_with)


def test_a_code_that_only_heads_others_may_not_stand_on_a_claim() -> None:
    assert "Z91.190" in REASONS.not_billable("z91.19")
    assert REASONS.not_billable("Z59.1").endswith("may not stand on a claim.")
    assert REASONS.not_billable("Z59.82") == ""
    headings = {category.code for category in REASONS.categories}
    assert not headings & {barrier.code for barrier in REASONS.barriers}
    for category in REASONS.categories:
        assert all(REASONS.barrier(code) for code in category.instead)


def test_what_is_declared_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "more.toml").write_text('[[barrier]]\ncode = "Z59.82"\nlabel = "again"\n', "utf-8")
    with pytest.raises(ContentBroken) as caught:
        Reasons.load(load_toml_folder("schema/reasons", tmp_path))
    assert '"Z59.82" is declared twice' in caught.value.detail


def test_a_practice_adds_a_barrier(tmp_path: Path) -> None:
    (tmp_path / "more.toml").write_text('[[barrier]]\ncode = "Z62.21"\nlabel = "child in care"\n', "utf-8")
    reasons = Reasons.load(load_toml_folder("schema/reasons", tmp_path))
    assert reasons.barrier_text("Z62.21") == "Z62.21 child in care"
    assert reasons.denial("16") is not None
