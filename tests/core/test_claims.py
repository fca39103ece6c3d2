"""From activities to claims: what is grouped with what, and what is left out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemgr.core.claims import Planned, coverage_on, plan_claims
from casemgr.core.kinds import Kinds
from casemgr.core.month import LeftOutWhy
from casemgr.core.payers import Payer, Payers
from casemgr.core.records import Coverage
from casemgr.resources import load_toml_folder

KIND_IDS = ("referral", "transport", "interpreter", "missed_visit", "education")


@dataclass(frozen=True)
class Work:
    """An activity as grouping sees it."""

    id: str = "a"
    patient_id: str = "p"
    service_date: str = "2026-10-05"
    kind: str = "referral"
    minutes: int = 20
    status: str = "signed"
    outcome: str = "other"
    outcome_words: str = "done"
    reason: str = ""
    note: str = ""


@lru_cache
def kinds() -> Kinds:
    return Kinds.load(load_toml_folder("schema/activities", None))


@lru_cache
def payers() -> Payers:
    return Payers.load(load_toml_folder("schema/payers", None))


def rules_for(coverage: Coverage) -> Payer:
    return payers().rules_for(coverage.payer)


def covered(first: str = "", last: str = "", name: str = "c", payer: str = "nomenclature") -> Coverage:
    return Coverage(
        id=name,
        patient_id="p",
        payer=payer,
        payer_name=payer,
        member_id="1",
        valid_from=first,
        valid_to=last,
    )


def plan(work: list[Work], *coverages: Coverage, patient: str = "p") -> Planned:
    return plan_claims(work, {patient: coverages}, rules_for, kinds())


def test_a_line_is_a_date_and_a_code_with_the_minutes_as_logged() -> None:
    work = [
        Work("ride", kind="transport", minutes=15),
        Work("interpreter", kind="interpreter", minutes=7),
        Work("referral", minutes=20),
        Work("next-day", service_date="2026-10-06", kind="transport", minutes=3),
    ]
    (claim,) = plan(work, covered()).claims
    assert [(line.service_date, line.code, line.minutes, line.activity_ids) for line in claim.lines] == [
        ("2026-10-05", "D9991", 22, ("ride", "interpreter")),
        ("2026-10-05", "D9992", 20, ("referral",)),
        ("2026-10-06", "D9991", 3, ("next-day",)),
    ]
    assert {line.quantity for line in claim.lines} == {1}


def test_one_code_for_everything_makes_one_line_a_day() -> None:
    work = [Work(kind, kind=kind) for kind in KIND_IDS]
    (claim,) = plan(work, covered(payer="sunrise-medicaid-dental")).claims
    (line,) = claim.lines
    assert (line.code, line.minutes, line.charge_cents) == ("D9993", 100, 1500)


@pytest.mark.parametrize(
    ("day", "is_covered"),
    [("2026-10-04", False), ("2026-10-05", True), ("2026-10-20", True), ("2026-10-21", False)],
)
def test_both_ends_of_a_coverage_are_within_it(day: str, is_covered: bool) -> None:
    planned = plan([Work(service_date=day)], covered("2026-10-05", "2026-10-20"))
    assert bool(planned.claims) is is_covered
    assert planned.left_out == (() if is_covered else (("a", LeftOutWhy.NO_COVERAGE),))


def test_of_two_coverages_the_one_that_began_last_pays() -> None:
    always, since = covered(name="always"), covered("2026-10-10", name="since")
    assert coverage_on([always, since], "2026-10-09") is always
    assert coverage_on([always, since], "2026-10-10") is since
    assert coverage_on([], "2026-10-10") is None


def test_a_month_under_two_coverages_makes_two_claims() -> None:
    work = [Work("early"), Work("late", service_date="2026-10-25")]
    claims = plan(work, covered(last="2026-10-15", name="old"), covered("2026-10-16", name="new")).claims
    assert [(claim.coverage.id, claim.lines[0].activity_ids) for claim in claims] == [
        ("old", ("early",)),
        ("new", ("late",)),
    ]


@pytest.mark.parametrize(
    ("standing", "waits"),
    [
        (("p", "2026-10-05", "D9992"), True),
        (("p", "2026-10-05", "D9991"), False),
        (("p", "2026-10-06", "D9992"), False),
        (("other", "2026-10-05", "D9992"), False),
    ],
)
def test_what_stands_on_a_claim_already_waits(standing: tuple[str, str, str], waits: bool) -> None:
    work, coverages = [Work("a"), Work("b", minutes=30)], {"p": [covered()]}
    planned = plan_claims(work, coverages, rules_for, kinds(), {standing})
    assert bool(planned.claims) is not waits
    on_a_claim = (("a", LeftOutWhy.ON_A_CLAIM), ("b", LeftOutWhy.ON_A_CLAIM))
    assert planned.left_out == (on_a_claim if waits else ())


@pytest.mark.parametrize("status", ["draft", "claimed", "voided"])
def test_only_what_is_signed_is_billed(status: str) -> None:
    planned = plan([Work(status=status)], covered())
    assert not planned.claims
    assert planned.left_out == (("a", LeftOutWhy.DRAFT),)


def test_the_coverage_of_one_patient_is_not_anothers() -> None:
    planned = plan([Work(patient_id="other")], covered())
    assert planned.left_out == (("a", LeftOutWhy.NO_COVERAGE),)


def test_a_payer_without_a_file_has_the_kinds_own_code_and_no_fee() -> None:
    (claim,) = plan([Work(kind="transport")], covered(payer="Uncle Bob's Plan")).claims
    assert (claim.lines[0].code, claim.lines[0].fee_cents) == ("D9993", 0)


days = st.integers(1, 28).map(lambda day: f"2026-10-{day:02d}")
works = st.lists(
    st.builds(
        Work,
        patient_id=st.sampled_from(["p", "q"]),
        service_date=days,
        kind=st.sampled_from(KIND_IDS),
        minutes=st.integers(1, 720),
        status=st.sampled_from(["signed", "draft"]),
    )
).map(lambda found: [replace(work, id=str(number)) for number, work in enumerate(found)])


@given(works, days, days)
def test_every_activity_is_on_one_line_or_left_out_and_no_minute_is_lost(
    work: list[Work], first: str, last: str
) -> None:
    planned = plan(work, covered(min(first, last), max(first, last)))
    lines = [(claim, line) for claim in planned.claims for line in claim.lines]
    claimed = [each for _, line in lines for each in line.activity_ids]
    left_out = [each for each, _ in planned.left_out]
    assert Counter(claimed + left_out) == Counter(each.id for each in work)
    by_id = {each.id: each for each in work}
    for claim, line in lines:
        of_line = [by_id[each] for each in line.activity_ids]
        assert line.minutes == sum(each.minutes for each in of_line)
        assert {(each.patient_id, each.service_date) for each in of_line} == {
            (claim.patient_id, line.service_date)
        }
    assert len({(id(claim), line.service_date, line.code) for claim, line in lines}) == len(lines)
