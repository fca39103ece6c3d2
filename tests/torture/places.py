"""Where the data lies: odd names, folders that may only be read, runtime folders of others."""

from __future__ import annotations

import ctypes
import os
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

from tests.support import PASSPHRASE_FILE, WITH_PASSPHRASE
from tests.torture.arena import Arena
from tests.torture.catalog import reach
from tests.torture.runner import Tally, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.torture.arena import Done
    from tests.torture.runner import Bench

NAMES = (
    "with two  spaces",
    "Zahnärztin Łukaszewicz",
    "ngà răng 歯科 🦷",
    "decomposed e\u0301 and \u202eright to left",
    "per%20cent # hash ? query & more",
    'it\'s "quoted" `here` $HOME',
    "-dash",
    "line\nbreak",
    "back\\slash",
    "x" * 190,
)
COMMANDS = (
    ("log", "5m ride #1030: here => ride confirmed", "--json"),
    ("activity", "list", "--json"),
    ("export", "month", "2026-11", "-o", "the month.xlsx", "--json"),
    ("backup", "make", "--json"),
    ("restore", "{backup}", "--yes", "--json"),
    ("verify",),
)
WRITES = ("log", "backup", "restore", "payer", "settings")
PLAINLY = frozenset({0, 6, 7})
"""It needed no more, the store could not be opened, or nothing could be written."""
CAPABILITIES = 0x20080522
"""The version of Linux's capset that follows."""


def try_places(bench: Bench) -> Tally:
    """Keep practices in each of these places."""
    tally = Tally()
    for number, work in bench.mine(list(enumerate((odd_names, read_only, runtimes, shares)))):
        folder = bench.memory / f"place-{number}"
        folder.mkdir()
        work(bench, tally, folder)
        bench.tell(tally)
    return tally


def count(tally: Tally, done: Done, what: str, codes: frozenset[int] = frozenset({0})) -> None:
    """Count a command."""
    tally.tried += 1
    tally.acknowledged += not done.code
    if done.traceback:
        tally.tracebacks += 1
    elif done.code not in codes or (done.code and not done.stderr.strip()):
        tally.other += 1
    else:
        return
    tally.note(f"{what}: {done.code}: {done.stderr[-300:]}")


def verified(tally: Tally, arena: Arena, what: str) -> None:
    """Count what verify finds."""
    found = arena.examine()
    tally.unverified += bool(found.problems)
    tally.note(*(f"{what}: {one}" for one in found.problems))


def odd_names(_bench: Bench, tally: Tally, folder: Path) -> None:
    """A practice in folders with odd names does all that others do."""
    for name in NAMES:
        arena = Arena(folder / name)
        facts = reach(arena, "office")
        for words in COMMANDS:
            count(tally, arena.run(*facts.filled(words)), f"{name!r}: {words[0]}")
        verified(tally, arena, repr(name))


def read_only(_bench: Bench, tally: Tally, folder: Path) -> None:
    """Where nothing may be written, people are told, nothing changes, and all is well once it may be."""
    arena = Arena(folder / "home that may be read only")
    facts = reach(arena, "office")
    before = arena.examine()
    home = arena.home
    for what in (
        home,
        home / "data",
        home / "data" / "casemgr.db",
        home / "backups",
        home / "exports",
        home / "config",
    ):
        tree = [what, *what.rglob("*")] if what.is_dir() else [what]
        modes = {path: path.stat().st_mode for path in tree}
        for path in tree:
            path.chmod(0o500 if path.is_dir() else 0o400)
        more = (("payer", "copy", "generic", "one-more"), ("settings", "set", "theme", "dark"))
        for words in (*COMMANDS, *more):
            done = arena.run(*facts.filled(words), first=lay_down_rights)
            count(tally, done, f"{what.name} read-only: {words[0]}", PLAINLY)
        for path, mode in modes.items():
            path.chmod(mode)
        verified(tally, arena, f"{what.name} read-only")
        reach(arena, "office")
    count(tally, arena.run(*COMMANDS[0]), "all may be written again")
    found = arena.examine()
    tally.lost += found.deeds[: len(before.deeds)] != before.deeds


