"""A practice in a folder of its own, with commands as processes that are forked instead of started anew.

All that a command imports is there before the fork, so that a process costs a few milliseconds. It is one all
the same: its memory, its files and its death are its own.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import signal
import sys
import time
import traceback
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from tests.support import PASSPHRASE_FILE, folder_in_memory
from tests.torture.shim import Fault, Order, Watch, is_loaded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from casemgr.settings import Places

NOW = 1_795_291_200
"""Saturday, 2026-11-21, 15:00 in New York: when commands run unless it is said otherwise, in seconds."""

PATIENCE_SECONDS = 120.0
"""After so long a command hangs, and is a failure."""

LOADED = (
    *("casemgr.cli.main", "casemgr.services.desk", "casemgr.services.safety", "casemgr.core.entities"),
    *("sqlite_utils", "openpyxl", "pydantic", "typst", "python_calamine", "pypdf", "tomlkit", "rich.table"),
)
"""What is imported before the first fork, with every command's own module."""


class Done(NamedTuple):
    """What a command said, and how it ended."""

    code: int
    """Its exit code; less than 0 for the signal that ended it."""
    stdout: str
    stderr: str
    calls: int
    """Calls that write, where the preloaded library counted them."""

    @property
    def traceback(self) -> bool:
        """Whether people were shown a traceback, or told of a fault of ours."""
        return "Traceback" in self.stderr + self.stdout or self.code in {1, BROKEN}

    @property
    def json(self) -> object:
        """What it said as JSON; None where it said none, or not all of it."""
        try:
            return json.loads(self.stdout)
        except ValueError:
            return None


class Found(NamedTuple):
    """What stands in a practice."""

    problems: tuple[str, ...]
    """What `verify` found; also that it could not be opened."""
    deeds: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    """The id of each deed, and action and entity of each of its entries."""
    ids: frozenset[str]
    """Of all records that the ledger names."""

    @property
    def shape(self) -> tuple[tuple[tuple[str, str], ...], ...]:
        """The deeds without their ids."""
        return tuple(entries for _, entries in self.deeds)


UNLOCKING = frozenset({"unlock", "fail"})
"""Deeds of looking into it, which are not the command's."""
OWNER = "amy"
"""Who makes each practice, and acts in it."""
NEW_PASSPHRASE = "new passphrase.txt"
"""A file in an arena: what somebody may have changed the passphrase to."""
PR_SET_PDEATHSIG = 1
"""Of Linux's prctl."""
BROKEN = 99
"""The exit code of a process that failed outside the program."""


def load() -> None:
    """Import what commands need; before the first fork."""
    import gc

    from casemgr.cli.main import COMMANDS

    for name in (*LOADED, *(f"casemgr.cli.{module}" for module, _ in COMMANDS.values())):
        with suppress(ImportError):
            import_module(name)
    gc.freeze()


