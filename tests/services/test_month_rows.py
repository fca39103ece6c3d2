"""The month's rows against the log, for whatever was done to it; every figure asked for twice."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, time
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casemgr.core.commands import AddPatient, AmendActivity, LogActivity, SignActivity, VoidActivity
from casemgr.core.month import TO_DRAFT, BillingLine, LeftOut, LeftOutWhy
from casemgr.core.rows import ActivityFilter, within
from casemgr.errors import CasemgrError, RuleRefused
from casemgr.services.activities import (
    amend_activity,
    listed,
    log_activity,
    sign_activity,
    summed,
    void_activity,
)
from casemgr.services.claims import draft_claims, void_claim
from casemgr.services.claims import listed as claims
from casemgr.services.importing import import_log
from casemgr.services.month_rows import MonthRows
from casemgr.services.patients import add_patient
from casemgr.services.undo import redo, undo
from tests.services.support import OCTOBER, SEPTEMBER, assert_whole, cover, everything, log, minutes_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from casemgr.core.dates import Month
    from casemgr.services.desk import Desk
    from tests.services.support import Anew


class Read(NamedTuple):
    """A month's rows, read whole."""

    rows: dict[str, list[Any]]
    figures: dict[str, int]

    @property
    def billing(self) -> list[BillingLine]:
        return self.rows["billing_lines"]

    @property
    def left_out(self) -> list[LeftOut]:
        return self.rows["left_out"]


def read(desk: Desk, month: Month = OCTOBER) -> Read:
    with desk.store.snapshot():
        rows = MonthRows(desk, month)
        control = rows.control()
        return Read({name: list(found) for name, found in rows.sources().items()}, dict(control.figures))


def assert_reconciled(desk: Desk, month: Month = OCTOBER) -> None:
    """Billed and left out are the log, and every figure of the control sheet is that of the rows."""
    found = read(desk, month)
    logged = listed(desk, within(month))
    assert len(found.rows["activities"]) == len(logged)
    assert [row.minutes for row in found.rows["activities"]] == [row.minutes for row in logged]
    not_billed = [row for row in found.left_out if row.minutes is not None]
    assert sum(line.activities for line in found.billing) + len(not_billed) == len(logged)
    assert sum(line.minutes for line in found.billing) + sum(
        row.minutes or 0 for row in not_billed
    ) == minutes_of(logged)
    for figure, value in found.figures.items():
        source, _, name = figure.partition(".")
        rows = found.rows[source]
        assert value == (len(rows) if name == "rows" else sum(getattr(row, name) or 0 for row in rows)), (
            figure
        )
    drafted = claims(desk, month)
    claimed = [line for line in found.billing if line.claim_number != TO_DRAFT]
    assert Counter(line.claim_number for line in claimed) == {row.number: row.lines for row in drafted}
    assert sum(line.minutes for line in claimed) == sum(row.minutes for row in drafted)
    assert sum(line.charge_cents for line in claimed) == sum(row.charge_cents for row in drafted)
    assert sum(line.minutes for line in claimed) == minutes_of(row for row in logged if row.claim_id)


def test_an_empty_month_is_empty(desk: Desk) -> None:
    found = read(desk)
    assert not any(found.rows.values())
    assert not any(found.figures.values())


def test_a_line_says_whose_when_what_and_for_how_much(desk: Desk, ana: str) -> None:
    cover(desk, ana)
    log(desk, "20m referral #1030 10/5 9:15 phone: consult => booked")
    log(desk, "15m ride #1030 10/5: no car => ride confirmed")
    (claim,) = draft_claims(desk, OCTOBER).claims
    log(desk, "5m ride #1030 10/6: no car => ride confirmed")
    drafted, to_draft = read(desk).billing
    assert drafted == BillingLine(
        claim_number=claim.number,
        patient="Garcia, Ana",
        initials="A.G.",
        birth_date=date(2012, 4, 9),
        birth_year=2012,
        chart_number="1030",
        payer="Sunrise Medicaid Dental",
        member_id="SYN0000001",
        service_date=date(2026, 10, 5),
        code="D9993",
        code_title=desk.codes.title("D9993"),
        staff="Marisol Rivera",
        minutes=35,
        quantity=1,
        fee_cents=1500,
        charge_cents=1500,
        activities=2,
        status="draft",
    )
    assert (to_draft.claim_number, to_draft.minutes, to_draft.charge_cents) == (TO_DRAFT, 5, 1500)
    assert_reconciled(desk)


