"""The terminal UI's way in."""

from __future__ import annotations

import gc
import sys

import click


@click.command(name="tui")
@click.option(
    "--mouse/--no-mouse", default=True, help="Whether the mouse works in it, or is left to the terminal."
)
@click.pass_obj
def tui_command(acting: str, mouse: bool) -> None:
    """Open the terminal UI, as `casemgr` without a command does.

    \b
    Examples:
      casemgr
      casemgr tui --no-mouse          select and copy with the mouse as in any other program
      casemgr --as tchen tui
    """
    open_terminal_ui(acting, mouse)


def open_terminal_ui(acting: str, mouse: bool = True) -> None:
    """Open it on the practice; acting is a login, or empty.

    Raises:
        click.UsageError: there is no terminal to draw on.
        NotFound: there is no practice, or nobody with that login.
    """
    if not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise click.UsageError(
            "The terminal UI needs a terminal, and here input or output is not one. "
            "The commands do all that it does: see `casemgr --help`."
        )
    # What is made until the first screen stays, and looking for garbage among it would take a quarter of the
    # time; the app turns that on again once it has drawn.
    gc.disable()
    from casemgr.services.desk import open_desk
    from casemgr.settings import read_settings

    desk = open_desk(read_settings(), acting)
    # Textual is imported only once there is something to show.
    from casemgr.tui.app import run

    fault = run(desk, mouse)
    if fault is not None:
        from casemgr.cli.fault import report_fault

        sys.exit(report_fault(fault))
