"""Editing a text in the editor that people are used to; nobody else sees it, and nothing of it stays."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.app import SuspendNotSupported

from casemgr.core.bounds import MAX_NOTE
from casemgr.errors import CasemgrError, InputRefused
from casemgr.tui.messages import EditorReady

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from textual.app import App

    from casemgr.services.desk import Desk

PREFIX = "casemgr-note-"
"""Begins the name of each folder; the process that made it and something unguessable follow."""

KEPT = "The text is as it was."


def find_editor(desk: Desk, field: str) -> EditorReady:
    """Which program edits texts, and where they may lie meanwhile."""
    from casemgr.services.preferences import editor_command, preferences

    return EditorReady(
        field, editor_command(preferences(desk.places).values), private_place(desk.places.data)
    )


def private_place(otherwise: Path, environ: Mapping[str, str] = os.environ) -> Path:
    """A folder for texts that must reach no disk: one that is kept in memory, else a given one."""
    candidates = [Path(environ["XDG_RUNTIME_DIR"])] if environ.get("XDG_RUNTIME_DIR") else []
    if os.name != "nt":
        candidates.append(Path("/dev/shm"))
    for place in candidates:
        if place.is_absolute() and place.is_dir() and os.access(place, os.W_OK | os.X_OK):
            return place
    return otherwise


def edited_in(app: App[Any], text: str, how: EditorReady) -> str:
    """The text as the editor left it, to which the terminal belongs meanwhile.

    Raises:
        CasemgrError: there is no editor or no terminal to hand over, or what edited_outside says.
    """
    if not how.command:
        raise _refused(
            "No editor is known", "Name one: `casemgr settings set editor nano`, or the variable EDITOR."
        )
    try:
        with app.suspend():
            # What is raised here would keep Textual from taking the terminal back.
            try:
                return edited_outside(text, how.command, how.folder)
            except CasemgrError as error:
                refused = error
    except SuspendNotSupported:
        raise _refused("The terminal cannot be handed over here", KEPT) from None
    raise refused


def edited_outside(text: str, command: Sequence[str], place: Path) -> str:
    """The text as the editor left it.

    Args:
        text: what is there.
        command: the editor and its arguments; the file's name is put behind them.
        place: where a folder that only its owner can open is made for the file, and removed again.

    Raises:
        InputRefused: the editor failed or was ended, or what it left cannot be used.
    """
    try:
        with private_file(text, place) as path, listening():
            done = subprocess.run([*command, str(path)], check=False)
            if done.returncode:
                raise _refused(f"{command[0]} ended without success ({done.returncode})", KEPT)
            return _read(path, text)
    except OSError as error:
        raise _refused(f"{command[0]} cannot be used: {error.strerror}", KEPT) from error


@contextmanager
def private_file(text: str, place: Path) -> Iterator[Path]:
    """A file with a text, in a folder of its own, both for their owner alone; gone afterwards."""
    remove_leftovers(place)
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=place))
    try:
        path = folder / "note.txt"
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:  # noqa: PTH123 - the mode counts from the beginning
            file.write(text)
        yield path
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def remove_leftovers(place: Path) -> None:
    """Remove what processes that were killed have left behind."""
    if os.name == "nt":
        return
    with suppress(OSError):
        for folder in place.glob(f"{PREFIX}*"):
            made_by = folder.name.removeprefix(PREFIX).partition("-")[0]
            if made_by.isdecimal() and not _is_running(int(made_by)):
                shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def listening() -> Iterator[None]:
    """Ctrl-C belongs to the editor meanwhile; a closed terminal ends us in good order, as `kill` does."""
    if os.name == "nt":
        yield
        return

    def leave(_signal: int, _frame: object) -> None:
        raise SystemExit(129)

    # Handlers rather than SIG_IGN, which the editor would inherit.
    before = {
        signal.SIGINT: signal.signal(signal.SIGINT, lambda _signal, _frame: None),
        signal.SIGHUP: signal.signal(signal.SIGHUP, leave),
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _read(path: Path, before: str) -> str:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refused("What the editor left is no UTF-8", KEPT) from None
    if len(text) > MAX_NOTE:
        raise _refused(f"The text has {len(text):,} characters", f"At most {MAX_NOTE:,} are kept. {KEPT}")
    # Editors end the last line; nobody meant it as part of the text.
    return text if before.endswith("\n") else text.removesuffix("\n").removesuffix("\r")


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _refused(title: str, detail: str) -> CasemgrError:
    return InputRefused(title, detail)
