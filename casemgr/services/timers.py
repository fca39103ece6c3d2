"""Timing a piece of work while it is being done. Timers stand in the ledger, so that they outlive a crash."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from casemgr.clock import MICROSECONDS
from casemgr.core.commands import LogActivity
from casemgr.core.minutes import MAX_MINUTES, MIN_MINUTES, format_minutes
from casemgr.core.records import Timer
from casemgr.core.text import tidy
from casemgr.errors import InputRefused, NotFound, RuleRefused
from casemgr.services.activities import append_activity, kind_of
from casemgr.services.entries import wish_from_text
from casemgr.services.patients import patient_label, the_patient
from casemgr.store.ledger import entries
from casemgr.store.reads.records import load

if TYPE_CHECKING:
    from casemgr.services.activities import Logged
    from casemgr.services.desk import Desk

SIGNS = (":", "=>", "→", "!")
"""What begins the rest of the one-line entry once its head is known."""

FORGOTTEN_AFTER = 60
"""Minutes without a sign of who acts after which a running timer looks forgotten."""


class Timing(NamedTuple):
    """A timer as it stands."""

    timer: Timer
    seconds: int
    """Worked so far, pauses left out."""
    patient: str
    """`Garcia, Ana 4/9/2012 #1030`, or empty."""
    kind_title: str
    """The kind's title, or empty."""

    @property
    def running(self) -> bool:
        """Whether it runs; else it is paused."""
        return bool(self.timer.running_since)

    @property
    def state(self) -> str:
        """What it does, to go on after `Your timer`."""
        return "runs" if self.running else "is paused"

    @property
    def minutes(self) -> int:
        """What an activity would be logged with: to the nearest minute, at least one."""
        return nearest_minutes(self.seconds)

    @property
    def about(self) -> str:
        """What is timed, in one line; empty where nothing was said yet."""
        return " · ".join(part for part in (self.patient, self.kind_title, self.timer.note) if part)


class Forgotten(NamedTuple):
    """A running timer that somebody seems to have forgotten."""

    since: int
    """When who acts last gave a sign, in microseconds: an entry, or what the face knows of."""
    minutes: int
    """What an activity would be logged with, had it been stopped then."""


def status(desk: Desk) -> Timing | None:
    """The timer of who acts as it stands now, or None where there is none."""
    timer = load(desk.store, Timer, desk.staff.id)
    return None if timer is None or timer.voided else _timing(desk, timer, desk.clock.now())


def start_timer(desk: Desk, patient_id: str = "", kind: str = "", note: str = "") -> Timing:
    """Start timing; what the work is about may be said now or when it stops.

    Args:
        desk: the open practice.
        patient_id: whom it is about, where that is known.
        kind: the kind of work, in any of the words for it.
        note: anything else; it becomes the beginning of the activity's note.

    Raises:
        RuleRefused: who acts has a timer already.
    """
    now = desk.clock.now()
    with desk.write() as tx:
        there = load(desk.store, Timer, desk.staff.id)
        if there is not None and not there.voided:
            timing = _timing(desk, there, now)
            raise RuleRefused(
                f"Your timer {timing.state} at {format_minutes(timing.seconds // 60)} already",
                timing.about or "Nothing was said yet about what it times.",
                "Log it with `casemgr timer stop`, or drop it with `casemgr timer discard`; then start anew.",
            )
        timer = Timer(
            id=desk.staff.id,
            patient_id=the_patient(desk, patient_id).id if patient_id else "",
            kind=kind_of(desk, kind).kind if kind else "",
            note=tidy(note),
            started_at=now,
            running_since=now,
        )
        tx.append("start", "timer", timer)
        return _timing(desk, timer, now)


def pause_timer(desk: Desk) -> Timing:
    """Stop the count for a while.

    Raises:
        RuleRefused: it is paused already.
        NotFound: there is no timer.
    """
    now = desk.clock.now()
    with desk.write() as tx:
        timer = _mine(desk)
        if not timer.running_since:
            raise RuleRefused(
                "Your timer is paused already", "Nothing was changed.", "Go on with `casemgr timer resume`."
            )
        seconds = elapsed_seconds(timer, now)
        paused = timer.model_copy(update={"running_since": 0, "banked_seconds": seconds})
        tx.append("pause", "timer", paused)
        return _timing(desk, paused, now)


