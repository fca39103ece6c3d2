"""No sequence of steps leads a claim outside its table, and its money adds up at each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from casemgr.core.billing import Adjustment, Claim, ClaimLine, PatientPayment, Remittance, RemittanceLine
from casemgr.core.claim_life import (
    ANSWERED,
    FINISHED,
    MOVES,
    STATUSES,
    UNSENT,
    WAITING,
    allowed,
    before_finished,
    legal,
    possible,
    possible_words,
    reason_needed,
    status_label,
)
from casemgr.core.claim_money import (
    WHOLE,
    Meanings,
    Money,
    Taken,
    implied_status,
    keys_of,
    money_of,
    taken,
    total,
)

if TYPE_CHECKING:
    from casemgr.core.billing import ClaimStatus

MEANINGS = Meanings(frozenset({"45", "253"}), frozenset({"1", "2", "3"}))


@pytest.mark.parametrize(
    ("status", "verbs"),
    [
        ("draft", {"ready"}),
        ("ready", {"submit", "correct"}),
        ("submitted", {"accept", "pay", "deny", "correct", "write off"}),
        ("accepted", {"pay", "deny", "correct", "write off"}),
        ("denied", {"pay", "deny", "appeal", "correct", "close", "write off"}),
        ("paid_in_part", {"pay", "deny", "appeal", "correct", "close", "write off"}),
        ("paid", {"pay", "deny", "correct", "close"}),
        ("appealed", {"pay", "deny", "correct", "close", "write off"}),
        ("closed", {"reopen"}),
        ("written_off", {"reopen"}),
    ],
)
def test_what_people_may_do_from_each_state(status: ClaimStatus, verbs: set[str]) -> None:
    assert {move.verb for move in possible(status)} == verbs
    for verb in MOVES:
        assert allowed(status, verb) == (verb in verbs) or MOVES[verb].command == ""


def test_every_state_is_in_exactly_one_group_and_can_be_left() -> None:
    groups = (UNSENT, WAITING, ANSWERED, FINISHED)
    assert all(sum(status in group for group in groups) == 1 for status in STATUSES)
    assert all(possible(status) for status in STATUSES)


def test_a_refusal_says_what_is_possible() -> None:
    assert possible_words("draft") == "It can be made ready."
    assert possible_words("ready") == "It can be submitted or corrected."
    assert possible_words("denied") == "It can be paid, denied, appealed, corrected, closed or written off."


def test_a_part_written_off_leaves_a_claim_where_it_is() -> None:
    assert legal("denied", "write off", "denied")
    assert legal("denied", "write off", "written_off")
    assert not legal("denied", "write off", "submitted")
    assert not legal("draft", "submit", "submitted")


def test_taking_a_ready_claim_back_needs_no_reason_and_a_sent_one_does() -> None:
    assert not reason_needed("ready", "correct")
    assert reason_needed("submitted", "correct")
    assert not reason_needed("denied", "close")


def test_states_have_words() -> None:
    assert [status_label(one) for one in ("paid_in_part", "written_off", "paid")] == [
        "paid in part",
        "written off",
        "paid",
    ]


def test_a_finished_claim_goes_back_to_where_it_stood() -> None:
    assert before_finished(["draft", "ready", "submitted", "denied", "closed"]) == "denied"
    assert before_finished(["submitted", "written_off", "submitted", "closed", "closed"]) == "submitted"
    assert before_finished(["closed"]) is None


class ALife(RuleBasedStateMachine):
    """A claim of two lines, whatever people and payers do with it."""

    @initialize(fees=st.tuples(*[st.integers(0, 20_000)] * 2))
    def is_drafted(self, fees: tuple[int, int]) -> None:
        lines = tuple(
            ClaimLine(service_date="2026-10-05", code=code, minutes=20, fee_cents=fee, activity_ids=("a",))
            for code, fee in zip(("D9991", "D9992"), fees, strict=True)
        )
        self.claim = Claim(
            id="c",
            number="K7Q2-2026-0001",
            patient_id="p",
            coverage_id="v",
            payer="generic",
            payer_name="Any",
            member_id="1",
            month="2026-10",
            lines=lines,
        )
        self.answers: list[Remittance] = []
        self.payments: list[PatientPayment] = []
        self.states: list[ClaimStatus] = ["draft"]

    def goes(self, verb: str, to: ClaimStatus, **changes: int) -> None:
        assert legal(self.claim.status, verb, to), (self.claim.status, verb, to)
        self.claim = self.claim.model_copy(update={"status": to, **changes})
        self.states.append(to)

    @precondition(lambda self: self.claim.status in UNSENT)
    @rule()
    def is_sent(self) -> None:
        if self.claim.status == "draft":
            self.goes("ready", "ready")
        else:
            self.goes("submit", "submitted")

    @precondition(lambda self: allowed(self.claim.status, "accept"))
    @rule()
    def is_accepted(self) -> None:
        self.goes("accept", "accepted")

    @precondition(lambda self: allowed(self.claim.status, "pay"))
    @rule(data=st.data(), whole=st.booleans(), reversal=st.booleans())
    def is_answered(self, data: st.DataObject, whole: bool, reversal: bool) -> None:
        lines = []
        for key in [WHOLE] if whole else data.draw(st.sets(st.sampled_from(keys_of(self.claim)), min_size=1)):
            paid = data.draw(st.integers(-20_000, 0) if reversal else st.integers(0, 20_000))
            off = data.draw(
                st.lists(
                    st.builds(
                        Adjustment,
                        group=st.sampled_from(("CO", "PR", "OA")),
                        carc=st.sampled_from(("45", "197", "1", "204")),
                        cents=st.integers(0, 9_000),
                    ),
                    max_size=3,
                )
            )
            lines.append(
                RemittanceLine(
                    service_date=key[0],
                    code=key[1],
                    billed_cents=paid + sum(one.cents for one in off),
                    paid_cents=paid,
                    adjustments=tuple(off),
                )
            )
        self.answers.append(
            Remittance(
                id=f"r{len(self.answers)}",
                claim_id="c",
                received_on="2026-11-01",
                reversal=reversal,
                lines=tuple(lines),
            )
        )
        self.goes("reverse" if reversal else "pay", self.implied())

    @precondition(lambda self: self.claim.status in ANSWERED and self.answers)
    @rule()
    def has_its_last_answer_taken_back(self) -> None:
        self.answers[-1] = self.answers[-1].model_copy(update={"voided": True})
        self.goes("take back", self.implied())

    @precondition(lambda self: allowed(self.claim.status, "appeal"))
    @rule()
    def is_appealed(self) -> None:
        self.goes("appeal", "appealed")

    @precondition(lambda self: allowed(self.claim.status, "correct"))
    @rule()
    def is_corrected(self) -> None:
        self.goes("correct", "draft")

    @precondition(lambda self: allowed(self.claim.status, "close"))
    @rule()
    def is_closed(self) -> None:
        self.goes("close", "closed")

    @precondition(lambda self: allowed(self.claim.status, "write off") and self.money.insurer_cents > 0)
    @rule(part=st.integers(1, 100))
    def is_written_off(self, part: int) -> None:
        cents = max(1, self.money.insurer_cents * part // 100)
        to = "written_off" if cents == self.money.insurer_cents else self.claim.status
        self.goes("write off", to, written_off_cents=self.claim.written_off_cents + cents)

    @precondition(lambda self: self.claim.status in FINISHED)
    @rule()
    def is_reopened(self) -> None:
        before = before_finished(self.states)
        assert before is not None
        self.goes("reopen", before)

    @rule(cents=st.integers(-5_000, 5_000))
    def the_patient_pays(self, cents: int) -> None:
        self.payments.append(
            PatientPayment(id=f"q{len(self.payments)}", claim_id="c", received_on="2026-11-02", cents=cents)
        )

    def implied(self) -> ClaimStatus:
        return implied_status(self.claim, self.whole)

    @property
    def whole(self) -> Taken:
        return total(taken(self.answers, keys_of(self.claim), MEANINGS))

    @property
    def money(self) -> Money:
        return money_of(self.claim, self.whole, self.payments)

    @invariant()
    def its_money_adds_up(self) -> None:
        money = self.money
        assert all(type(cents) is int for cents in money[:-1])
        assert (
            money.charge_cents
            == self.claim.charge_cents
            == (
                money.paid_cents
                + money.patient_cents
                + money.contractual_cents
                + money.written_off_cents
                + money.denied_cents
                + money.pending_cents
            )
        )
        assert money.paid_cents == sum(one.paid_cents for one in self.answers if not one.voided)
        assert money.denied_cents >= 0
        assert money.patient_balance_cents == money.patient_cents - sum(one.cents for one in self.payments)
        if self.claim.status in FINISHED:
            assert money.insurer_cents == 0

    @invariant()
    def it_is_in_the_table(self) -> None:
        assert self.claim.status in STATUSES
        assert possible(self.claim.status)


TestALife = ALife.TestCase
