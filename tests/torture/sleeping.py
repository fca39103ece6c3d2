"""A laptop asleep in the middle of a write: SIGSTOP at calls that write, while others read and write."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tests.torture.catalog import WRITING
from tests.torture.judge import ids, prepared
from tests.torture.runner import Skipped, Tally
from tests.torture.shim import Fault, Order, is_loaded

if TYPE_CHECKING:
    from tests.torture.arena import Arena, Running
    from tests.torture.catalog import Command
    from tests.torture.runner import Bench

SLEEPERS = (
    "log",
    "import log",
    "import patients",
    "backup make",
    "attachment add",
    "month close",
    "claim submit",
)
OTHERS = (
    ("log", "5m ride #1030 11/19: meanwhile => ride confirmed", "--json"),
    ("patient", "add", "Meanwhile, Mo", "1/5/1990", "--json"),
    ("activity", "list", "--limit", "5", "--json"),
    ("follow-up", "add", "tomorrow", "call", "--json"),
)
SHORT_SECONDS = 0.3
"""How long others wait, in half of the tries, where it is a minute in earnest."""
CODES = {True: frozenset({0, 7}), False: frozenset({0})}
"""With which exit codes others may end: told plainly where they have no patience, else done."""


def sleep_amid_writes(bench: Bench) -> Tally:
    """Stop commands at random calls, go on after a while, and look that nobody has lost anything."""
    if not is_loaded():
        raise Skipped("no C compiler is here for the library that stops a process at a call")
    tally = Tally()
    arena = bench.arena("sleeping")
    commands = [one for name in SLEEPERS for one in WRITING[name]]
    calls: dict[Command, int] = {}
    refused = 0
    while not bench.out_of_time:
        for command in bench.mine(commands):
            if bench.out_of_time:
                break
            _, words = prepared(arena, command)
            if command not in calls:
                calls[command] = arena.run(*words, stdin=command.stdin).calls
                _, words = prepared(arena, command)
            fault = Fault(Order.STOP, bench.chance.randint(1, calls[command]))
            sleeper = arena.start(*words, stdin=command.stdin, fault=fault)
            refused += disturbed(bench, tally, arena, sleeper, " ".join(words)[:40])
            bench.tell(tally)
    tally.more = {"without patience were refused": refused}
    return tally


def disturbed(bench: Bench, tally: Tally, arena: Arena, sleeper: Running, name: str) -> int:
    """Let others work while one sleeps; how many of them were refused."""
    until = time.monotonic() + 10
    while not arena.watch.hit and sleeper.poll() is None and time.monotonic() < until:
        time.sleep(0.001)
    what = f"{name} asleep at {arena.watch.what}"
    impatient = bench.chance.random() < 0.5
    others = [arena.start(*words, first=lose_patience if impatient else None) for words in OTHERS]
    time.sleep(bench.chance.uniform(0.05, 1.2))
    sleeper.wake()
    told: list[str] = []
    refused = 0
    for words, running in ((("it",), sleeper), *zip(OTHERS, others, strict=True)):
        done = running.wait()
        tally.tried += 1
        tally.acknowledged += not done.code
        told += ids(done.json) if not done.code else ()
        if done.traceback:
            tally.tracebacks += 1
        elif done.code not in CODES[impatient and running is not sleeper]:
            tally.other += 1
        else:
            refused += bool(done.code)
            continue
        tally.note(f"{what}: {' '.join(words)[:30]}: {done.code}: {done.stderr[-300:]}")
    found = arena.examine()
    tally.unverified += bool(found.problems)
    lost = [one for one in told if one not in found.ids]
    tally.lost += 0 if found.problems else len(lost)
    tally.note(*(f"{what}: {one}" for one in (found.problems or lost)))
    return refused


def lose_patience() -> None:
    """Wait for others a moment only."""
    from casemgr.store import database

    vars(database)["BUSY_SECONDS"] = SHORT_SECONDS
