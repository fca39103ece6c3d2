"""The disk refuses to write, is full, or writes half: at every call that writes, as far as the time goes."""

from __future__ import annotations

import errno
import resource
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.torture.catalog import WRITING
from tests.torture.judge import judge, prepared, reference, works_again
from tests.torture.runner import Skipped, Tally
from tests.torture.shim import Fault, Order, is_loaded

if TYPE_CHECKING:
    from tests.torture.arena import Arena
    from tests.torture.catalog import Command
    from tests.torture.judge import Reference
    from tests.torture.runner import Bench

TRIED = (
    *("log", "import log", "import patients", "export month", "claim submit", "claim print", "month close"),
    *("backup make", "restore", "init", "attachment add", "attachment save", "settings set", "payer copy"),
    *("staff invite", "staff passphrase", "staff leave", "staff rekey", "unlock"),
)
"""Commands of every way to write: one deed, many, files of all kinds, copies, and what is no record."""
WRITTEN = frozenset({0, 7})
"""It coped, or it said that it could not write."""
ALSO = {"restore": 8, "staff leave": 6, "staff rekey": 6}
"""What some say besides: what was restored cannot be proven, the data cannot be opened just now."""
UNSURE = "not certain"
"""What is said where only the next opening shows whether it was saved."""
LIMITS = (4096, 20_000, 60_000, 150_000, 400_000, 600_000, 1_000_000)
"""Bytes to which a file may grow."""


class Way(NamedTuple):
    """How the disk fails."""

    name: str
    order: Order
    error: int
    lasting: bool


WAYS = (
    Way("I/O error once", Order.FAIL, errno.EIO, False),
    Way("I/O errors from then on", Order.FAIL, errno.EIO, True),
    Way("disk full from then on", Order.FAIL, errno.ENOSPC, True),
    Way("half written, then full", Order.HALF, errno.ENOSPC, True),
)


def fail_writes(bench: Bench) -> Tally:
    """Let every call that writes fail in each way; the calls are taken in a random order."""
    if not is_loaded():
        raise Skipped("no C compiler is here for the library that lets calls fail")
    tally = Tally()
    arena = bench.arena("io")
    cases: dict[Command, tuple[Reference, list[tuple[int, Way]]]] = {}
    for command in bench.mine([one for name in TRIED for one in WRITING[name]]):
        if bench.out_of_time:
            break
        wanted = reference(arena, command)
        left = [(number, way) for number in range(1, wanted.done.calls + 1) for way in WAYS]
        bench.chance.shuffle(left)
        cases[command] = wanted, left
    calls = sum(wanted.done.calls for wanted, _ in cases.values())
    met = {command: set[int]() for command in cases}
    while any(left for _, left in cases.values()) and not bench.out_of_time:
        for command, (wanted, left) in cases.items():
            if not left or bench.out_of_time:
                continue
            at_call, way = left.pop()
            met[command].add(at_call)
            fail_one(
                tally, arena, command, wanted, Fault(way.order, at_call, way.error, way.lasting), way.name
            )
            bench.tell(tally)
    tally.more = {"of their calls": calls, "of them met": sum(map(len, met.values()))}
    return tally


def fail_one(
    tally: Tally, arena: Arena, command: Command, wanted: Reference, fault: Fault, name: str
) -> None:
    """Let one call fail, and look at what was said and what is there."""
    prepared(arena, command)
    done = arena.run(*wanted.words, stdin=command.stdin, fault=fault)
    what = f"{name}: call {fault.at_call}, {arena.watch.what}"
    told(tally, arena, command, wanted, done.code, done.stderr, what)
    found = judge(tally, arena, command, wanted, done, what)
    if not found.problems:
        kept = found.shape == wanted.allowed[-1] != wanted.before.shape and not only_recorded(arena, command)
        if done.code and kept and UNSURE not in done.stderr:
            tally.other += 1
            tally.note(
                f"{' '.join(wanted.words)[:60]} ({what}): it says that it was not done, and it is there"
            )
        if done.code:
            works_again(tally, arena, command, wanted, found, what)


def only_recorded(arena: Arena, command: Command) -> bool:
    """Whether all that is there is the record of a document, or of a passphrase, that was to be.

    Both are recorded first, which is the safe side.
    """
    if command.makes:
        return not (arena.folder / command.makes).exists()
    slots = Path("home", "data", "casemgr.slots")
    then = arena.kept(command.state) / slots
    return then.exists() and then.read_bytes() == (arena.folder / slots).read_bytes()


def told(
    tally: Tally, arena: Arena, command: Command, wanted: Reference, code: int, said: str, what: str
) -> None:
    """Count other exit codes than people are promised."""
    if code not in {*WRITTEN, ALSO.get(" ".join(wanted.words[:2]), ALSO.get(wanted.words[0]))}:
        tally.other += 1
        tally.note(f"{' '.join(wanted.words)[:60]} ({what}): exit code {code}: {said[:200]}")


def limit_files(bench: Bench) -> Tally:
    """Let no file grow beyond a size: from far too little to what is enough."""
    tally = Tally()
    arena = bench.arena("limits")
    for command in bench.mine([one for name in TRIED for one in WRITING[name]]):
        if bench.out_of_time:
            break
        wanted = reference(arena, command)
        for size in LIMITS:
            prepared(arena, command)

            def limit(size: int = size) -> None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

            done = arena.run(*wanted.words, stdin=command.stdin, first=limit)
            what = f"files of at most {size:,} bytes"
            told(tally, arena, command, wanted, done.code, done.stderr, what)
            found = judge(tally, arena, command, wanted, done, what)
            if done.code and not found.problems:
                works_again(tally, arena, command, wanted, found, what)
            bench.tell(tally)
    return tally
