"""What a command must have left behind, whatever befell it."""

from __future__ import annotations

import tomllib
import zipfile
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.torture.arena import Done, Found
from tests.torture.catalog import Command, Facts, reach

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.torture.arena import Arena
    from tests.torture.runner import Tally

SAID = frozenset({0, 3, 4, 5, 6, 7, 8, 9, 10})
"""Exit codes of commands that said what is the matter."""
AGAIN = frozenset({0, 3, 4, 5, 7, 10})
"""Exit codes of a command that is given a second time: it is done, or what was done already is in its way."""
NOTHING = Found((), (), frozenset())


class Reference(NamedTuple):
    """What a command does when nothing befalls it."""

    words: tuple[str, ...]
    """Its arguments, as they are given."""
    before: Found
    after: Found
    done: Done
    seconds: float

    @property
    def allowed(self) -> list[tuple[tuple[tuple[str, str], ...], ...]]:
        """What the ledger may hold: so many of its deeds, each of them whole; the last is all of them."""
        before, after = self.before.shape, self.after.shape
        if after[: len(before)] == before:
            return [after[:length] for length in range(len(before), len(after) + 1)]
        # A restore puts other deeds there, and says so in one more.
        return [before, after[:-1], after]


def prepared(arena: Arena, command: Command) -> tuple[Facts, tuple[str, ...]]:
    """The arena in the command's state, and the command's arguments."""
    facts = reach(arena, command.state)
    return facts, facts.filled(command.args)


def examined(arena: Arena) -> Found:
    """What stands in the practice; nothing where there is none."""
    database = arena.home / "data" / "casemgr.db"
    return arena.examine() if database.exists() else NOTHING


def reference(arena: Arena, command: Command) -> Reference:
    """What it does by itself.

    Raises:
        RuntimeError: it fails by itself.
    """
    import time

    _, words = prepared(arena, command)
    before = arena.known.get(command.state) or examined(arena)
    arena.known[command.state] = before
    began = time.monotonic()
    done = arena.run(*words, stdin=command.stdin)
    seconds = time.monotonic() - began
    after = examined(arena)
    if done.code or after.problems or (command.makes and not whole(arena.folder / command.makes)):
        raise RuntimeError(f"{words}: {done.code} {after.problems}\n{done.stdout}\n{done.stderr}")
    return Reference(words, before, after, done, seconds)


def acknowledged(reference: Reference, done: Done) -> bool:
    """Whether a command said that it was done, though it may have been ended afterwards."""
    if done.code >= 0:
        return not done.code
    if reference.done.json is not None:
        return done.json is not None
    said = [len((one.stdout + one.stderr).splitlines()) for one in (reference.done, done)]
    return said[1] >= said[0] > 0


def judge(tally: Tally, arena: Arena, command: Command, wanted: Reference, done: Done, what: str) -> Found:
    """Count what a command left behind."""
    name = f"{' '.join(wanted.words)[:60]} ({what})"
    told = acknowledged(wanted, done)
    tally.tried += 1
    tally.acknowledged += told
    if done.traceback:
        tally.tracebacks += 1
        tally.note(f"{name}: {done.code}: {done.stderr[-300:]}")
    elif done.code > 0 and (done.code not in SAID or not done.stderr.strip()):
        tally.other += 1
        tally.note(f"{name}: exit code {done.code}: {done.stderr[-300:]}")
    found = examined(arena)
    if found.problems:
        tally.unverified += 1
        tally.note(f"{name}: verify: {found.problems[:3]}")
        return found
    allowed = wanted.allowed
    held = found.deeds[: len(wanted.before.deeds)] == wanted.before.deeds or "restore" in wanted.words
    made = arena.folder / command.makes if command.makes else None
    if not held or (told and (found.shape != allowed[-1] or missing(done, found))):
        tally.lost += 1
        tally.note(f"{name}: lost: {len(found.deeds)} deeds, acknowledged: {told}")
    elif found.shape not in allowed:
        tally.half += 1
        tally.note(f"{name}: half: {found.shape[len(wanted.before.deeds) :]}")
    if made is not None and ((made.exists() and not whole(made)) or (told and not made.exists())):
        tally.half += 1
        tally.note(f"{name}: {made.name} is {'a part' if made.exists() else 'not there'}")
    return found


def works_again(
    tally: Tally, arena: Arena, command: Command, wanted: Reference, found: Found, what: str
) -> None:
    """Give the command once more: it is done, or says that it was done already."""
    done = arena.run(*wanted.words, stdin=command.stdin)
    name = f"{' '.join(wanted.words)[:60]} again ({what})"
    there = bool(command.makes) and (arena.folder / command.makes).exists()
    fresh = found.shape == wanted.before.shape != wanted.after.shape and not there
    if done.traceback:
        tally.tracebacks += 1
        tally.note(f"{name}: {done.stderr[-300:]}")
    elif done.code not in ({0} if fresh else AGAIN):
        tally.other += 1
        tally.note(f"{name}: {done.code}: {done.stderr[:300]}")


def missing(done: Done, found: Found) -> list[str]:
    """Ids that a command printed of records which the ledger does not know."""
    return [one for one in ids(done.json) if one not in found.ids]


def ids(value: Any) -> Iterator[str]:
    """The ids of records in JSON: those that are as long as one."""
    if isinstance(value, dict):
        one = value.get("id")
        if isinstance(one, str) and len(one) == 36:
            yield one
        for each in value.values():
            yield from ids(each)
    elif isinstance(value, list):
        for each in value:
            yield from ids(each)


def whole(path: Path) -> bool:
    """Whether a file holds all that a file of its kind has."""
    content = path.read_bytes()
    if path.suffix == ".xlsx":
        try:
            with zipfile.ZipFile(path) as archive:
                return archive.testzip() is None
        except (zipfile.BadZipFile, OSError):
            return False
    if path.suffix == ".toml":
        try:
            return bool(tomllib.loads(content.decode()) or True)
        except (tomllib.TOMLDecodeError, UnicodeDecodeError):
            return False
    ends = {".pdf": b"%%EOF", ".png": b"IEND" + b"\xaeB`\x82"}
    if path.suffix in ends:
        return content.rstrip().endswith(ends[path.suffix])
    return bool(content) and not len(content) % 4096
