"""SIGKILL at random moments of every writing command, half of them at the very calls that write."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tests.torture.catalog import WRITING
from tests.torture.judge import acknowledged, judge, prepared, reference, works_again
from tests.torture.runner import Tally
from tests.torture.shim import Fault, Order, is_loaded

if TYPE_CHECKING:
    from tests.torture.arena import Arena, Done, Running
    from tests.torture.catalog import Command
    from tests.torture.judge import Reference
    from tests.torture.runner import Bench

KILLS = 8
"""Of each command, as far as the time goes."""
ON_DISK, DISK_ROUND = 5, 4
"""In every fourth round every fifth command is killed on the disk of the checkout, not in memory."""
ORDERS = (Order.KILL_BEFORE, Order.KILL_AFTER, Order.KILL_TORN)
TRIES = 4
"""A command that was done before the signal came is given again, so often."""


def kill_commands(bench: Bench) -> Tally:
    """Kill each command again and again; all of a small practice is verified after each kill."""
    tally = Tally()
    commands = bench.mine([one for several in WRITING.values() for one in several])
    arenas = [bench.arena("kills"), bench.arena("kills", on_disk=True)]
    known: dict[tuple[int, int], Reference] = {}
    for number in range(KILLS if not bench.full else 4 * KILLS):
        for which, command in enumerate(commands):
            if bench.out_of_time:
                return tally
            place = int(not which % ON_DISK and number % DISK_ROUND == DISK_ROUND - 1)
            if (place, which) not in known:
                known[place, which] = reference(arenas[place], command)
            kill_one(bench, tally, arenas[place], command, known[place, which], aimed=bool(number % 2))
            bench.tell(tally)
    return tally


def kill_one(
    bench: Bench, tally: Tally, arena: Arena, command: Command, wanted: Reference, aimed: bool
) -> None:
    """Kill a command once, and look at what it left behind."""
    for _ in range(TRIES):
        prepared(arena, command)
        if aimed and is_loaded():
            fault = Fault(bench.chance.choice(ORDERS), bench.chance.randint(1, max(1, wanted.done.calls)))
            done = arena.start(*wanted.words, stdin=command.stdin, fault=fault).wait()
            what = f"{fault.order.name} {arena.watch.what}"
        else:
            after = bench.chance.uniform(0, wanted.seconds)
            done = killed_after(arena.start(*wanted.words, stdin=command.stdin), arena, after, aimed)
            what = f"killed after {after:.3f} s"
        if done.code < 0:
            break
    else:
        return
    found = judge(tally, arena, command, wanted, done, what)
    if not found.problems and not acknowledged(wanted, done):
        works_again(tally, arena, command, wanted, found, what)


def killed_after(running: Running, arena: Arena, seconds: float, aimed: bool) -> Done:
    """Kill a command after a time; aimed, soon after its write-ahead log has grown."""
    until = time.monotonic() + seconds
    log = arena.home / "data" / "casemgr.db-wal"
    while running.poll() is None and time.monotonic() < until:
        if aimed and log.exists() and log.stat().st_size:
            time.sleep(seconds / 50)
            break
        time.sleep(0.0005)
    running.kill()
    return running.wait()
