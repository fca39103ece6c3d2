"""Logging, amending, voiding and signing activities, and finding what does not fit together."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.bounds import refuse_overlong
from casemgr.core.minutes import check_minutes
from casemgr.core.records import Activity, FollowUp, Patient
from casemgr.core.rows import ActivityFilter, ActivityRow
from casemgr.core.text import tidy
from casemgr.errors import CasemgrError, InputRefused, NotFound, ParseError, RuleRefused
from casemgr.services.activity_change import claim_followed, refuse_unchangeable
from casemgr.services.activity_checks import (
    far_ahead,
    read_fields,
    refuse_before_birth,
    refuse_future,
    refuse_no_reason,
    refused,
    sample_outcome,
)
from casemgr.services.oddities import clock_behind, found_odd
from casemgr.services.runs import run_after, run_of, told_late
from casemgr.store.reads.activities import activities, last_entered, totals
from casemgr.store.reads.patients import cases
from casemgr.store.reads.records import full_id, load

if TYPE_CHECKING:
    from collections.abc import Mapping

    from casemgr.core.commands import AmendActivity, LogActivity, SignActivity, VoidActivity
    from casemgr.core.kinds import Kind
    from casemgr.services.desk import Desk
    from casemgr.store.ledger import Transaction

AMENDABLE = (
    "kind",
    "service_date",
    "minutes",
    "start",
    "method",
    "contacted",
    "outcome_words",
    "reason",
    "response",
    "next_step",
    "note",
)
"""What an amendment may change; patient and staff are who it happened with: void it and log it anew."""


class Logged(NamedTuple):
    """What was saved, and what should be looked at again."""

    activity: Activity
    follow_ups: tuple[FollowUp, ...]
    warnings: tuple[str, ...]
    finished: FollowUp | None = None
    """The follow-up that it did."""


class Voided(NamedTuple):
    """What was withdrawn, and what is to be done again since."""

    activity: Activity
    reopened: tuple[FollowUp, ...]
    """The follow-ups that it had done."""
    warnings: tuple[str, ...] = ()
    """What became of the claim that it stood on."""


def log_activity(desk: Desk, wish: LogActivity) -> Logged:
    """Save an activity with its follow-ups, and the one that it did as done, all or nothing.

    Raises:
        InputRefused: something is missing or outside its bounds; nothing was saved.
        RuleRefused: what it should have done was done or withdrawn before.
    """
    with desk.write() as tx:
        return append_activity(desk, tx, wish)


def log_batch(desk: Desk, wishes: Mapping[str, LogActivity]) -> list[Logged]:
    """Save several activities in one transaction, all or nothing.

    Args:
        desk: the open practice.
        wishes: by the place that each came from, such as `Line 3`; a refusal names it.
    """
    logged = []
    with desk.write() as tx:
        for place, wish in wishes.items():
            try:
                logged.append(append_activity(desk, tx, wish))
            except CasemgrError as error:
                error.title = f"{place}: {error.title}"
                raise
    return logged


def append_activity(desk: Desk, tx: Transaction, wish: LogActivity) -> Logged:
    """Check a wish and append it inside a transaction that the caller holds."""
    kind = kind_of(desk, wish.kind)
    # By the ledger's clock: one that was set back would hide how late an entry is.
    today = desk.local(tx.now).date()
    patient = load(desk.store, Patient, wish.patient_id)
    if patient is None or patient.voided:
        raise NotFound(
            "There is no such patient", "Nothing was saved.", "`casemgr patient list` shows who there is."
        )
    refuse_future(wish.service_date, today)
    refuse_before_birth(wish.service_date, patient)
    try:
        check_minutes(wish.minutes)
    except ParseError as error:
        raise refused("minutes", str(error)) from error
    # Before any work is put into it: finding a kind's outcome in a whole book takes its time.
    refuse_overlong(wish._asdict())
    outcome_words = tidy(wish.outcome_words)
    if not outcome_words and not wish.draft:
        raise refused(
            "outcome", "what came of it is missing", f"Write it after =>, such as => {sample_outcome(kind)}."
        )
    fields = read_fields(kind, wish.fields, wish.service_date)
    member = desk.member(wish.staff) if wish.staff else desk.staff
    if not member.works_on(wish.service_date.isoformat()):
        raise refused("staff", f"{member.name} did not work here on {wish.service_date.isoformat()}")
    for wanted in wish.follow_ups:
        if wanted.due_date < wish.service_date:
            raise refused("follow-up", f"{wanted.due_date.isoformat()} is before the work itself")
    record = Activity(
        id=tx.new_id(),
        patient_id=patient.id,
        kind=kind.kind,
        staff=member.id,
        service_date=wish.service_date.isoformat(),
        minutes=wish.minutes,
        outcome=wish.outcome or (kind.match_outcome(outcome_words).id if outcome_words else ""),
        outcome_words=outcome_words,
        start=wish.start,
        method=wish.method,
        contacted=tidy(wish.contacted),
        reason=tidy(wish.reason),
        response=tidy(wish.response),
        next_step=tidy(wish.next_step),
        note=wish.note.strip(),
        fields=fields,
        case_id=case_on(desk, patient.id, wish.service_date),
        status="draft" if wish.draft else "signed",
        signed_by="" if wish.draft else desk.staff.id,
        signed_at=0 if wish.draft else tx.now,
        entered_at=tx.now,
        entered_by=desk.staff.id,
        late_days=max(0, (today - wish.service_date).days),
        run_month=run_of(desk, wish.service_date, today),
    )
    tx.append("log", "activity", record)
    finished = None
    if wish.finishes:
        # Imported here, since most of what is logged finishes nothing.
        from casemgr.services.follow_ups import append_done

        finished = append_done(desk, tx, wish.finishes, record)
    follow_ups = []
    for wanted in wish.follow_ups:
        follow_up = FollowUp(
            id=tx.new_id(),
            due_date=wanted.due_date.isoformat(),
            what=tidy(wanted.what) or kind.title,
            patient_id=patient.id,
            activity_id=record.id,
            assigned_to=member.id,
        )
        tx.append("add", "follow_up", follow_up)
        follow_ups.append(follow_up)
    far = far_ahead((each.due_date for each in wish.follow_ups), today)
    warnings = (*told_late(record), *far, *clock_behind(desk, tx.now), *found_odd(desk, record))
    return Logged(record, tuple(follow_ups), warnings, finished)


def amend_activity(desk: Desk, wish: AmendActivity) -> Logged:
    """Change an activity; what it said before stays in the ledger, with the reason, and its claim follows.

    Raises:
        RuleRefused: it is voided, or its claim came to its end or would be left with nothing.
        InputRefused: no reason, an unknown field, or a value outside its bounds.
    """
    with desk.write() as tx:
        return append_amendment(desk, tx, wish)


def complete_draft(desk: Desk, wish: AmendActivity) -> Logged:
    """Change what a draft says, where anything is to change, and sign it, in one deed.

    Raises:
        RuleRefused: it is voided, or signed already.
        InputRefused: its outcome is missing, or what amend_activity refuses.
    """
    with desk.write() as tx:
        if wish.changes or wish.fields:
            append_amendment(desk, tx, wish)
        signed = append_signature(desk, tx, wish.activity_id)
        return Logged(signed, (), found_odd(desk, signed))


def append_amendment(desk: Desk, tx: Transaction, wish: AmendActivity) -> Logged:
    """Check a change and append it inside a transaction that the caller holds."""
    record = changeable(desk, wish.activity_id, "amended")
    if record.status == "signed" and not wish.reason.strip():
        raise refused(
            "reason", "a signed activity can only be amended with a reason", "Say why with --reason."
        )
    unknown = sorted(set(wish.changes) - set(AMENDABLE))
    if unknown:
        raise refused(
            unknown[0],
            "an amendment cannot change this",
            f"It can change {', '.join(AMENDABLE)}, and --set field=value.",
        )
    changes: dict[str, object] = {
        name: value if name == "minutes" else str(value).strip() if name == "note" else tidy(str(value))
        for name, value in wish.changes.items()
    }
    refuse_overlong(changes)
    kind = kind_of(desk, str(changes.get("kind", record.kind)))
    changes["kind"] = kind.kind
    service_date = date.fromisoformat(str(changes.get("service_date", record.service_date)))
    today = desk.local(tx.now).date()
    refuse_future(service_date, today)
    patient = load(desk.store, Patient, record.patient_id)
    assert patient is not None
    refuse_before_birth(service_date, patient)
    try:
        check_minutes(int(str(changes.get("minutes", record.minutes))))
    except ValueError as error:
        raise refused("minutes", str(error)) from error
    words = str(changes.get("outcome_words", record.outcome_words))
    if not words and record.status == "signed":
        raise refused("outcome", "a signed activity needs an outcome")
    if kind.kind != record.kind or words != record.outcome_words:
        changes["outcome"] = kind.match_outcome(words).id if words else ""
    # Another kind has other fields: what it has no place for stays in the history.
    kept = {name: value for name, value in record.fields.items() if kind.field(name)}
    own = read_fields(kind, {**kept, **wish.fields}, service_date)
    if service_date.isoformat() != record.service_date:
        changes["late_days"] = max(0, (desk.local(record.entered_at).date() - service_date).days)
        changes["case_id"] = case_on(desk, record.patient_id, service_date)
        changes["run_month"] = run_after(desk, record, service_date, today)
    amended = record.model_copy(update={**changes, "fields": own})
    if amended == record:
        raise refused("change", "the activity says this already")
    amended = Activity.model_validate(
        amended.model_copy(update={"amended": record.amended or record.status == "signed"}).model_dump()
    )
    tx.append("amend", "activity", amended, tidy(wish.reason))
    late = told_late(amended) if amended.run_month != record.run_month else ()
    return Logged(amended, (), (*late, *claim_followed(desk, tx, record, amended), *found_odd(desk, amended)))


def void_activity(desk: Desk, wish: VoidActivity) -> Activity:
    """Withdraw an activity, with the reason; it stays in the record, and its claim follows.

    Raises:
        RuleRefused: it is voided already, or its claim came to its end or would be left with nothing.
    """
    with desk.write() as tx:
        refuse_no_reason(wish.reason)
        return append_void(desk, tx, wish.activity_id, wish.reason).activity


def append_void(desk: Desk, tx: Transaction, text: str, reason: str) -> Voided:
    """Withdraw an activity inside a transaction that the caller holds; what it did is to be done again."""
    # Imported here, as for what is logged.
    from casemgr.services.follow_ups import append_reopened

    record = changeable(desk, text, "voided")
    voided = record.model_copy(update={"voided": True})
    tx.append("void", "activity", voided, tidy(reason))
    followed = claim_followed(desk, tx, record, voided)
    return Voided(voided, append_reopened(desk, tx, voided.id), followed)


def sign_activity(desk: Desk, wish: SignActivity) -> Activity:
    """Sign a draft: from now on it changes only by amendment.

    Raises:
        RuleRefused: it is signed already, or voided.
        InputRefused: its outcome is missing.
    """
    with desk.write() as tx:
        return append_signature(desk, tx, wish.activity_id)


def sign_drafts(desk: Desk) -> list[Activity]:
    """Sign every complete draft of who acts, in one deed; those without an outcome wait."""
    with desk.write() as tx:
        drafts = listed(desk, ActivityFilter(staff=desk.staff.id, unclaimed=True))
        complete = [row.id for row in drafts if row.status == "draft" and row.outcome_words]
        return [append_signature(desk, tx, each) for each in complete]


def append_signature(desk: Desk, tx: Transaction, text: str) -> Activity:
    """Sign a draft inside a transaction that the caller holds."""
    record = changeable(desk, text, "signed")
    if record.status == "signed":
        raise RuleRefused(
            "This activity is signed already", "Nothing was changed.", "Amend it if it is wrong."
        )
    if not record.outcome_words:
        raise refused(
            "outcome", "its outcome is missing", "Add it with `casemgr activity amend ID --outcome …`."
        )
    signed = record.model_copy(update={"status": "signed", "signed_by": desk.staff.id, "signed_at": tx.now})
    tx.append("sign", "activity", signed)
    return signed


def activity(desk: Desk, text: str) -> ActivityRow:
    """The activity that an id, its last characters or `last` names, with what stands beside it."""
    wanted = ActivityFilter(ids=(activity_id(desk, text),), include_voided=True)
    return next(iter(activities(desk.store, wanted)))


def activity_id(desk: Desk, text: str) -> str:
    """The id that a text names: a whole id, its last characters, or `last` for who acts' newest entry."""
    if text.strip().lower() != "last":
        return full_id(desk.store, "activity", text)
    found = last_entered(desk.store, desk.staff.id)
    if not found:
        raise NotFound(
            "You have logged nothing yet", "Nothing was changed.", "Log something with `casemgr log`."
        )
    return found


