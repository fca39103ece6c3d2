"""Taking in a file of payers' answers: each finds its claim or is told why not, all in one transaction.

A dry run does the same and takes it back, so that it shows exactly what would happen.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.billing import Claim
from casemgr.core.dates import format_us
from casemgr.core.denials import ReasonAdvice, advise
from casemgr.core.money import format_cents
from casemgr.core.records import ImportBatch, RejectedRow
from casemgr.core.text import tidy
from casemgr.intake.remittance_table import RemittanceContext
from casemgr.intake.remittances import read_remittances
from casemgr.intake.vocabulary import load_vocabulary, read_mapping
from casemgr.services.answers import append_answer, in_words, unanswerable
from casemgr.services.claim_moves import wrong_date
from casemgr.services.permissions import need
from casemgr.services.remittance_matching import Matches, plain, remittance_of
from casemgr.store.reads.answers import known_answers, typed_in, unmatched_rows
from casemgr.store.reads.claims import last_import
from casemgr.store.reads.records import load

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from casemgr.core.billing import ClaimStatus
    from casemgr.core.remittance_advice import (
        AdviceFile,
        AdvisedClaim,
        PaymentAdvice,
        Place,
        ProviderAdjustment,
    )
    from casemgr.core.rows import StandingRejection
    from casemgr.services.desk import Desk
    from casemgr.store.ledger import Transaction
    from casemgr.store.reads.answers import Typed

SAME_ANSWER_DAYS = 10
"""An answer that was typed in without its check is known by its amount and a date so near to the payer's."""


class Booked(NamedTuple):
    """An answer that was booked, and what it did to its claim."""

    place: str
    number: str
    before: ClaimStatus
    after: ClaimStatus
    paid_cents: int
    words: str
    """The answer in a line."""
    reasons: tuple[ReasonAdvice, ...]
    """What it denied, and what to do about it."""
    warnings: tuple[str, ...]


class Known(NamedTuple):
    """An answer that is booked already."""

    place: str
    number: str
    paid_cents: int
    typed_in: bool = False
    """Whether it was typed in from its check before."""


class Refused(NamedTuple):
    """Something that could not be booked."""

    place: Place
    number: str
    reason: str
    paid_cents: int | None
    """None where the amount is not known, or is part of another one told."""
    digest: str = ""


class PaymentTold(NamedTuple):
    """A payment of the file: total = booked + known + refused - provider adjustments + difference. Cents."""

    payer: str
    trace: str
    paid_on: str
    """ISO date; empty where it has none."""
    total_cents: int
    booked_cents: int
    known_cents: int
    refused_cents: int
    provider_cents: int
    """What was taken from the payment, and added to it where negative, without being about a claim."""
    difference_cents: int
    """0 where it balances."""


class ImportedRemittances(NamedTuple):
    """What became of a file of answers."""

    file: str
    booked: tuple[Booked, ...] = ()
    known: tuple[Known, ...] = ()
    refused: tuple[Refused, ...] = ()
    provider_adjustments: tuple[ProviderAdjustment, ...] = ()
    payments: tuple[PaymentTold, ...] = ()
    ignored: int = 0
    skipped: tuple[str, ...] = ()
    """Sheets without the columns needed."""
    dry_run: bool = False


