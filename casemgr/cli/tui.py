"""The terminal UI's way in."""

from __future__ import annotations

import gc
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from casemgr.cli.output import say
from casemgr.errors import CasemgrError, Locked, NotFound

if TYPE_CHECKING:
    from casemgr.services.desk import Desk
    from casemgr.settings import Settings
    from casemgr.tui.threshold import Threshold


@click.command(name="tui")
@click.option(
    "--mouse/--no-mouse",
    default=None,
    help="Whether the mouse works in it, or is left to the terminal; else as `casemgr settings` says.",
)
@click.pass_obj
def tui_command(acting: str, mouse: bool | None) -> None:
    """Open the terminal UI, as `casemgr` without a command does.

    \b
    Examples:
      casemgr
      casemgr tui --no-mouse          select and copy with the mouse as in any other program
      casemgr --as tchen tui
    """
    open_terminal_ui(acting, mouse)


def open_terminal_ui(acting: str, mouse: bool | None = None) -> None:
    """Open it on the practice; where there is none yet, lead to one.

    Args:
        acting: a login, or empty.
        mouse: whether the mouse works in it; None for what people's settings say.

    Raises:
        click.UsageError: there is no terminal to draw on.
        NotFound: the practice's data is gone.
    """
    if not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise click.UsageError(
            "The terminal UI needs a terminal, and here input or output is not one. "
            "The commands do all that it does: see `casemgr --help`."
        )
    # What is made until the first screen stays, and looking for garbage among it would take a quarter of the
    # time; the app turns that on again once it has drawn.
    gc.disable()
    from casemgr.services.preferences import preferences
    from casemgr.settings import read_settings

    settings = read_settings()
    if mouse is None:
        mouse = preferences(settings.places).values.mouse
    try:
        desk = opened(settings, acting, mouse)
    except NotFound:
        from casemgr.services.first_start import is_first_start

        if not is_first_start(settings.places):
            raise
        desk = led_to_one(settings, acting, mouse)
    # Textual is imported only once there is something to show.
    from casemgr.tui.app import run

    leave_with(run(desk, mouse))
    if desk.places != settings.places:
        say(
            f"The demo stays in {desk.places.data.parent}, until you delete that folder. "
            "`casemgr` asks again what to begin with."
        )


def opened(settings: Settings, acting: str, mouse: bool) -> Desk:
    """Open the practice: at once where who is named has unlocked it, or anybody where nobody is; else ask.

    Raises:
        NotFound: there is no practice.
        Locked: it is older than passphrases, and its owner has none yet.
        StoreUnavailable: the key slots are not there, or something is wrong with the data.
    """
    from casemgr.services.access import SomebodyElse, unlocked
    from casemgr.services.desk import open_unlocked, refuse_no_practice

    refuse_no_practice(settings.places)
    try:
        found = unlocked(settings.places, acting or settings.staff)
    except (Locked, SomebodyElse):
        if not settings.places.slots.exists():
            raise
        gc.enable()
        from casemgr.clock import SystemClock
        from casemgr.tui.gate import gate

        return given(gate(settings, acting or settings.staff, SystemClock(), mouse))
    return open_unlocked(settings, found)


def led_to_one(settings: Settings, acting: str, mouse: bool) -> Desk:
    """Lead whoever has no practice yet to one, or to the demo."""
    gc.enable()
    from casemgr.clock import SystemClock
    from casemgr.tui.welcome import welcome

    return given(welcome(settings, acting, SystemClock(), mouse))


def given(left: Threshold) -> Desk:
    """The desk that was given at the threshold, with its colors; without one this is the end."""
    leave_with(left.fault)
    if left.return_value is None:
        sys.exit(0)
    if left.turned:
        from casemgr.services.preferences import save_preference

        with suppress(CasemgrError):  # Colors are no reason to stop.
            save_preference(left.return_value.places, "theme", left.turned)
    return left.return_value


def leave_with(fault: BaseException | None) -> None:
    """Leave as after any fault of ours, if there is one."""
    if fault is not None:
        from casemgr.cli.fault import report_fault

        sys.exit(report_fault(fault))
