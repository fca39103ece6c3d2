"""Payers' answers: typed in, read from files, taken back; each booked once, its claim where its money is."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from casemgr.core.billing_commands import AnswerClaim, AnsweredLine, DenyClaim
from casemgr.core.claim_money import WHOLE
from casemgr.core.dates import Month
from casemgr.errors import InputRefused, RuleRefused
from casemgr.services.claim_life import appeal, close, correct, write_off
from casemgr.services.claim_money import account_of
from casemgr.services.importing_remittances import import_remittances, unmatched
from casemgr.services.patients import the_patient_id
from casemgr.services.remittance_rows import RemittanceRows
from casemgr.services.remittances import answer, deny, listed, void_remittance
from casemgr.services.undo import undo
from casemgr.store.reads.answers import remittances_of
from tests.intake.advices import interchange, payment
from tests.services.accounts import FEE, drafted, now, off, paid, sent
from tests.services.support import TODAY, assert_whole, length

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from casemgr.clock import FixedClock
    from casemgr.core.billing import Claim
    from casemgr.services.desk import Desk
    from casemgr.services.importing_remittances import ImportedRemittances

CODE = "D9993"
TWENTY = ("2026-10-20", CODE)
NOVEMBER = Month(2026, 11)


@pytest.fixture
def claim(desk: Desk, ana: str, clock: FixedClock) -> Claim:
    """A claim of two lines at $22.50, sent on 10/21; it is 11/20 by now."""
    made = sent(desk, drafted(desk, ana, 19, 20))
    clock.move(days=30)
    return made


def clp(claim: Claim, *inside: str, status: str = "1", charge: str = "45", got: str = "45") -> list[str]:
    """The segments of an answer to a claim."""
    return ["LX*1", f"CLP*{claim.number}*{status}*{charge}*{got}**MC*PX-1", *inside]


def line(day: str, got: str, *off_: str, code: str = CODE) -> list[str]:
    """The segments of an answer to a line of $22.50, such as `CO*45*2.5` taken off."""
    return [f"SVC*AD:{code}*22.5*{got}**1", f"DTM*472*{day}", *(f"CAS*{one}" for one in off_)]


@pytest.fixture
def import_835(desk: Desk, tmp_path: Path) -> Callable[..., ImportedRemittances]:
    """Imports the segments of some payments as a file."""

    def run(*payments_: list[str], name: str = "era.835", dry_run: bool = False) -> ImportedRemittances:
        path = tmp_path / name
        path.write_text(interchange(payments_))
        return import_remittances(desk, path, dry_run=dry_run)

    return run


class TestTyped:
    """What people type from a notice."""

    def test_each_line_may_have_its_own_answer(self, desk: Desk, claim: Claim) -> None:
        said = (
            AnsweredLine(("2026-10-19", CODE), 2000, (off("CO-45=250"),)),
            AnsweredLine(TWENTY, 0, (off("CO-197=2250"),)),
        )
        done = answer(desk, AnswerClaim(claim.number, date(2026, 11, 20), said, ("n706",), "4711", "PX-1"))
        assert (done.claim.status, done.claim.payer_claim_number) == ("paid_in_part", "PX-1")
        account = account_of(desk, claim)
        assert [tuple(one) for one in account.lines] == [
            (2250, 2000, 0, 250, 0, 0),
            (2250, 0, 0, 0, 2250, 0),
        ]
        assert account.money.insurer_cents == 2250
        assert done.warnings == ()

    def test_what_is_allowed_says_what_the_contract_takes_off(self, desk: Desk, claim: Claim) -> None:
        said = AnsweredLine(TWENTY, 1500, (off("PR-3=500"),), 2000)
        done = answer(desk, AnswerClaim(claim.number, TODAY, (said,)))
        assert done.money.contractual_cents == 250
        assert done.money.patient_cents == 500

    def test_what_is_neither_paid_nor_explained_stays_open_and_is_told(
        self, desk: Desk, claim: Claim
    ) -> None:
        done = paid(desk, claim, 4000)
        assert done.claim.status == "paid_in_part"
        assert done.money.pending_cents == 500
        assert "$5.00 of the charge is neither paid nor explained" in done.warnings[0]

    def test_a_denial_takes_the_charge_of_each_line(self, desk: Desk, claim: Claim) -> None:
        done = deny(desk, DenyClaim(claim.number, TODAY, "CARC 0197", "co", ("N706",)))
        assert done.claim.status == "denied"
        assert [one.denied_cents for one in account_of(desk, claim).lines] == [2250, 2250]
        part = deny(desk, DenyClaim(claim.number, TODAY, "96", "PR", lines=(TWENTY,)))
        assert part.claim.status == "denied"
        assert part.money.patient_cents == 2250

    @pytest.mark.parametrize(
        ("on", "why"),
        [(date(2026, 11, 21), "in the future"), (date(2026, 10, 20), "was sent on 10/21/2026, after")],
    )
    def test_a_day_that_cannot_be_is_refused(self, desk: Desk, claim: Claim, on: date, why: str) -> None:
        with pytest.raises(InputRefused, match=why):
            deny(desk, DenyClaim(claim.number, on, "197"))

    def test_a_reversal_brings_no_money(self, desk: Desk, claim: Claim) -> None:
        before = length(desk)
        said = (AnsweredLine(WHOLE, 500),)
        with pytest.raises(InputRefused, match="no positive amount") as refused:
            answer(desk, AnswerClaim(claim.number, TODAY, said, reversal=True))
        assert refused.value.field == "paid"
        assert length(desk) == before

    def test_more_taken_back_than_came_is_told(self, desk: Desk, claim: Claim) -> None:
        paid(desk, claim, 4500)
        back = answer(desk, AnswerClaim(claim.number, TODAY, (AnsweredLine(WHOLE, -4600),), reversal=True))
        assert back.warnings == (f"Claim {claim.number}: $1.00 more was taken back than had come",)

    def test_what_it_cannot_be_about_is_refused_and_nothing_is_kept(self, desk: Desk, claim: Claim) -> None:
        before = length(desk)
        with pytest.raises(InputRefused, match="has no line D9999") as refused:
            deny(desk, DenyClaim(claim.number, TODAY, "197", lines=(("2026-10-20", "D9999"),)))
        assert refused.value.candidates == (f"2026-10-19:{CODE}", f"2026-10-20:{CODE}")
        with pytest.raises(InputRefused, match="no group"):
            deny(desk, DenyClaim(claim.number, TODAY, "197", "XX"))
        with pytest.raises(InputRefused, match="more than the charge"):
            answer(desk, AnswerClaim(claim.number, TODAY, (AnsweredLine(TWENTY, 1, (), 2251),)))
        assert length(desk) == before

    def test_a_claim_that_was_never_sent_has_no_answer(self, desk: Desk, ana: str) -> None:
        draft = drafted(desk, ana, 20)
        with pytest.raises(RuleRefused, match="was never sent: it is draft"):
            paid(desk, draft, FEE)

    def test_the_same_check_twice_is_told(self, desk: Desk, claim: Claim) -> None:
        paid(desk, claim, 4500, check="4711")
        assert any("was booked" in text for text in paid(desk, claim, 4500, check="4711").warnings)

    def test_an_answer_to_a_finished_claim_opens_it_again(self, desk: Desk, claim: Claim) -> None:
        paid(desk, claim, 0, "CO-29=4500")
        write_off(desk, (claim.number,), "late")
        done = paid(desk, claim, 4500)
        assert (done.before, done.claim.status) == ("written_off", "paid")
        assert done.claim.written_off_cents == 0
        assert "it is open again" in done.warnings[0]
        assert_whole(desk)

    def test_an_answer_while_it_is_corrected_leaves_it_a_draft(self, desk: Desk, claim: Claim) -> None:
        correct(desk, (claim.number,), "wrong place")
        done = paid(desk, claim, 0, "CO-16=4500")
        assert done.claim.status == "draft"
        assert "is being corrected" in done.warnings[0]
        assert account_of(desk, now(desk, claim)).money.denied_cents == 4500


class TestTakenBack:
    """A voided answer leaves its claim where the other answers do."""

    def test_without_another_answer_it_waits_again(self, desk: Desk, claim: Claim) -> None:
        denied = paid(desk, claim, 0, "CO-197=4500").remittance
        with pytest.raises(InputRefused, match="with a reason"):
            void_remittance(desk, denied.id, "")
        done = void_remittance(desk, denied.id, "another patient's")
        assert (done.before, done.claim.status) == ("denied", "submitted")
        with pytest.raises(RuleRefused, match="voided already"):
            void_remittance(desk, denied.id, "again")
        assert_whole(desk)

    def test_the_answer_to_an_appeal_leaves_it_appealed(self, desk: Desk, claim: Claim) -> None:
        paid(desk, claim, 0, "CO-197=4500")
        appeal(desk, (claim.number,), date(2026, 11, 20), "authorized")
        second = paid(desk, claim, 4500, on=date(2026, 11, 20)).remittance
        assert void_remittance(desk, second.id, "wrong").claim.status == "appealed"

    def test_the_first_of_two_leaves_the_second(self, desk: Desk, claim: Claim) -> None:
        first = paid(desk, claim, 0, "CO-197=2250", key=TWENTY).remittance
        paid(desk, claim, 2250, key=("2026-10-19", CODE))
        done = void_remittance(desk, first.id, "wrong").claim
        assert done.status == "paid_in_part"
        assert account_of(desk, done).money.pending_cents == 2250

    def test_a_closed_claim_is_reopened_first(self, desk: Desk, claim: Claim) -> None:
        one = paid(desk, claim, 4500).remittance
        close(desk, (claim.number,))
        with pytest.raises(RuleRefused, match="is closed") as refused:
            void_remittance(desk, one.id, "wrong")
        assert "claim reopen" in refused.value.todo


class TestImported:
    """What files say."""

    def test_an_835_is_booked_once_however_often_it_comes(
        self, desk: Desk, claim: Claim, import_835: Callable[..., ImportedRemittances]
    ) -> None:
        inside = clp(claim, *line("20261019", "20", "CO*45*2.5"), *line("20261020", "22.5"), got="42.5")
        done = import_835(payment(*inside, total="42.5"))
        (booked,) = done.booked
        assert (booked.before, booked.after, booked.paid_cents) == ("submitted", "paid", 4250)
        assert now(desk, claim).payer_claim_number == "PX-1"
        (only,) = remittances_of(desk.store, claim.id)
        assert (only.file, only.check_number, only.paid_on) == ("era.835", "0004417", "2026-11-10")
        entries = length(desk)
        again = import_835(payment(*inside, total="42.5"), name="copy of era.835")
        assert (again.booked, len(again.known)) == ((), 1)
        assert len(remittances_of(desk.store, claim.id)) == 1
        assert length(desk) - entries <= 1
        (told_,) = again.payments
        assert (told_.total_cents, told_.known_cents, told_.difference_cents) == (4250, 4250, 0)
        assert_whole(desk)

    def test_a_dry_run_shows_the_same_and_saves_nothing(
        self, desk: Desk, claim: Claim, import_835: Callable[..., ImportedRemittances]
    ) -> None:
        inside = payment(*clp(claim, "CAS*CO*197*45", status="4", got="0"))
        before = length(desk)
        tried = import_835(inside, dry_run=True)
        assert tried.dry_run
        assert length(desk) == before
        assert now(desk, claim).status == "submitted"
        done = import_835(inside)
        assert done == tried._replace(dry_run=False)
        assert done.booked[0].after == "denied"
        assert done.booked[0].reasons[0].label == "Prior authorization missing"

    def test_a_number_is_found_in_any_writing_and_by_the_payers_own(
        self, desk: Desk, claim: Claim, import_835: Callable[..., ImportedRemittances]
    ) -> None:
        written = claim.model_copy(update={"number": claim.number.replace("-", "").lower()})
        import_835(payment(*clp(written, "CAS*CO*16*45", status="4", got="0")))
        assert now(desk, claim).status == "denied"
        other = claim.model_copy(update={"number": "THEIRS-9"})
        done = import_835(payment(*clp(other), total="45"), name="b.835")
        assert done.booked[0].number == claim.number
        assert now(desk, claim).status == "paid"

    def test_what_cannot_be_booked_is_kept_with_place_and_reason(
        self, desk: Desk, claim: Claim, import_835: Callable[..., ImportedRemittances]
    ) -> None:
        draft = drafted(desk, the_patient_id(desk, "1031"), 20)
        unknown = claim.model_copy(update={"number": "ZZZZ-2026-0001"})
        first = ["LX*1", f"CLP*{unknown.number}*1*45*45**MC*PX-9"]
        inside = payment(*first, *clp(draft), *clp(claim), "PLB*1*20261231*WO:ABC*10", total="125")
        done = import_835(inside)
        assert [one.reason for one in done.refused] == [
            "We have no claim of this number, nor one that has this payer's number.",
            f"Claim {draft.number} was never sent: it is draft.",
        ]
        (told_,) = done.payments
        assert told_[3:] == (12500, 4500, 0, 9000, 1000, 0)
        waiting = [(one.row.field, one.row.said) for one in unmatched(desk)]
        assert waiting == [
            ("claim", "ZZZZ-2026-0001 · $45.00 paid"),
            ("claim", f"{draft.number} · $45.00 paid"),
            ("provider adjustment", "PLB WO · ABC · $10.00"),
        ]
        entries = length(desk)
        import_835(inside)
        assert length(desk) == entries, "the same file again is no news"
        sent(desk, draft, TODAY)
        assert [one.number for one in import_835(inside).booked] == [draft.number]
        assert [one.row.field for one in unmatched(desk)] == ["claim", "provider adjustment"]

    def test_a_payment_that_does_not_add_up_is_booked_not_at_all(
        self, desk: Desk, claim: Claim, import_835: Callable[..., ImportedRemittances]
    ) -> None:
        done = import_835(payment(*clp(claim), total="46"))
        assert done.booked == ()
        assert any("does not add up by $1.00" in one.reason for one in done.refused)
        assert done.payments[0].difference_cents == 100
        assert now(desk, claim).status == "submitted"

    def test_a_reversal_and_its_correction_go_together(
        self, desk: Desk, claim: Claim, import_835: Callable[..., ImportedRemittances]
    ) -> None:
        import_835(payment(*clp(claim), total="45"))
        back = ["LX*1", f"CLP*{claim.number}*22*-45*-45**MC*PX-1"]
        new = clp(claim, "CAS*PR*3*5", got="40")
        done = import_835(payment(*back, *new, total="-5"), name="b.835")
        assert [(one.before, one.after) for one in done.booked] == [("paid", "denied"), ("denied", "paid")]
        money = account_of(desk, claim).money
        assert (money.paid_cents, money.patient_cents, money.insurer_cents) == (4000, 500, 0)
        undo(desk)
        assert account_of(desk, claim).money.paid_cents == 4500
        assert_whole(desk)

    def test_a_file_that_lay_is_booked_under_the_day_on_which_it_came(
        self, desk: Desk, claim: Claim, tmp_path: Path
    ) -> None:
        path = tmp_path / "era.835"
        path.write_text(interchange([payment(*clp(claim), total="45")]))
        with pytest.raises(InputRefused, match="in the future"):
            import_remittances(desk, path, received=date(2026, 11, 21))
        import_remittances(desk, path, received=date(2026, 11, 12))
        (answered,) = remittances_of(desk.store, claim.id)
        assert (answered.received_on, answered.paid_on) == ("2026-11-12", "2026-11-10")

    def test_what_was_typed_in_from_a_check_is_not_booked_again(
        self, desk: Desk, claim: Claim, import_835: Callable[..., ImportedRemittances]
    ) -> None:
        paid(desk, claim, 4500, check="0004417")
        done = import_835(payment(*clp(claim), total="45"))
        assert [one.typed_in for one in done.known] == [True]

    @pytest.mark.parametrize(("days", "known"), [(0, 1), (10, 1), (11, 0)])
    def test_what_was_typed_in_without_a_check_is_known_by_amount_and_date(
        self,
        desk: Desk,
        claim: Claim,
        import_835: Callable[..., ImportedRemittances],
        days: int,
        known: int,
    ) -> None:
        paid(desk, claim, 4500, on=date(2026, 11, 10) - timedelta(days=days))
        done = import_835(payment(*clp(claim), total="45"))
        assert len(done.known) == known
        assert account_of(desk, claim).money.paid_cents == (4500 if known else 9000)

    def test_the_same_check_with_another_amount_is_booked_and_told(
        self, desk: Desk, claim: Claim, import_835: Callable[..., ImportedRemittances]
    ) -> None:
        paid(desk, claim, 4000, "CO-45=500", check="0004417")
        (booked,) = import_835(payment(*clp(claim), total="45")).booked
        assert "was typed in before, with another amount" in booked.warnings[0]

    def test_another_charge_than_was_sent_is_told(
        self, desk: Desk, claim: Claim, import_835: Callable[..., ImportedRemittances]
    ) -> None:
        done = import_835(payment(*clp(claim, charge="50", got="50"), total="50"))
        assert any("answers a charge of $50.00, $45.00 was sent" in text for text in done.booked[0].warnings)
        assert any("overpaid by $5.00" in text for text in done.booked[0].warnings)

    def test_a_table_is_booked_the_same_way(self, desk: Desk, claim: Claim, tmp_path: Path) -> None:
        path = tmp_path / "answers.csv"
        path.write_text(
            "Claim number,Service date,Code,Billed,Paid,Adjustments,Check,Payment date\n"
            f"{claim.number},10/19/2026,{CODE},22.50,20.00,CO-45 2.50,77,11/10/2026\n"
            f"{claim.number},10/20/2026,{CODE},22.50,0.00,CO-197 22.50,77,11/10/2026\n"
        )
        done = import_remittances(desk, path)
        assert done.refused == ()
        assert (done.booked[0].after, done.booked[0].paid_cents) == ("paid_in_part", 2000)
        assert account_of(desk, claim).money.denied_cents == 2250


def test_answers_are_listed_by_claim_and_by_month(desk: Desk, claim: Claim) -> None:
    one = paid(desk, claim, 4000, "CO-45=500", on=date(2026, 11, 20)).remittance
    assert [row.remittance for row in listed(desk, NOVEMBER)] == [one]
    assert listed(desk, Month(2026, 10)) == []
    assert [row.claim.number for row in listed(desk, claim=claim.number.lower())] == [claim.number]
    (row,) = RemittanceRows(desk, NOVEMBER).rows()
    assert (row.claim_number, row.paid_cents, row.contractual_cents, row.denied_cents) == (
        claim.number,
        4000,
        500,
        0,
    )
    assert (row.reasons, row.initials, row.code) == ("CO-45 $5.00", "A.G.", "")