def lay_down_rights() -> None:
    """Let the superuser obey the modes of files as everybody else does."""
    header = (ctypes.c_uint32 * 2)(CAPABILITIES, 0)
    nothing = (ctypes.c_uint32 * 6)()
    ctypes.CDLL(None).capset(ctypes.byref(header), ctypes.byref(nothing))


def runtimes(_bench: Bench, tally: Tally, folder: Path) -> None:
    """Without a runtime folder of one's own nothing is kept in another's; a passphrase file always works."""
    arena = Arena(folder / "home")
    reach(arena, "office")
    shutil.rmtree(arena.runtime)
    for name, make in RUNTIMES:
        place = folder / f"run {name}"
        make(place)
        before = set(held(place))
        env = {"XDG_RUNTIME_DIR": str(place) if name != "unset" else ""}
        script = {**env, "CASEMGR_PASSPHRASE_FILE": str(PASSPHRASE_FILE)}
        count(tally, arena.run(*COMMANDS[0], env=script), f"{name}: with a passphrase file")
        count(tally, arena.run("unlock", *WITH_PASSPHRASE, env=env), f"{name}: unlock", frozenset({0, 7}))
        if name != "missing" and set(held(place)) - before:
            tally.other += 1
            tally.note(f"{name}: {set(held(place)) - before} was put there")
        count(tally, arena.run("activity", "list", "--json", env=env), f"{name}: list", frozenset({0, 10}))
        arena.run("lock", env=env)
        count(tally, arena.run("activity", "list", "--json", env=env), f"{name}: locked", frozenset({10}))


def held(place: Path) -> Iterator[Path]:
    """The files that others keep in a folder."""
    with suppress(OSError):
        yield from (path for path in (place / "casemgr").glob("*") if path.is_file())


def others(place: Path) -> None:
    """A folder of somebody else's, where we may make such a thing."""
    (place / "casemgr").mkdir(parents=True)
    (place / "casemgr").chmod(0o777)
    with suppress(PermissionError):
        os.chown(place / "casemgr", 12345, 12345)


def open_to_all(place: Path) -> None:
    """A folder of ours that everybody may enter."""
    (place / "casemgr").mkdir(parents=True)
    (place / "casemgr").chmod(0o777)


def linked(place: Path) -> None:
    """A link in its place that leads elsewhere."""
    place.mkdir()
    (place.with_name("elsewhere") / "x").mkdir(parents=True, exist_ok=True)
    (place / "casemgr").symlink_to(place.with_name("elsewhere"))


RUNTIMES: tuple[tuple[str, Callable[[Path], object]], ...] = (
    ("unset", lambda place: None),
    ("missing", lambda place: None),
    ("a file", lambda place: place.write_text("", "utf-8")),
    ("another's", others),
    ("open to all", open_to_all),
    ("a link", linked),
)


def shares(bench: Bench, tally: Tally, folder: Path) -> None:
    """A folder that the system calls a network share is refused before anything is written to it."""
    from tests.torture.share import Share

    for kind in ("fuse.sshfs", "fuse.rclone", "fuse.davfs2"):
        place = folder / kind
        place.mkdir()
        try:
            share = Share(place, kind)
        except OSError as error:
            tally.more["network shares, which cannot be mounted here"] = 0
            say(f"  no network share can be mounted here: {error.strerror}")
            return
        try:
            arena = Arena(folder / f"arena {kind}")
            env = {"CASEMGR_HOME": str(place)}
            init = ("init", "--practice", "P", "--timezone", "UTC", "--owner", "amy", *WITH_PASSPHRASE)
            count(tally, arena.run(*init, env=env), f"{kind}: init", frozenset({6}))
            if share.asked_to_write:
                tally.other += 1
                tally.note(f"{kind}: something was written there")
        finally:
            share.end()