def test_an_activity_says_everything_that_was_written(desk: Desk) -> None:
    log(desk, "20m referral #1030 10/5 9:15 phone: =consult => booked 10/28")
    (row,) = read(desk).rows["activities"]
    assert (row.service_date, row.start, row.minutes) == (date(2026, 10, 5), time(9, 15), 20)
    assert (row.kind, row.method, row.note) == ("Referral coordination", "Phone", "=consult")
    assert (row.outcome, row.outcome_words) == ("Consult booked", "booked 10/28")
    assert (row.late_days, row.amended, row.status) == (16, False, "signed")


def test_everything_that_is_not_billed_says_why_and_what_to_do(desk: Desk, ana: str, tmp_path: Path) -> None:
    cover(desk, ana, "2026-10-05")
    path = tmp_path / "log.csv"
    path.write_text(
        "Date,Patient,Type,Mins,Staff,Outcome\n"
        "10/5/2026,Garcia Ana 4/9/2012,Referral,900,Tam Chen,booked\n"
        "10/4/2026,Garcia Ana 4/9/2012,Referral,30,Tam Chen,booked\n",
        encoding="utf-8",
    )
    import_log(desk, path)
    log(desk, "7m ride #1030 10/6: no car", draft=True)
    voided = log(desk, "9m ride #1030 10/7: no car => ride confirmed")
    void_activity(desk, VoidActivity(voided.id, "twice"))
    log(desk, "11m ride #1030 10/8: undone at once => ride confirmed")
    undo(desk)
    found = {row.why: row for row in read(desk).left_out}
    assert {why: row.minutes for why, row in found.items()} == {
        LeftOutWhy.NO_COVERAGE: 30,
        LeftOutWhy.DRAFT: 7,
        LeftOutWhy.REJECTED: None,
        LeftOutWhy.VOIDED: None,
    }
    assert "coverage add" in found[LeftOutWhy.NO_COVERAGE].detail
    assert found[LeftOutWhy.NO_COVERAGE].place.startswith("log.csv, ")
    assert found[LeftOutWhy.NO_COVERAGE].place.endswith(", row 3")
    assert "activity sign" in found[LeftOutWhy.DRAFT].detail
    assert "900" in found[LeftOutWhy.REJECTED].detail
    assert "It says: " in found[LeftOutWhy.REJECTED].detail
    assert "Garcia Ana 4/9/2012" in found[LeftOutWhy.REJECTED].detail
    for why in (LeftOutWhy.NO_COVERAGE, LeftOutWhy.DRAFT, LeftOutWhy.VOIDED):
        assert (found[why].patient, found[why].birth_date, found[why].chart_number) == (
            "Garcia, Ana",
            date(2012, 4, 9),
            "1030",
        )
    assert found[LeftOutWhy.VOIDED].detail == "9 min, voided: twice"
    assert_reconciled(desk)


def test_what_came_after_its_date_was_claimed_waits_for_a_new_claim(desk: Desk, ana: str) -> None:
    cover(desk, ana)
    log(desk, "20m referral #1030 10/5: consult => booked")
    (claim,) = draft_claims(desk, OCTOBER).claims
    log(desk, "15m ride #1030 10/5: no car => ride confirmed")
    found = read(desk)
    assert [(line.claim_number, line.minutes) for line in found.billing] == [(claim.number, 20)]
    (waiting,) = found.left_out
    assert (waiting.why, waiting.minutes) == (LeftOutWhy.ON_A_CLAIM, 15)
    assert "void that one" in waiting.detail
    assert_reconciled(desk)
    void_claim(desk, claim.number, "a later ride")
    assert [(line.claim_number, line.minutes) for line in read(desk).billing] == [(TO_DRAFT, 35)]
    assert_reconciled(desk)


