"""Feeds one reader until its time is over: `python -m tests.fuzz.one READER SECONDS SEED FOLDER ENGINE`.

What it found goes to standard output as JSON; inputs that a reader did not withstand are kept in the folder.
"""

from __future__ import annotations

import atexit
import faulthandler
import hashlib
import importlib
import json
import os
import signal
import sys
import time
import traceback
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.fuzz.readers import Reader

LONGEST_SECONDS = 10.0
"""A reader that works longer on one input hangs; of the processor's time, since the machine is shared."""


class Hangs(BaseException):
    """An input that takes too long; no reader catches it by mistake."""


class Feeder:
    """Feeds a reader, and keeps count."""

    def __init__(self, reader: Reader, seconds: float, folder: Path, partly_written: type[Exception]) -> None:
        self.reader, self.folder, self.partly_written = reader, folder, partly_written
        self.inputs = self.taken = 0
        self.found: dict[str, dict[str, str]] = {}
        self.until = time.monotonic() + seconds
        signal.signal(signal.SIGPROF, self._too_long)

    @staticmethod
    def _too_long(_signal: int, _frame: object) -> None:
        raise Hangs

    def feed(self, data: bytes) -> None:
        """One input; when the time is over, the process tells what it found and ends."""
        from tests.fuzz.readers import attempt

        if time.monotonic() >= self.until:
            self.end()
        self.inputs += 1
        signal.setitimer(signal.ITIMER_PROF, LONGEST_SECONDS)
        # Where Python is not asked, as within a library, the whole process is ended with a stack.
        faulthandler.dump_traceback_later(6 * LONGEST_SECONDS, exit=True)
        try:
            self.taken += attempt(self.reader, data)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            self._keep(error, data)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            faulthandler.cancel_dump_traceback_later()

    def _keep(self, error: BaseException, data: bytes) -> None:
        kind = "hang" if isinstance(error, Hangs) else "crash"
        if isinstance(error, self.partly_written):
            kind = "partial write"
        frames = traceback.extract_tb(error.__traceback__)
        ours = [frame for frame in frames if "casemgr" in frame.filename and "tests" not in frame.filename]
        place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "?"
        name = f"{kind}: {type(error).__name__} at {place}"
        if name not in self.found:
            path = self.folder / hashlib.sha256(data).hexdigest()[:16]
            path.write_bytes(data)
            self.found[name] = {"kind": kind, "said": str(error)[:200], "input": path.name}

    def end(self) -> None:
        """Tell what was found, and end the process: libFuzzer would not come back."""
        told = {"inputs": self.inputs, "taken": self.taken, "found": self.found}
        sys.stdout.write(json.dumps(told))
        sys.stdout.flush()
        atexit._run_exitfuncs()
        os._exit(0)


def feed_guided(atheris: Any, feeder: Feeder, seconds: float, seed: int, folder: Path) -> None:
    """Let the coverage of our own code choose what is changed."""
    corpus = folder / "seeds"
    corpus.mkdir()
    for at, data in enumerate(feeder.reader.seeds()):
        (corpus / str(at)).write_bytes(data)
    options = [
        f"-seed={seed}",
        "-max_len=100000",
        # Ours is the watch over what takes too long.
        "-timeout=86400",
        f"-artifact_prefix={folder}/",
        "-rss_limit_mb=0",
        f"-max_total_time={int(seconds) + 60}",
    ]
    atheris.Setup([sys.argv[0], *options, "-verbosity=0", str(corpus)], feeder.feed)
    atheris.Fuzz()


def feed_by_chance(feeder: Feeder, seed: int) -> None:
    """Change sound inputs by chance."""
    from tests.fuzz.mutation import mutated

    chance = Random(seed)
    seeds = feeder.reader.seeds()
    for data in seeds:
        feeder.feed(data)
    while True:
        feeder.feed(mutated(chance.choice(seeds), chance, chance.choice(seeds)))


def main() -> None:
    """Feed the reader that is named."""
    name, seconds, seed, folder, engine = sys.argv[1:]
    atheris: Any = None
    if engine == "atheris":
        # By its name, since it is installed on few machines only.
        atheris = importlib.import_module("atheris")
        with atheris.instrument_imports(include=["casemgr"], enable_loader_override=False):
            from tests.fuzz import readers
    else:
        from tests.fuzz import readers
    reader = readers.READERS[name]
    # Made before the clock runs.
    readers.practice()
    reader.seeds()
    feeder = Feeder(reader, float(seconds), Path(folder), readers.PartlyWritten)
    if atheris is not None:
        feed_guided(atheris, feeder, float(seconds), int(seed), Path(folder))
    else:
        feed_by_chance(feeder, int(seed))


if __name__ == "__main__":
    main()
