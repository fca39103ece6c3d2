"""What is done to follow-ups, asked for from any screen that lists them."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from casemgr.clock import local_date
from casemgr.core.dates import format_us, parse_date
from casemgr.core.wording import counted
from casemgr.errors import ParseError
from casemgr.tui import jobs_follow_ups
from casemgr.tui.options import staff_options
from casemgr.tui.screens.ask import AskScreen
from casemgr.tui.screens.history import HistoryScreen
from casemgr.tui.screens.menu import Answer, MenuScreen
from casemgr.tui.screens.pick import Option, PickScreen

if TYPE_CHECKING:
    from casemgr.tui.screens.page import Page
    from casemgr.tui.widgets.due import DueList


def act(page: Page, asked: DueList.Asked) -> None:
    """Do what is wanted of a list of follow-ups."""
    if asked.what == "history":
        page.open(HistoryScreen(page.seat, "follow_up", asked.listing.key))
    else:
        ask_for(page, asked.what, asked.keys, _about(asked))


def ask_for(page: Page, what: str, keys: tuple[str, ...], about: str) -> None:
    """Ask what has to be known for it, and have follow-ups done, put off or handed over.

    Args:
        page: where that is asked, and told.
        what: done, snooze or assign.
        keys: the follow-ups' ids.
        about: what they are about, in words.
    """
    if what == "done":
        ask = AskScreen(
            "Done", f"{about}\n\nWhat came of it? It may stay empty.", "she will come", optional=True
        )
        page.app.push_screen(ask, partial(_finish, page, keys))
    elif what == "snooze":
        _ask_when(page, keys, about)
    else:
        pick = PickScreen("Hand over to whom?", lane=page.seat.lane, finds=staff_options)
        page.app.push_screen(pick, partial(_assign, page, keys))


def _about(asked: DueList.Asked) -> str:
    """What is to be acted on, in words."""
    one = asked.listing.row(asked.keys[0])
    if one is None or len(asked.keys) > 1:
        return counted(len(asked.keys), "follow-up")
    whom = f"{one.row.patient} {format_us(one.row.birth_date)} · " if one.row.patient else ""
    return f"{whom}{one.row.what}"


def _finish(page: Page, keys: tuple[str, ...], note: str | None) -> None:
    if note is not None:
        page.ask(partial(jobs_follow_ups.finish, ids=keys, note=note))


def _assign(page: Page, keys: tuple[str, ...], option: Option | None) -> None:
    if option is not None:
        page.ask(partial(jobs_follow_ups.assign, ids=keys, login=option.key))


def _snooze(page: Page, keys: tuple[str, ...], day: date) -> None:
    page.ask(partial(jobs_follow_ups.snooze, ids=keys, due_date=day))


def _ask_when(page: Page, keys: tuple[str, ...], about: str) -> None:
    """Ask to which day they are put off."""
    today = local_date(page.seat.clock.now(), page.seat.zone)
    days = {
        "t": ("Tomorrow", today + timedelta(days=1)),
        "2": ("In 2 days", today + timedelta(days=2)),
        "w": ("Next week", today + timedelta(days=7 - today.weekday())),
    }
    answers = [Answer(key, f"{words}, {day:%a} {format_us(day)}") for key, (words, day) in days.items()]

    def done(answer: str | None) -> None:
        if answer == "d":
            _ask_day(page, keys, today, about)
        elif answer is not None:
            _snooze(page, keys, days[answer][1])

    menu = MenuScreen("Put off to when?", about, (*answers, Answer("d", "Another day, typed")))
    page.app.push_screen(menu, done)


def _ask_day(page: Page, keys: tuple[str, ...], today: date, words: str, value: str = "") -> None:
    """Ask for a day until one can be read."""

    def typed(text: str | None) -> None:
        if text is None:
            return
        try:
            _snooze(page, keys, parse_date(text, today, "future"))
        except ParseError as error:
            _ask_day(page, keys, today, str(error), text)

    page.app.push_screen(AskScreen("Put off to", words, "fri, +3d, in 2 weeks, or month/day", value), typed)