def test_the_months_own_days_only(desk: Desk, ana: str) -> None:
    cover(desk, ana)
    for day in ("8/31", "9/1", "9/30", "10/1"):
        log(desk, f"10m ride #1030 {day}: no car => ride confirmed")
    assert read(desk, SEPTEMBER).figures["activities.minutes"] == 20
    assert read(desk).figures["activities.minutes"] == 10
    assert_reconciled(desk, SEPTEMBER)


KINDS = ("referral", "transport", "interpreter", "missed_visit", "education")
STEPS = (
    "log",
    "log",
    "log",
    "amend",
    "void",
    "sign",
    "claim",
    "claim one",
    "void claim",
    "cover",
    "undo",
    "redo",
)


class Player:
    """Does steps at a desk as a list of them says; what the rules refuse is left undone."""

    def __init__(self, desk: Desk, seed: int) -> None:
        self.desk = desk
        self.chance = random.Random(seed)
        self.patients = [
            add_patient(desk, AddPatient(f"Test{desk.clock.now()}", name, date(1990, 1, 1)), True).patient.id
            for name in ("Ann", "Ben")
        ]

    def step(self, name: str) -> None:
        chance, desk = self.chance, self.desk
        patient = chance.choice(self.patients)
        rows = everything(desk)
        a_row = chance.choice(rows).id if rows else "none"
        match name:
            case "log":
                draft = chance.random() < 0.2
                month, day = chance.choice((9, 10)), chance.randrange(1, 21)
                staff = chance.choice(("", "tchen"))
                wish = LogActivity(
                    patient,
                    chance.choice(KINDS),
                    date(2026, month, day),
                    chance.randrange(1, 721),
                    "" if draft else "booked",
                    staff=staff,
                    draft=draft,
                )
                log_activity(desk, wish)
            case "amend":
                change: dict[str, str | int] = chance.choice(
                    [
                        {"minutes": chance.randrange(1, 721)},
                        {"service_date": f"2026-10-{chance.randrange(1, 21):02d}"},
                        {"kind": chance.choice(KINDS)},
                    ]
                )
                amend_activity(desk, AmendActivity(a_row, "why", change))
            case "void":
                void_activity(desk, VoidActivity(a_row, "why"))
            case "sign":
                sign_activity(desk, SignActivity(a_row))
            case "claim":
                draft_claims(desk, chance.choice((OCTOBER, SEPTEMBER)))
            case "claim one":
                draft_claims(desk, OCTOBER, patient)
            case "void claim":
                if found := claims(desk):
                    void_claim(desk, chance.choice(found).number, "why")
            case "cover":
                first = f"2026-10-{chance.randrange(1, 15):02d}"
                cover(
                    desk,
                    patient,
                    first,
                    chance.choice(("", "2026-10-20")),
                    chance.choice(("Sunrise", "Harbor")),
                )
            case "undo":
                undo(desk)
            case "redo":
                redo(desk)


def play(player: Player, steps: Iterable[str]) -> None:
    """Do the steps; what is refused must be refused as a rule."""
    for step in steps:
        try:
            player.step(step)
        except CasemgrError as refused:
            assert refused.exit_code in {3, 4, 5}, refused.title


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(STEPS), max_size=25), st.integers(0, 2**32))
def test_log_month_and_claims_agree_whatever_was_done(anew: Anew, steps: list[str], seed: int) -> None:
    with anew() as desk:
        play(Player(desk, seed), steps)
        for month in (OCTOBER, SEPTEMBER):
            assert_reconciled(desk, month)
        assert_whole(desk)
        for claim in claims(desk):
            void_claim(desk, claim.number, "why")
        for row in everything(desk):
            void_activity(desk, VoidActivity(row.id, "why"))
        assert summed(desk, ActivityFilter()) == (0, 0)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(("log", "amend", "void", "sign", "claim", "void claim", "cover")), max_size=8),
    st.integers(0, 2**32),
)
def test_undoing_everything_leaves_nothing_logged(anew: Anew, steps: list[str], seed: int) -> None:
    with anew() as desk:
        play(Player(desk, seed), steps)
        with pytest.raises(RuleRefused, match="nothing of yours"):
            while True:
                undo(desk)
        assert not everything(desk)
        assert not claims(desk)
        assert_whole(desk)
