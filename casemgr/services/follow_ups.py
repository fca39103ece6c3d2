"""What is still to be done, by when and by whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.core.dates import format_us
from casemgr.core.due import Aged, aged
from casemgr.core.records import Activity, FollowUp
from casemgr.core.text import tidy
from casemgr.errors import NotFound, RuleRefused
from casemgr.services.patients import the_patient
from casemgr.services.refusals import refused
from casemgr.store.reads.follow_ups import follow_ups, last_added
from casemgr.store.reads.records import full_id, load

if TYPE_CHECKING:
    from datetime import date

    from casemgr.core.commands import AddFollowUp, AssignFollowUp, FinishFollowUp, SnoozeFollowUp
    from casemgr.services.desk import Desk
    from casemgr.store.ledger import Transaction


def add_follow_up(desk: Desk, wish: AddFollowUp) -> FollowUp:
    """Save something to do by a date; who acts does it unless somebody is named.

    Raises:
        InputRefused: it does not say what, its date lies in the past, or who should do it has left.
        NotFound: there is no such patient, activity or member of staff.
    """
    with desk.write() as tx:
        what = tidy(wish.what)
        if not what:
            raise refused("It does not say what is to be done", "Write it such as “confirm ride”.")
        _refuse_past(desk, wish.due_date)
        patient_id = the_patient(desk, wish.patient_id).id if wish.patient_id else ""
        activity_id = ""
        if wish.activity_id:
            activity = load(desk.store, Activity, full_id(desk.store, "activity", wish.activity_id))
            assert activity is not None
            if patient_id and activity.patient_id != patient_id:
                raise refused("That activity is about another patient", "Name one of the two.")
            activity_id, patient_id = activity.id, activity.patient_id
        follow_up = FollowUp(
            id=tx.new_id(),
            due_date=wish.due_date.isoformat(),
            what=what,
            patient_id=patient_id,
            activity_id=activity_id,
            assigned_to=_assignee(desk, wish.assigned_to) if wish.assigned_to else desk.staff.id,
        )
        tx.append("add", "follow_up", follow_up)
        return follow_up


def finish_follow_up(desk: Desk, wish: FinishFollowUp) -> FollowUp:
    """Note that a follow-up is done, today and by who acts.

    Raises:
        RuleRefused: it is done already.
    """
    with desk.write() as tx:
        return append_finished(desk, tx, wish)


def append_finished(desk: Desk, tx: Transaction, wish: FinishFollowUp) -> FollowUp:
    """Note inside a transaction that the caller holds that a follow-up is done."""
    record = waiting(desk, wish.follow_up_id)
    done = record.model_copy(
        update={
            "done_on": desk.today().isoformat(),
            "done_by": desk.staff.id,
            "done_note": tidy(wish.note),
        }
    )
    tx.append("done", "follow_up", done)
    return done


def append_done(desk: Desk, tx: Transaction, text: str, activity: Activity) -> FollowUp:
    """Note inside the caller's transaction that an activity did a follow-up, on its day and by who did it."""
    record = waiting(desk, text)
    if record.patient_id and record.patient_id != activity.patient_id:
        raise refused(
            f"The follow-up “{record.what}” is about another patient",
            "Log the activity without it, or name another follow-up.",
        )
    done = record.model_copy(
        update={
            "done_on": activity.service_date,
            "done_by": activity.staff,
            "done_activity_id": activity.id,
        }
    )
    tx.append("done", "follow_up", done)
    return done


def append_reopened(desk: Desk, tx: Transaction, activity_id: str) -> tuple[FollowUp, ...]:
    """Have what an activity did to be done again, inside the caller's transaction that withdraws it."""
    reopened = []
    for row in follow_ups(desk.store, open_only=False, done_activity_id=activity_id):
        record = load(desk.store, FollowUp, row.id)
        assert record is not None
        waiting = record.model_copy(
            update={"done_on": "", "done_by": "", "done_note": "", "done_activity_id": ""}
        )
        tx.append("reopen", "follow_up", waiting)
        reopened.append(waiting)
    return tuple(reopened)


