"""The timer: start, edit, pause, resume, stop, discard, status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from casemgr.cli.activities_shown import as_value, saved_lines
from casemgr.cli.options import json_option, the_patient, with_desk
from casemgr.cli.output import say, show, show_json, warn

if TYPE_CHECKING:
    from casemgr.services.desk import Desk
    from casemgr.services.timers import Forgotten, Timing


@click.group(name="timer")
def timer_command() -> None:
    """Time a piece of work while it is being done.

    \b
    Examples:
      casemgr timer start --patient "garcia ana 2012" --kind referral
      casemgr timer pause
      casemgr timer stop ": OS consult => booked 10/28 !10/26 confirm ride"

    Everybody has one timer. It stands in the data: it runs on when a terminal closes or a machine fails.
    """


@timer_command.command(name="start")
@click.argument("note", nargs=-1)
@click.option("--patient", help="Name, chart number, birth date; may be said when it stops.")
@click.option("--kind", default="", help="A kind of activity by any of its words; may be said when it stops.")
@with_desk
def start(desk: Desk, note: tuple[str, ...], patient: str | None, kind: str) -> None:
    """Start your timer; NOTE becomes the beginning of the activity's note.

    \b
    Examples:
      casemgr timer start
      casemgr timer start --patient "garcia ana 2012" --kind referral
      casemgr timer start --patient 1034 calling three surgeons
    """
    from casemgr.services.timers import start_timer

    patient_id = the_patient(desk, patient) if patient else ""
    told("Timing", start_timer(desk, patient_id, kind, " ".join(note)))


@timer_command.command(name="edit")
@click.option("--patient", help="Name, chart number, birth date; empty for nobody yet.")
@click.option("--kind", help="A kind of activity by any of its words; empty for none yet.")
@click.option("--note", help="The beginning of the activity's note.")
@with_desk
def edit(desk: Desk, patient: str | None, kind: str | None, note: str | None) -> None:
    """Change what your timer is about; it counts on.

    \b
    Examples:
      casemgr timer edit --patient "garcia ana 2012"
      casemgr timer edit --kind referral --note "calling three surgeons"
    """
    from casemgr.services.timers import edit_timer

    patient_id = the_patient(desk, patient) if patient else patient
    told("Timing", edit_timer(desk, patient_id, kind, note))


@timer_command.command(name="pause")
@with_desk
def pause(desk: Desk) -> None:
    """Stop the count for a while.

    \b
    Examples:
      casemgr timer pause
    """
    from casemgr.services.timers import pause_timer

    told("Paused at", pause_timer(desk))


@timer_command.command(name="resume")
@with_desk
def resume(desk: Desk) -> None:
    """Go on counting after a pause.

    \b
    Examples:
      casemgr timer resume
    """
    from casemgr.services.timers import resume_timer

    told("Going on from", resume_timer(desk))


@timer_command.command(name="stop")
@click.argument("text", nargs=-1)
@click.option("--minutes", help="Those that were worked, where it ran on for longer: 20, 20m, 1h05.")
@json_option
@with_desk
def stop(desk: Desk, text: tuple[str, ...], minutes: str | None, as_json: bool) -> None:
    """Log what was timed, and end the timer.

    \b
    Examples:
      casemgr timer stop ": OS consult => booked 10/28 !10/26 confirm ride"
      casemgr timer stop "=> left voicemail"
      casemgr timer stop "referral garcia ana 2012: OS consult => booked 10/28"
      casemgr timer stop --minutes 25 "=> left voicemail"

    TEXT is the rest of the line that `casemgr log` takes: minutes, start and whatever the timer knows stand
    before it. While anything is missing, nothing is saved and the timer runs on.
    """
    from casemgr.services.entries import read_minutes
    from casemgr.services.timers import stop_timer

    worked = read_minutes(minutes) if minutes is not None else None
    logged = stop_timer(desk, " ".join(text), worked)
    if as_json:
        show_json(as_value(desk, logged))
        return
    for line in saved_lines(desk, logged):
        show(line)
    for warning in logged.warnings:
        warn(warning)


@timer_command.command(name="discard")
@with_desk
def discard(desk: Desk) -> None:
    """Drop your timer without logging anything.

    \b
    Examples:
      casemgr timer discard
    """
    from casemgr.services.timers import discard_timer

    told("Dropped at", discard_timer(desk))


@timer_command.command(name="status")
@json_option
@with_desk
def status(desk: Desk, as_json: bool) -> None:
    """Say what your timer stands at, and whether it looks forgotten.

    \b
    Examples:
      casemgr timer status
      casemgr timer status --json
    """
    from casemgr.services.timers import forgotten
    from casemgr.services.timers import status as now

    timing, quiet = now(desk), forgotten(desk)
    if as_json:
        show_json(timing_value(desk, timing, quiet))
    elif timing is None:
        say("You have no timer; start one with `casemgr timer start`.")
    else:
        show(
            " · ".join(
                part for part in (clock(timing), "" if timing.running else "paused", timing.about) if part
            )
        )
    if quiet and not as_json:
        warn(
            f"it runs, and you have entered nothing since {desk.local(quiet.since):%m/%d/%Y %H:%M}, when it "
            f"stood at {quiet.minutes} min. Was it forgotten? `casemgr timer stop --minutes {quiet.minutes}` "
            "and the rest logs what was worked."
        )


def told(did: str, timing: Timing) -> None:
    """What became of the timer, on standard error."""
    say(f"{did} {clock(timing)}" + (f" · {timing.about}" if timing.about else ""))


def clock(timing: Timing) -> str:
    """`00:12:31`, as a stopwatch shows it."""
    minutes, seconds = divmod(timing.seconds, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"


def timing_value(desk: Desk, timing: Timing | None, quiet: Forgotten | None) -> dict[str, Any]:
    """A timer as JSON; `state` is running, paused or none, `forgotten` null unless it looks so."""
    if timing is None:
        return {"state": "none", "staff": desk.staff.id}
    return {
        "state": "running" if timing.running else "paused",
        "staff": desk.staff.id,
        "seconds": timing.seconds,
        "minutes": timing.minutes,
        "started_at": desk.local(timing.timer.started_at).isoformat(timespec="seconds"),
        "patient": timing.patient,
        "patient_id": timing.timer.patient_id,
        "kind": timing.timer.kind,
        "note": timing.timer.note,
        "forgotten": {
            "since": desk.local(quiet.since).isoformat(timespec="seconds"),
            "minutes": quiet.minutes,
        }
        if quiet
        else None,
    }
