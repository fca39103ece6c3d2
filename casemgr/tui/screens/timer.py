"""What the timer's key does on every screen: start it, or open what can be done with the one there is."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from casemgr.clock import local
from casemgr.core.minutes import format_minutes
from casemgr.tui import jobs_timer
from casemgr.tui.screens.ask import AskScreen
from casemgr.tui.screens.menu import Answer, MenuScreen
from casemgr.tui.screens.pick import Option, PickScreen

if TYPE_CHECKING:
    from collections.abc import Callable

    from casemgr.services.timers import Timing
    from casemgr.tui.messages import LooksForgotten
    from casemgr.tui.screens.page import About, Page


def timer_pressed(page: Page, about: About, line: str = "") -> None:
    """Start timing, or open the panel of the timer that there is.

    Args:
        page: the screen on which the key was pressed.
        about: what is marked; where that is nothing, it is asked whom and what to time.
        line: what is half typed, which goes before what is marked.
    """
    timing = page.around.timing if page.around is not None else None
    if timing is not None:
        _open_panel(page, timing)
    elif line.strip():
        page.ask(partial(jobs_timer.start_from_line, text=line))
    elif about.patient_id or about.kind:
        page.ask(partial(jobs_timer.start, patient_id=about.patient_id, kind=about.kind))
    else:
        _ask_whom(page, lambda patient_id: _ask_work(page, partial(_start, page, patient_id)))


def ask_forgotten(page: Page, found: LooksForgotten, answered: Callable[[], None]) -> None:
    """Ask about a timer that looks forgotten.

    Args:
        page: the screen that is to do what is answered.
        found: since when there was no sign.
        answered: called with the answer, whichever it is.
    """
    question = MenuScreen(
        "Is your timer forgotten?",
        f"{found.about}\n\nIt runs, and you last did something at {found.seen}. "
        f"It stood at {found.then} then, and stands at {found.now} now.",
        (
            Answer("k", "Keep it running"),
            Answer("b", f"Stop as of {found.seen}, and log {found.then}"),
            *((Answer("s", f"Stop now, and log {found.now}"),) if found.fits else ()),
            Answer("x", "Discard it"),
        ),
    )

    def done(answer: str | None) -> None:
        answered()
        if answer == "b":
            _stop(page, found.since)
        elif answer == "s":
            _stop(page)
        elif answer == "x":
            _ask_discard(page, found.about)

    page.app.push_screen(question, done)


def _start(page: Page, patient_id: str, kind: str) -> None:
    page.ask(partial(jobs_timer.start, patient_id=patient_id, kind=kind))


def _ask_whom(page: Page, then: Callable[[str], None]) -> None:
    """Ask for a patient, or for nobody yet."""
    pick = PickScreen(
        "Time work for whom?", lane=page.seat.lane, finds=jobs_timer.whom_options,
        hint="name, birth date or #chart; ⏎ at once for nobody yet",
    )  # fmt: skip
    page.app.push_screen(pick, partial(_picked, then))


def _ask_work(page: Page, then: Callable[[str], None]) -> None:
    """Ask for a kind of work, or for none yet."""
    pick = PickScreen(
        "What kind of work?", lane=page.seat.lane, finds=jobs_timer.work_options,
        hint="type to narrow the list; ⏎ at once for none yet",
    )  # fmt: skip
    page.app.push_screen(pick, partial(_picked, then))


def _picked(then: Callable[[str], None], option: Option | None) -> None:
    if option is not None:
        then(option.key)


def _open_panel(page: Page, timing: Timing) -> None:
    """What the timer times, since when, and what can be done with it."""
    now = page.seat.clock.now()
    today = local(now, page.seat.zone).date()
    begun = local(timing.timer.started_at, page.seat.zone)
    from casemgr.services.timers import elapsed_seconds

    so_far = format_minutes(elapsed_seconds(timing.timer, now) // 60)
    runs = "It runs" if timing.running else "It is paused"
    when = jobs_timer.moment(begun, today)
    words = f"{timing.about or jobs_timer.NOTHING_YET}\n\n{runs}, begun at {when}: {so_far} so far."
    answers = (
        Answer("p", "Pause" if timing.running else "Go on"),
        Answer("s", "Stop it, and log what was done"),
        Answer("c", "Change whom or what it times"),
        Answer("x", "Discard it"),
    )

    def done(answer: str | None) -> None:
        if answer == "p":
            page.ask(jobs_timer.pause if timing.running else jobs_timer.resume)
        elif answer == "s":
            _stop(page)
        elif answer == "c":
            _ask_change(page, timing)
        elif answer == "x":
            _ask_discard(page, timing.about)

    page.app.push_screen(MenuScreen("Your timer", words, answers), done)


def _stop(page: Page, until: int = 0) -> None:
    """Open the form with what was timed, now or as of an instant; the timer ends once it is saved."""
    from casemgr.tui.screens.activity import ActivityScreen

    page.open(ActivityScreen(page.seat, timer=True, until=until))


def _ask_change(page: Page, timing: Timing) -> None:
    """Ask what to change, and then for it."""
    answers = (
        Answer("p", "Another patient"),
        Answer("w", "Another kind of work"),
        Answer("n", "What the note begins with"),
    )

    def done(answer: str | None) -> None:
        if answer == "p":
            _ask_whom(page, lambda key: page.ask(partial(jobs_timer.edit, patient_id=key)))
        elif answer == "w":
            _ask_work(page, lambda key: page.ask(partial(jobs_timer.edit, kind=key)))
        elif answer == "n":
            ask = AskScreen("Note", "The activity's note begins with it.", "OS consult", timing.timer.note)
            page.app.push_screen(ask, noted)

    def noted(note: str | None) -> None:
        if note is not None:
            page.ask(partial(jobs_timer.edit, note=note))

    page.app.push_screen(
        MenuScreen("Change the timer", timing.about or jobs_timer.NOTHING_YET, answers), done
    )


def _ask_discard(page: Page, about: str) -> None:
    """Ask whether the timer is to be dropped."""
    answers = (Answer("x", "Discard it: nothing is logged"), Answer("k", "Keep it"))

    def done(answer: str | None) -> None:
        if answer == "x":
            page.ask(jobs_timer.discard)

    page.app.push_screen(MenuScreen("Discard the timer?", about or jobs_timer.NOTHING_YET, answers), done)
