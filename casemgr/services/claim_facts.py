"""Gathering what the checks of claims are given: in batches, with few statements, in flat memory."""

from __future__ import annotations

import json
from collections import OrderedDict
from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.checks.documentation import SHORTEST_NOTE
from casemgr.core.claim_facts import (
    Asks,
    Authorized,
    Billed,
    ClaimFacts,
    Elsewhere,
    House,
    Line,
    Work,
)
from casemgr.core.content import broken
from casemgr.core.diagnoses import Diagnoses
from casemgr.core.text import same_words
from casemgr.core.workdays import StaffDay, shift_of, staff_day
from casemgr.resources import content_files
from casemgr.services.kept_rules import rules_kept
from casemgr.store.reads import claim_facts as reads
from casemgr.store.reads.benefits import units_used
from casemgr.store.reads.records import all_staff

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from casemgr.core.billing import Authorization, Verification
    from casemgr.core.payers import Payer
    from casemgr.core.records import Case, Coverage, Patient
    from casemgr.core.workdays import StaffMonth
    from casemgr.services.desk import Desk
    from casemgr.store.reads.claim_facts import BilledRow, ClaimHead, LineRow, NoteRow, WorkRow

TABLE = "icd-10-cm.txt"
"""The file with the diagnosis codes."""
BATCH = 500
"""Claims whose facts are held at a time."""
DAYS_KEPT = 4096
"""Staff's days that are kept between batches, so that a busy month is not read anew for each."""
NOTES_DAYS = 92
"""So many days before and after a claim's dates, notes are compared with its own."""
_REACH = {"day": 0, "month": 31, "calendar_year": 366, "benefit_year": 366}
_ALL_DAYS = 40_000


def gather(desk: Desk, ids: Iterable[str]) -> Iterator[ClaimFacts]:
    """The facts of live claims, in the order of their ids, with a fixed number of statements a batch."""
    gatherer = _Gatherer(desk)
    rest = iter(ids)
    while some := list(islice(rest, BATCH)):
        with desk.store.snapshot():
            found = gatherer.batch(some)
        yield from found


def house_of(desk: Desk) -> House:
    """What is the same for all claims."""
    return House(
        desk.today(),
        desk.zone,
        desk.practice,
        {one.id: one for one in all_staff(desk.store)},
        {kind.kind: kind for kind in desk.kinds},
        {code.code: code for code in desk.codes},
        desk.reasons,
        diagnoses_of(desk),
    )