def forked(work: Callable[[], int | None]) -> int:
    """A process that does some work and ends with what that returns; its number."""
    sys.stdout.flush()
    sys.stderr.flush()
    parent = os.getpid()
    process = os.fork()
    if process:
        return process
    code = BROKEN
    try:
        # Nobody is left behind where the torture itself is ended.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(code)
        code = work() or 0
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else int(left.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        with suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


class Running:
    """A command that was started."""

    def __init__(self, process: int, said: Path, watch: Watch | None) -> None:
        """Its process, and where it writes."""
        self.process, self._said, self._watch = process, said, watch
        self.code: int | None = None

    def poll(self) -> int | None:
        """Its exit code, or None while it runs."""
        if self.code is None:
            found, status = os.waitpid(self.process, os.WNOHANG)
            if found:
                self.code = os.waitstatus_to_exitcode(status)
        return self.code

    def wait(self, seconds: float = PATIENCE_SECONDS) -> Done:
        """How it ended; after so many seconds it is ended."""
        until = time.monotonic() + seconds
        pause = 0.0005
        while self.poll() is None:
            if time.monotonic() > until:
                self.kill()
            time.sleep(pause)
            pause = min(pause * 1.5, 0.01)
        assert self.code is not None
        out, err = (self._said.with_suffix(end).read_text("utf-8", "replace") for end in (".out", ".err"))
        return Done(self.code, out, err, self._watch.calls if self._watch else 0)

    def kill(self, how: int = signal.SIGKILL) -> None:
        """Send it a signal."""
        if self.poll() is None:
            os.kill(self.process, how)

    def wake(self) -> None:
        """Let it go on, where it was stopped."""
        self.kill(signal.SIGCONT)


class Arena:
    """A folder with a practice, what commands write, and the runtime folder; kept states of all of it."""

    def __init__(self, folder: Path) -> None:
        """Make it; what kept states and outputs need stands beside it."""
        self.folder = folder
        self.watch = Watch()
        self.known: dict[str, Found] = {}
        """What stands in the states that were kept."""
        self._kept = folder.with_name(f"{folder.name}.kept")
        self._said = folder.with_name(f"{folder.name}.said")
        # What is unlocked is kept in memory alone, wherever the practice is.
        self._memory = TemporaryDirectory(prefix="casemgr-run-", dir=folder_in_memory(room=0) or None)
        self.runtime = Path(self._memory.name, "run")
        """The runtime folder."""
        self._count = 0
        for path in (self._kept, self._said):
            path.mkdir(parents=True, exist_ok=True)
        self.clear()

    @property
    def home(self) -> Path:
        """CASEMGR_HOME."""
        return self.folder / "home"

    @property
    def cwd(self) -> Path:
        """Where relative file names lead."""
        return self.folder / "work"

    def clear(self) -> None:
        """An empty place."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.cwd.mkdir(parents=True)
        shutil.rmtree(self.runtime, ignore_errors=True)
        self.runtime.mkdir(mode=0o700)

    def keep(self, name: str) -> None:
        """Keep all of it as it is."""
        shutil.copytree(self.folder, self.kept(name))
        shutil.copytree(self.runtime, self.kept(name) / "run")

    def kept(self, name: str) -> Path:
        """Where a state is kept, or would be."""
        return self._kept / name

    def put_back(self, name: str) -> None:
        """Make it what it was when that was kept."""
        shutil.rmtree(self.folder)
        shutil.copytree(self.kept(name), self.folder)
        shutil.rmtree(self.runtime)
        shutil.move(self.folder / "run", self.runtime)

    def environ(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """What a command finds in its environment: nothing of this machine's."""
        kept = {name: os.environ[name] for name in ("PATH", "LD_PRELOAD") if name in os.environ}
        return {
            **kept,
            "HOME": str(self.folder / "nobody"),
            "CASEMGR_HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(self.runtime),
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "NO_COLOR": "1",
            # It would go on after the command that began it, in an arena that is put back meanwhile.
            "CASEMGR_DAILY_BACKUP": "no",
            **(more or {}),
        }

    def start(
        self,
        *args: str,
        stdin: str = "",
        now: float = NOW,
        fault: Fault | None = None,
        env: Mapping[str, str] | None = None,
        first: Callable[[], None] | None = None,
    ) -> Running:
        """Start a command.

        Args:
            args: its arguments.
            stdin: what it reads.
            now: the time when it begins, in seconds since the epoch; 0 for the machine's own.
            fault: what goes wrong beneath the folder; needs the preloaded library.
            env: further variables.
            first: done in its process before the command.
        """
        said = self._streams(stdin)
        if fault:
            self.watch.clear()

        def work() -> NoReturn:
            self._take(said)
            self.settle(now, env)
            if first is not None:
                first()
            if fault is not None:
                self.watch.arm(self.folder, fault)
            from casemgr.cli.main import main

            sys.argv = ["casemgr", *args]
            main()

        return Running(forked(work), said, self.watch if fault else None)

    def _streams(self, stdin: str) -> Path:
        """What a process reads, and the files that it writes to, there before it may be killed."""
        self._count += 1
        said = self._said / f"{os.getpid()}-{self._count}"
        said.with_suffix(".in").write_text(stdin, "utf-8")
        for end in (".out", ".err"):
            said.with_suffix(end).touch()
        return said

    def settle(self, now: float = NOW, env: Mapping[str, str] | None = None) -> None:
        """Let this process, which was forked, live in this place and at this time."""
        os.environ.clear()
        os.environ.update(self.environ(env))
        time.tzset()
        os.chdir(self.cwd)
        if now:
            ahead = int(now * 1e9) - time.monotonic_ns()
            vars(time)["time_ns"] = lambda: time.monotonic_ns() + ahead

    @staticmethod
    def _take(said: Path) -> None:
        """Give this process its streams."""
        for number, (end, flags) in enumerate(
            ((".in", os.O_RDONLY), (".out", os.O_WRONLY), (".err", os.O_WRONLY))
        ):
            handle = os.open(said.with_suffix(end), flags)
            os.dup2(handle, number)
            os.close(handle)
        sys.stdin = os.fdopen(0, "r", encoding="utf-8", closefd=False)
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
        sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)

    def run(
        self,
        *args: str,
        stdin: str = "",
        now: float = NOW,
        fault: Fault | None = None,
        env: Mapping[str, str] | None = None,
        first: Callable[[], None] | None = None,
    ) -> Done:
        """Run a command to its end; see `start`. Its writing calls are counted where that can be."""
        if fault is None and is_loaded():
            fault = Fault(Order.COUNT)
        return self.start(*args, stdin=stdin, now=now, fault=fault, env=env, first=first).wait()

    def examine(
        self,
        *,
        now: float = NOW,
        env: Mapping[str, str] | None = None,
        first: Callable[[], None] | None = None,
    ) -> Found:
        """Verify the practice and read its deeds, in a process of its own."""
        said = self._streams("")

        def work() -> None:
            self._take(said)
            self.settle(now, env)
            if first is not None:
                first()
            looked_into([self.folder / NEW_PASSPHRASE, PASSPHRASE_FILE])

        done = Running(forked(work), said, None).wait()
        told = done.json
        if done.code or not isinstance(told, dict):
            return Found(
                (f"it cannot be looked into: {(done.stderr or done.stdout)[-400:]}",), (), frozenset()
            )
        deeds = tuple(
            (one, tuple(map(tuple, entries)))
            for one, entries in told["deeds"]
            if not UNLOCKING.issuperset(action for action, _ in entries)
        )
        return Found(tuple(told["problems"]), deeds, frozenset(told["ids"]))