def resume_timer(desk: Desk) -> Timing:
    """Go on counting after a pause.

    Raises:
        RuleRefused: it runs already.
        NotFound: there is no timer.
    """
    now = desk.clock.now()
    with desk.write() as tx:
        timer = _mine(desk)
        if timer.running_since:
            raise RuleRefused("Your timer runs already", "Nothing was changed.")
        resumed = timer.model_copy(update={"running_since": now})
        tx.append("resume", "timer", resumed)
        return _timing(desk, resumed, now)


def edit_timer(
    desk: Desk, patient_id: str | None = None, kind: str | None = None, note: str | None = None
) -> Timing:
    """Change what the timer is about; it counts on.

    Args:
        desk: the open practice.
        patient_id: whom it is about; empty for nobody yet, None as it was.
        kind: the kind of work, in any of the words for it; empty for none yet, None as it was.
        note: the beginning of the activity's note; None as it was.

    Raises:
        NotFound: there is no timer, or no such patient.
        InputRefused: there is no such kind, or nothing changes.
    """
    now = desk.clock.now()
    with desk.write() as tx:
        timer = _mine(desk)
        changes: dict[str, str] = {}
        if patient_id is not None:
            changes["patient_id"] = the_patient(desk, patient_id).id if patient_id else ""
        if kind is not None:
            changes["kind"] = kind_of(desk, kind).kind if kind else ""
        if note is not None:
            changes["note"] = tidy(note)
        edited = timer.model_copy(update=changes)
        if edited == timer:
            raise InputRefused(
                "Your timer says this already", "Nothing was changed.", "Name another patient, kind or note."
            )
        tx.append("edit", "timer", edited)
        return _timing(desk, edited, now)


def discard_timer(desk: Desk) -> Timing:
    """Drop the timer without logging anything; what it stood at remains in the ledger.

    Raises:
        NotFound: there is no timer.
    """
    now = desk.clock.now()
    with desk.write() as tx:
        timer = _mine(desk)
        dropped = _ended(timer, now)
        tx.append("discard", "timer", dropped)
        return _timing(desk, dropped, now)


def timer_wish(desk: Desk, until: int | None = None) -> LogActivity:
    """What an activity would be logged with, to be completed in a form; nothing is changed.

    Patient and kind are empty where the timer does not know them, and the outcome always is. The minutes are
    those of the timer, be they too many for one activity.

    Args:
        desk: the open practice.
        until: the instant up to which work was done, in microseconds; now unless said.

    Raises:
        NotFound: there is no timer.
    """
    timer = _mine(desk)
    begun = desk.local(timer.started_at)
    return LogActivity(
        patient_id=timer.patient_id,
        kind=timer.kind,
        service_date=begun.date(),
        minutes=nearest_minutes(elapsed_seconds(timer, until or desk.clock.now())),
        outcome_words="",
        start=f"{begun:%H:%M}",
        note=timer.note,
        staff=desk.staff.id,
    )


def stop_timer_with(desk: Desk, wish: LogActivity) -> Logged:
    """Log what a form says of the work and end the timer, in one transaction; the minutes are the form's.

    Raises:
        NotFound: there is no timer.
        InputRefused: something is missing or outside its bounds; nothing is saved, and the timer is kept.
    """
    now = desk.clock.now()
    with desk.write() as tx:
        timer = _mine(desk)
        logged = append_activity(desk, tx, wish)
        tx.append("stop", "timer", _ended(timer, now))
        return logged


