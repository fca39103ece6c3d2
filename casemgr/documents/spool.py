"""A document straight to a printer, by the system's own print service (CUPS, with its `lp` and `lpstat`).

It goes through a pipe, so that no file of it is left behind, and it is known to the printer's queue by a
title without names. Which server is asked is the system's affair: its own, or the one that CUPS_SERVER names.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess

from casemgr.errors import NotFound, NotWritten

LISTING_SECONDS = 15
"""How long the print service may take to say which printers there are."""
HANDOVER_SECONDS = 60
"""How long it may take over a document, which may cross a network."""

_JOB = re.compile(r"\S+-\d+(?!\S)")
_TO_A_FILE = "print to a file instead, open it, and print it from there."


def printers() -> tuple[str, ...]:
    """The names of all printers that can be printed on, in order.

    Raises:
        NotWritten: there is no print service here, or it does not answer.
    """
    found = _asked(LISTING_SECONDS, "lpstat", "-e").stdout.split("\n")
    names = tuple(sorted(name for name in found if name))
    if not names and "scheduler is running" not in _asked(LISTING_SECONDS, "lpstat", "-r").stdout:
        # Without a server, lpstat lists nothing and calls that a success.
        raise NotWritten(
            "The print service is not running",
            f"CUPS{_at_server()} does not answer. Nothing was printed.",
            f"Start it (on Linux: `sudo systemctl start cups`) and try again; or {_TO_A_FILE}",
        )
    return names


def the_printer(name: str) -> str:
    """A printer by its name, in any case; as the print service spells it.

    Raises:
        NotFound: there is none of that name; the candidates are those that there are.
        NotWritten: see `printers`.
    """
    known = printers()
    for each in known:
        if each.casefold() == name.casefold():
            return each
    if known:
        raise NotFound(
            f"There is no printer “{name}”",
            "Nothing was printed.",
            "Name one that there is.",
            candidates=known,
        )
    raise NotFound(
        "There is no printer here",
        f"CUPS{_at_server()} runs, but has none. Nothing was printed.",
        f"Add one in the system's settings; or {_TO_A_FILE}",
    )


def spool(pdf: bytes, printer: str, title: str, copies: int = 1) -> str:
    """Hand a PDF over to a printer's queue, and return the job's name, such as `Office-12`.

    Args:
        pdf: the document.
        printer: the printer's name, see `the_printer`.
        title: what the queue shows, to whoever looks at it: no names.
        copies: how many.

    Raises:
        NotWritten: there is no print service, it refuses the job, or it does not answer.
    """
    done = _asked(HANDOVER_SECONDS, "lp", "-d", printer, "-n", str(copies), "-t", title, document=pdf)
    if done.returncode:
        words = done.stderr.strip().removeprefix("lp: ").removeprefix("Error - ") or "It does not say why"
        raise NotWritten(
            f"The printer {printer} did not take the job",
            f"{words.rstrip('.')}. It was not printed.",
            f"Look at the printer with `lpstat -p {printer}`; or {_TO_A_FILE}",
        )
    job = _JOB.search(done.stdout)
    return job[0] if job else ""


def _asked(
    seconds: float, program: str, *args: str, document: bytes = b""
) -> subprocess.CompletedProcess[str]:
    """Run a program of CUPS, which speaks English here, and is given up when it takes too long."""
    found = shutil.which(program)
    if found is None:
        raise NotWritten("There is no print service here", *_without_cups())
    try:
        done = subprocess.run(
            [program, *args],
            executable=found,
            input=document,
            env={**os.environ, "LC_ALL": "C"},
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotWritten(
            "The print service does not answer",
            f"CUPS{_at_server()} said nothing for {seconds:g} seconds. "
            + ("Whether it prints is not known." if document else "Nothing was printed."),
            f"See with `lpstat -o` what it is printing; or {_TO_A_FILE}",
        ) from None
    except OSError as error:
        raise NotWritten(
            f"`{program}` cannot be run",
            f"{found}: {error.strerror}. Nothing was printed.",
            f"Ask whoever looks after this machine; or {_TO_A_FILE}",
        ) from error
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
    )


def _without_cups() -> tuple[str, str]:
    """What it means that `lp` is missing, and what to do about it."""
    if os.name == "nt":
        return (
            "Windows has no CUPS, which `--printer` prints with. Nothing was printed.",
            f"Leave `--printer` out: {_TO_A_FILE}",
        )
    return (
        "The program `lp` of CUPS is not installed. Nothing was printed.",
        f"Install it (Debian, Ubuntu: `apt-get install cups-client`; macOS has it); or {_TO_A_FILE}",
    )


def _at_server() -> str:
    server = os.environ.get("CUPS_SERVER", "")
    return f" at {server}" if server else ""