def unlock(places: Places, files: list[Path]) -> None:
    """Unlock what is locked, with the first of some files that holds its passphrase."""
    from casemgr.errors import Locked
    from casemgr.services.access import begin_session, unlocked
    from casemgr.services.desk import open_unlocked
    from casemgr.settings import Settings

    with suppress(Locked):
        unlocked(places)
        return
    for file in files:
        if file.exists():
            os.environ["CASEMGR_PASSPHRASE_FILE"] = str(file)
            with suppress(Locked):
                found = unlocked(places, OWNER)
                # Opened as every command does it, so that the ledger is told what was brought to its end.
                open_unlocked(Settings(places, OWNER), found).close()
                begin_session(places, found)
                break
    os.environ.pop("CASEMGR_PASSPHRASE_FILE", None)


def looked_into(passphrases: list[Path]) -> None:
    """Print what `Found` is made of."""
    from casemgr.services.desk import open_desk
    from casemgr.services.safety import verify_practice
    from casemgr.settings import read_settings

    settings = read_settings()
    unlock(settings.places, passphrases)
    problems = verify_practice(settings.places).problems
    desk = open_desk(settings)
    deeds: dict[str, list[tuple[str, str]]] = {}
    ids = set()
    latest = 0
    for at, command, action, entity, entity_id in desk.store.rows(
        "SELECT at, command, action, entity, entity_id FROM ledger ORDER BY device, seq"
    ):
        deeds.setdefault(command, []).append((action, entity))
        ids.add(entity_id)
        if at <= latest:
            problems = (*problems, f"{action} {entity} is not later than what was before it")
        latest = at
    print(json.dumps({"problems": problems, "deeds": list(deeds.items()), "ids": sorted(ids)}))
    desk.close()