def stop_timer(desk: Desk, text: str, minutes: int | None = None) -> Logged:
    """Log what was timed and end the timer, in one transaction.

    Args:
        desk: the open practice.
        text: the rest of the one-line entry, such as `: OS consult => booked 10/28 !10/26 confirm ride`; the
            colon may be left out where the timer knows patient and kind.
        minutes: those that were worked, where the timer ran on for longer.

    Raises:
        NotFound: there is no timer.
        InputRefused: something is missing, or it ran too long to be one activity; nothing is saved, and the
            timer is kept.
    """
    now = desk.clock.now()
    with desk.write() as tx:
        timer = _mine(desk)
        timing = _timing(desk, timer, now)
        if minutes is None and timing.minutes > MAX_MINUTES:
            raise InputRefused(
                f"Your timer stands at {format_minutes(timing.minutes)}: was it forgotten?",
                f"An activity takes at most {MAX_MINUTES} minutes. Nothing was saved; the timer is kept.",
                "Log the minutes that were worked with `casemgr timer stop --minutes …`, or drop it with "
                "`casemgr timer discard`.",
            )
        try:
            logged = append_activity(
                desk, tx, _wish(desk, timer, timing.minutes if minutes is None else minutes, text)
            )
        except (InputRefused, NotFound) as error:
            state = "runs on" if timing.running else "stays paused"
            kept = f"Your timer {state}, at {format_minutes(timing.minutes)}."
            error.detail = f"{error.detail}\n{kept}".strip()
            raise
        tx.append("stop", "timer", _ended(timer, now))
        return logged


def forgotten(desk: Desk, quiet_since: int | None = None, after: int = FORGOTTEN_AFTER) -> Forgotten | None:
    """Whether the timer of who acts looks forgotten: it runs, and for long there was no sign of them.

    Args:
        desk: the open practice.
        quiet_since: when who acts last touched a key, in microseconds, where the face knows.
        after: so many minutes are long.

    Returns:
        Since when, so that a face can offer to stop it as of then; None where it does not look so.
    """
    now = desk.clock.now()
    timer = load(desk.store, Timer, desk.staff.id)
    if timer is None or timer.voided or not timer.running_since:
        return None
    (last,) = entries(desk.store, staff=desk.staff.id, newest_first=True, limit=1)
    since = max(last.at, timer.running_since, quiet_since or 0)
    if now - since < after * 60 * MICROSECONDS:
        return None
    return Forgotten(since, nearest_minutes(elapsed_seconds(timer, since)))


def nearest_minutes(seconds: int) -> int:
    """Seconds as minutes of an activity: the nearest, and at least one."""
    return max(MIN_MINUTES, (seconds + 30) // 60)


def elapsed_seconds(timer: Timer, now: int) -> int:
    """Seconds worked by an instant in microseconds, pauses left out."""
    running = max(0, now - timer.running_since) // MICROSECONDS if timer.running_since else 0
    return timer.banked_seconds + running


def _wish(desk: Desk, timer: Timer, minutes: int, text: str) -> LogActivity:
    """The activity that a timer and the rest of the one-line entry make."""
    rest = text.strip()
    head = f"{minutes}m"
    if timer.kind:
        head += f" {timer.kind}"
    if timer.patient_id:
        head += f" #{the_patient(desk, timer.patient_id).chart_number}"
    try:
        wish = wish_from_text(desk, f"{head} {rest}")
    except InputRefused:
        if not (timer.kind and timer.patient_id) or rest.startswith(SIGNS):
            raise
        # The head is complete, so that words which do not belong there are the note.
        wish = wish_from_text(desk, f"{head}: {rest}")
    begun = desk.local(timer.started_at)
    if wish.service_date == desk.today():
        # Work past midnight belongs to the day on which it began.
        wish = wish._replace(service_date=begun.date())
    if not wish.start and wish.service_date == begun.date():
        wish = wish._replace(start=f"{begun:%H:%M}")
    return wish._replace(note="; ".join(part for part in (timer.note, wish.note) if part))


def _mine(desk: Desk) -> Timer:
    """The timer of who acts, read under the write lock."""
    timer = load(desk.store, Timer, desk.staff.id)
    if timer is None or timer.voided:
        raise NotFound("You have no timer", "Nothing was changed.", "Start one with `casemgr timer start`.")
    return timer


def _ended(timer: Timer, now: int) -> Timer:
    return timer.model_copy(
        update={"voided": True, "running_since": 0, "banked_seconds": elapsed_seconds(timer, now)}
    )


def _timing(desk: Desk, timer: Timer, now: int) -> Timing:
    return Timing(
        timer,
        elapsed_seconds(timer, now),
        patient_label(desk, timer.patient_id),
        desk.kinds.title(timer.kind) if timer.kind else "",
    )
