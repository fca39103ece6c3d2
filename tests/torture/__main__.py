"""`python -m tests.torture [--only NAME] [--minutes N] [--full] [--seed N]` tries faults, and counts.

It makes practices, lets them suffer, and looks at what is left: on two cores within ten minutes unless more
are asked for. The exit code is 1 if anything was lost, half-written or not as it should be.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from tests.support import ROOT, folder_in_memory
from tests.torture import shim
from tests.torture.arena import load
from tests.torture.runner import WORKERS, Bench, Row, Skipped, Tally, markdown, plain, say, shared

if TYPE_CHECKING:
    from collections.abc import Sequence

MINUTES = 10.0
CACHE = ROOT / ".torture"
"""What is tried on the disk of the checkout."""


class Part(NamedTuple):
    """A fault that is tried."""

    name: str
    about: str
    module: str
    function: str
    share: float
    """Of the time; all of them come to less than 1, since states have to be made first."""
    workers: int = WORKERS


PARTS = (
    Part(
        "kills",
        "SIGKILL at random moments and calls of every writing command",
        "kills",
        "kill_commands",
        0.30,
    ),
    Part("io", "I/O errors and a full disk at calls that write", "io_faults", "fail_writes", 0.26),
    Part("limits", "files that may not grow beyond a size (RLIMIT_FSIZE)", "io_faults", "limit_files", 0.05),
    Part(
        "crowd",
        "programs at once, reading and writing, beside the open terminal UI",
        "crowd",
        "run_crowd",
        0.15,
        1,
    ),
    Part(
        "clocks",
        "clocks set back and forth, changes of the hour, other time zones",
        "clocks",
        "set_clocks",
        0.05,
    ),
    Part(
        "sleep",
        "asleep in the middle of a write (SIGSTOP), while others work",
        "sleeping",
        "sleep_amid_writes",
        0.06,
    ),
    Part("versions", "two versions of the program at once", "versions", "mix_versions", 0.04),
    Part("places", "odd names, read-only and foreign folders, network shares", "places", "try_places", 0.05),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Try what is asked for, and print the table.

    Returns:
        The exit code.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    names = [part.name for part in PARTS]
    parser.add_argument(
        "--only", action="append", choices=names, metavar="NAME", help=f"of {', '.join(names)}"
    )
    parser.add_argument("--minutes", type=float, default=MINUTES, help="in all; 10 unless said")
    parser.add_argument(
        "--full", action="store_true", help="more of everything, and the crowd for five minutes"
    )
    parser.add_argument("--seed", type=int, default=0, help="other moments and calls")
    parser.add_argument("--markdown", action="store_true", help="as a Markdown table")
    asked = parser.parse_args(arguments)
    if sys.platform != "linux":
        parser.error("signals, limits and the preloaded library are Linux's")
    CACHE.mkdir(exist_ok=True)
    with (
        TemporaryDirectory(prefix="casemgr-torture-", dir=folder_in_memory() or None) as memory,
        TemporaryDirectory(prefix="run-", dir=CACHE) as disk,
    ):
        if not shim.is_loaded() and (library := shim.build(Path(memory))):
            # Again, with the library in it: it has to be there when a process begins.
            command = [
                sys.executable,
                "-m",
                "tests.torture",
                *(sys.argv[1:] if arguments is None else arguments),
            ]
            return subprocess.run(
                command, env={**os.environ, "LD_PRELOAD": str(library)}, cwd=ROOT, check=False
            ).returncode
        load()
        rows = []
        chosen = [part for part in PARTS if not asked.only or part.name in asked.only]
        weight = 0.9 / sum(part.share for part in chosen)
        for part in chosen:
            seconds = asked.minutes * 60 * (part.share * weight if asked.only else part.share)
            rows.append(tried(part, Path(memory), Path(disk), asked.seed, seconds, asked.full))
    print((markdown if asked.markdown else plain)(rows))
    return int(any(row.tally is not None and row.tally.bad for row in rows))


def tried(part: Part, memory: Path, disk: Path, seed: int, seconds: float, full: bool) -> Row:
    """Try a fault, and tell what came of it."""
    say(f"{part.name}: {part.about}, for at most {seconds:.0f} s")
    work = getattr(import_module(f"tests.torture.{part.module}"), part.function)
    began = time.monotonic()
    benches = []
    for index in range(part.workers):
        for folder in (memory, disk):
            (folder / part.name).mkdir(exist_ok=True)
        own = memory / part.name, disk / part.name
        benches.append(Bench(own[0], own[1], seed, seconds, full, index, part.workers))
    try:
        tally = shared(work, benches)
    except Skipped as why:
        say(f"  skipped: {why}")
        return Row(part.name, part.about, None, str(why))
    except RuntimeError as failed:
        say(f"  ! {failed}")
        return Row(part.name, part.about, Tally(other=1))
    say(f"  {time.monotonic() - began:.0f} s: tried {tally.tried}, lost {tally.lost}, wrong {tally.bad}")
    return Row(part.name, part.about, tally)


if __name__ == "__main__":
    sys.exit(main())
