"""Timing a piece of work while it is being done. Timers stand in the ledger, so that they outlive a crash."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from casemgr.clock import MICROSECONDS
from casemgr.core.minutes import MAX_MINUTES, MIN_MINUTES, format_minutes
from casemgr.core.records import Timer
from casemgr.core.text import tidy
from casemgr.errors import InputRefused, NotFound, RuleRefused
from casemgr.services.activities import append_activity, kind_of
from casemgr.services.entries import wish_from_text
from casemgr.services.patients import patient_label, the_patient
from casemgr.store.reads.records import load

if TYPE_CHECKING:
    from casemgr.core.commands import LogActivity
    from casemgr.services.activities import Logged
    from casemgr.services.desk import Desk

SIGNS = (":", "=>", "→", "!")
"""What begins the rest of the one-line entry once its head is known."""


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
        return max(MIN_MINUTES, (self.seconds + 30) // 60)

    @property
    def about(self) -> str:
        """What is timed, in one line; empty where nothing was said yet."""
        return " · ".join(part for part in (self.patient, self.kind_title, self.timer.note) if part)


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


def stop_timer(desk: Desk, text: str) -> Logged:
    """Log what was timed and end the timer, in one transaction.

    Args:
        desk: the open practice.
        text: the rest of the one-line entry, such as `: OS consult => booked 10/28 !10/26 confirm ride`; the
            colon may be left out where the timer knows patient and kind.

    Raises:
        NotFound: there is no timer.
        InputRefused: something is missing, or it ran too long to be one activity; nothing is saved, and the
            timer is kept.
    """
    now = desk.clock.now()
    with desk.write() as tx:
        timer = _mine(desk)
        timing = _timing(desk, timer, now)
        if timing.minutes > MAX_MINUTES:
            raise InputRefused(
                f"Your timer stands at {format_minutes(timing.minutes)}: was it forgotten?",
                f"An activity takes at most {MAX_MINUTES} minutes. Nothing was saved; the timer is kept.",
                "Log the minutes that were worked with `casemgr log`, then `casemgr timer discard`.",
            )
        try:
            logged = append_activity(desk, tx, _wish(desk, timing, text))
        except (InputRefused, NotFound) as error:
            state = "runs on" if timing.running else "stays paused"
            kept = f"Your timer {state}, at {format_minutes(timing.minutes)}."
            error.detail = f"{error.detail}\n{kept}".strip()
            raise
        tx.append("stop", "timer", _ended(timer, now))
        return logged


def elapsed_seconds(timer: Timer, now: int) -> int:
    """Seconds worked by an instant in microseconds, pauses left out."""
    running = max(0, now - timer.running_since) // MICROSECONDS if timer.running_since else 0
    return timer.banked_seconds + running


def _wish(desk: Desk, timing: Timing, text: str) -> LogActivity:
    """The activity that a timer and the rest of the one-line entry make."""
    timer, rest = timing.timer, text.strip()
    head = f"{timing.minutes}m"
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