def listed(desk: Desk, wanted: ActivityFilter) -> list[ActivityRow]:
    """The activities of a filter."""
    return list(activities(desk.store, wanted))


def summed(desk: Desk, wanted: ActivityFilter) -> tuple[int, int]:
    """How many activities a filter has, and their minutes."""
    return totals(desk.store, wanted)


def changeable(desk: Desk, text: str, what: str) -> Activity:
    """An activity that may still change, read under the write lock."""
    record = load(desk.store, Activity, activity_id(desk, text))
    assert record is not None
    refuse_unchangeable(desk, record, what)
    return record


def kind_of(desk: Desk, text: str) -> Kind:
    """The kind that an id or any of its words names.

    Raises:
        InputRefused: none does; the nearest are named.
    """
    found = desk.kinds.find(text)
    if found is None:
        raise InputRefused(
            f"“{tidy(text)}” is not a kind of activity",
            "Nothing was saved.",
            "`casemgr kind list` shows the kinds and the words for them.",
            tuple(desk.kinds.nearest(text)),
        )
    return found


def case_on(desk: Desk, patient_id: str, service_date: date) -> str:
    """The case that was open on a date, or an empty string."""
    day = service_date.isoformat()
    for case in cases(desk.store, patient_id):
        if case.opened_on <= day and (not case.closed_on or day <= case.closed_on):
            return case.id
    return ""