def diagnoses_of(desk: Desk) -> Diagnoses:
    """The table of diagnosis codes: ours, or a later one that the practice has put in its place.

    Raises:
        ContentBroken: it cannot be read.
    """
    tables = content_files("schema/diagnoses", desk.places.config / "diagnoses", ".txt")
    path = next(each for each in tables if each.name == TABLE)
    try:
        return Diagnoses(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise broken(path, [str(error)]) from error


class _Ruled(NamedTuple):
    """A payer's rules as a claim was drafted with them, and how far back they look."""

    payer: Payer
    changed: bool
    reach: int
    """Days around a service date in which units may count with it."""
    by_provider: bool


class _Gatherer:
    """Gathers batch after batch, and keeps what batches share."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.store = desk.store
        self.house = house_of(desk)
        self.rules: dict[tuple[str, str], _Ruled] = {}
        self.asks: dict[tuple[str, str, str], Asks] = {}
        self.days: OrderedDict[tuple[str, str], StaffDay] = OrderedDict()
        self.months: dict[str, Mapping[str, StaffMonth]] = {}
        self.points: dict[frozenset[str], Mapping[str, str]] = {}

    def batch(self, ids: Collection[str]) -> list[ClaimFacts]:
        """The facts of some claims."""
        heads = reads.heads(self.store, ids)
        lines, work = reads.lines(self.store, ids), reads.work(self.store, ids)
        ruled = {head.id: self._ruled(head) for head in heads.values()}
        dates = sorted({line.service_date for each in lines.values() for line in each})
        if not dates:
            return []
        patient_ids = {head.patient_id for head in heads.values()}
        coverage_ids = {head.coverage_id for head in heads.values()}
        reach = max(one.reach for one in ruled.values())
        around = _Around(
            reads.patients(self.store, patient_ids),
            reads.coverages(self.store, patient_ids),
            reads.cases(self.store, {head.case_id for head in heads.values() if head.case_id}),
            reads.verifications(self.store, coverage_ids),
            reads.authorizations(self.store, coverage_ids),
            {},
            reads.billed(
                self.store,
                patient_ids,
                _moved(dates[0], -reach),
                _moved(dates[-1], reach),
                any(one.by_provider for one in ruled.values()),
            ),
            reads.notes(
                self.store,
                patient_ids,
                _moved(dates[0], -NOTES_DAYS),
                _moved(dates[-1], NOTES_DAYS),
                SHORTEST_NOTE,
            ),
        )
        numbered = [one.id for each in around.authorizations.values() for one in each if one.units]
        around.used.update(units_used(self.store, numbered) if numbered else {})
        days = self._days({(one.staff, one.service_date) for each in work.values() for one in each})
        return [
            self._facts(heads[each], ruled[each], lines[each], work.get(each, []), around, days)
            for each in ids
            if each in heads and each in lines
        ]

    def _facts(
        self,
        head: ClaimHead,
        ruled: _Ruled,
        line_rows: list[LineRow],
        work_rows: list[WorkRow],
        around: _Around,
        days: Mapping[tuple[str, str], StaffDay],
    ) -> ClaimFacts:
        lines = tuple(
            Line(
                row.line,
                date.fromisoformat(row.service_date),
                row.service_date,
                row.code,
                row.minutes,
                row.quantity,
                row.fee_cents,
                tuple(_work(one) for one in work_rows if one.line == row.line),
                self._asks(ruled.payer, row.code, row.service_date),
            )
            for row in line_rows
        )
        coverages = around.coverages.get(head.patient_id, [])
        held = {(one.staff, one.service_date) for one in work_rows}
        mine = {one.id for one in work_rows}
        first = _moved(line_rows[0].service_date, -NOTES_DAYS)
        last = _moved(line_rows[-1].service_date, NOTES_DAYS)
        return ClaimFacts(
            house=self.house,
            claim_id=head.id,
            number=head.number,
            status=head.status,
            month=head.month,
            member_id=head.member_id,
            diagnoses=tuple(json.loads(head.diagnoses)) if head.diagnoses != "[]" else (),
            authorization_id=head.authorization_id,
            place_of_service=head.place_of_service,
            amendment_owed=bool(head.amendment_owed),
            first_sent=date.fromisoformat(head.sent_on) if head.sent_on else None,
            appeal_by=head.appeal_by,
            payer=ruled.payer,
            payer_changed=ruled.changed,
            patient=around.patients[head.patient_id],
            coverage=next(one for one in coverages if one.id == head.coverage_id),
            lines=lines,
            points=self._points(frozenset(row.code for row in line_rows)),
            case=around.cases.get(head.case_id),
            coverages=tuple(one for one in coverages if not one.voided),
            verifications=tuple(around.verifications.get(head.coverage_id, ())),
            authorizations=tuple(_authorized(head, line_rows, around)),
            billed=tuple(
                _billed(row)
                for row in around.billed.get(head.patient_id, ())
                if row.payer == head.payer or row.coverage_id == head.coverage_id
            ),
            elsewhere=tuple(
                Elsewhere(row.id, row.service_date, words)
                for row in around.notes.get(head.patient_id, ())
                if row.id not in mine
                and first <= row.service_date <= last
                and len(words := same_words(row.note)) >= SHORTEST_NOTE
            ),
            days={each: days[each] for each in held},
            months=self._months({(staff, day[:7]) for staff, day in held}),
        )

    def _ruled(self, head: ClaimHead) -> _Ruled:
        key = (head.payer, head.payer_rules)
        found = self.rules.get(key)
        if found is None:
            payer = rules_kept(self.desk, head.payer, head.payer_rules)
            limits = [limit for rule in payer.rules for limit in rule.limits]
            found = self.rules[key] = _Ruled(
                payer,
                self.desk.payers.rules_for(head.payer).digest != (head.payer_rules or payer.digest),
                max((_REACH.get(one.per, one.days or _ALL_DAYS) for one in limits), default=0),
                any(one.scope == "provider" for one in limits),
            )
        return found

    def _asks(self, payer: Payer, code: str, service_date: str) -> Asks:
        key = (payer.digest, code, service_date)
        found = self.asks.get(key)
        if found is None:
            if len(self.asks) >= DAYS_KEPT:
                self.asks.clear()
            found = self.asks[key] = Asks(payer, code, date.fromisoformat(service_date))
        return found

    def _points(self, codes: frozenset[str]) -> Mapping[str, str]:
        found = self.points.get(codes)
        if found is None:
            known = [self.house.codes[code] for code in sorted(codes) if code in self.house.codes]
            found = self.points[codes] = {
                item.id: item.text for code in reversed(known) for item in code.checklist
            }
        return found

    def _days(self, wanted: set[tuple[str, str]]) -> Mapping[tuple[str, str], StaffDay]:
        missing = wanted - self.days.keys()
        found = {each: self.days[each] for each in wanted - missing}
        for each in found:
            self.days.move_to_end(each)
        for each, slots in reads.staff_days(self.store, missing).items() if missing else ():
            made = staff_day(slots, shift_of(self.house.zone, date.fromisoformat(each[1])))
            found[each] = self.days[each] = made
        while len(self.days) > DAYS_KEPT:
            self.days.popitem(last=False)
        return found

    def _months(self, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], StaffMonth]:
        found = {}
        for staff, month in sorted(wanted):
            if month not in self.months:
                self.months[month] = reads.staff_months(self.store, month)
            found[staff, month] = self.months[month][staff]
        return found


class _Around(NamedTuple):
    """What stands around the claims of a batch, by patient, coverage or id."""

    patients: Mapping[str, Patient]
    coverages: Mapping[str, list[Coverage]]
    cases: Mapping[str, Case]
    verifications: Mapping[str, list[Verification]]
    authorizations: Mapping[str, list[Authorization]]
    used: dict[str, int]
    """Units that live claims take of an authorization, by its id."""
    billed: Mapping[str, list[BilledRow]]
    notes: Mapping[str, list[NoteRow]]


def _work(row: WorkRow) -> Work:
    fields = json.loads(row.fields) if row.fields != "{}" else {}
    return Work(*row[2:16], fields, row.status, row.late_days, bool(row.copied), bool(row.followed))


def _billed(row: BilledRow) -> Billed:
    return Billed(
        *row[2:8],
        date.fromisoformat(row.service_date),
        row.code,
        row.quantity,
        frozenset(json.loads(row.staff)) if row.staff else frozenset(),
    )


def _authorized(head: ClaimHead, lines: list[LineRow], around: _Around) -> Iterator[Authorized]:
    for one in around.authorizations.get(head.coverage_id, ()):
        mine = (
            sum(line.quantity for line in lines if not one.codes or line.code in one.codes)
            if one.id == head.authorization_id
            else 0
        )
        yield Authorized(one, around.used.get(one.id, 0) - mine)


def _moved(day: str, days: int) -> str:
    """An ISO date so many days on, as far as the calendar goes."""
    here = date.fromisoformat(day)
    room = (here - date.min).days if days < 0 else (date.max - here).days
    return (here + timedelta(days=max(-room, days) if days < 0 else min(room, days))).isoformat()