def assign_follow_up(desk: Desk, wish: AssignFollowUp) -> FollowUp:
    """Give a follow-up to another member of staff to do.

    Raises:
        RuleRefused: it is done already, or withdrawn.
        NotFound: there is nobody with that login.
        InputRefused: they do not work here today, or it is theirs already.
    """
    with desk.write() as tx:
        return append_assigned(desk, tx, wish)


def append_assigned(desk: Desk, tx: Transaction, wish: AssignFollowUp) -> FollowUp:
    """Give a follow-up to somebody else inside a transaction that the caller holds."""
    record = waiting(desk, wish.follow_up_id)
    assigned = record.model_copy(update={"assigned_to": _assignee(desk, wish.assigned_to)})
    if assigned == record:
        raise refused(f"It is {record.assigned_to}'s already", "Name somebody else.")
    tx.append("assign", "follow_up", assigned, tidy(wish.reason))
    return assigned


def snooze_follow_up(desk: Desk, wish: SnoozeFollowUp) -> FollowUp:
    """Put a follow-up off, or forward, to another day.

    Raises:
        RuleRefused: it is done already.
        InputRefused: the day lies in the past, or is the one that it has.
    """
    with desk.write() as tx:
        return append_snoozed(desk, tx, wish)


def append_snoozed(desk: Desk, tx: Transaction, wish: SnoozeFollowUp) -> FollowUp:
    """Put a follow-up off inside a transaction that the caller holds."""
    record = waiting(desk, wish.follow_up_id)
    _refuse_past(desk, wish.due_date)
    snoozed = record.model_copy(update={"due_date": wish.due_date.isoformat()})
    if snoozed == record:
        raise refused(f"It is due on {format_us(record.due_date)} already", "Name another day.")
    tx.append("snooze", "follow_up", snoozed, tidy(wish.reason))
    return snoozed


def listed(
    desk: Desk,
    *,
    due_only: bool = False,
    include_done: bool = False,
    patient_id: str = "",
    assigned_to: str = "",
) -> list[Aged]:
    """Follow-ups still to be done, the longest overdue first; those done come last where they are wanted.

    Args:
        desk: the open practice.
        due_only: those overdue or due today, and no others.
        include_done: those that are done as well.
        patient_id: those about one patient.
        assigned_to: those of one login.
    """
    today = desk.today()
    rows = follow_ups(
        desk.store,
        open_only=not include_done,
        due_by=today.isoformat() if due_only else "",
        patient_id=patient_id,
        assigned_to=assigned_to,
    )
    return sorted((aged(row, today) for row in rows), key=lambda one: one.state == "done")


def follow_up_id(desk: Desk, text: str) -> str:
    """The id that a text names: a whole id, its last characters, or `last` for who acts' newest to do."""
    if text.strip().lower() != "last":
        return full_id(desk.store, "follow_up", text)
    found = last_added(desk.store, desk.staff.id)
    if not found:
        raise NotFound(
            "You have nothing to follow up", "Nothing was changed.", "Add it with `casemgr follow-up add`."
        )
    return found


def waiting(desk: Desk, text: str) -> FollowUp:
    """The follow-up that a text names, which is still to be done; before a change it is read under the lock.

    Raises:
        RuleRefused: it is done already, or withdrawn.
        NotFound: there is none.
    """
    record = load(desk.store, FollowUp, follow_up_id(desk, text))
    assert record is not None
    if record.voided:
        raise RuleRefused("This follow-up was withdrawn", "Nothing was changed.", "Add it anew.")
    if record.done_on:
        raise RuleRefused(
            f"This follow-up was done on {format_us(record.done_on)} by {record.done_by}",
            "Nothing was changed.",
            "Add another with `casemgr follow-up add` where more is to be done.",
        )
    return record


def _assignee(desk: Desk, login: str) -> str:
    """The login of somebody who can do something from today on."""
    member = desk.member(login)
    if not member.works_on(desk.today().isoformat()):
        raise refused(
            f"{member.name} does not work here today",
            "`casemgr staff list` shows who does; name one of them.",
        )
    return member.id


def _refuse_past(desk: Desk, due_date: date) -> None:
    if due_date < desk.today():
        raise refused(f"{format_us(due_date)} is in the past", "Name today or a day to come.")