def import_remittances(
    desk: Desk,
    path: Path,
    mapping: Sequence[str] = (),
    *,
    received: date | None = None,
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> ImportedRemittances:
    """Book the answers of a file: an 835, a workbook or text with columns.

    What was booked before is recognised by what it says, however often it comes.

    Args:
        desk: the open practice.
        path: the file.
        mapping: of a table, `column=heading` where guessing fails.
        received: the day on which the file came; today unless said.
        dry_run: tell what would happen, and save nothing.
        progress: told how many of how many answers are done.

    Raises:
        NotFound: there is no such file.
        InputRefused: it cannot be read, or came in the future; nothing was booked.
        RuleRefused: who acts may not book payments.
    """
    need(desk, "import", "remittance")
    day = received or desk.today()
    if day > desk.today():
        raise wrong_date(f"{format_us(day)} is in the future")
    vocabulary = load_vocabulary("remittance", desk.places.config / "intake")
    columns = read_mapping(tuple(mapping), vocabulary)
    file = read_remittances(path, RemittanceContext(desk.today(), vocabulary), columns)
    with desk.write(dry_run=dry_run) as tx:
        done = _Booking(desk, tx, file, day, progress).all()
        _append_batch(desk, tx, file, done)
    return done._replace(dry_run=dry_run)


def _same_answer(typed: Typed, advice: PaymentAdvice, said: AdvisedClaim) -> bool:
    """Whether an answer is one that somebody typed in before: by its check, else by amount and date."""
    if typed.paid_cents != said.paid_cents:
        return False
    if typed.check_number:
        return typed.check_number == tidy(advice.trace)
    if advice.paid_on is None or not typed.paid_on:
        return False
    return abs((advice.paid_on - date.fromisoformat(typed.paid_on)).days) <= SAME_ANSWER_DAYS


class _Booking:
    """One file while it is booked."""

    def __init__(
        self,
        desk: Desk,
        tx: Transaction,
        file: AdviceFile,
        received: date,
        progress: Callable[[int, int], None] | None,
    ) -> None:
        self._desk, self._tx, self._file = desk, tx, file
        self._received, self._progress = received, progress
        self._advised = [(advice, claim) for advice in file.advices for claim in advice.claims]
        self._found = Matches(desk, (claim for _, claim in self._advised))
        digests = {id(claim): claim.digest(advice) for advice, claim in self._advised}
        self._digests = digests
        self._known = known_answers(desk.store, digests.values())
        self._typed: dict[str, list[Typed]] = defaultdict(list)
        for one in typed_in(desk.store):
            self._typed[one.claim_id].append(one)
        self._booked_cents = self._known_cents = 0
        self._booked: list[Booked] = []
        self._again: list[Known] = []
        self._refused: list[Refused] = []

    def all(self) -> ImportedRemittances:
        """Everything in the file, in its order."""
        payments, at = [], 0
        for advice in self._file.advices:
            before = self._booked_cents, self._known_cents
            self._refused += (Refused(one.place, one.number, one.reason, None) for one in advice.faults)
            for claim in advice.claims:
                self._one(advice, claim)
                at += 1
                if self._progress:
                    self._progress(at, len(self._advised))
            payments.append(_told(advice, before, (self._booked_cents, self._known_cents)))
        return ImportedRemittances(
            self._file.name,
            tuple(self._booked),
            tuple(self._again),
            _in_order(self._refused),
            tuple(one for advice in self._file.advices for one in advice.provider_adjustments),
            tuple(payments),
            self._file.ignored,
            self._file.skipped,
        )

    def _one(self, advice: PaymentAdvice, said: AdvisedClaim) -> None:
        digest = self._digests[id(said)]
        if digest in self._known:
            self._know(said)
            return
        claim, why = self._claim(advice, said)
        if claim is None:
            self._refused.append(Refused(said.place, said.number, why, said.paid_cents, digest))
            return
        typed = self._typed.get(claim.id, [])
        if same := next((one for one in typed if _same_answer(one, advice, said)), None):
            # One typed answer stands for one of the payer's.
            typed.remove(same)
            self._know(said, typed_in_before=True)
            return
        self._known.add(digest)
        remittance = remittance_of(self._tx.new_id(), self._received, claim, advice, said, digest)
        remittance = remittance.model_copy(update={"file": self._file.name})
        self._booked_cents += said.paid_cents
        done = append_answer(self._desk, self._tx, claim, remittance, "import")
        warnings = list(done.warnings)
        if any(one.check_number == tidy(advice.trace) for one in typed if one.check_number):
            was = f"Claim {claim.number}: check {tidy(advice.trace)} was typed in before"
            warnings.insert(0, f"{was}, with another amount: void one of the two")
        if said.member_id and plain(said.member_id) != plain(claim.member_id):
            warnings.insert(0, f"Claim {claim.number}: the answer has another member id than the claim")
        self._booked.append(
            Booked(
                str(said.place),
                claim.number,
                done.before,
                done.claim.status,
                said.paid_cents,
                in_words(remittance),
                advise(remittance.lines, remittance.remarks, self._desk.reasons),
                tuple(warnings),
            )
        )

    def _know(self, said: AdvisedClaim, typed_in_before: bool = False) -> None:
        self._again.append(Known(str(said.place), said.number, said.paid_cents, typed_in_before))
        self._known_cents += said.paid_cents

    def _claim(self, advice: PaymentAdvice, said: AdvisedClaim) -> tuple[Claim | None, str]:
        """The claim as it stands by now, or why the answer cannot be booked."""
        if not advice.balanced:
            off = format_cents(advice.difference_cents)
            return None, f"Its payment does not add up by {off}: none of its answers is booked."
        whose, why = self._found.of(said)
        if whose is None:
            return None, why
        claim = load(self._desk.store, Claim, whose.id)
        assert claim is not None
        why = unanswerable(claim)
        return (None, why) if why else (claim, "")


def _in_order(refused: Sequence[Refused]) -> tuple[Refused, ...]:
    """As they stand in the file, whatever payment each is of, so that it can be mended from the top."""
    sheets = tuple(dict.fromkeys(one.place.sheet for one in refused))
    return tuple(
        sorted(
            refused, key=lambda one: (sheets.index(one.place.sheet), one.place.transaction, one.place.number)
        )
    )


def _told(advice: PaymentAdvice, before: tuple[int, int], after: tuple[int, int]) -> PaymentTold:
    booked, known = after[0] - before[0], after[1] - before[1]
    provider = sum(one.cents for one in advice.provider_adjustments)
    return PaymentTold(
        advice.payer,
        advice.trace,
        advice.paid_on.isoformat() if advice.paid_on else "",
        advice.total_cents,
        booked,
        known,
        advice.total_cents - advice.difference_cents + provider - booked - known,
        provider,
        advice.difference_cents,
    )


def _append_batch(desk: Desk, tx: Transaction, file: AdviceFile, done: ImportedRemittances) -> None:
    """Record the run with what could not be booked, unless it is as the last time."""
    rejected = tuple(map(_refusal, done.refused)) + tuple(map(_unclaimed, done.provider_adjustments))
    before = last_import(desk.store, "remittance", file.name)
    if before is not None and not done.booked and before.rejected == rejected:
        return
    tx.append(
        "import",
        "import",
        ImportBatch(
            id=tx.new_id(),
            kind="remittance",
            file=file.name,
            sha256=file.sha256,
            imported_at=tx.now,
            accepted=len(done.booked),
            duplicates=len(done.known),
            ignored=done.ignored,
            rejected=rejected,
        ),
    )


def _where(place: Place) -> str:
    """The part of a file in which something stands: its sheet, or `transaction 1`."""
    return f"transaction {place.transaction}" if place.transaction else place.sheet


def _refusal(one: Refused) -> RejectedRow:
    amount = "" if one.paid_cents is None else f"{format_cents(one.paid_cents)} paid"
    return RejectedRow(
        sheet=_where(one.place),
        row=one.place.number,
        field="claim",
        reason=one.reason,
        digest=one.digest,
        said=" · ".join(filter(None, (one.number, amount))),
    )


def _unclaimed(one: ProviderAdjustment) -> RejectedRow:
    return RejectedRow(
        sheet=_where(one.place),
        row=one.place.number,
        field="provider adjustment",
        reason=provider_words(one),
        said=" · ".join(filter(None, (f"PLB {one.code}", one.reference, format_cents(one.cents)))),
    )


def provider_words(one: ProviderAdjustment) -> str:
    """An adjustment that is about no claim, in a sentence."""
    reference = f" ({one.reference})" if one.reference else ""
    did = "taken from" if one.cents >= 0 else "added to"
    return (
        f"{format_cents(abs(one.cents))} was {did} the payment under {one.code}{reference}, "
        "and is about no claim: book it where you keep your accounts."
    )


def unmatched(desk: Desk) -> list[StandingRejection]:
    """What the newest run of each file of answers could not book."""
    return unmatched_rows(desk.store)
